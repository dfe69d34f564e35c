"""Where the words of a chapter stand: paragraphs, headings, items, cells, captions, titles, line by line."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

import yaml

Kind = Literal[
    "attribute", "caption", "cell", "definition", "footnote", "heading", "item", "line", "paragraph",
    "quotation", "setting", "term",
]  # fmt: skip
"""What a piece of prose is."""

_COMMENT = "\x01"
"""Takes the place of each character of a comment: no word, and no blank line either."""

_FENCE = re.compile(r"[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)*(?P<fence>`{3,}|~{3,})(?P<head>[^`\n]*)")
# Fenced code, comments, code inside a line: whichever begins first.
_VERBATIM = re.compile(
    r"^[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)*(?P<fence>`{3,}|~{3,})[^`\n]*\n"
    r".*?(?:^[ \t>]*(?P=fence)[`~]*[ \t]*$|\Z)"
    r"|<!--.*?-->"
    r"|(?<![`\\])(?P<ticks>`+)(?!`)(?:.(?!\n\n))*?(?<!`)(?P=ticks)(?!`)",
    re.M | re.S,
)
_DIV = re.compile(r"[ \t>]*:{3,}[ \t]*(?P<opens>\{.*\}|[^\s:{}]+)?[ \t:]*")
_QUOTED = re.compile(r"(?<=[\s{])(?P<name>title|fig-alt|fig-cap|tbl-cap)=\"(?P<value>(?:\\.|[^\"\\])*)\"")
_HEADING = re.compile(r"#{1,6}[ \t]+(?=\S)")
_TRAILING = re.compile(r"[ \t]*#*[ \t]*(?:\{(?:[^{}\"]|\"[^\"]*\")*\})?[ \t]*$")
_UNDERLINE = re.compile(r"[ \t]{0,3}(?:=+|-+)[ \t]*")
_RULE = re.compile(r"[ \t]{0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})")
_ITEM = re.compile(r"(?:[-*+]|\d{1,9}[.)]|#\.|\(\d{1,9}\)|\(@[\w-]*\)|[a-z][.)])(?:[ \t]+(?=\S)|$)")
_NOTE = re.compile(r"\[\^[^\s\]]+\]:[ \t]*")
_REFERENCE = re.compile(r"[ ]{0,3}\[[^\]^][^\]]*\]:[ \t]*\S")
_DEFINITION = re.compile(r"[ ]{0,3}[:~][ \t]+(?=\S)")
_CAPTION = re.compile(r"[ ]{0,3}(?:[Tt]able)?:[ \t]+(?=\S)")
_QUOTATION = re.compile(r"[ \t]{0,3}>[ \t]?")
_DIVIDER = re.compile(r"[ \t]*(?=.*\|)\|?[ \t]*:?-+:?[ \t]*(?:[|+][ \t]*:?-+:?[ \t]*)*\|?[ \t]*")
_GRID = re.compile(r"[ \t]*\+(?:[-=:]+\+)+[ \t]*")
_TAGS = re.compile(r"[ \t]*(?:</?[a-zA-Z][^<>]*>[ \t]*)+")
_IMAGE = re.compile(
    r"!\[(?P<alt>(?:[^\[\]\\]|\\.|\[(?:[^\[\]\\]|\\.)*\])*)\]\([^()]*\)(?P<attributes>\{.*\})?", re.S
)
_LINE_BLOCK = re.compile(r"\|[ \t]+(?=\S)")


@dataclass(frozen=True, kw_only=True)
class Block:
    """A piece of prose and its place.

    Parameters
    ----------
    kind
        What it is.
    start, end
        Line (counted from 0) and column of its first character, and of the character behind its last.
    text
        Its Markdown on one line; hard line breaks are kept.
    written
        Turns Markdown into what stands in the file: attributes and settings have quotation marks.
    """

    kind: Kind
    start: tuple[int, int]
    end: tuple[int, int]
    text: str
    written: Callable[[str], str] = str


def blocks(lines: Sequence[str]) -> list[Block]:
    """Return the pieces of prose of a chapter in order.

    Parameters
    ----------
    lines
        The chapter's lines without their ends.
    """
    scanner = _Scanner(lines)
    return sorted(scanner.scan(), key=lambda block: block.start)


def front_matter(lines: Sequence[str]) -> int:
    """Return how many lines at the top of a chapter are YAML, their two rules included."""
    if not lines or not re.fullmatch(r"---[ \t]*", lines[0]) or not "".join(lines[1:2]).strip():
        return 0
    ends = (n for n, line in enumerate(lines[1:], start=2) if re.fullmatch(r"(?:---|\.\.\.)[ \t]*", line))
    return next(ends, 0)


class _Scanner:
    def __init__(self, lines: Sequence[str]) -> None:
        self.head = front_matter(lines)
        self.written = list(lines)
        self.lines = _without_comments(lines)
        self.found: list[Block] = []
        self.part: list[int] = []  # lines of the paragraph that is open
        self.column = 0  # where the words of its first line begin
        self.kind: Kind = "paragraph"
        self.offsets: list[int] = []  # columns of the contents of the list items around
        self.after_table = False
        self.divs: list[tuple[bool, int]] = []  # whether it is an exhibit; blocks found before it

    def scan(self) -> list[Block]:
        self.found += _settings(self.written[: self.head])
        number = self.head
        while number < len(self.lines):
            number = self.line(number)
        self.close()
        return self.found

    def line(self, number: int) -> int:
        """Read a line, or several that belong together; return the number of the next."""
        line = self.lines[number]
        if fence := _FENCE.fullmatch(line):
            self.close()
            return self.code(number, fence["fence"])
        if not line.strip(" \t>"):
            self.close()
        elif not line.strip(_COMMENT + " \t"):
            pass  # a comment parts no paragraph
        elif div := _DIV.fullmatch(line):
            self.close()
            self.div(number, div["opens"])
        elif self.part:
            return self.going_on(number)
        else:
            return self.beginning(number)
        return number + 1

    def code(self, number: int, fence: str) -> int:
        closing = re.compile(rf"[ \t>]*{re.escape(fence)}[`~]*[ \t]*")
        following = range(number + 1, len(self.lines))
        return next((n + 1 for n in following if closing.fullmatch(self.lines[n])), len(self.lines))

    def div(self, number: int, opens: str | None) -> None:
        self.after_table = False
        if opens:
            self.divs.append((bool(re.search(r"#(?:fig|tbl)-", opens)), len(self.found)))
            self.found += _attributes(self.written[number], number)
        elif self.divs:
            exhibit, before = self.divs.pop()
            paragraphs = [n for n in range(before, len(self.found)) if self.found[n].kind == "paragraph"]
            if exhibit and paragraphs:
                self.found[paragraphs[-1]] = replace(self.found[paragraphs[-1]], kind="caption")

    def beginning(self, number: int) -> int:
        """Read the first line of a block."""
        line = self.lines[number]
        column, self.kind = self.containers(line)
        rest = line[column:]
        if self.is_code(line, column) or _RULE.fullmatch(line) or _TAGS.fullmatch(line):
            return number + 1
        if _REFERENCE.match(line):
            return number + 1
        if _GRID.fullmatch(line):
            return self.skipped(number)
        if mark := _HEADING.match(rest):
            return self.heading(number, column + mark.end())
        following = self.lines[number + 1] if number + 1 < len(self.lines) else ""
        if "|" in line and _DIVIDER.fullmatch(following) and _pipes(line) and not _DIVIDER.fullmatch(line):
            return self.table(number)
        if _DIVIDER.fullmatch(line):
            return self.table(number)
        if mark := _LINE_BLOCK.match(rest):
            self.add("line", (number, column + mark.end()), (number, len(line)))
            return number + 1
        if self.after_table and (mark := _CAPTION.match(line)):
            column, self.kind = mark.end(), "caption"
        elif mark := _DEFINITION.match(rest):
            column, self.kind = column + mark.end(), "definition"
        self.after_table = False
        if line[column:].strip():
            self.part, self.column = [number], column
        return number + 1

    def going_on(self, number: int) -> int:
        """Read a line while a paragraph is open."""
        line = self.lines[number]
        alone = len(self.part) == 1 and self.kind == "paragraph"
        if alone and _UNDERLINE.fullmatch(line):
            self.kind = "heading"
            self.close()
        elif alone and _DEFINITION.match(line):
            self.kind = "term"
            self.close()
            return self.beginning(number)
        elif self.kind in ("definition", "item", "footnote") and self.begins_another(line):
            self.close()
            return self.beginning(number)
        else:
            self.part.append(number)
        return number + 1

    def begins_another(self, line: str) -> bool:
        rest = line.lstrip(" \t>")
        if self.kind == "item":
            return bool(_ITEM.match(rest))
        if self.kind == "footnote":
            return bool(_NOTE.match(line) or _REFERENCE.match(line))
        return bool(_DEFINITION.match(line))

    def containers(self, line: str) -> tuple[int, Kind]:
        """Return where the words of a line begin behind quotation marks and item marks, and what it is."""
        column, kind = 0, "paragraph"
        while mark := _QUOTATION.match(line, column):
            column, kind = mark.end(), "quotation"
        indent = len(line) - len(line[column:].lstrip(" \t"))
        if mark := _NOTE.match(line, indent):
            self.offsets = [4]
            return mark.end(), "footnote"
        while self.offsets and indent < self.offsets[-1]:
            self.offsets.pop()
        if self.offsets:
            kind = "item"
        if indent - (self.offsets[-1] if self.offsets else column) >= 4:
            return indent, kind  # code
        column = indent
        while (mark := _ITEM.match(line, column)) and not _RULE.fullmatch(line):
            column = mark.end()
            self.offsets.append(column)
            kind = "item"
        return column, kind

    def is_code(self, line: str, column: int) -> bool:
        indent = len(line) - len(line.lstrip(" \t"))
        around = [offset for offset in self.offsets if offset <= indent]
        return column == indent and indent - (around[-1] if around else 0) >= 4

    def heading(self, number: int, column: int) -> int:
        line = self.lines[number]
        end = _TRAILING.search(line, column)
        self.add("heading", (number, column), (number, end.start() if end else len(line)))
        return number + 1

    def skipped(self, number: int) -> int:
        following = range(number, len(self.lines))
        return next((n for n in following if not self.lines[n].strip()), len(self.lines))

    def table(self, number: int) -> int:
        end = self.skipped(number)
        for row in range(number, end):
            if _DIV.fullmatch(self.lines[row]):
                end = row
                break
            if not _DIVIDER.fullmatch(self.lines[row]):
                for first, last in _cells(self.lines[row]):
                    self.add("cell", (row, first), (row, last))
        self.after_table = True
        return end

    def close(self) -> None:
        """End the paragraph that is open."""
        if not self.part:
            return
        first, last = self.part[0], self.part[-1]
        end = (last, len(self.lines[last].rstrip(" \t" + _COMMENT)))
        if self.kind in ("heading", "caption") and (mark := _TRAILING.search(self.lines[last])):
            end = (last, max(mark.start(), self.column if first == last else 0))
        self.add(self.kind, (first, self.column), end)
        self.part = []

    def add(self, kind: Kind, start: tuple[int, int], end: tuple[int, int]) -> None:
        block = Block(kind=kind, start=start, end=end, text=self.joined(start, end))
        image = _IMAGE.fullmatch(block.text)
        if image is None or "\\\n" in block.text or start[0] != end[0]:
            if image is None:
                self.found.append(block)
            return
        # A picture alone is a figure: its text is the caption, and a span around it would end that.
        column = self.lines[start[0]].index("![", start[1]) + 2
        place = (start[0], column), (start[0], column + len(image["alt"]))
        self.found.append(Block(kind="caption", start=place[0], end=place[1], text=image["alt"]))
        self.found += _attributes(self.written[start[0]], start[0])

    def joined(self, start: tuple[int, int], end: tuple[int, int]) -> str:
        pieces = []
        for number in range(start[0], end[0] + 1):
            line = self.lines[number]
            first = start[1] if number == start[0] else 0
            line = line[first : end[1] if number == end[0] else None]
            piece = (line if number == start[0] else line.lstrip(" \t>")).replace(_COMMENT, "")
            hard = number < end[0] and (piece.endswith("  ") or re.search(r"(?<!\\)(?:\\\\)*\\$", piece))
            piece = piece.rstrip(" \t")
            pieces += [piece.removesuffix("\\") + "\\\n" if hard else piece + " "]
        return "".join(piece for piece in pieces if piece != " ").strip()


def _without_comments(lines: Sequence[str]) -> list[str]:
    """Blank comments out; what looks like one in fenced code or inside code is none."""

    def blank(match: re.Match[str]) -> str:
        return re.sub(r"[^\n]", _COMMENT, match[0]) if match[0].startswith("<!--") else match[0]

    return _VERBATIM.sub(blank, "\n".join(lines)).split("\n")


def _attributes(line: str, number: int) -> Iterator[Block]:
    """Yield the attributes of a line that readers see."""
    for match in _QUOTED.finditer(line):
        yield Block(
            kind="attribute",
            start=(number, match.start("value")),
            end=(number, match.end("value")),
            text=re.sub(r"\\(.)", r"\1", match["value"]),
            written=lambda text: re.sub(r'([\\"])', r"\\\1", text),
        )


def _settings(lines: Sequence[str]) -> Iterator[Block]:
    """Yield the values of the front matter that readers see."""
    read = ("title", "subtitle", "abstract", "description", "keywords")
    try:
        node = yaml.compose("\n".join(lines[1:-1]), Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        return  # told elsewhere
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        values = value.value if isinstance(value, yaml.SequenceNode) else [value]
        for one in values if key.value in read else ():
            if not isinstance(one, yaml.ScalarNode) or not one.value.strip():
                continue
            end = (one.end_mark.line + 1, one.end_mark.column)
            if end[1] == 0 and end[0] > one.start_mark.line + 1:  # a block ends where the next line begins
                end = (end[0] - 1, len(lines[end[0] - 1]))
            yield Block(
                kind="setting",
                start=(one.start_mark.line + 1, one.start_mark.column),
                end=end,
                text=" ".join(one.value.split()),
                written=lambda text: json.dumps(text, ensure_ascii=False),
            )


_PROTECTED = re.compile(
    r"\\.|(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)|\{\{<.*?>\}\}|\{[^{}]*\}|(?P<pipe>\|)"
)


def _pipes(line: str) -> list[int]:
    """Return the columns of the strokes that part the cells of a row."""
    return [match.start() for match in _PROTECTED.finditer(line) if match["pipe"]]


def _cells(line: str) -> Iterator[tuple[int, int]]:
    """Yield the columns of the words of each cell of a row that has any."""
    bounds = [-1, *_pipes(line), len(line)]
    for before, behind in pairwise(bounds):
        cell = line[before + 1 : behind]
        if cell.strip():
            first = before + 1 + len(cell) - len(cell.lstrip())
            yield first, first + len(cell.strip())
