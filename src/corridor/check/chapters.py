"""The chapters: everything a chapter says must be something both engines can render."""

from __future__ import annotations

import posixpath
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
    unclosed,
    without_code,
)
from corridor.check.facts import could_be_fact
from corridor.errors import Fault, PaperError
from corridor.nearest import nearest
from corridor.paper import Paper
from corridor.settings import parse_settings
from corridor.stage.project import EXHIBITS
from corridor.trace import FILE as TRACE

CALLOUTS = ("note", "tip", "warning", "important", "caution")

# What Quarto understands and the embedded engine does not: better refused than rendered wrongly.
_UNSUPPORTED_CLASS = re.compile(
    r"panel-.*|column-(?!margin$).*|column-margin|columns?|aside|cell.*|tabset.*|theorem|lightbox|"
    r"content-(?!visible$|hidden$).*|callout-(?!note$|tip$|warning$|important$|caution$).*"
)
_UNSUPPORTED_ATTRIBUTE = re.compile(r"layout.*|fig-pos|fig-env|tbl-colwidths|code-.*|data-quarto.*")
_OTHER_LABEL = r"(?:eq|lst|thm|lem|cor|prp|cnj|def|exm|exr|rem|sol|alg|tip|nte|wrn|imp|cau)-[\w-]+"
_FRONT_MATTER = re.compile(r"---\n(.*?\n)(?:---|\.\.\.)[ \t]*\n", re.S)
_NOUNS = {"Header": "heading", "CodeBlock": "code block", "Figure": "image"}


_FETCHED = re.compile(
    r"<(?:img|script|link|iframe|video|audio|source|embed|object)\b[^>]*?\b(?:src|href|data)\s*=\s*[\"']?"
    r"((?:https?:)?//[^\s\"'>]+)",
    re.I,
)


