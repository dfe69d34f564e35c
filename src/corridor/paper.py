"""A paper: a repository of prose, notebooks, data and editions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from corridor.errors import Fault, PaperError
from corridor.settings import Settings, read_settings

CONFIG = "_quarto.yml"


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
        """Chapter files relative to the root, in reading order; the first is ``index.qmd``."""
        return tuple(self.book["chapters"])

    @cached_property
    def version(self) -> str:
        return str(self.corridor.get("version", ""))

    @cached_property
    def corridor(self) -> dict[str, Any]:
        """The settings of ours in ``_quarto.yml``."""
        return self.settings.values.get("corridor", {})

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
    faults = []
    for key in ("title", "author", "date"):
        if not book.get(key):
            faults.append(settings.fault("book", what=f"the book has no {key}", mend=f'add "{key}:" to it'))
    chapters = book.get("chapters")
    if not isinstance(chapters, list) or not all(isinstance(c, str) for c in chapters) or not chapters:
        faults.append(
            settings.fault(
                "book",
                "chapters",
                what="chapters is not a list of files",
                mend='list them in reading order, "- index.qmd" first',
            )
        )
        raise PaperError(*faults)
    if chapters[0] != "index.qmd":
        faults.append(
            settings.fault(
                "book",
                "chapters",
                0,
                what=f'the first chapter is "{chapters[0]}"',
                mend="begin with index.qmd, the page that opens the site",
            )
        )
    for number, chapter in enumerate(chapters):
        if not (root / chapter).is_file():
            faults.append(
                settings.fault(
                    "book",
                    "chapters",
                    number,
                    what=f'the chapter "{chapter}" is missing',
                    mend="write the file or take the line out",
                )
            )
    if faults:
        raise PaperError(*faults)
    return Paper(root=root, settings=settings)
