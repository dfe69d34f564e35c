"""Citations and the list of references, over the whole book at once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from corridor import pandoc
from corridor.messages import cited_in
from corridor.pandoc import Node, plain, walk
from corridor.render.embedded.book import Book, Chapter, is_list, referred
from corridor.store import Store

_REFERENCE = "#ref-"


def set_citations(book: Book, store: Store) -> dict[str, list[Node]]:
    """Return each chapter's citations and its list of references as they are to be shown, by its path."""
    done = iter(_set(book, [node for chapter in book.chapters for node in chapter.outline.citations], store))
    return {chapter.path: [next(done) for _ in chapter.outline.citations] for chapter in book.chapters}


def home_of_references(book: Book) -> Chapter:
    """Return the chapter in which the list of references stands."""
    holding = (one for one in book.chapters if any(node["t"] == "Div" for node in one.outline.citations))
    return next(holding, book.chapters[-1])


def cite(chapter: Chapter, citations: Sequence[Node], home: Chapter) -> None:
    """Put citations into a chapter that has been read.

    Parameters
    ----------
    chapter
        The chapter.
    citations
        Its own, of those that `set_citations` returns.
    home
        Where the list of references stands.
    """
    done = iter(citations)
    page = "" if chapter is home else "../" * chapter.path.count("/") + home.href

    def to_list(node: Node) -> list[Node] | None:
        if node["t"] == "Link" and node["c"][2][0].startswith(_REFERENCE):
            attribute, inlines, (target, title) = node["c"]
            return [{"t": "Link", "c": [attribute, walk(inlines, change), [page + target, title]]}]
        return None

    def change(node: Node) -> list[Node] | None:
        if node["t"] == "Cite" and not referred(node):
            return walk(next(done)["c"], to_list)
        if node["t"] == "Div" and is_list(node):
            attribute, entries = next(done)["c"]
            return [{"t": "Div", "c": [attribute, [*walk(node["c"][1], change), *entries]]}]
        return to_list(node)

    chapter.blocks = walk(chapter.blocks, change)


def _set(book: Book, wanted: Sequence[Node], store: Store) -> list[Node]:
    """Return citations, each in a block of its own, and lists of references as pandoc sets them.

    What stands around a citation does not count: pandoc's own style makes no notes of them, and ends none
    with a full stop. So the rest of the book may change while the citations stay set.
    """
    root, bibliography = book.project.root, book.project.config["bibliography"]
    meta = {"bibliography": bibliography, "lang": cited_in(book.project.language), "link-citations": True}
    blocks = [
        plain(node) if node["t"] == "Cite" else {"t": "Div", "c": [node["c"][0], []]} for node in wanted
    ]
    made_of = [meta, hashlib.sha256((root / bibliography).read_bytes()).hexdigest(), blocks]
    return store.remembered(
        "citations", made_of, lambda: pandoc.cite(pandoc.document(blocks, meta), root)["blocks"]
    )
