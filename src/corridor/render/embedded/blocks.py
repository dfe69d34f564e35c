"""A chapter's blocks: embeds, conditions, callouts and images as what the format shows."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from corridor import pandoc
from corridor.chapter import Shortcode, parse_embed, replace_shortcodes, resolve, shortcodes
from corridor.exhibits import MIME, cell_label
from corridor.files import hashed, sha256
from corridor.pandoc import Node, attributes, plain, raw_block, raw_inline, string, text_of, walk
from corridor.paper import CONFIG
from corridor.render.embedded.book import Book, Chapter, Target
from corridor.stage.project import EXHIBITS, StagedProject
from corridor.store import Store
from corridor.words import words

_COLUMN = 550
"""Charts from this width on, in CSS pixels, are as wide as the text in print."""

_SVG, _HTML, _MARKDOWN, _TEXT = "image/svg+xml", "text/html", "text/markdown", "text/plain"

# What only looks like a title of a callout is read for nothing.
_TITLE = re.compile(r'\btitle="([^"\n]+)"')

# Embeds are raw until the tree is there.
_EMBED = re.compile(r"`([^`\n]+)`\{=corridor\}")

_FORMATS = {"html": ("html", "html5"), "typst": ("typst", "pdf")}


class Notebooks:
    """The outputs of the project's notebooks by cell."""

    def __init__(self, project: StagedProject) -> None:
        self._root = project.root
        self._cells: dict[str, dict[str, list[dict[str, Any]]]] = {}
        self._digests: dict[str, str] = {}

    def digest(self, notebook: str) -> str:
        if notebook not in self._digests:
            file = self._root / notebook
            self._digests[notebook] = sha256(file) if file.is_file() else ""
        return self._digests[notebook]

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


class Reader:
    """Reads the chapters of a book, and what stands in them and is read on its own.

    These are tables and notes of notebooks, and titles of callouts.
    """

    def __init__(self, book: Book, store: Store) -> None:
        self._book = book
        self._notebooks = Notebooks(book.project)
        self._store = store
        self._trees: dict[str, Node] = {}

    def open(self) -> list[Chapter]:
        """Return the chapters as they are before they have been read."""
        project = self._book.project
        settings = (project.root / CONFIG).read_text(encoding="utf-8")

        def show(code: Shortcode) -> str:
            if code.name == "embed":
                return f"`{code.argument}`{{=corridor}}"
            return project.variables[code.argument]

        found = []
        for path in project.chapters:
            text = (project.root / path).read_text(encoding="utf-8-sig")
            targets = [parse_embed(path, code.argument) for code in shortcodes(text) if code.name == "embed"]
            notebooks = {target[0]: self._notebooks.digest(target[0]) for target in targets if target}
            shown = replace_shortcodes(text, show)
            key = hashed([path, shown, self._book.target, notebooks, settings])
            found.append(Chapter(path=path, text=shown, key=key))
        return found

    def read(self, chapters: Iterable[Chapter]) -> None:
        """Read chapters that have not been read yet, and resolve what needs nothing but each itself."""
        unread = [chapter for chapter in chapters if not chapter.blocks]
        if not unread:
            return
        own = [part for chapter in unread for part in self._parts(chapter)]
        # Together: to start pandoc takes as long as to read a chapter.
        texts = list(dict.fromkeys([*(chapter.text for chapter in unread), *own]))
        self._trees.update(zip(texts, pandoc.read_all(texts, self._store), strict=True))
        for chapter in unread:
            _arrange_chapter(self._book, chapter, self)

    def _parts(self, chapter: Chapter) -> Iterator[str]:
        """Yield the Markdown of the cells that a chapter embeds, and what may be titles of callouts."""
        for argument in _EMBED.findall(chapter.text):
            for data in self.outputs(chapter.path, argument)[1]:
                if _shown_as(data, self._book.target) == _MARKDOWN:
                    yield data[_MARKDOWN]
        yield from _TITLE.findall(chapter.text)

    def outputs(self, path: str, argument: str) -> tuple[str, list[dict[str, Any]]]:
        """Return the cell's label and its outputs by type of content."""
        notebook, label = parse_embed(path, argument) or ("", "")
        return label, [_contents(output) for output in self._notebooks.outputs(notebook, label)]

    def tree(self, text: str) -> Node:
        """Return the tree of a text."""
        if text not in self._trees:  # it stands inside another part
            self._trees[text] = pandoc.read_all([text], self._store)[0]
        return self._trees[text]


