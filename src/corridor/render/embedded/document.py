"""A staged project as one syntax tree that pandoc alone can write."""

from __future__ import annotations

from corridor.pandoc import walk
from corridor.render.embedded.blocks import read_chapters
from corridor.render.embedded.book import Book, Target
from corridor.render.embedded.references import number_book, resolve_node
from corridor.stage.project import StagedProject
from corridor.store import Store


def read_book(project: StagedProject, target: Target, store: Store) -> Book:
    """Read a staged project for one format.

    Parameters
    ----------
    project
        The staged project.
    target
        The format.
    store
        The syntax of texts that were read before, for any format or rendition.

    Returns
    -------
    Book
        Without shortcodes, conditional blocks, floats and cross-references: pandoc alone can write it.
    """
    book = Book(project, target)
    book.chapters += read_chapters(book, store)
    number_book(book)
    for chapter in book.chapters:
        chapter.blocks = walk(chapter.blocks, lambda node, c=chapter: resolve_node(book, c, node))
        chapter.title = walk(chapter.title, lambda node, c=chapter: resolve_node(book, c, node))
    return book
