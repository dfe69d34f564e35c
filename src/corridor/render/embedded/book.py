"""The book that an engine writes: its chapters, and what can be referred to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote

from corridor.pandoc import Node
from corridor.stage.project import StagedProject

Target = Literal["html", "typst"]


@dataclass
class Chapter:
    """A chapter as it will be written.

    Parameters
    ----------
    path
        Its file, relative to the project.
    number
        Its number, an appendix's letter, or ``None`` for an unnumbered one.
    title
        Inlines of its title.
    blocks
        Its blocks, the title's heading first.
    """

    path: str
    number: str | None
    title: list[Node]
    blocks: list[Node]

    @property
    def href(self) -> str:
        """Path of its page on the site."""
        return quote(self.path.removesuffix(".qmd") + ".html")


@dataclass(frozen=True)
class Label:
    """Something that ``@kind-name`` refers to.

    Parameters
    ----------
    word
        What it is called: Table, Figure, Section, Chapter.
    number
        Its number: ``1.2``; empty where it has none.
    title
        What a reference to it says where it has no number.
    chapter
        The file that it stands in.
    """

    word: str
    number: str
    title: str
    chapter: str


@dataclass
class Book:
    """All chapters for one format."""

    project: StagedProject
    target: Target
    chapters: list[Chapter] = field(default_factory=list)
    labels: dict[str, Label] = field(default_factory=dict)
