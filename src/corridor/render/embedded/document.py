"""A staged project as one syntax tree that pandoc alone can write."""

from __future__ import annotations

from corridor.pandoc import walk
from corridor.render.embedded.blocks import Notebooks, read_chapter
from corridor.render.embedded.book import Book, Target
from corridor.render.embedded.references import number_book, resolve_node
from corridor.stage.project import StagedProject


def read_book(project: StagedProject, target: Target) -> Book:
    """Read a staged project for one format.

    Returns
    -------
    Book
        Without shortcodes, conditional blocks, floats and cross-references: pandoc alone can write it.
    """
    book = Book(project, target)
    notebooks = Notebooks(project)
    for path in project.chapters:
        book.chapters.append(read_chapter(book, path, notebooks))
    number_book(book)
    for chapter in book.chapters:
        chapter.blocks = walk(chapter.blocks, lambda node, c=chapter: resolve_node(book, c, node))
        chapter.title = walk(chapter.title, lambda node, c=chapter: resolve_node(book, c, node))
    return book
