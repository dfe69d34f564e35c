"""What the site is made of: renditions that an engine has rendered."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from corridor.documents import parsed
from corridor.edition import Rendition
from corridor.files import Marks, marks
from corridor.paper import CONFIG, Paper
from corridor.render.embedded.imprint import Imprint, read_imprint
from corridor.stage import StagedProject

FACTS = "facts"
"""Folder of data about facts; its pages show rows, not text."""

_TABLE, _FIGURE = ' id="tbl-', ' id="fig-'


@dataclass(frozen=True, kw_only=True)
class Published:
    """A rendition that goes into the site.

    Parameters
    ----------
    rendition
        What was rendered.
    folder
        Its pages and PDF. Nothing in it knows of other renditions.
    title, subtitle, description
        Of the paper, in the language of the rendition; the last two may be empty.
    edition
        What the edition is called in that language.
    version, date
        Of the paper; the date as ISO 8601 has it.
    imprint
        Who publishes it.
    pdf
        Name of its PDF, whether or not it is there.
    """

    rendition: Rendition
    folder: Path
    title: str
    subtitle: str
    description: str
    edition: str
    version: str
    date: str
    imprint: Imprint
    pdf: str

    @property
    def slug(self) -> str:
        return self.rendition.edition.slug

    @property
    def language(self) -> str:
        return self.rendition.language

    @property
    def path(self) -> str:
        """Its folder in the site."""
        return self.rendition.path

    @cached_property
    def marks(self) -> Marks:
        """Marks of its files."""
        return marks(self.folder)

    @cached_property
    def pages(self) -> dict[str, None]:
        """Paths of its pages in its folder in order, those of data rows too."""
        return dict.fromkeys(name for name in self.marks if name.endswith(".html"))

    @property
    def pdf_size(self) -> int | None:
        """Bytes of the PDF, ``None`` where there is none."""
        return self.marks[self.pdf][0] if self.pdf in self.marks else None

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many chapters, tables, figures and facts it has."""
        chapters = [page for page in self.pages if is_text(page)]
        texts = [(self.folder / page).read_text(encoding="utf-8") for page in chapters]
        facts = self.folder / FACTS / "facts.json"
        return {
            "chapters": len(chapters),
            "tables": sum(text.count(_TABLE) for text in texts),
            "figures": sum(text.count(_FIGURE) for text in texts),
            "facts": len(json.loads(facts.read_text(encoding="utf-8"))) if facts.is_file() else 0,
        }


def is_text(page: str) -> bool:
    """Return whether a page holds a chapter, not rows of data."""
    return not page.startswith(f"{FACTS}/")


def open_rendered(paper: Paper, rendition: Rendition, folder: Path) -> Published:
    """Return what the site needs to know of a rendered rendition.

    Parameters
    ----------
    paper, rendition
        What was rendered; its staged project has to be there.
    folder
        Where its pages and PDF are.
    """
    config = _config((paper.build / rendition.path / CONFIG).read_text(encoding="utf-8"))
    project = StagedProject(root=paper.build / rendition.path, config=config)
    book, corridor = config["book"], project.corridor
    return Published(
        rendition=rendition,
        folder=folder,
        title=str(book["title"]),
        subtitle=str(book.get("subtitle") or ""),
        description=str(book.get("description") or ""),
        edition=str(corridor["edition"]),
        version=str(corridor.get("version") or ""),
        date=str(corridor["date"]),
        imprint=read_imprint(corridor),
        pdf=project.pdf,
    )


@lru_cache(maxsize=1024)
def _config(text: str) -> dict[str, Any]:
    """Return the settings of a staged project, which a preview asks for after each change."""
    return parsed(text)
