"""The manuscript: the chapters as one rendition reads them, each line with the place it comes from."""

from __future__ import annotations

import re
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
    home
        The part of keys that ``home`` stands for; empty where it stands for nothing.
    through_home
        Names of what the chapters show through ``home``, the edition's own area; an edition may lack it.
    """

    rendition: Rendition
    texts: Mapping[str, Text]
    appendices: tuple[str, ...]
    home: str = ""
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
            what, mend = self._as_written(fault.what), self._as_written(fault.mend)
            found.append(replace(fault, file=file, line=line, what=what, mend=mend))
        return list(dict.fromkeys(found))

    def _as_written(self, said: str) -> str:
        """Return what a fault says with the names and places that its author wrote."""
        for name in self.through_home:
            if f'"{name}' in said:
                said = re.sub(rf'(?<=[".]){self.home}(?=[.\-"])', "home", said)
                break

        def place(match: re.Match[str]) -> str:
            if match[1] not in self.texts:
                return match[0]
            file, line = self.texts[match[1]].place(int(match[2]))
            return f", first in {file}:{line}"

        return re.sub(r", first in (\S+):(\d+)\b", place, said)
