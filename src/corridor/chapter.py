"""A chapter's text: its shortcodes, and on which line things stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

SUPPORTED = ("var", "embed")
"""The shortcodes of Quarto that chapters may use."""

CROSS_REFERENCES = ("fig", "tbl", "sec")
"""The kinds of labels that chapters may refer to with ``@kind-name``."""

_SHORTCODE = re.compile(r"\{\{<\s*(?P<name>[\w-]+)?\s*(?P<rest>.*?)\s*>\}\}")
_FENCE = re.compile(
    r"^(?P<indent> {0,3})(?P<fence>`{3,}|~{3,})[^\n]*\n.*?(?:^ {0,3}(?P=fence)[`~]* *$|\Z)", re.M | re.S
)
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_CODE = re.compile(r"(?<!`)(`+)(?!`)(?:.(?!\n\n))*?(?<!`)\1(?!`)", re.S)


@dataclass(frozen=True)
class Shortcode:
    """``{{< name argument >}}`` in a chapter.

    Parameters
    ----------
    name, argument
        What stands between the brackets.
    line
        Line in the chapter, counted from 1.
    alone
        Whether nothing else stands on the line.
    """

    name: str
    argument: str
    line: int
    alone: bool


def without_code(text: str) -> str:
    """Return the text with code and comments blanked out, so that every place keeps its offset."""

    def blank(match: re.Match[str]) -> str:
        return re.sub(r"[^\n]", " ", match.group())

    for pattern in (_FENCE, _COMMENT, _CODE):
        text = pattern.sub(blank, text)
    return text


def shortcodes(text: str) -> list[Shortcode]:
    """Return the shortcodes of a chapter in order; those inside code are not shortcodes."""
    return [code for code, _ in _matches(text)]


def replace_shortcodes(text: str, value: Callable[[Shortcode], str]) -> str:
    """Return the text with each shortcode replaced; line numbers stay."""
    pieces = []
    end = 0
    for code, match in _matches(text):
        pieces += [text[end : match.start()], value(code)]
        end = match.end()
    return "".join([*pieces, text[end:]])


def _matches(text: str) -> Iterator[tuple[Shortcode, re.Match[str]]]:
    for match in _SHORTCODE.finditer(without_code(text)):
        line_start = text.rfind("\n", 0, match.start()) + 1
        line_end = text.find("\n", match.end())
        around = text[line_start : match.start()] + text[match.end() : line_end if line_end >= 0 else None]
        yield (
            Shortcode(
                name=match["name"] or "",
                argument=match["rest"],
                line=text.count("\n", 0, match.start()) + 1,
                alone=not around.strip(),
            ),
            match,
        )


def executable_cells(text: str) -> Iterator[tuple[int, str]]:
    """Yield line and language of each executable cell, and of code that computes inside a sentence."""
    for match in _FENCE.finditer(text):
        head = re.match(r" {0,3}[`~]{3,}\s*\{\s*([A-Za-z]\w*)", match.group())
        if head:
            yield text.count("\n", 0, match.start()) + 1, head[1]
    for match in re.finditer(r"`\{([A-Za-z]\w*)\} [^`]*`", _FENCE.sub(lambda m: " " * len(m[0]), text)):
        yield text.count("\n", 0, match.start()) + 1, match[1]


def line_of(text: str, pattern: str, occurrence: int = 0) -> int | None:
    """Return the line of the n-th match of a regular expression outside code."""
    found = [m.start() for m in re.finditer(pattern, without_code(text), re.M)]
    if occurrence >= len(found):
        return None
    return text.count("\n", 0, found[occurrence]) + 1


def cross_reference(key: str) -> str | None:
    """Return the kind of label that ``@key`` refers to, or ``None`` where it cites a work.

    Examples
    --------
    >>> cross_reference("tbl-balance"), cross_reference("zhang2025")
    ('tbl', None)
    """
    kind, dash, _ = key.partition("-")
    kind = kind[:1].lower() + kind[1:]
    return kind if dash and kind in CROSS_REFERENCES else None


def parse_embed(chapter: str, argument: str) -> tuple[str, str] | None:
    """Return notebook (relative to the root) and label of an embed's argument.

    Examples
    --------
    >>> parse_embed("chapters/trade.qmd", "../analysis/trade.ipynb#balance")
    ('analysis/trade.ipynb', 'balance')
    """
    path, hash_, label = argument.partition("#")
    if not (path.endswith(".ipynb") and hash_ and re.fullmatch(r"[\w-]+", label)):
        return None
    return resolve(chapter, path), label


def resolve(chapter: str, target: str) -> str:
    """Return a path that stands in a chapter, relative to the paper's root."""
    parts: list[str] = []
    for part in (PurePosixPath(chapter).parent / target).parts:
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)
