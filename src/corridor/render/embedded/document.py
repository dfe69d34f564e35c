"""The book as one syntax tree: chapters with their embeds, conditions, numbers and references resolved."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import quote, unquote

from corridor import pandoc
from corridor.chapter import Shortcode, cross_reference, parse_embed, replace_shortcodes, resolve
from corridor.exhibits import MIME, cell_label
from corridor.pandoc import Node, attributes, plain, raw_block, raw_inline, string, text_of, walk
from corridor.stage.project import EXHIBITS, StagedProject
from corridor.words import words

Target = Literal["html", "typst"]

NUMBER_DEPTH = 3
"""Headings are numbered down to this level: 1.2.3."""

_COLUMN = 550
"""Charts from this width on, in CSS pixels, are as wide as the text in print."""

_FORMATS = {"html": ("html", "html5"), "typst": ("typst", "pdf")}


@dataclass
class Chapter:
    """A chapter as it will be written.

    Parameters
    ----------
    path
        Its file, relative to the project.
    number
        Its number, or ``None`` for an unnumbered one.
    title
        Inlines of its title.
    blocks
        Its blocks, the title's heading first.
    """

    path: str
    number: int | None
    title: list[Node]
    blocks: list[Node]

    @property
    def href(self) -> str:
        """Path of its page on the site."""
        return quote(self.path.removesuffix(".qmd") + ".html")


@dataclass(frozen=True)
class Label:
    """Something that ``@kind-name`` refers to.

    Parameters
    ----------
    word
        What it is called: Table, Figure, Section, Chapter.
    number
        Its number: ``1.2``; empty where it has none.
    title
        What a reference to it says where it has no number.
    chapter
        The file that it stands in.
    """

    word: str
    number: str
    title: str
    chapter: str


@dataclass
class Book:
    """All chapters for one format."""

    project: StagedProject
    target: Target
    chapters: list[Chapter] = field(default_factory=list)
    labels: dict[str, Label] = field(default_factory=dict)


def read_book(project: StagedProject, target: Target) -> Book:
    """Read a staged project for one format.

    Returns
    -------
    Book
        Without shortcodes, conditional blocks, floats and cross-references: pandoc alone can write it.
    """
    book = Book(project, target)
    notebooks = _Notebooks(project)
    for path in project.chapters:
        book.chapters.append(_read_chapter(book, path, notebooks))
    _number(book)
    for chapter in book.chapters:
        chapter.blocks = walk(chapter.blocks, lambda node, c=chapter: _resolve(book, c, node))
        chapter.title = walk(chapter.title, lambda node, c=chapter: _resolve(book, c, node))
    return book


class _Notebooks:
    """The outputs of the project's notebooks by cell."""

    def __init__(self, project: StagedProject) -> None:
        self._root = project.root
        self._cells: dict[str, dict[str, list[dict[str, Any]]]] = {}

    def outputs(self, notebook: str, label: str) -> list[dict[str, Any]]:
        if notebook not in self._cells:
            content = json.loads((self._root / notebook).read_text(encoding="utf-8"))
            cells = [c for c in content["cells"] if c["cell_type"] == "code"]
            sources = [c["source"] if isinstance(c["source"], str) else "".join(c["source"]) for c in cells]
            self._cells[notebook] = {
                name: cell["outputs"]
                for cell, source in zip(cells, sources, strict=True)
                if (name := cell_label(source))
            }
        return self._cells[notebook].get(label, [])


def _read_chapter(book: Book, path: str, notebooks: _Notebooks) -> Chapter:
    text = (book.project.root / path).read_text(encoding="utf-8-sig")

    def show(code: Shortcode) -> str:
        if code.name == "embed":
            return f"`{code.argument}`{{=corridor}}"
        return book.project.variables[code.argument]

    document = pandoc.read(replace_shortcodes(text, show))
    blocks = walk(document["blocks"], lambda node: _arrange(book, path, notebooks, node))
    if blocks and blocks[0]["t"] == "Header" and blocks[0]["c"][0] == 1:
        title = blocks[0]["c"][2]
    else:
        title = _inlines(document["meta"].get("title"))
        blocks.insert(0, {"t": "Header", "c": [1, ["", [], []], title]})
    return Chapter(path=path, number=None, title=title, blocks=blocks)


def _inlines(meta: Node | None) -> list[Node]:
    if meta is None:
        return []
    return meta["c"] if meta["t"] == "MetaInlines" else [string(str(meta["c"]))]


