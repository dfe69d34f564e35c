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
from corridor.pandoc import Node, attributes, plain, raw_block, raw_inline, string, text_of, walk
from corridor.render.embedded.book import Book, Chapter, Target
from corridor.stage.project import EXHIBITS, StagedProject
from corridor.store import Store
from corridor.words import words

_COLUMN = 550
"""Charts from this width on, in CSS pixels, are as wide as the text in print."""

_SVG, _HTML, _MARKDOWN, _TEXT = "image/svg+xml", "text/html", "text/markdown", "text/plain"

# What only looks like a title of a callout is read for nothing.
_TITLE = re.compile(r'\btitle="([^"\n]+)"')

_FORMATS = {"html": ("html", "html5"), "typst": ("typst", "pdf")}


class Notebooks:
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


class Parts:
    """What stands in chapters and is read on its own: tables and notes of notebooks, titles of callouts."""

    def __init__(self, book: Book, store: Store) -> None:
        self._target = book.target
        self._notebooks = Notebooks(book.project)
        self._store = store
        self._read: dict[str, Node] = {}

    def embedded(self, path: str, text: str) -> Iterator[str]:
        """Yield the Markdown of the cells that a chapter's text embeds."""
        for code in shortcodes(text):
            for data in self.outputs(path, code.argument)[1] if code.name == "embed" else ():
                if _shown_as(data, self._target) == _MARKDOWN:
                    yield data[_MARKDOWN]

    def keep(self, read: Iterable[tuple[str, Node]]) -> None:
        """Keep the trees of texts that have been read."""
        self._read.update(read)

    def outputs(self, path: str, argument: str) -> tuple[str, list[dict[str, Any]]]:
        """Return the cell's label and its outputs by type of content."""
        notebook, label = parse_embed(path, argument) or ("", "")
        return label, [_contents(output) for output in self._notebooks.outputs(notebook, label)]

    def blocks(self, text: str) -> list[Node]:
        if text not in self._read:  # it stands inside another part
            self._read[text] = pandoc.read_all([text], self._store)[0]
        return self._read[text]["blocks"]


def read_chapters(book: Book, store: Store) -> list[Chapter]:
    """Read the chapters and resolve what needs nothing but a chapter and the notebooks."""
    project = book.project

    def show(code: Shortcode) -> str:
        if code.name == "embed":
            return f"`{code.argument}`{{=corridor}}"
        return project.variables[code.argument]

    parts = Parts(book, store)
    texts = {path: (project.root / path).read_text(encoding="utf-8-sig") for path in project.chapters}
    shown = [replace_shortcodes(text, show) for text in texts.values()]
    embedded = [part for path, text in texts.items() for part in parts.embedded(path, text)]
    titles = [title for text in shown for title in _TITLE.findall(text)]
    own = list(dict.fromkeys([*embedded, *titles]))
    # Together: to start pandoc takes as long as to read a chapter.
    trees = pandoc.read_all([*shown, *own], store)
    parts.keep(zip(own, trees[len(shown) :], strict=True))
    return [_chapter(book, path, tree, parts) for path, tree in zip(texts, trees, strict=False)]


def _chapter(book: Book, path: str, tree: Node, parts: Parts) -> Chapter:
    blocks = walk(tree["blocks"], lambda node: _arrange(book, path, parts, node))
    if blocks and blocks[0]["t"] == "Header" and blocks[0]["c"][0] == 1:
        title = blocks[0]["c"][2]
    else:
        title = _inlines(tree["meta"].get("title"))
        blocks.insert(0, {"t": "Header", "c": [1, ["", [], []], title]})
    return Chapter(path=path, number=None, title=title, blocks=blocks)


def _inlines(meta: Node | None) -> list[Node]:
    if meta is None:
        return []
    return meta["c"] if meta["t"] == "MetaInlines" else [string(str(meta["c"]))]


def _arrange(book: Book, path: str, parts: Parts, node: Node) -> list[Node] | None:
    """Resolve what needs nothing but the chapter itself: conditions, embeds, callouts, images."""

    def again(blocks: list[Node]) -> list[Node]:
        return walk(blocks, lambda n: _arrange(book, path, parts, n))

    match node["t"]:
        case "Para" if _embedded(node):
            return again(_outputs(book, path, _embedded(node), parts))
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
                return _callout(book, kind, own, pairs, again(node["c"][1]), parts)
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
    book: Book, kind: str, own: list[str], pairs: dict[str, str], blocks: list[Node], parts: Parts
) -> list[Node]:
    title: list[Node] = [string(words(book.project.language)[kind])]
    if pairs.get("title"):
        title = parts.blocks(pairs["title"])[0]["c"]
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


def _outputs(book: Book, path: str, argument: str, parts: Parts) -> list[Node]:
    """Return a cell's outputs as blocks."""
    label, outputs = parts.outputs(path, argument)
    blocks: list[Node] = []
    for data in outputs:
        match _shown_as(data, book.target):
            case "image/svg+xml":
                alt = data.get(MIME, {}).get("alt", label)
                blocks.append(_chart(book, path, label, alt, data[_SVG]))
            case "text/html":
                blocks.append(_scrolled(book, "table", f"{data[_HTML]}</div>"))
            case "text/markdown":
                blocks += parts.blocks(data[_MARKDOWN])
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
