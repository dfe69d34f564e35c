"""A chapter's text: its shortcodes, and on which line things stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath

SUPPORTED = ("var", "embed")
"""The shortcodes of Quarto that chapters may use."""

CROSS_REFERENCES = ("fig", "tbl", "sec")
"""The kinds of labels that chapters may refer to with ``@kind-name``."""

_SHORTCODE = re.compile(r"\{\{<\s*(?P<name>[\w-]+)?\s*(?P<rest>.*?)\s*>\}\}")
# Fenced code (also in lists and quotations), comments, code inside a line: whichever begins first.
_VERBATIM = re.compile(
    r"^[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)*(?P<fence>`{3,}|~{3,})(?P<head>[^`\n]*)\n"
    r".*?(?:^[ \t>]*(?P=fence)[`~]*[ \t]*$|(?P<unclosed>\Z))"
    r"|<!--.*?-->"
    r"|(?<![`\\])(?P<ticks>`+)(?!`)(?P<code>(?:.(?!\n\n))*?)(?<!`)(?P=ticks)(?!`)",
    re.M | re.S,
)
_DIV = re.compile(r"[ \t>]*:{3,}[ \t]*(?P<opens>\{.*\}|[^\s:{}]+)?[ \t:]*")


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


# Room for the chapters of a rendition in all the forms that they take on the way to its manuscript.
@lru_cache(maxsize=256)
def without_code(text: str) -> str:
    """Return the text with code and comments blanked out, so that every place keeps its offset.

    Of fenced code the attributes stay: a label may stand among them.
    """

    def blank(match: re.Match[str]) -> str:
        blanked = re.sub(r"[^\n]", " ", match.group())
        if attributes := re.search(r"\{[^{}\n]*\}", match["head"] or ""):
            start = match.start("head") - match.start() + attributes.start()
            blanked = blanked[:start] + attributes[0] + blanked[start + len(attributes[0]) :]
        return blanked

    return _VERBATIM.sub(blank, text)


def shortcodes(text: str) -> list[Shortcode]:
    """Return the shortcodes of a chapter in order; those inside code are not shortcodes."""
    return [code for code, _ in _matches(text)]


def replace_shortcodes(text: str, value: Callable[[Shortcode], str]) -> str:
    """Return the text with each shortcode replaced."""
    pieces = []
    end = 0
    for code, match in _matches(text):
        pieces += [text[end : match.start()], value(code)]
        end = match.end()
    return "".join([*pieces, text[end:]])


# A chapter is asked for by one function after the other, and in a preview again at each save.
@lru_cache(maxsize=256)
def _matches(text: str) -> tuple[tuple[Shortcode, re.Match[str]], ...]:
    if "{{<" not in text:
        return ()  # as in most of the small texts that are asked for
    found = []
    for match in _SHORTCODE.finditer(without_code(text)):
        line_start = text.rfind("\n", 0, match.start()) + 1
        line_end = text.find("\n", match.end())
        around = text[line_start : match.start()] + text[match.end() : line_end if line_end >= 0 else None]
        code = Shortcode(
            name=match["name"] or "",
            argument=match["rest"],
            line=text.count("\n", 0, match.start()) + 1,
            alone=not around.strip(),
        )
        found.append((code, match))
    return tuple(found)


def executable_cells(text: str) -> Iterator[tuple[int, str]]:
    """Yield line and language of each executable cell, and of code that computes inside a sentence."""
    for match in _VERBATIM.finditer(text):
        if match["fence"]:
            head = re.match(r"\s*\{\s*([A-Za-z]\w*)", match["head"])
        else:
            head = re.match(r"\{([A-Za-z]\w*)\}\s", match["code"] or "") if match["ticks"] == "`" else None
        if head:
            yield text.count("\n", 0, match.start()) + 1, head[1]


def unclosed(text: str) -> Iterator[tuple[int, str]]:
    """Yield line and mark of each code block and div that is not closed, and of each end of none."""
    for match in _VERBATIM.finditer(text):
        if match["unclosed"] is not None:
            yield text.count("\n", 0, match.start()) + 1, match["fence"]
    divs: list[int] = []
    for number, line in enumerate(without_code(text).split("\n"), start=1):
        div = _DIV.fullmatch(line)
        if div and div["opens"]:
            divs.append(number)
        elif div and divs:
            divs.pop()
        elif div:
            yield number, ""
    yield from ((number, ":::") for number in divs)


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
    if path.startswith("/") or not (path.endswith(".ipynb") and hash_ and re.fullmatch(r"[\w-]+", label)):
        return None
    return resolve(chapter, path), label


def resolve(chapter: str, target: str) -> str:
    """Return a path that stands in a chapter, relative to the paper's root.

    Examples
    --------
    >>> resolve("chapters/trade.qmd", "../index.qmd"), resolve("chapters/trade.qmd", "/chapters/method.qmd")
    ('index.qmd', 'chapters/method.qmd')
    """
    folder = PurePosixPath() if target.startswith("/") else PurePosixPath(chapter).parent
    parts: list[str] = []
    for part in (folder / target.lstrip("/")).parts:
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)
