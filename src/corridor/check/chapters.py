"""The chapters: everything a chapter says must be something both engines can render."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from corridor.chapter import CROSS_REFERENCES, resolve
from corridor.check.outline import OTHER_LABEL, Mention, Outline
from corridor.errors import Fault
from corridor.nearest import nearest
from corridor.paper import Paper
from corridor.stage.project import EXHIBITS
from corridor.trace import FILE as TRACE


@dataclass(kw_only=True)
class _Book:
    """What the chapters can name, and what has been seen of them so far."""

    paper: Paper
    chapters: tuple[str, ...]
    variables: Mapping[str, str]
    cells: Mapping[str, set[str] | None]
    works: set[str] | None
    files: set[str]
    anchors: dict[str, tuple[str, ...]]
    labels: dict[str, tuple[str, int | None]] = field(default_factory=dict)
    embeds: dict[str, tuple[str, int | None]] = field(default_factory=dict)


def check_chapters(
    paper: Paper,
    outlines: Mapping[str, Outline],
    *,
    variables: Mapping[str, str],
    cells: Mapping[str, set[str] | None],
    works: set[str] | None,
) -> list[Fault]:
    """Return what in the chapters cannot be rendered.

    Parameters
    ----------
    paper
        The paper.
    outlines
        The chapters by file, in the order of reading.
    variables
        What ``{{< var key >}}`` can show, by dotted key.
    cells
        Labels of the cells that ``{{< embed >}}`` can show, by notebook; ``None`` for a notebook that
        cannot be read.
    works
        Keys that citations can use; ``None`` where the bibliography cannot be read.
    """
    labels = {label for known in cells.values() for label in known or ()}
    book = _Book(
        paper=paper,
        chapters=tuple(outlines),
        variables=variables,
        cells=cells,
        works=works,
        files={f"{EXHIBITS}/{label}.csv" for label in labels} | {f"{EXHIBITS}/{TRACE}"},
        anchors={chapter: read.anchors for chapter, read in outlines.items()},
    )
    faults: list[Fault] = []
    later: list[tuple[str, Mention]] = []
    for chapter, read in outlines.items():
        for found in read.findings:
            if isinstance(found, Fault):
                faults.append(found)
            elif found.kind == "reference":
                later.append((chapter, found))  # the label may stand in a chapter behind
            else:
                faults += _mentioned(chapter, found, book)
    if all(read.whole for read in outlines.values()):
        for chapter, found in later:
            if found.name not in book.labels:
                mend = nearest(found.name, book.labels, "label a heading, figure or table with it")
                what = f'there is no label "{found.name}"'
                faults.append(Fault(file=chapter, line=found.line, what=what, mend=mend))
    order = {chapter: number for number, chapter in enumerate(outlines)}
    return sorted(dict.fromkeys(faults), key=lambda f: (order[f.file], f.line or 0))


def _mentioned(chapter: str, found: Mention, book: _Book) -> Iterator[Fault]:
    """Yield what is wrong with something that a chapter names."""
    match found.kind:
        case "variable":
            told = _variable(found.name, book)
        case "cell":
            told = _cell(chapter, found, book)
        case "label":
            told = _label(chapter, found, book)
        case "work":
            told = _work(found.name, book)
        case "image":
            told = _image(chapter, found.name, book)
        case _:
            told = _link(chapter, found.name, book)
    if told:
        yield Fault(file=chapter, line=found.line, what=told[0], mend=told[1])


def _variable(name: str, book: _Book) -> tuple[str, str] | None:
    if name in book.variables:
        return None
    mend = nearest(name, book.variables, f"the variables are {', '.join(book.variables)}")
    return f'unknown variable "{name}"', mend


def _cell(chapter: str, found: Mention, book: _Book) -> tuple[str, str] | None:
    notebook, _, label = found.name.partition("#")
    before = book.embeds.get(found.name)
    book.embeds.setdefault(found.name, (chapter, found.line))
    known = book.cells.get(notebook, set())
    if notebook not in book.cells:
        mend = f"the notebooks are {', '.join(book.cells)}" if book.cells else "put notebooks into analysis/"
        return f'there is no notebook "{notebook}"', nearest(notebook, book.cells, mend)
    if known is not None and label not in known:
        mend = nearest(label, known, f'label a cell with "#| label: {label}"')
        return f'the notebook {notebook} has no cell "{label}"', mend
    if before:
        what = f'the cell "{label}" is embedded twice, first in {before[0]}:{before[1]}'
        return what, "refer to it instead"
    return None


def _label(chapter: str, found: Mention, book: _Book) -> tuple[str, str] | None:
    if found.name not in book.labels:
        book.labels[found.name] = (chapter, found.line)
        return None
    file, line = book.labels[found.name]
    return f'the label "{found.name}" stands twice, first in {file}:{line}', "rename one of them"


def _work(key: str, book: _Book) -> tuple[str, str] | None:
    if re.fullmatch(OTHER_LABEL, key) and key not in (book.works or ()):
        mend = f"refer to {', '.join(f'{kind}-' for kind in CROSS_REFERENCES)}"
        return f'"@{key}" refers to a kind outside the supported subset of Quarto', mend
    if book.works is not None and key not in book.works:
        mend = nearest(key, book.works, f"add the work to {book.paper.bibliography}")
        return f'unknown citation "@{key}"', mend
    return None


def _image(chapter: str, target: str, book: _Book) -> tuple[str, str] | None:
    if (book.paper.root / resolve(chapter, target)).is_file():
        return None
    return f'the image "{target}" is missing', "add the file or mend the path"


def _link(chapter: str, written: str, book: _Book) -> tuple[str, str] | None:
    path, _, anchor = written.partition("#")
    target, anchor = unquote(path), unquote(anchor)
    goal = resolve(chapter, target) if target else chapter
    if goal in book.files:
        return None
    if target and not target.endswith(".qmd"):
        what = f'the link leads to "{target}", which is not on the site'
        return what, "link to a chapter, or to an address on the web"
    if goal not in book.chapters:
        known = [posixpath.relpath(other, posixpath.dirname(chapter) or ".") for other in book.chapters]
        mend = nearest(target, known, "list the chapter in _quarto.yml")
        return f'the link leads to "{target}", which is no chapter', mend
    known = book.anchors[goal]
    if anchor and known and anchor not in known:
        mend = nearest(anchor, known, "label the heading there with it")
        return f'the link leads to "#{anchor}", which is no place in {goal}', mend
    return None
