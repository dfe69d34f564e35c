"""YAML settings that know on which line each value stands."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from corridor.errors import Fault, PaperError
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
    name = path.relative_to(root).as_posix()
    text = read_text(path, root)
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        values = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise PaperError(
            Fault(
                file=name,
                line=mark.line + 1 if mark else None,
                what=f"not YAML: {error.problem or error.context}",
                mend="mend the indentation, quotation marks or brackets there",
            )
        ) from None
    except yaml.YAMLError as error:
        fault = Fault(
            file=name, what=f"not YAML: {error}", mend="remove the character that YAML does not allow"
        )
        raise PaperError(fault) from None
    if not isinstance(values, dict):
        what = "the file is empty" if values is None else "the file does not hold a mapping"
        raise PaperError(Fault(file=name, line=1, what=what, mend='write "key: value" lines'))
    lines: dict[tuple[str | int, ...], int] = {}
    _index(node, (), lines, name)
    return Settings(file=name, values=values, lines=lines)


def _index(
    node: yaml.Node, keys: tuple[str | int, ...], lines: dict[tuple[str | int, ...], int], file: str
) -> None:
    lines.setdefault(keys, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            if key.value in seen:
                raise PaperError(
                    Fault(
                        file=file,
                        line=key.start_mark.line + 1,
                        what=f'the key "{key.value}" stands twice',
                        mend="keep one of them",
                    )
                )
            seen.add(key.value)
            lines[(*keys, key.value)] = key.start_mark.line + 1
            _index(value, (*keys, key.value), lines, file)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            _index(value, (*keys, number), lines, file)
