"""The chapters: everything a chapter says must be something both engines can render."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from corridor import pandoc
from corridor.chapter import (
    CROSS_REFERENCES,
    SUPPORTED,
    Shortcode,
    cross_reference,
    executable_cells,
    line_of,
    parse_embed,
    replace_shortcodes,
    resolve,
    shortcodes,
)
from corridor.errors import Fault
from corridor.files import read_text
from corridor.nearest import nearest
from corridor.paper import Paper

CALLOUTS = ("note", "tip", "warning", "important", "caution")

# What Quarto understands and the embedded engine does not: better refused than rendered wrongly.
_UNSUPPORTED_CLASS = re.compile(
    r"panel-.*|column-(?!margin$).*|column-margin|columns?|aside|cell.*|tabset.*|theorem|lightbox|"
    r"content-(?!visible$|hidden$).*|callout-(?!note$|tip$|warning$|important$|caution$).*"
)
_UNSUPPORTED_ATTRIBUTE = re.compile(r"layout.*|fig-pos|fig-env|tbl-colwidths|code-.*|data-quarto.*")
_OTHER_LABEL = re.compile(r"(eq|lst|thm|lem|cor|prp|cnj|def|exm|exr|rem|sol|alg|tip|nte|wrn|imp|cau)-")


@dataclass
class _Reading:
    """What has been seen so far, over all chapters."""

    labels: dict[str, tuple[str, int | None]] = field(default_factory=dict)
    embeds: dict[str, tuple[str, int]] = field(default_factory=dict)
    references: list[tuple[str, str, int | None]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def check_chapters(
    paper: Paper, *, variables: Mapping[str, str], cells: Mapping[str, set[str]], works: set[str] | None
) -> list[Fault]:
    """Return what in the chapters cannot be rendered.

    Parameters
    ----------
    paper
        The paper.
    variables
        What ``{{< var key >}}`` can show, by dotted key.
    cells
        Labels of the cells that ``{{< embed >}}`` can show, by notebook.
    works
        Keys that citations can use; ``None`` where the bibliography cannot be read.
    """
    reading = _Reading()
    for chapter in paper.chapters:
        text = read_text(paper.root / chapter, paper.root)
        reading.faults += _check_cells(chapter, text)
        reading.faults += _check_shortcodes(chapter, text, variables, cells, reading)
        reading.faults += _check_tree(paper, chapter, text, variables, works, reading)
    for chapter, key, line in reading.references:
        if key not in reading.labels:
            reading.faults.append(
                Fault(
                    file=chapter,
                    line=line,
                    what=f'there is no label "{key}"',
                    mend=nearest(key, reading.labels, "label a heading, figure or table with it"),
                )
            )
    return reading.faults


def _check_cells(chapter: str, text: str) -> Iterator[Fault]:
    for line, language in executable_cells(text):
        yield Fault(
            file=chapter,
            line=line,
            what=f"an executable cell ({language}): chapters only speak, notebooks compute",
            mend="move the code to a notebook in analysis/ and embed its cell",
        )


def _check_shortcodes(
    chapter: str,
    text: str,
    variables: Mapping[str, str],
    cells: Mapping[str, set[str]],
    reading: _Reading,
) -> Iterator[Fault]:
    for code in shortcodes(text):

        def fault(what: str, mend: str, line: int = code.line) -> Fault:
            return Fault(file=chapter, line=line, what=what, mend=mend)

        if code.name not in SUPPORTED:
            yield fault(
                f'unknown shortcode "{code.name}"', f"the supported ones are {' and '.join(SUPPORTED)}"
            )
        elif code.name == "var":
            if code.argument not in variables:
                yield fault(
                    f'unknown variable "{code.argument}"',
                    nearest(code.argument, variables, f"the variables are {', '.join(variables)}"),
                )
            if re.search(r"^#+ .*\{\{< *var ", _line(text, code.line)) and "{#" not in _line(text, code.line):
                yield fault(
                    "a heading with a variable has no label of its own",
                    'add one behind it, such as "{#sec-name}"',
                )
        else:
            yield from _check_embed(chapter, code, cells, reading)


def _line(text: str, number: int) -> str:
    return text.splitlines()[number - 1]


def _check_embed(
    chapter: str, code: Shortcode, cells: Mapping[str, set[str]], reading: _Reading
) -> Iterator[Fault]:
    def fault(what: str, mend: str) -> Fault:
        return Fault(file=chapter, line=code.line, what=what, mend=mend)

    if not code.alone:
        yield fault("an embed stands inside a line", "give it a line of its own")
    target = parse_embed(chapter, code.argument)
    if target is None:
        yield fault(
            f'"{code.argument}" does not name a cell',
            'write it as "../analysis/trade.ipynb#label-of-the-cell"',
        )
        return
    notebook, label = target
    if notebook not in cells:
        yield fault(
            f'there is no notebook "{notebook}"',
            nearest(notebook, cells, f"the notebooks are {', '.join(cells) or 'none'}"),
        )
    elif label not in cells[notebook]:
        yield fault(
            f'the notebook {notebook} has no cell "{label}"',
            nearest(label, cells[notebook], f'label a cell with "#| label: {label}"'),
        )
    key = f"{notebook}#{label}"
    if key in reading.embeds:
        first, line = reading.embeds[key]
        yield fault(f'the cell "{label}" is embedded twice, first in {first}:{line}', "refer to it instead")
    reading.embeds.setdefault(key, (chapter, code.line))


def _check_tree(
    paper: Paper,
    chapter: str,
    text: str,
    variables: Mapping[str, str],
    works: set[str] | None,
    reading: _Reading,
) -> Iterator[Fault]:
    def show(code: Shortcode) -> str:
        return variables.get(code.argument, "?") if code.name == "var" else "`embed`{=corridor}"

    try:
        document = pandoc.read(replace_shortcodes(text, show))
    except pandoc.PandocError as error:
        line = re.search(r"line (\d+)", str(error))
        yield Fault(
            file=chapter,
            line=int(line[1]) if line else 1,
            what=f"the text cannot be read: {str(error).splitlines()[0]}",
            mend="mend the settings between the --- lines at the top",
        )
        return
    counts: dict[str, int] = {}

    def place(pattern: str) -> int | None:
        counts[pattern] = counts.get(pattern, -1) + 1
        return line_of(text, pattern, counts[pattern]) or line_of(text, pattern)

    has_title = False
    for node in pandoc.elements(document["blocks"]):
        match node["t"]:
            case "Header":
                has_title = has_title or node["c"][0] == 1
                yield from _check_node(chapter, node, place, reading)
            case "Div" | "Span" | "Table" | "Figure" | "CodeBlock" | "Code":
                yield from _check_node(chapter, node, place, reading)
                if node["t"] == "Div":
                    yield from _check_float(chapter, node, place)
            case "Image":
                yield from _check_node(chapter, node, place, reading)
                yield from _check_image(paper, chapter, node, place)
            case "Link":
                yield from _check_link(paper, chapter, node, place)
            case "Cite":
                for citation in node["c"][0]:
                    key = citation["citationId"]
                    line = place(rf"@\{{?{re.escape(key)}(?![\w-])")
                    if cross_reference(key):
                        reading.references.append((chapter, key[:1].lower() + key[1:], line))
                    elif works is not None and key not in works:
                        yield Fault(
                            file=chapter,
                            line=line,
                            what=f'unknown citation "@{key}"',
                            mend=nearest(key, works, f"add the work to {paper.bibliography}"),
                        )
    if not has_title and "title" not in document["meta"]:
        yield Fault(file=chapter, line=1, what="the chapter has no title", mend='begin it with "# Title"')


def _check_node(chapter: str, node: pandoc.Node, place: Any, reading: _Reading) -> Iterator[Fault]:
    identifier, classes, pairs = pandoc.attributes(node)
    for name in classes:
        if node["t"] in ("Div", "Span") and _UNSUPPORTED_CLASS.fullmatch(name):
            yield Fault(
                file=chapter,
                line=place(rf"\.{re.escape(name)}(?![\w-])"),
                what=f'the class "{name}" is outside the supported subset of Quarto',
                mend="use plain paragraphs, callouts, or fig- and tbl- divs",
            )
    for name in pairs:
        if _UNSUPPORTED_ATTRIBUTE.fullmatch(name):
            yield Fault(
                file=chapter,
                line=place(rf"{re.escape(name)}\s*="),
                what=f'the attribute "{name}" is outside the supported subset of Quarto',
                mend="take it out",
            )
    if not identifier:
        return
    line = place(rf"#{re.escape(identifier)}(?![\w-])")
    if _OTHER_LABEL.match(identifier) and line:
        yield Fault(
            file=chapter,
            line=line,
            what=f'the label "{identifier}" is of a kind outside the supported subset of Quarto',
            mend=f"use {', '.join(f'{kind}-' for kind in CROSS_REFERENCES)}",
        )
    if cross_reference(identifier) in ("fig", "tbl") and node["t"] != "Div":
        yield Fault(
            file=chapter,
            line=line,
            what=f'the label "{identifier}" stands on a {node["t"].lower()}',
            mend=f'put it on a div around it: "::: {{#{identifier}}}", the caption as its last paragraph',
        )
    # Only labels that stand in the text: pandoc gives every heading one of its own.
    if line is None:
        return
    if identifier in reading.labels:
        first, first_line = reading.labels[identifier]
        yield Fault(
            file=chapter,
            line=line,
            what=f'the label "{identifier}" stands twice, first in {first}:{first_line}',
            mend="rename one of them",
        )
    reading.labels.setdefault(identifier, (chapter, line))


def _check_float(chapter: str, node: pandoc.Node, place: Any) -> Iterator[Fault]:
    identifier, _, _ = pandoc.attributes(node)
    if cross_reference(identifier) not in ("fig", "tbl"):
        return
    blocks = node["c"][1]
    if len(blocks) < 2 or blocks[-1]["t"] != "Para" or _is_embed(blocks[-1]):
        yield Fault(
            file=chapter,
            line=place(rf"#{re.escape(identifier)}(?![\w-])"),
            what=f'"{identifier}" has no caption',
            mend="write the caption as the last paragraph of the div, behind what it shows",
        )


def _is_embed(block: pandoc.Node) -> bool:
    return any(n["t"] == "RawInline" and n["c"][0] == "corridor" for n in pandoc.elements(block))


def _check_image(paper: Paper, chapter: str, node: pandoc.Node, place: Any) -> Iterator[Fault]:
    _, _, pairs = pandoc.attributes(node)
    target = node["c"][2][0]
    line = place(rf"\]\({re.escape(target)}")
    if not pandoc.text_of(node["c"][1]).strip() and not pairs.get("fig-alt"):
        yield Fault(
            file=chapter,
            line=line,
            what=f'the image "{target}" has no alt text',
            mend="say between the brackets what it shows",
        )
    if re.match(r"[a-z]+:|//", target):
        yield Fault(
            file=chapter,
            line=line,
            what=f'the image "{target}" lies on another host',
            mend="save it in the paper: nothing is fetched when a page is read",
        )
    elif not (paper.root / resolve(chapter, unquote(target))).is_file():
        yield Fault(
            file=chapter,
            line=line,
            what=f'the image "{target}" is missing',
            mend="add the file or mend the path",
        )


def _check_link(paper: Paper, chapter: str, node: pandoc.Node, place: Any) -> Iterator[Fault]:
    target = unquote(node["c"][2][0].partition("#")[0])
    if target.endswith(".qmd") and resolve(chapter, target) not in paper.chapters:
        yield Fault(
            file=chapter,
            line=place(re.escape(target)),
            what=f'the link leads to "{target}", which is no chapter',
            mend=nearest(resolve(chapter, target), paper.chapters, "list the chapter in _quarto.yml"),
        )