@dataclass
class _Reading:
    """What has been seen so far, over all chapters."""

    labels: dict[str, tuple[str, int | None]] = field(default_factory=dict)
    embeds: dict[str, tuple[str, int]] = field(default_factory=dict)
    references: list[tuple[str, str, int | None]] = field(default_factory=list)
    anchors: dict[str, set[str]] = field(default_factory=dict)
    links: list[tuple[str, str, str, int | None]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    files: set[str] = field(default_factory=set)
    chapters: tuple[str, ...] = ()
    whole: bool = True


def check_chapters(
    paper: Paper,
    texts: Mapping[str, str],
    *,
    variables: Mapping[str, str],
    cells: Mapping[str, set[str] | None],
    works: set[str] | None,
) -> list[Fault]:
    """Return what in the chapters cannot be rendered.

    Parameters
    ----------
    paper
        The paper.
    texts
        The chapters' Markdown by file, in the order of reading.
    variables
        What ``{{< var key >}}`` can show, by dotted key.
    cells
        Labels of the cells that ``{{< embed >}}`` can show, by notebook; ``None`` for a notebook that
        cannot be read.
    works
        Keys that citations can use; ``None`` where the bibliography cannot be read.
    """
    labels = {label for known in cells.values() for label in known or ()}
    exhibits = {f"{EXHIBITS}/{label}.csv" for label in labels} | {f"{EXHIBITS}/{TRACE}"}
    reading = _Reading(files=exhibits, chapters=tuple(texts))
    for chapter, text in texts.items():
        reading.faults += _check_blocks(chapter, text)
        reading.faults += _check_shortcodes(chapter, text, variables, cells, reading)
        reading.faults += _check_tree(paper, chapter, text, variables, works, reading)
    for chapter, key, line in reading.references:
        if reading.whole and key not in reading.labels:
            reading.faults.append(
                Fault(
                    file=chapter,
                    line=line,
                    what=f'there is no label "{key}"',
                    mend=nearest(key, reading.labels, "label a heading, figure or table with it"),
                )
            )
    for chapter, target, anchor, line in reading.links:
        known = reading.anchors.get(target, {anchor})
        if anchor not in known:
            reading.faults.append(
                Fault(
                    file=chapter,
                    line=line,
                    what=f'the link leads to "#{anchor}", which is no place in {target}',
                    mend=nearest(anchor, known, "label the heading there with it"),
                )
            )
    order = {chapter: number for number, chapter in enumerate(texts)}
    return sorted(dict.fromkeys(reading.faults), key=lambda f: (order[f.file], f.line or 0))


def _check_blocks(chapter: str, text: str) -> Iterator[Fault]:
    for line, language in executable_cells(text):
        yield Fault(
            file=chapter,
            line=line,
            what=f"an executable cell ({language}): chapters only speak, notebooks compute",
            mend="move the code to a notebook in analysis/ and embed its cell",
        )
    for line, mark in unclosed(text):
        if mark:
            what, mend = "the block that begins here is never closed", f'end it with a line "{mark}"'
        else:
            what, mend = "there is no open block that this line could end", "delete it"
        yield Fault(file=chapter, line=line, what=what, mend=mend)
    bare = without_code(text)
    for label in re.finditer(rf"\{{[^{{}}\n]*#({_OTHER_LABEL})", bare):
        yield Fault(
            file=chapter,
            line=bare.count("\n", 0, label.start()) + 1,
            what=f'the label "{label[1]}" is of a kind outside the supported subset of Quarto',
            mend=f"use {', '.join(f'{kind}-' for kind in CROSS_REFERENCES)}",
        )


def _check_shortcodes(
    chapter: str,
    text: str,
    variables: Mapping[str, str],
    cells: Mapping[str, set[str] | None],
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
            if code.argument not in variables and not could_be_fact(code.argument):
                yield fault(
                    f'unknown variable "{code.argument}"',
                    nearest(code.argument, variables, f"the variables are {', '.join(variables)}"),
                )
            if _is_heading(text, code.line) and "{#" not in _line(text, code.line):
                yield fault(
                    "a heading with a variable has no label of its own",
                    'add one behind it, such as "{#sec-name}"',
                )
        else:
            yield from _check_embed(chapter, code, cells, reading)


def _line(text: str, number: int) -> str:
    lines = text.split("\n")
    return lines[number - 1] if number <= len(lines) else ""


def _is_heading(text: str, number: int) -> bool:
    settings = _FRONT_MATTER.match(text)
    if settings and number <= settings.group().count("\n"):
        return False
    return bool(re.match("#+ ", _line(text, number)) or re.fullmatch("=+ *|-+ *", _line(text, number + 1)))


def _check_embed(
    chapter: str, code: Shortcode, cells: Mapping[str, set[str] | None], reading: _Reading
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
    known = cells.get(notebook, set())
    key = f"{notebook}#{label}"
    if notebook not in cells:
        mend = f"the notebooks are {', '.join(cells)}" if cells else "put notebooks into analysis/"
        yield fault(f'there is no notebook "{notebook}"', nearest(notebook, cells, mend))
    elif known is not None and label not in known:
        yield fault(
            f'the notebook {notebook} has no cell "{label}"',
            nearest(label, known, f'label a cell with "#| label: {label}"'),
        )
    elif key in reading.embeds:
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
        if code.name == "var" and could_be_fact(code.argument):
            return f"[0]{{.fact data-key={code.argument}}}"
        return variables.get(code.argument, "0") if code.name == "var" else "`embed`{=corridor}"

    try:
        document = pandoc.read(replace_shortcodes(text, show))
    except pandoc.PandocError as error:
        reading.whole = False
        yield _front_matter_fault(chapter, text, str(error))
        return
    if re.match(r"---\n[^\n]", text) and not document["meta"]:
        mend = 'write "key: value" lines, and "---" on a line below them'
        yield Fault(file=chapter, line=1, what="the settings at the top are not closed or empty", mend=mend)
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
                    yield from _check_float(chapter, text, node)
            case "Image":
                yield from _check_node(chapter, node, place, reading)
                yield from _check_image(paper, chapter, node, place)
            case "RawBlock" | "RawInline":
                for found in _FETCHED.findall(node["c"][1]):
                    yield Fault(
                        file=chapter,
                        line=place(re.escape(found)),
                        what=f'the HTML fetches "{found}" from another host',
                        mend="save it in the paper: nothing is fetched when a page is read",
                    )
            case "Link":
                yield from _check_link(paper, chapter, node, place, reading)
                yield from _check_marks(chapter, node, place)
                if any(_is_fact(inside) for inside in pandoc.elements(node["c"][1])):
                    yield Fault(
                        file=chapter,
                        line=line_of(text, _as_written(node["c"][2][0])),
                        what="a fact stands inside a link, and is a link itself",
                        mend="put it beside the link",
                    )
            case "Cite":
                for citation in node["c"][0]:
                    key = citation["citationId"]
                    line = place(rf"(?<!\w)@\{{?{re.escape(key)}(?![\w-])")
                    if cross_reference(key):
                        reading.references.append((chapter, key[:1].lower() + key[1:], line))
                    elif re.fullmatch(_OTHER_LABEL, key) and key not in (works or ()):
                        yield Fault(
                            file=chapter,
                            line=line,
                            what=f'"@{key}" refers to a kind outside the supported subset of Quarto',
                            mend=f"refer to {', '.join(f'{kind}-' for kind in CROSS_REFERENCES)}",
                        )
                    elif works is not None and key not in works:
                        yield Fault(
                            file=chapter,
                            line=line,
                            what=f'unknown citation "@{key}"',
                            mend=nearest(key, works, f"add the work to {paper.bibliography}"),
                        )
    if not has_title and "title" not in document["meta"]:
        yield Fault(file=chapter, line=1, what="the chapter has no title", mend='begin it with "# Title"')


def _front_matter_fault(chapter: str, text: str, message: str) -> Fault:
    settings = _FRONT_MATTER.match(text)
    try:
        parse_settings(settings[1] if settings else "", chapter, first_line=2)
    except PaperError as error:
        return error.faults[0]
    what = f"the text cannot be read: {message.splitlines()[0]}"
    return Fault(file=chapter, line=1, what=what, mend="mend the settings between the --- lines at the top")


def _check_node(chapter: str, node: pandoc.Node, place: Any, reading: _Reading) -> Iterator[Fault]:
    identifier, classes, pairs = pandoc.attributes(node)
    reading.anchors.setdefault(chapter, set()).add(identifier)
    for name in classes:
        if node["t"] in ("Div", "Span") and _UNSUPPORTED_CLASS.fullmatch(name):
            yield Fault(
                file=chapter,
                line=place(rf"(?:\.|^[ \t>]*:::+[ \t]*|class=[\"'][^\"'>]*\b){re.escape(name)}(?![\w-])"),
                what=f'the class "{name}" is outside the supported subset of Quarto',
                mend="use plain paragraphs, callouts, or fig- and tbl- divs",
            )
    yield from _check_marks(chapter, node, place)
    for name, value in pairs.items():
        is_title = name == "title" and any(c.startswith("callout-") for c in classes)
        if "{.fact" in value and not is_title:
            yield Fault(
                file=chapter,
                line=place(rf"{re.escape(name)}\s*="),
                what=f'a fact stands in the attribute "{name}", which holds plain text',
                mend="put it into the text",
            )
        if _UNSUPPORTED_ATTRIBUTE.fullmatch(name):
            yield Fault(
                file=chapter,
                line=place(rf"{re.escape(name)}\s*="),
                what=f'the attribute "{name}" is outside the supported subset of Quarto',
                mend="take it out",
            )
    if not identifier:
        return
    line = place(_label_pattern(identifier))
    # Only labels that stand in the text: pandoc gives every heading one of its own.
    if line is None:
        return
    kind, noun = cross_reference(identifier), _NOUNS.get(node["t"], node["t"].lower())
    what = f'the label "{identifier}" stands on {"an" if noun[0] in "aeiou" else "a"} {noun}'
    if kind in ("fig", "tbl") and noun == "heading":
        yield Fault(file=chapter, line=line, what=what, mend='labels of headings begin with "sec-"')
    elif kind in ("fig", "tbl") and noun != "div":
        mend = f'put it on a div around it: "::: {{#{identifier}}}", the caption as its last paragraph'
        yield Fault(file=chapter, line=line, what=what, mend=mend)
    elif kind == "sec" and noun != "heading":
        yield Fault(file=chapter, line=line, what=what, mend="put it on a heading")
    if identifier in reading.labels:
        first, first_line = reading.labels[identifier]
        yield Fault(
            file=chapter,
            line=line,
            what=f'the label "{identifier}" stands twice, first in {first}:{first_line}',
            mend="rename one of them",
        )
    reading.labels.setdefault(identifier, (chapter, line))


def _is_fact(node: pandoc.Node) -> bool:
    return node["t"] == "Span" and "fact" in pandoc.attributes(node)[1]


def _check_marks(chapter: str, node: pandoc.Node, place: Any) -> Iterator[Fault]:
    """Check that marks for the checks are where these look: on words."""
    for name in ("claim", "unchecked"):
        if node["t"] != "Span" and name in pandoc.attributes(node)[1]:
            yield Fault(
                file=chapter,
                line=place(rf"\.{name}(?![\w-])"),
                what=f'the mark ".{name}" stands on more than words',
                mend=f"put it on the words: [words]{{.{name} ...}}",
            )


def _label_pattern(identifier: str) -> str:
    return rf"(?:\{{[^{{}}\n]*#|id=[\"']){re.escape(identifier)}(?![\w-])"


def _check_float(chapter: str, text: str, node: pandoc.Node) -> Iterator[Fault]:
    identifier, _, _ = pandoc.attributes(node)
    if cross_reference(identifier) not in ("fig", "tbl"):
        return
    blocks = node["c"][1]
    if len(blocks) < 2 or blocks[-1]["t"] != "Para" or _is_embed(blocks[-1]):
        yield Fault(
            file=chapter,
            line=line_of(text, _label_pattern(identifier)),
            what=f'"{identifier}" has no caption',
            mend="write the caption as the last paragraph of the div, behind what it shows",
        )


def _is_embed(block: pandoc.Node) -> bool:
    return any(n["t"] == "RawInline" and n["c"][0] == "corridor" for n in pandoc.elements(block))


def _check_image(paper: Paper, chapter: str, node: pandoc.Node, place: Any) -> Iterator[Fault]:
    _, _, pairs = pandoc.attributes(node)
    target = unquote(node["c"][2][0])
    line = place(rf"(?:\]\(|\]:)\s*<?{_as_written(node['c'][2][0])}")
    path = resolve(chapter, target)
    if not pandoc.text_of(node["c"][1]).strip() and not pairs.get("fig-alt"):
        yield Fault(
            file=chapter,
            line=line,
            what=f'the image "{target}" has no alt text',
            mend="say between the brackets what it shows",
        )
    if re.match(r"[a-z]+:|/|\.\./", target if re.match(r"[a-z]+:|/", target) else path):
        yield Fault(
            file=chapter,
            line=line,
            what=f'the image "{target}" lies outside the paper',
            mend="save it in the paper, and name it from the chapter on: nothing is fetched from elsewhere",
        )
    elif not (paper.root / path).is_file():
        yield Fault(
            file=chapter,
            line=line,
            what=f'the image "{target}" is missing',
            mend="add the file or mend the path",
        )


def _check_link(
    paper: Paper, chapter: str, node: pandoc.Node, place: Any, reading: _Reading
) -> Iterator[Fault]:
    written, _, anchor = node["c"][2][0].partition("#")
    if re.match(r"[a-z][a-z0-9+.-]*:|//", written, re.I):
        return
    target = unquote(written)
    line = place(_as_written(node["c"][2][0]))
    goal = resolve(chapter, target) if target else chapter
    if goal in reading.files:
        return
    if target and not target.endswith(".qmd"):
        yield Fault(
            file=chapter,
            line=line,
            what=f'the link leads to "{target}", which is not on the site',
            mend="link to a chapter, or to an address on the web",
        )
    elif goal not in reading.chapters:
        known = [posixpath.relpath(other, posixpath.dirname(chapter) or ".") for other in reading.chapters]
        yield Fault(
            file=chapter,
            line=line,
            what=f'the link leads to "{target}", which is no chapter',
            mend=nearest(target, known, "list the chapter in _quarto.yml"),
        )
    elif anchor:
        reading.links.append((chapter, goal, unquote(anchor), line))


def _as_written(target: str) -> str:
    """Return a pattern for a target, in which pandoc has escaped what addresses cannot hold."""
    return rf"(?:{re.escape(target)}|{re.escape(unquote(target))})(?![\w-])"
