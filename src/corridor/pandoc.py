"""Pandoc as a function on documents: reading, walking, writing its JSON syntax tree."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from corridor.store import Store

Node = dict[str, Any]
"""One element: ``{"t": type, "c": content}``."""

READER = "markdown"
"""What Quarto reads chapters as."""

_TAB = 4
_SCRIPT = Path(__file__).with_suffix(".lua")

# Most of a text, and nothing stands inside.
_WORDS = ("Str", "Space")


class PandocError(Exception):
    """Pandoc refused its input; the message is its own."""


@cache
def executable() -> str:
    """Return the path of the pandoc that the package index delivers."""
    package = find_spec("pypandoc")
    assert package
    assert package.origin
    # The package itself would ask each pandoc that it finds for its version.
    return str(Path(package.origin).with_name("files") / "pandoc")


def run(text: str, *arguments: str, cwd: Path | None = None) -> str:
    """Run pandoc on a text.

    Raises
    ------
    PandocError
        If pandoc ends with an error.
    """
    done = subprocess.run(
        [executable(), *arguments], input=text.encode(), capture_output=True, cwd=cwd, check=False
    )
    if done.returncode:
        raise PandocError(done.stderr.decode(errors="replace").strip())
    return done.stdout.decode()


def read(text: str) -> Node:
    """Parse a chapter's Markdown into a document with ``meta`` and ``blocks``."""
    return json.loads(run(text, "--from", READER, "--to", "json"))


def read_each(texts: Sequence[str]) -> list[Node]:
    """Parse many texts, each as a document of its own, as `read` does, by one process."""
    # The command line does so before it reads.
    shown = [text.expandtabs(_TAB) for text in texts]
    return [json.loads(tree) for tree in _convert(shown, READER, "json")]


def read_all(texts: Sequence[str], store: Store) -> list[Node]:
    """Parse many texts as `read_each` does, but those that the store knows."""
    return store.remembered_all("syntax", texts, read_each)


def write_each(
    documents: Sequence[Node], target: str, options: Mapping[str, Any], filters: Sequence[Path]
) -> list[str]:
    """Write many documents in another format, each on its own, by one process.

    Parameters
    ----------
    documents
        The documents.
    target
        The format.
    options
        Fields of pandoc's ``WriterOptions``.
    filters
        Files of Lua filters, which run in this order.

    Returns
    -------
    list of str
        Without a line's end after the last line.
    """
    return _convert([json.dumps(document) for document in documents], "json", target, options, filters)


def _convert(
    texts: Sequence[str],
    source: str,
    target: str,
    options: Mapping[str, Any] | None = None,
    filters: Sequence[Path] = (),
) -> list[str]:
    """Convert many texts in one process of pandoc, whose start takes longer than most of them."""
    job = {
        "texts": texts,
        "source": source,
        "target": target,
        "options": options or {},
        "filters": list(map(str, filters)),
    }
    return json.loads(run(json.dumps(job), "lua", str(_SCRIPT)))


def write(document: Node, target: str, *arguments: str, cwd: Path | None = None) -> str:
    """Write a document in another format."""
    return run(json.dumps(document), "--from", "json", "--to", target, "--wrap", "none", *arguments, cwd=cwd)


def cite(document: Node, folder: Path) -> Node:
    """Return a document with its citations set and its list of references in the div ``refs``."""
    text = json.dumps(document)
    return json.loads(run(text, "--from", "json", "--to", "json", "--citeproc", cwd=folder))


def document(blocks: list[Node], meta: Mapping[str, Any] | None = None) -> Node:
    """Return blocks as a document of their own."""
    fields = {key: _meta(value) for key, value in (meta or {}).items()}
    return {"pandoc-api-version": _api(), "meta": fields, "blocks": blocks}


@cache
def _api() -> list[int]:
    return read("")["pandoc-api-version"]


def _meta(value: Any) -> Node:
    match value:
        case bool():
            return {"t": "MetaBool", "c": value}
        case Mapping():
            return {"t": "MetaMap", "c": {str(k): _meta(v) for k, v in value.items()}}
        case list() | tuple():
            return {"t": "MetaList", "c": [_meta(v) for v in value]}
        case _:
            return {"t": "MetaString", "c": str(value)}


def walk(nodes: Sequence[Any], change: Callable[[Node], list[Node] | None]) -> list[Any]:
    """Return a list of elements with some replaced, from the outside in.

    Parameters
    ----------
    nodes
        Blocks or inlines.
    change
        Called with each element but words and the spaces between them. ``None`` keeps it and goes on with
        what it contains; a list takes its place as it is.
    """
    result: list[Any] = []
    for node in nodes:
        if isinstance(node, str):
            result.append(node)
        elif not isinstance(node, dict) or "t" not in node:
            result.append(_inside(node, change))
        elif node["t"] in _WORDS:
            result.append(node)
        elif (replacement := change(node)) is not None:
            result.extend(replacement)
        elif "c" in node:
            result.append({**node, "c": _inside(node["c"], change)})
        else:
            result.append(node)
    return result


def _inside(content: Any, change: Callable[[Node], list[Node] | None]) -> Any:
    if isinstance(content, list):
        return walk(content, change)
    if isinstance(content, dict):
        return {key: _inside(value, change) for key, value in content.items()}
    return content


def elements(content: Any) -> Iterator[Node]:
    """Yield every element of a tree but words and the spaces between them, in the order of the text."""
    ahead = [content]
    while ahead:
        one = ahead.pop()
        if isinstance(one, list):
            ahead += one[::-1]
        elif isinstance(one, dict):
            kind = one.get("t")
            if kind is None:
                ahead += reversed(one.values())
            elif kind not in _WORDS:
                yield one
                if "c" in one:
                    ahead.append(one["c"])


def text_of(inlines: Any) -> str:
    """Return the words of inlines, without markup and without notes."""
    words = []

    def visit(content: Any) -> None:
        if isinstance(content, list):
            for item in content:
                visit(item)
        elif isinstance(content, dict):
            match content.get("t"):
                case "Str":
                    words.append(content["c"])
                case "Space" | "SoftBreak" | "LineBreak":
                    words.append(" ")
                case "Code" | "Math":
                    words.append(content["c"][1])
                case "Quoted":
                    opening, closing = ("‘", "’") if content["c"][0]["t"] == "SingleQuote" else ("“", "”")
                    words.append(opening)
                    visit(content["c"][1])
                    words.append(closing)
                case "Note" | "RawInline":
                    pass
                case _:
                    visit(content.get("c"))

    visit(inlines)
    return "".join(words)


def attributes(node: Node) -> tuple[str, list[str], dict[str, str]]:
    """Return identifier, classes and other attributes of an element that has them."""
    position = 1 if node["t"] == "Header" else 0
    identifier, classes, pairs = node["c"][position]
    return identifier, classes, dict(pairs)


def raw_block(target: str, text: str) -> Node:
    return {"t": "RawBlock", "c": [target, text]}


def raw_inline(target: str, text: str) -> Node:
    return {"t": "RawInline", "c": [target, text]}


def plain(*inlines: Node) -> Node:
    return {"t": "Plain", "c": list(inlines)}


def string(text: str) -> Node:
    return {"t": "Str", "c": text}


def div(identifier: str, classes: list[str], blocks: list[Node]) -> Node:
    return {"t": "Div", "c": [[identifier, classes, []], blocks]}
