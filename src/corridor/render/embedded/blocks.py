"""A chapter's blocks: embeds, conditions, callouts and images as what the format shows."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote

from corridor import pandoc
from corridor.chapter import Shortcode, parse_embed, replace_shortcodes, resolve
from corridor.exhibits import MIME, cell_label
from corridor.pandoc import Node, attributes, plain, raw_block, raw_inline, string, text_of, walk
from corridor.render.embedded.book import Book, Chapter
from corridor.stage.project import EXHIBITS, StagedProject
from corridor.words import words

_COLUMN = 550
"""Charts from this width on, in CSS pixels, are as wide as the text in print."""

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


def read_chapter(book: Book, path: str, notebooks: Notebooks) -> Chapter:
    """Read a chapter and resolve what needs nothing but the chapter and the notebooks."""
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


def _arrange(book: Book, path: str, notebooks: Notebooks, node: Node) -> list[Node] | None:
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
                own = [name for name in classes if not name.startswith("callout-")]
                return _callout(book, kind, own, pairs, again(node["c"][1]))
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


def _callout(book: Book, kind: str, own: list[str], pairs: dict[str, str], blocks: list[Node]) -> list[Node]:
    title: list[Node] = [string(words(book.project.language)[kind])]
    if pairs.get("title"):
        title = pandoc.read(pairs["title"])["blocks"][0]["c"]
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
