"""A staged project as a book whose chapters pandoc alone can write."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from corridor.render.embedded.blocks import Reader
from corridor.render.embedded.book import Book, Target, outlined, restored
from corridor.render.embedded.references import number_book
from corridor.stage.project import StagedProject
from corridor.store import Store


def open_book(project: StagedProject, target: Target, store: Store) -> tuple[Book, Reader]:
    """Open a staged project for one format.

    Parameters
    ----------
    project
        The staged project.
    target
        The format.
    store
        The syntax and the outlines of texts that were read before.

    Returns
    -------
    tuple
        The book, its chapters outlined and numbered, and what reads those that are needed.
    """
    book = Book(project, target)
    reader = Reader(book, store)
    book.chapters += reader.open()

    def outline(missing: Collection[str]) -> list[dict[str, Any]]:
        new = [chapter for chapter in book.chapters if chapter.key in missing]
        reader.read(new)
        return [asdict(outlined(chapter)) for chapter in new]

    found = store.remembered_all("outline", [chapter.key for chapter in book.chapters], outline)
    for chapter, record in zip(book.chapters, found, strict=True):
        chapter.outline = restored(record)
    number_book(book)
    return book, reader
