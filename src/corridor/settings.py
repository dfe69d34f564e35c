"""YAML settings that know on which line each value stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from yaml.constructor import SafeConstructor
from yaml.reader import ReaderError

from corridor.errors import Fault, PaperError, raise_any
from corridor.files import read_text


@dataclass(frozen=True)
class Settings:
    """The mapping in a YAML file.

    Parameters
    ----------
    file
        Path relative to the paper's root.
    values
        The mapping.
    lines
        Line of each value by its keys: ``("book", "chapters", 0)``.
    """

    file: str
    values: dict[str, Any]
    lines: dict[tuple[str | int, ...], int]

    def fault(self, *keys: str | int, what: str, mend: str) -> Fault:
        """Return a fault at the line of a value, or of the nearest mapping around it."""
        for length in range(len(keys), -1, -1):
            if line := self.lines.get(keys[:length]):
                return Fault(file=self.file, line=line, what=what, mend=mend)
        return Fault(file=self.file, what=what, mend=mend)


def read_settings(path: Path, root: Path) -> Settings:
    """Read a YAML file that holds a mapping.

    Raises
    ------
    PaperError
        If the file is missing, is not UTF-8, is not YAML, is not a mapping, or has a key twice.
    """
    return parse_settings(read_text(path, root), path.relative_to(root).as_posix())


def parse_settings(text: str, file: str, first_line: int = 1) -> Settings:
    """Read YAML that holds a mapping.

    Parameters
    ----------
    text
        The YAML.
    file
        The file that it stands in.
    first_line
        Its first line in that file.

    Raises
    ------
    PaperError
        As `read_settings`.
    """

    def fault(line: int | None, what: str, mend: str) -> PaperError:
        number = None if line is None else line + first_line
        return PaperError(Fault(file=file, line=number, what=what, mend=mend))

    node = None
    try:
        node = _composed(text)
        lines: dict[tuple[str | int, ...], int] = {}
        # Before the values: making them takes the merge keys out of the tree.
        twice = list(_index(node, (), lines, first_line, set())) if node else []
        values = SafeConstructor().construct_document(node) if node else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = f"not YAML: {error.problem or error.context}"
        mend = "mend the indentation, quotation marks or brackets there"
        raise fault(mark.line if mark else None, what, mend) from None
    except ReaderError as error:
        line = text.count("\n", 0, int(error.position))
        what = f"not YAML: the control character U+{ord(text[int(error.position)]):04X}"
        raise fault(line, what, "delete it") from None
    except ValueError:  # such as a date in month 13
        line, value = _unreadable(node) if node else (None, "")
        mend = "mend it, or put quotation marks around it"
        raise fault(line, f'not a value: "{value}"', mend) from None
    if not isinstance(values, dict):
        what = "the file is empty" if values is None else "the file does not hold a mapping"
        raise fault(0, what, 'write "key: value" lines')
    raise_any(
        Fault(
            file=file,
            line=key.start_mark.line + first_line,
            what=f'the key "{key.value}" stands twice',
            mend="keep one of them",
        )
        for key in twice
    )
    return Settings(file=file, values=values, lines=lines)


def _composed(text: str) -> yaml.Node | None:
    """Return the tree of a YAML text."""
    if quick := getattr(yaml, "CSafeLoader", None):
        try:
            return yaml.compose(text, Loader=quick)
        except yaml.YAMLError:
            pass  # the plain loader says what is wrong in words of its own
    return yaml.compose(text, Loader=yaml.SafeLoader)


def _index(
    node: yaml.Node,
    keys: tuple[str | int, ...],
    lines: dict[tuple[str | int, ...], int],
    first_line: int,
    seen: set[int],
) -> Iterator[yaml.Node]:
    """Note the line of each value; yield the keys that a mapping has already."""
    lines.setdefault(keys, node.start_mark.line + first_line)
    if id(node) in seen:
        return  # an alias, which may even stand inside what it stands for
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                continue  # no key for Python either, which says so when it makes the values
            if (*keys, key.value) in lines:
                yield key
            lines[(*keys, key.value)] = key.start_mark.line + first_line
            yield from _index(value, (*keys, key.value), lines, first_line, seen)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield from _index(value, (*keys, number), lines, first_line, seen)


def _unreadable(node: yaml.Node) -> tuple[int | None, str]:
    """Return place and text of the first scalar that is not what it looks like."""
    for scalar in _scalars(node, set()):
        try:
            yaml.SafeLoader("").construct_object(scalar)
        except ValueError:
            mark = scalar.start_mark
            return mark.line if mark else None, scalar.value
    return None, ""


def _scalars(node: yaml.Node, seen: set[int]) -> Iterator[yaml.ScalarNode]:
    if isinstance(node, yaml.ScalarNode):
        yield node
    elif id(node) not in seen:
        seen.add(id(node))
        for part in node.value:
            for child in part if isinstance(part, tuple) else (part,):
                yield from _scalars(child, seen)