def _arrange(book: Book, path: str, notebooks: _Notebooks, node: Node) -> list[Node] | None:
    """Resolve what needs nothing but the chapter itself: conditions, embeds, callouts, images."""

    def again(blocks: list[Node]) -> list[Node]:
        return walk(blocks, lambda n: _arrange(book, path, notebooks, n))

    match node["t"]:
        case "Para" if _embedded(node):
            notebook, label = parse_embed(path, _embedded(node)) or ("", "")
            return again(_outputs(book, path, label, notebooks.outputs(notebook, label)))
        case "Div":
            identifier, classes, pairs = attributes(node)
            if "content-visible" in classes or "content-hidden" in classes:
                holds = _condition_holds(book, pairs)
                if holds != ("content-visible" in classes):
                    return []
                rest = [c for c in classes if c not in ("content-visible", "content-hidden")]
                return [pandoc.div(identifier, rest, again(node["c"][1]))]
            kind = next((c.removeprefix("callout-") for c in classes if c.startswith("callout-")), None)
            if kind:
                return _callout(book, kind, pairs, again(node["c"][1]))
            return None
        case "SoftBreak":
            # Pandoc's Typst writer takes a locator only behind a space.
            return [{"t": "Space"}]
        case "Image":
            return [_image(book, path, node)]
        case "Figure":
            # An image alone in a paragraph: what matters is the image and, as its caption, the alt text.
            return [pandoc.div("", ["illustration"], again(node["c"][2]))]
        case "Table" if book.target == "html":
            for row in node["c"][3][1]:
                for cell in row[1]:
                    cell[0][2].append(["scope", "col"])
            return [_scrolled(book, "table"), node, raw_block("html", "</div>")]
        case "Table":
            # Its figure is ours or none: a caption comes from the div around it.
            node["c"][0][1].append("typst:no-figure")
            return None
        case _:
            return None


def _embedded(node: Node) -> str:
    inlines = node["c"]
    if len(inlines) == 1 and inlines[0]["t"] == "RawInline" and inlines[0]["c"][0] == "corridor":
        return inlines[0]["c"][1]
    return ""


def _condition_holds(book: Book, pairs: dict[str, str]) -> bool:
    """Whether ``when-format``, ``when-profile`` and ``when-meta`` all hold, ``unless-`` ones not."""
    holds = True
    for key, value in pairs.items():
        if key.endswith("-format"):
            applies = value in _FORMATS[book.target]
        elif key.endswith("-profile"):
            applies = value in book.project.config.get("profile", {}).get("default", [])
        else:
            setting: Any = book.project.config
            for part in value.split("."):
                setting = setting.get(part) if isinstance(setting, dict) else None
            applies = bool(setting)
        holds = holds and (applies if key.startswith("when-") else not applies)
    return holds


def _callout(book: Book, kind: str, pairs: dict[str, str], blocks: list[Node]) -> list[Node]:
    title: list[Node] = [string(words(book.project.language)[kind])]
    if pairs.get("title"):
        title = pandoc.read(pairs["title"])["blocks"][0]["c"]
    elif blocks and blocks[0]["t"] == "Header":
        title, blocks = blocks[0]["c"][2], blocks[1:]
    if book.target == "typst":
        head = [raw_inline("typst", f'#callout(kind: "{kind}", title: ['), *title, raw_inline("typst", "])[")]
        return [plain(*head), *blocks, raw_block("typst", "]")]
    outer, inner = ("details", "summary") if "collapse" in pairs else ("div", "p")
    state = " open" if pairs.get("collapse") == "false" else ""
    role = "" if outer == "details" else ' role="note"'
    head = [
        raw_inline("html", f'<{inner} class="callout-title">'),
        *title,
        raw_inline("html", f'</{inner}><div class="callout-body">'),
    ]
    return [
        raw_block("html", f'<{outer} class="callout callout-{kind}"{role}{state}>'),
        plain(*head),
        *blocks,
        raw_block("html", f"</div></{outer}>"),
    ]


def _image(book: Book, path: str, node: Node) -> Node:
    _, _, pairs = attributes(node)
    alt = pairs.get("fig-alt") or text_of(node["c"][1])
    if book.target == "typst":
        target = resolve(path, unquote(node["c"][2][0]))
        return raw_inline("typst", f"#box(image({typst_string(target)}, alt: {typst_string(alt)}))")
    return {"t": "Image", "c": [["", [], []], [string(alt)], node["c"][2]]}


def _outputs(book: Book, path: str, label: str, outputs: Sequence[dict[str, Any]]) -> list[Node]:
    """Return a cell's outputs as blocks, in the form that Quarto would choose for the format."""
    blocks: list[Node] = []
    for output in outputs:
        data = {k: v if isinstance(v, (str, dict)) else "".join(v) for k, v in output.get("data", {}).items()}
        alt = data.get(MIME, {}).get("alt", label)
        if "image/svg+xml" in data:
            blocks.append(_chart(book, path, label, alt, data["image/svg+xml"]))
        elif "text/html" in data and book.target == "html":
            blocks.append(_scrolled(book, "table", f"{data['text/html']}</div>"))
        elif "text/markdown" in data:
            blocks += pandoc.read(data["text/markdown"])["blocks"]
        elif "text/plain" in data or "text" in output:
            text = data.get("text/plain") or "".join(output["text"])
            blocks.append({"t": "CodeBlock", "c": [["", [], []], text]})
    return blocks


