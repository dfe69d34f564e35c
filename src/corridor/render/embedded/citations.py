"""Citations and the list of references, over the whole book at once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from corridor import pandoc
from corridor.messages import cited_in
from corridor.pandoc import Node, attributes, elements, plain, walk
from corridor.render.embedded.book import Book
from corridor.store import Store

_REFERENCE = "#ref-"


def cite(book: Book, store: Store) -> None:
    """Set the citations of a book, and the list of references in the div ``refs``."""
    wanted = [
        (chapter, node)
        for chapter in book.chapters
        for node in elements(chapter.blocks)
        if node["t"] == "Cite" or _is_list(node)
    ]
    home = next((chapter for chapter, node in wanted if _is_list(node)), book.chapters[-1])
    done = iter(_set(book, [node for _, node in wanted], store))
    for chapter in book.chapters:
        page = "" if chapter is home else "../" * chapter.path.count("/") + home.href

        def to_list(node: Node, page: str = page) -> list[Node] | None:
            if node["t"] == "Link" and node["c"][2][0].startswith(_REFERENCE):
                attribute, inlines, (target, title) = node["c"]
                return [{"t": "Link", "c": [attribute, walk(inlines, change), [page + target, title]]}]
            return None

        def change(node: Node) -> list[Node] | None:
            if node["t"] == "Cite":
                return walk(next(done)["c"], to_list)
            if _is_list(node):
                attribute, entries = next(done)["c"]
                return [{"t": "Div", "c": [attribute, [*walk(node["c"][1], change), *entries]]}]
            return to_list(node)

        chapter.blocks = walk(chapter.blocks, change)


def _is_list(node: Node) -> bool:
    return node["t"] == "Div" and attributes(node)[0] == "refs"


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
