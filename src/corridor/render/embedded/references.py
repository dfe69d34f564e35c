"""Numbers and references: chapters, sections, tables and figures, and what points at them."""

from __future__ import annotations

import html
import re
from itertools import count
from string import ascii_uppercase
from urllib.parse import unquote

from corridor.chapter import cross_reference, resolve
from corridor.pandoc import Node, attributes, elements, plain, raw_block, raw_inline, string, text_of, walk
from corridor.render.embedded.book import Book, Chapter, Label, is_float, referred
from corridor.words import words

NUMBER_DEPTH = 3
"""Headings are numbered down to this level: 1.2.3."""


def number_book(book: Book) -> None:
    """Number chapters, sections and floats by their outlines, and note what can be referred to."""
    word = words(book.project.language)
    numbers = iter(map(str, count(1)))
    letters = (a + b for a in ("", *ascii_uppercase) for b in ascii_uppercase)  # after Z comes AA
    plain_counts = dict.fromkeys(("fig", "tbl"), 0)  # one sequence through all unnumbered chapters
    for chapter in book.chapters:
        chapter_counts = dict.fromkeys(("fig", "tbl"), 0)
        sections = [0] * NUMBER_DEPTH
        is_appendix = chapter.path in book.project.appendices
        for mark in chapter.outline.marks:
            if mark.level:
                level = mark.level
                if level == 1 and mark.numbered:
                    chapter.number = next(letters if is_appendix else numbers)
                label = ""
                if mark.numbered and chapter.number and level <= NUMBER_DEPTH:
                    if level > 1:
                        sections[level - 1] += 1
                        sections[level:] = [0] * (NUMBER_DEPTH - level)
                    label = ".".join([chapter.number, *map(str, sections[1:level])])
                chapter.numbers.append(label)
                kind = word["section" if level > 1 else "appendix" if is_appendix else "chapter"]
                book.labels.setdefault(mark.identifier, Label(kind, label, mark.title, chapter.path))
            elif kind := cross_reference(mark.identifier):
                counts = chapter_counts if chapter.number else plain_counts
                counts[kind] += 1
                prefix = f"{chapter.number}." if chapter.number else ""
                called = word["figure"] if kind == "fig" else word["table"]
                book.labels[mark.identifier] = Label(called, f"{prefix}{counts[kind]}", "", chapter.path)


def refer(book: Book, chapter: Chapter) -> None:
    """Let a chapter that has been read say the numbers of its own and of what it refers to."""
    if book.target == "html":
        headings = (node for node in elements(chapter.blocks) if node["t"] == "Header")
        for heading, number in zip(headings, chapter.numbers, strict=True):
            if number:
                mark = {"t": "Span", "c": [["", ["header-section-number"], []], [string(number)]]}
                heading["c"][2] = [mark, {"t": "Space"}, *heading["c"][2]]
    chapter.blocks = walk(chapter.blocks, lambda node: _resolved(book, chapter, node))
    chapter.title = walk(chapter.title, lambda node: _resolved(book, chapter, node))


def _resolved(book: Book, chapter: Chapter, node: Node) -> list[Node] | None:
    """Resolve what needs the whole book: cross-references, links between chapters, captions."""

    def again(nodes: list[Node]) -> list[Node]:
        return walk(nodes, lambda n: _resolved(book, chapter, n))

    match node["t"]:
        case "Cite" if referred(node):
            return _references(book, chapter, node)
        case "Link":
            attribute, inlines, (target, title) = node["c"]
            return [{"t": "Link", "c": [attribute, again(inlines), [_link(book, chapter, target), title]]}]
        case "Header" if book.target == "typst":
            level, (identifier, classes, pairs), inlines = node["c"]
            return [
                {
                    "t": "Header",
                    "c": [level, [_unique(book, chapter, identifier), classes, pairs], again(inlines)],
                }
            ]
        case "Div" if is_float(node):
            return _float(book, attributes(node)[0], again(node["c"][1]))
        case _:
            return None


def _unique(book: Book, chapter: Chapter, identifier: str) -> str:
    """Return an identifier that is unique in the one document that the PDF is made of."""
    if not identifier or cross_reference(identifier):
        return identifier
    return f"c{book.chapters.index(chapter)}-{identifier}"


def _references(book: Book, chapter: Chapter, node: Node) -> list[Node]:
    inlines: list[Node] = []
    for key, citation in zip(referred(node), node["c"][0], strict=True):
        if inlines:
            inlines += [string(","), {"t": "Space"}]
        label = book.labels[key]
        bare = citation["citationMode"]["t"] == "SuppressAuthor"
        if book.target == "typst":
            supplement = "none" if bare else f"[{label.word}]"
            inlines.append(raw_inline("typst", f"#ref(<{key}>, supplement: {supplement})"))
            continue
        text = label.title
        if label.number:
            text = label.number if bare else f"{label.word}\u00a0{label.number}"
        target = _relative(chapter.path, book, label.chapter) + f"#{key}"
        inlines.append({"t": "Link", "c": [["", ["cross-reference"], []], [string(text)], [target, ""]]})
    return inlines


def _relative(source: str, book: Book, target: str) -> str:
    """Return the way from one chapter's page to another's; empty within a page."""
    if source == target:
        return ""
    page = next(c.href for c in book.chapters if c.path == target)
    return "../" * source.count("/") + page


def _link(book: Book, chapter: Chapter, target: str) -> str:
    path, hash_, fragment = target.partition("#")
    if path and (not path.endswith(".qmd") or ":" in path):
        return target
    path = unquote(path)
    goal = resolve(chapter.path, path) if path else chapter.path
    if book.target == "html":
        return _relative(chapter.path, book, goal) + hash_ + fragment
    other = next(c for c in book.chapters if c.path == goal)
    return "#" + _unique(book, other, fragment or other.outline.marks[0].identifier)


def _float(book: Book, identifier: str, blocks: list[Node]) -> list[Node]:
    """Return a figure or table under its caption."""
    *content, last = blocks
    caption = last["c"]
    label = book.labels[identifier]
    is_table = cross_reference(identifier) == "tbl"
    if book.target == "typst":
        kind = "tbl" if is_table else "fig"
        tail = [
            raw_inline("typst", "], caption: figure.caption(position: top, ["),
            *caption,
            raw_inline(
                "typst", f']), kind: "quarto-float-{kind}", supplement: "{label.word}") <{identifier}>'
            ),
        ]
        return [raw_block("typst", "#figure(["), *content, plain(*tail)]
    words_of_caption = html.escape(text_of(caption), quote=True)
    for block in content:
        if block["t"] == "RawBlock" and block["c"][1].startswith(
            ('<div class="table-wrap"', '<div class="chart-wrap"')
        ):
            block["c"][1] = re.sub(
                'aria-label="[^"]*"', lambda _: f'aria-label="{words_of_caption}"', block["c"][1], count=1
            )
    line = plain(
        raw_inline("html", f'<figcaption><span class="exhibit-label">{label.word} {label.number}</span> '),
        *caption,
        raw_inline("html", "</figcaption>"),
    )
    kind = "table" if is_table else "figure"
    opening = raw_block("html", f'<figure id="{identifier}" class="exhibit exhibit-{kind}">')
    closing = raw_block("html", "</figure>")
    return [opening, line, *content, closing]
