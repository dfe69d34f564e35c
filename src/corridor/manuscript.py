"""The manuscript: the chapters as one rendition reads them, each line with the place it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Line:
    """A line of a text and where its author finds it.

    Parameters
    ----------
    text
        The line, without its end.
    file
        File that the words stand in, relative to the paper's root: the chapter, or a catalogue.
    number
        Line in that file, counted from 1.
    """

    text: str
    file: str
    number: int


@dataclass(frozen=True)
class Text:
    """A chapter's text.

    Parameters
    ----------
    chapter
        The chapter's file, relative to the paper's root.
    lines
        Its lines in order.
    """

    chapter: str
    lines: tuple[Line, ...]

    @classmethod
    def of(cls, chapter: str, text: str, file: str | None = None) -> Text:
        """Return a text as it stands in a file, by default the chapter's own."""
        lines = enumerate(text.split("\n"), start=1)
        return cls(chapter, tuple(Line(line, file or chapter, number) for number, line in lines))

    @cached_property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    def place(self, line: int | None) -> tuple[str, int | None]:
        """Return file and line that a line of the text comes from."""
        if line is None or not 1 <= line <= len(self.lines):
            return self.chapter, line
        origin = self.lines[line - 1]
        return origin.file, origin.number

    def with_lines(self, lines: Iterable[Line] | Sequence[Line]) -> Text:
        return Text(self.chapter, tuple(lines))