def _scrolled(book: Book, kind: str, content: str = "") -> Node:
    """Open the box in which a wide table or chart scrolls; `_float` names it by its caption."""
    word = html.escape(words(book.project.language)["figure" if kind == "chart" else kind])
    return raw_block(
        "html", f'<div class="{kind}-wrap" tabindex="0" role="region" aria-label="{word}">{content}'
    )


def _chart(book: Book, path: str, label: str, alt: str, svg: str) -> Node:
    source = f"{EXHIBITS}/{label}.svg"
    width, height = _size(svg)
    if book.target == "typst":
        # A chart made for the column fills it; a small one keeps its size (a CSS pixel is 0.75 pt).
        wide = "100%" if width >= _COLUMN else f"{width * 0.75}pt"
        image = f"#box(image({typst_string(source)}, alt: {typst_string(alt)}, width: {wide}))"
        return raw_block("typst", image)
    image = (
        f'<img src="{"../" * path.count("/")}{source}" alt="{html.escape(alt)}"'
        f' width="{width}" height="{height}">'
    )
    if width < _COLUMN:
        return raw_block("html", image)
    return _scrolled(book, "chart", f"{image}</div>")


def _size(svg: str) -> tuple[int, int]:
    """Return width and height of an SVG in whole pixels."""
    from xml.etree import ElementTree

    root = ElementTree.fromstring(svg)
    width, height = (round(float(root.get(side, "0"))) for side in ("width", "height"))
    return width, height


def typst_string(text: str) -> str:
    """Return text as a Typst string literal."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'


def _number(book: Book) -> None:
    """Number chapters, sections and floats, and note what can be referred to."""
    word = words(book.project.language)
    number = 0
    plain_counts = dict.fromkeys(("fig", "tbl"), 0)  # one sequence through all unnumbered chapters
    for chapter in book.chapters:
        chapter_counts = dict.fromkeys(("fig", "tbl"), 0)
        sections = [0] * NUMBER_DEPTH
        for node in pandoc.elements(chapter.blocks):
            if node["t"] == "Header":
                level = node["c"][0]
                identifier, classes, _ = attributes(node)
                numbered = "unnumbered" not in classes
                if level == 1 and numbered:
                    number += 1
                    chapter.number = number
                if not (numbered and chapter.number and level <= NUMBER_DEPTH):
                    label = ""
                else:
                    sections[0] = chapter.number
                    if level > 1:
                        sections[level - 1] += 1
                        sections[level:] = [0] * (NUMBER_DEPTH - level)
                    label = ".".join(map(str, sections[:level]))
                    if book.target == "html":
                        mark = {"t": "Span", "c": [["", ["header-section-number"], []], [string(label)]]}
                        title = node["c"][2]
                        node["c"][2] = [mark, {"t": "Space"}, *title]
                kind = word["chapter"] if level == 1 else word["section"]
                title_text = text_of([n for n in node["c"][2] if n["t"] != "Span"])
                book.labels.setdefault(identifier, Label(kind, label, title_text.strip(), chapter.path))
            elif node["t"] == "Div":
                identifier, _, _ = attributes(node)
                kind = cross_reference(identifier)
                if kind in ("fig", "tbl"):
                    counts = chapter_counts if chapter.number else plain_counts
                    counts[kind] += 1
                    prefix = f"{chapter.number}." if chapter.number else ""
                    called = word["figure"] if kind == "fig" else word["table"]
                    book.labels[identifier] = Label(called, f"{prefix}{counts[kind]}", "", chapter.path)


def _resolve(book: Book, chapter: Chapter, node: Node) -> list[Node] | None:
    """Resolve what needs the whole book: cross-references, links between chapters, captions."""

    def again(nodes: list[Node]) -> list[Node]:
        return walk(nodes, lambda n: _resolve(book, chapter, n))

    match node["t"]:
        case "Cite" if all(cross_reference(c["citationId"]) for c in node["c"][0]):
            return _references(book, chapter, node["c"][0])
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
        case "Div" if cross_reference(attributes(node)[0]) in ("fig", "tbl"):
            return _float(book, attributes(node)[0], again(node["c"][1]))
        case _:
            return None


def _unique(book: Book, chapter: Chapter, identifier: str) -> str:
    """Return an identifier that is unique in the one document that the PDF is made of."""
    if not identifier or cross_reference(identifier):
        return identifier
    return f"c{book.chapters.index(chapter)}-{identifier}"


def _references(book: Book, chapter: Chapter, citations: list[dict[str, Any]]) -> list[Node]:
    inlines: list[Node] = []
    for citation in citations:
        if inlines:
            inlines += [string(","), {"t": "Space"}]
        key = citation["citationId"]
        key = key[:1].lower() + key[1:]
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
    return "#" + _unique(book, other, fragment or attributes(other.blocks[0])[0])


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
