"""A paper: a repository of prose, notebooks, data and editions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from corridor.errors import Fault, PaperError, raise_any
from corridor.settings import Settings, read_settings

CONFIG = "_quarto.yml"

_ADDRESS = re.compile(r"https?://[\w.-]*\w(?::\d+)?(?:/[^\s?#\"'<>\\]*)?")


@dataclass(frozen=True, kw_only=True)
class Paper:
    """The paper in a folder.

    Parameters
    ----------
    root
        The folder that holds ``_quarto.yml``, absolute.
    settings
        The content of ``_quarto.yml``.
    """

    root: Path
    settings: Settings

    @cached_property
    def book(self) -> dict[str, Any]:
        return self.settings.values["book"]

    @cached_property
    def chapters(self) -> tuple[str, ...]:
        """All files of the prose relative to the root, in reading order; the first is ``index.qmd``."""
        return (*self.book["chapters"], *self.appendices)

    @cached_property
    def appendices(self) -> tuple[str, ...]:
        """Those of the chapters that are appendices, which come last and are lettered."""
        return tuple(self.book.get("appendices") or ())

    @cached_property
    def version(self) -> str:
        return str(self.corridor.get("version", ""))

    @cached_property
    def corridor(self) -> dict[str, Any]:
        """The settings of ours in ``_quarto.yml``."""
        return self.settings.values.get("corridor") or {}

    @cached_property
    def bibliography(self) -> str:
        return self.settings.values.get("bibliography", "references.bib")

    @cached_property
    def notebooks(self) -> tuple[str, ...]:
        """The notebooks of the analysis relative to the root, by name."""
        return tuple(sorted(p.relative_to(self.root).as_posix() for p in self.analysis.glob("*.ipynb")))

    @property
    def analysis(self) -> Path:
        return self.root / "analysis"

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def build(self) -> Path:
        """Where everything intermediate goes; safe to delete."""
        return self.root / "_build"

    @property
    def site(self) -> Path:
        return self.root / "site"


def find_root(start: Path) -> Path:
    """Return the folder of the paper that ``start`` lies in.

    Raises
    ------
    PaperError
        If neither ``start`` nor a folder above holds ``_quarto.yml``.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / CONFIG).is_file():
            return folder
    raise PaperError(
        Fault(
            file=CONFIG,
            what=f"there is no paper in {start.name or start} or in any folder above",
            mend="go to the folder of a paper, or name it with --root",
        )
    )


def open_paper(root: Path) -> Paper:
    """Open the paper in a folder.

    Raises
    ------
    PaperError
        If ``_quarto.yml`` does not describe a book of chapters that are there.
    """
    settings = read_settings(root / CONFIG, root)
    book = settings.values.get("book")
    if not isinstance(book, dict):
        raise PaperError(
            settings.fault(
                "book", what="there is no book", mend='add "book:" with title, author and chapters'
            )
        )
    faults = [
        *_book_faults(settings, book),
        *_corridor_faults(settings),
        *_chapter_faults(root, settings, book),
    ]
    raise_any(faults)
    return Paper(root=root, settings=settings)


def _book_faults(settings: Settings, book: dict[str, Any]) -> Iterator[Fault]:
    for key in ("title", "author", "date"):
        if not book.get(key):
            yield settings.fault("book", what=f"the book has no {key}", mend=f'add "{key}:" to it')
    for key in ("title", "subtitle"):
        if book.get(key) and not isinstance(book[key], str):
            mend = "put quotation marks around it"
            yield settings.fault("book", key, what=f"the {key} is not text", mend=mend)
    authors = book.get("author") or []
    authors = authors if isinstance(authors, list) else [authors]
    if not all(isinstance(author, str) for author in authors):
        mend = 'write a name, or several as "[Ann Alpha, Bob Beta]"'
        yield settings.fault("book", "author", what="the author is not a name or a list of names", mend=mend)
    if book.get("date") and not _is_date(book["date"]):
        mend = "write it as 2018-12-31"
        yield settings.fault("book", "date", what=f'the date "{book["date"]}" is not a day', mend=mend)


def _is_date(value: object) -> bool:
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            return False
    return isinstance(value, date) and not isinstance(value, datetime)


def _corridor_faults(settings: Settings) -> Iterator[Fault]:
    corridor = settings.values.get("corridor") or {}
    if not isinstance(corridor, dict):
        what = "corridor does not hold settings"
        yield settings.fault("corridor", what=what, mend='write "edition:" and others below it, indented')
    elif isinstance(corridor.get("version"), float):
        what = "the version is a number: 1.10 would become 1.1"
        yield settings.fault("corridor", "version", what=what, mend="put quotation marks around it")
    bibliography = settings.values.get("bibliography", "")
    if not isinstance(bibliography, str):
        mend = 'write the name of one file, such as "references.bib"'
        yield settings.fault("bibliography", what="the bibliography is not a file", mend=mend)
    elif _leads_out(bibliography):
        what = f'the bibliography "{bibliography}" lies outside the paper'
        yield settings.fault("bibliography", what=what, mend="move it into the paper's folder")


def _chapter_faults(root: Path, settings: Settings, book: dict[str, Any]) -> Iterator[Fault]:
    chapters = book.get("chapters")
    if not isinstance(chapters, list) or not chapters:
        yield settings.fault(
            "book",
            "chapters",
            what="chapters is not a list of files",
            mend='list them in reading order, "- index.qmd" first',
        )
        return
    appendices = book.get("appendices") or []
    if not isinstance(appendices, list):
        yield settings.fault("book", "appendices", what="appendices is not a list of files", mend="list them")
        return
    listed = [("chapters", n) for n in range(len(chapters))] + [
        ("appendices", n) for n in range(len(appendices))
    ]
    files = [*chapters, *appendices]
    for number, (chapter, place) in enumerate(zip(files, listed, strict=True)):

        def fault(what: str, mend: str, place: tuple[str, int] = place) -> Fault:
            return settings.fault("book", *place, what=what, mend=mend)

        if not isinstance(chapter, str):
            what = f"{'chapter' if place[0] == 'chapters' else 'appendix'} {place[1] + 1} is not a file"
            yield fault(what, "list files only: parts are not supported")
        elif not chapter.endswith(".qmd") or _leads_out(chapter):
            yield fault(f'"{chapter}" is not a .qmd file of the paper', "list chapters only")
        elif chapter in files[:number]:
            yield fault(f'the chapter "{chapter}" is listed twice', "take one out")
        elif not (root / chapter).is_file():
            yield fault(f'the chapter "{chapter}" is missing', "write the file or take the line out")
        elif number == 0 and chapter != "index.qmd":
            mend = "begin with index.qmd, the page that opens the site"
            yield fault(f'the first chapter is "{chapter}"', mend)


def _leads_out(path: str) -> bool:
    pure = PurePosixPath(path)
    return pure.is_absolute() or ".." in pure.parts


def site_address(paper: Paper) -> str | None:
    """Return where the site will be, with a slash at its end; ``None`` where the paper does not say.

    Raises
    ------
    PaperError
        If it is no address of the web.
    """
    address = paper.book.get("site-url")
    if address is None:
        return None
    if not _ADDRESS.fullmatch(str(address)):
        what = f'the site-url "{address}" is no address of the web'
        begun = str(address).startswith(("https://", "http://"))
        mend = "write one such as https://example.org/paper/" if begun else 'begin it with "https://"'
        raise PaperError(paper.settings.fault("book", "site-url", what=what, mend=mend))
    return str(address).rstrip("/") + "/"