def _arrange_chapter(book: Book, chapter: Chapter, reader: Reader) -> None:
    tree = reader.tree(chapter.text)
    blocks = walk(tree["blocks"], lambda node: _arrange(book, chapter.path, reader, node))
    if blocks and blocks[0]["t"] == "Header" and blocks[0]["c"][0] == 1:
        title = blocks[0]["c"][2]
    else:
        title = _inlines(tree["meta"].get("title"))
        blocks.insert(0, {"t": "Header", "c": [1, ["", [], []], title]})
    chapter.title, chapter.blocks = title, blocks


def _inlines(meta: Node | None) -> list[Node]:
    if meta is None:
        return []
    return meta["c"] if meta["t"] == "MetaInlines" else [string(str(meta["c"]))]


def _arrange(book: Book, path: str, reader: Reader, node: Node) -> list[Node] | None:
    """Resolve what needs nothing but the chapter itself: conditions, embeds, callouts, images."""

    def again(blocks: list[Node]) -> list[Node]:
        return walk(blocks, lambda n: _arrange(book, path, reader, n))

    match node["t"]:
        case "Para" if _embedded(node):
            return again(_outputs(book, path, _embedded(node), reader))
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
                own = [name for name in classes if not name.startswith("callout-")]
                return _callout(book, kind, own, pairs, again(node["c"][1]), reader)
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
            return [_scrolled(book, "table"), _scoped(node), raw_block("html", "</div>")]
        case "Table":
            (identifier, classes, pairs), *rest = node["c"]
            # Its figure is ours or none: a caption comes from the div around it.
            own = [identifier, [*classes, "typst:no-figure"], pairs]
            return [{"t": "Table", "c": [own, *again(rest)]}]
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


def _callout(
    book: Book, kind: str, own: list[str], pairs: dict[str, str], blocks: list[Node], reader: Reader
) -> list[Node]:
    title: list[Node] = [string(words(book.project.language)[kind])]
    if pairs.get("title"):
        title = reader.tree(pairs["title"])["blocks"][0]["c"]
    elif blocks and blocks[0]["t"] == "Header":
        title, blocks = blocks[0]["c"][2], blocks[1:]
    if book.target == "typst":
        head = [raw_inline("typst", f'#callout(kind: "{kind}", title: ['), *title, raw_inline("typst", "])[")]
        return [plain(*head), *blocks, raw_block("typst", "]")]
    names = html.escape(" ".join(["callout", f"callout-{kind}", *own]))
    outer, inner = ("details", "summary") if "collapse" in pairs else ("div", "p")
    state = " open" if pairs.get("collapse") == "false" else ""
    role = "" if outer == "details" else ' role="note"'
    head = [
        raw_inline("html", f'<{inner} class="callout-title">'),
        *title,
        raw_inline("html", f'</{inner}><div class="callout-body">'),
    ]
    return [
        raw_block("html", f'<{outer} class="{names}"{role}{state}>'),
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
    target, title = node["c"][2]
    if target.startswith("/"):
        target = "../" * path.count("/") + target.lstrip("/")
    return {"t": "Image", "c": [["", [], []], [string(alt)], [target, title]]}


def _scoped(table: Node) -> Node:
    """Return a table whose head says of each cell that it names a column."""
    attribute, caption, columns, (head, rows), *rest = table["c"]
    scoped = [
        [
            row,
            [
                [[identifier, classes, [*pairs, ["scope", "col"]]], *cell]
                for (identifier, classes, pairs), *cell in cells
            ],
        ]
        for row, cells in rows
    ]
    return {"t": "Table", "c": [attribute, caption, columns, [head, scoped], *rest]}


def _contents(output: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a notebook keeps of an output by type of content."""
    data = {k: v if isinstance(v, (str, dict)) else "".join(v) for k, v in output.get("data", {}).items()}
    return {_TEXT: "".join(output["text"]), **data} if "text" in output else data


def _shown_as(data: Mapping[str, Any], target: Target) -> str | None:
    """Return the type of content that Quarto would choose for the format."""
    kinds = (_SVG, _HTML, _MARKDOWN, _TEXT) if target == "html" else (_SVG, _MARKDOWN, _TEXT)
    return next((kind for kind in kinds if kind in data), None)


def _outputs(book: Book, path: str, argument: str, reader: Reader) -> list[Node]:
    """Return a cell's outputs as blocks."""
    label, outputs = reader.outputs(path, argument)
    blocks: list[Node] = []
    for data in outputs:
        match _shown_as(data, book.target):
            case "image/svg+xml":
                alt = data.get(MIME, {}).get("alt", label)
                blocks.append(_chart(book, path, label, alt, data[_SVG]))
            case "text/html":
                blocks.append(_scrolled(book, "table", f"{data[_HTML]}</div>"))
            case "text/markdown":
                blocks += reader.tree(data[_MARKDOWN])["blocks"]
            case "text/plain":
                blocks.append({"t": "CodeBlock", "c": [["", [], []], data[_TEXT]]})
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
