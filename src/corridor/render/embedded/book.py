"""The book that an engine writes: its chapters, and what can be referred to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import quote, unquote

from corridor.chapter import cross_reference, resolve
from corridor.pandoc import Node, attributes, elements, text_of
from corridor.stage.project import StagedProject

Target = Literal["html", "typst"]


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A heading or a float: what numbers are given to.

    Parameters
    ----------
    identifier
        What refers to it; may be empty.
    level
        Of a heading; 0 for a float.
    title
        The words of a heading, without those that have marks of their own.
    numbered
        Whether it may have a number.
    """

    identifier: str
    level: int = 0
    title: str = ""
    numbered: bool = True


@dataclass(frozen=True, kw_only=True)
class Outline:
    """What the rest of the book needs to know of a chapter.

    Parameters
    ----------
    marks
        Its headings and floats in the order of the text.
    citations
        Its citations, and the divs that take the list of references, empty, in the order of the text.
    references
        Identifiers that its cross-references name.
    images
        Files that it shows, relative to the project.
    """

    marks: tuple[Mark, ...]
    citations: tuple[Node, ...]
    references: tuple[str, ...]
    images: tuple[str, ...]


@dataclass
class Chapter:
    """A chapter as it will be written.

    Parameters
    ----------
    path
        Its file, relative to the project.
    text
        Its Markdown, without shortcodes but those of exhibits, which are raw.
    key
        Digest of everything that its blocks hang on, as far as that is not the rest of the book.
    outline
        What the rest of the book needs to know of it.
    number
        Its number, an appendix's letter, or ``None`` for an unnumbered one.
    numbers
        The numbers of its headings in the order of the text; empty for those without.
    title
        Inlines of its title, once it has been read.
    blocks
        Its blocks, the title's heading first, once it has been read.
    """

    path: str
    text: str
    key: str
    outline: Outline = Outline(marks=(), citations=(), references=(), images=())
    number: str | None = None
    numbers: list[str] = field(default_factory=list)
    title: list[Node] = field(default_factory=list)
    blocks: list[Node] = field(default_factory=list)

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


def outlined(chapter: Chapter) -> Outline:
    """Return the outline of a chapter that has been read."""
    marks, citations, references, images = [], [], [], []
    for node in elements(chapter.blocks):
        match node["t"]:
            case "Header":
                level, (identifier, classes, _), inlines = node["c"]
                title = text_of([one for one in inlines if one["t"] != "Span"]).strip()
                numbered = "unnumbered" not in classes
                marks.append(Mark(identifier=identifier, level=level, title=title, numbered=numbered))
            case "Div" if is_float(node):
                marks.append(Mark(identifier=attributes(node)[0]))
            case "Div" if is_list(node):
                citations.append({"t": "Div", "c": [node["c"][0], []]})
            case "Cite" if keys := referred(node):
                references += keys
            case "Cite":
                citations.append(node)
            case "Image":
                images.append(resolve(chapter.path, unquote(node["c"][2][0])))
    return Outline(
        marks=tuple(marks),
        citations=tuple(citations),
        references=tuple(dict.fromkeys(references)),
        images=tuple(dict.fromkeys(images)),
    )


def restored(record: Mapping[str, Any]) -> Outline:
    """Return an outline from the record that ``asdict`` made of it."""
    marks = tuple(Mark(**mark) for mark in record["marks"])
    others = {name: tuple(record[name]) for name in ("citations", "references", "images")}
    return Outline(marks=marks, **others)


def referred(citation: Node) -> list[str]:
    """Return what a cross-reference refers to; nothing for a citation of works."""
    keys = [one["citationId"] for one in citation["c"][0]]
    return [key[:1].lower() + key[1:] for key in keys] if all(map(cross_reference, keys)) else []


def is_float(node: Node) -> bool:
    """Return whether a div is a figure or a table with a caption."""
    return cross_reference(attributes(node)[0]) in ("fig", "tbl")


def is_list(node: Node) -> bool:
    """Return whether a div is where the list of references stands."""
    return attributes(node)[0] == "refs"
