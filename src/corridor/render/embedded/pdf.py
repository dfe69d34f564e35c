"""The PDF of a rendition: one Typst document, tagged for PDF/UA-1."""

from __future__ import annotations

import os
import re
from datetime import UTC, date, datetime
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from corridor import pandoc
from corridor.errors import Fault, PaperError
from corridor.files import digest, tree
from corridor.pandoc import Node
from corridor.render.embedded.blocks import typst_string
from corridor.render.embedded.document import open_book
from corridor.render.embedded.references import refer
from corridor.render.embedded.typeset import TypesettingError, typeset
from corridor.stage.project import FILTERS, StagedProject
from corridor.store import Store

STANDARD = "ua-1"

_FONTS = "fonts"
_IMAGES = (".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp")


def write_pdf(project: StagedProject, target: Path, store: Store) -> None:
    """Write the PDF of a staged project.

    Parameters
    ----------
    project
        The staged project.
    target
        The file to write.
    store
        What was read and set before.

    Raises
    ------
    PaperError
        If the document does not compile or does not meet PDF/UA-1.
    """
    source = project.root / f"{target.stem}.typ"
    text = _source(project, store)
    source.write_text(text, encoding="utf-8", newline="\n")
    timestamp = _timestamp(project)

    made_of = [text, STANDARD, timestamp, digest(_files(project))]
    content = store.get(store.remembered("pdf", made_of, lambda: store.put(_set(project, source, timestamp))))
    if content is None:  # the record has outlived the PDF that it names
        content = _set(project, source, timestamp)
        store.put(content)
    target.write_bytes(content)


def _files(project: StagedProject) -> dict[str, Path]:
    """Return what Typst reads besides the document, by path."""
    return {
        name: path
        for name, path in tree(project.root).items()
        if name.startswith(f"{_FONTS}/")
        or path.suffix.lower() in _IMAGES
        or name == project.config["bibliography"]
    }


def _source(project: StagedProject, store: Store) -> str:
    """Return the book as a Typst document."""
    book, reader = open_book(project, "typst", store)
    reader.read(book.chapters)
    blocks: list[Node] = []
    for chapter in book.chapters:
        refer(book, chapter)
        if chapter.path in project.appendices[:1]:
            title = typst_string(project.corridor["labels"]["appendices"])
            blocks.append(pandoc.raw_block("typst", f"#show: appendices.with({title})"))
        blocks += chapter.blocks
    document = pandoc.document(blocks, _meta(project))
    with as_file(files("corridor") / "render" / "typst" / "book.typ") as template:
        # Pandoc looks for the partials beside the template: the staged ones are those Quarto reads.
        outer = project.root / "typst" / template.name
        outer.write_text(template.read_text(encoding="utf-8"), encoding="utf-8")
    filters = [project.root / name for name in FILTERS]
    used = [path.read_text(encoding="utf-8") for path in (*filters, *sorted(outer.parent.glob("*.typ")))]

    def make() -> str:
        options = ("--standalone", f"--template={outer}", *(f"--lua-filter={path}" for path in filters))
        return pandoc.write(document, "typst", *options, cwd=project.root)

    try:
        return store.remembered("typst", [document, used], make)
    except pandoc.PandocError as error:
        what = f"pandoc cannot write the PDF's source: {' '.join(str(error).split())}"
        fault = Fault(file=project.pdf, what=what, mend="mend the template or the filter that it names")
        raise PaperError(fault) from None


def _set(project: StagedProject, source: Path, timestamp: int) -> bytes:
    """Return the PDF of a Typst document in a project."""
    try:
        return typeset(
            source,
            root=str(project.root),
            font_paths=[str(project.root / _FONTS)],
            ignore_system_fonts=True,
            pdf_standards=[STANDARD],
            timestamp=timestamp,
        )
    except TypesettingError as error:
        raise PaperError(_fault(project, source, error)) from None


def _fault(project: StagedProject, source: Path, error: TypesettingError) -> Fault:
    """Return what Typst says, with the text that it stumbled over."""
    what = f"the PDF cannot be set: {error.message}"
    if place := re.search(rf"{re.escape(source.name)}:(\d+):\d+", error.diagnostic):
        line = source.read_text(encoding="utf-8").split("\n")[int(place[1]) - 1].strip()
        what += f', at "{line[:80]}"'
    mend = "; ".join(error.hints) or "look for that place in the chapters or the template, and mend it"
    return Fault(file=project.pdf, what=what, mend=mend)


def _meta(project: StagedProject) -> dict[str, Any]:
    book = project.config["book"]
    author = book["author"]
    meta = {
        "title": book["title"],
        "author": author if isinstance(author, list) else [author],
        "date": project.corridor["date"],
        "lang": project.language,
        # The template shows the date in words and writes this one into the PDF.
        "corridor": {**project.corridor, "date": datetime.fromtimestamp(_timestamp(project), UTC).date()},
        "bibliography": [project.config["bibliography"]],
        "smart": True,
    }
    for key in ("subtitle", "abstract", "keywords"):
        if value := book.get(key) or project.config.get(key):
            meta[key] = value
    return meta


def _timestamp(project: StagedProject) -> int:
    """Return the time that the PDF bears: the paper's date, or SOURCE_DATE_EPOCH."""
    if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        if not epoch.isdecimal():
            what = f'SOURCE_DATE_EPOCH is "{epoch}"'
            raise PaperError(
                Fault(file="environment", what=what, mend="set it to seconds since 1970, or take it out")
            )
        return int(epoch)
    return int(
        datetime.combine(date.fromisoformat(project.corridor["date"]), datetime.min.time(), UTC).timestamp()
    )
