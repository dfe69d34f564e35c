"""The manuscript: the chapters as one rendition reads them, each line with the place it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from corridor.edition import Rendition
from corridor.errors import Fault


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


@dataclass(frozen=True, kw_only=True)
class Manuscript:
    """All chapters as one rendition reads them.

    Parameters
    ----------
    rendition
        Whose.
    texts
        The chapters by file, in the order of reading.
    appendices
        Those of the files that are appendices.
    through_home
        Names of what the chapters show through ``home``, the edition's own area; an edition may lack it.
    """

    rendition: Rendition
    texts: Mapping[str, Text]
    appendices: tuple[str, ...]
    through_home: frozenset[str] = frozenset()

    @property
    def language(self) -> str:
        return self.rendition.language

    @property
    def chapters(self) -> tuple[str, ...]:
        """All files in the order of reading."""
        return tuple(self.texts)

    @cached_property
    def markdown(self) -> dict[str, str]:
        """The texts by file."""
        return {chapter: text.text for chapter, text in self.texts.items()}

    def relocated(self, faults: Iterable[Fault]) -> list[Fault]:
        """Return faults with the places where their authors find the words, in the order of reading."""
        order = {chapter: number for number, chapter in enumerate(self.texts)}
        ordered = sorted(faults, key=lambda fault: (order.get(fault.file, -1), fault.line or 0))
        found = []
        for fault in ordered:
            file, line = fault.file, fault.line
            if file in self.texts:
                file, line = self.texts[file].place(line)
            found.append(replace(fault, file=file, line=line))
        return list(dict.fromkeys(found))
