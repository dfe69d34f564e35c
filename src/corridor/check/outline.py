"""A chapter by itself: what in it cannot be rendered, and what it names that has to be there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote

from corridor import pandoc
from corridor.chapter import (
    CROSS_REFERENCES,
    SUPPORTED,
    Shortcode,
    cross_reference,
    executable_cells,
    parse_embed,
    resolve,
    shortcodes,
    unclosed,
    without_code,
)
from corridor.errors import Fault, PaperError
from corridor.facts import KEY, split_form
from corridor.settings import parse_settings
from corridor.stage.variables import RESERVED

OTHER_LABEL = r"(?:eq|lst|thm|lem|cor|prp|cnj|def|exm|exr|rem|sol|alg|tip|nte|wrn|imp|cau)-[\w-]+"
"""Labels of kinds that Quarto knows and chapters cannot use."""

Kind = Literal["variable", "cell", "label", "reference", "work", "image", "link"]
"""What a chapter names; a label it gives, to all others it refers."""

# What Quarto understands and the embedded engine does not: better refused than rendered wrongly.
_UNSUPPORTED_CLASS = re.compile(
    r"panel-.*|column-(?!margin$).*|column-margin|columns?|aside|cell.*|tabset.*|theorem|lightbox|"
    r"content-(?!visible$|hidden$).*|callout-(?!note$|tip$|warning$|important$|caution$).*"
)
_UNSUPPORTED_ATTRIBUTE = re.compile(r"layout.*|fig-pos|fig-env|tbl-colwidths|code-.*|data-quarto.*")
_FRONT_MATTER = re.compile(r"---\n(.*?\n)(?:---|\.\.\.)[ \t]*\n", re.S)
_NOUNS = {"Header": "heading", "CodeBlock": "code block", "Figure": "image"}
_FETCHED = re.compile(
    r"<(?:img|script|link|iframe|video|audio|source|embed|object)\b[^>]*?\b(?:src|href|data)\s*=\s*[\"']?"
    r"((?:https?:)?//[^\s\"'>]+)",
    re.I,
)
_LABEL = re.compile(r"(?:\{[^{}\n]*#|id=[\"'])\Z")
_WORK = re.compile(r"(?<!\w)@\{?\Z")
"""What stands before the name of a label, and before the key of a work or a label that is referred to."""
_NAME_ENDS = re.compile(r"(?![\w-])")
_FACT_IN_TEXT = re.compile(r"\{\.fact data-key=([^{}]*)\}")


@dataclass(frozen=True, kw_only=True)
class Mention:
    """Something that a chapter names.

    Parameters
    ----------
    kind
        What it is.
    name
        As the chapter has it; of a cell the notebook, relative to the root, ``#``, and the label.
    line
        Line in the chapter, counted from 1; ``None`` where none can be told.
    """

    kind: Kind
    name: str
    line: int | None


@dataclass(frozen=True, kw_only=True)
class Outline:
    """What a chapter says, as far as other files are concerned.

    Parameters
    ----------
    findings
        What is wrong with the chapter and what it names, in the order of its text.
    anchors
        Where links to it can lead.
    whole
        Whether it could be read.
    """

    findings: tuple[Fault | Mention, ...]
    anchors: tuple[str, ...] = ()
    whole: bool = True


def outline(chapter: str, text: str, document: pandoc.Node) -> Outline:
    """Return the outline of a chapter.

    Parameters
    ----------
    chapter
        Path of the chapter, relative to the paper's root.
    text
        Its source.
    document
        Its tree as `corridor.check.numbers.read_chapter` returns it.
    """
    tree = _Tree(chapter, text)
    findings = [*_blocks(chapter, text), *_shortcodes(chapter, text), *tree.findings(document)]
    return Outline(findings=tuple(findings), anchors=tuple(tree.anchors))


def unread(chapter: str, text: str, message: str) -> Outline:
    """Return the outline of a chapter that pandoc refuses with a message."""
    refused = _front_matter_fault(chapter, text, message)
    return Outline(findings=(*_blocks(chapter, text), *_shortcodes(chapter, text), refused), whole=False)


def _blocks(chapter: str, text: str) -> Iterator[Fault]:
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
    for label in re.finditer(rf"\{{[^{{}}\n]*#({OTHER_LABEL})", bare):
        yield Fault(
            file=chapter,
            line=bare.count("\n", 0, label.start()) + 1,
            what=f'the label "{label[1]}" is of a kind outside the supported subset of Quarto',
            mend=f"use {', '.join(f'{kind}-' for kind in CROSS_REFERENCES)}",
        )


def _shortcodes(chapter: str, text: str) -> Iterator[Fault | Mention]:
    lines = text.split("\n")
    settings = _FRONT_MATTER.match(text)
    first = settings.group().count("\n") if settings else 0
    for code in shortcodes(text):
        if code.name not in SUPPORTED:
            what = f'unknown shortcode "{code.name}"'
            mend = f"the supported ones are {' and '.join(SUPPORTED)}"
            yield Fault(file=chapter, line=code.line, what=what, mend=mend)
        elif code.name == "var":
            if not could_be_fact(code.argument):
                yield Mention(kind="variable", name=code.argument, line=code.line)
            if code.line > first and _is_heading(lines, code.line) and "{#" not in lines[code.line - 1]:
                what = "a heading with a variable has no label of its own"
                mend = 'add one behind it, such as "{#sec-name}"'
                yield Fault(file=chapter, line=code.line, what=what, mend=mend)
        else:
            yield from _embed(chapter, code)


def _is_heading(lines: list[str], number: int) -> bool:
    following = lines[number] if number < len(lines) else ""
    return bool(re.match("#+ ", lines[number - 1]) or re.fullmatch("=+ *|-+ *", following))


def _embed(chapter: str, code: Shortcode) -> Iterator[Fault | Mention]:
    if not code.alone:
        what, mend = "an embed stands inside a line", "give it a line of its own"
        yield Fault(file=chapter, line=code.line, what=what, mend=mend)
    target = parse_embed(chapter, code.argument)
    if target is None:
        what = f'"{code.argument}" does not name a cell'
        mend = 'write it as "../analysis/trade.ipynb#label-of-the-cell"'
        yield Fault(file=chapter, line=code.line, what=what, mend=mend)
    else:
        yield Mention(kind="cell", name="#".join(target), line=code.line)


class _Tree:
    """A chapter's tree, with the places of what stands in it.

    The tree does not tell places: the n-th place of a name or a pattern in the text belongs to the n-th
    element that is looked for by it.
    """

    def __init__(self, chapter: str, text: str) -> None:
        self.chapter = chapter
        self.text = text
        self.anchors: dict[str, None] = {}
        self._bare = without_code(text)
        self._lines: dict[str | tuple[re.Pattern[str], str], list[int]] = {}
        self._next: Counter[str | tuple[re.Pattern[str], str]] = Counter()

    def lines(self, pattern: str) -> list[int]:
        """Return the lines on which a pattern matches outside of code."""
        if pattern not in self._lines:
            found = re.finditer(pattern, self._bare, re.M)
            self._lines[pattern] = [self._bare.count("\n", 0, match.start()) + 1 for match in found]
        return self._lines[pattern]

    def named(self, before: re.Pattern[str], name: str) -> list[int]:
        """Return the lines on which a name stands behind a pattern, outside of code.

        Chapters have hundreds of names: a pattern for each would take long to compile.
        """
        if (before, name) not in self._lines:
            bare = self._bare
            self._lines[before, name] = [
                bare.count("\n", 0, start) + 1
                for start in _starts(bare, name)
                if _NAME_ENDS.match(bare, start + len(name))
                and before.search(bare, bare.rfind("\n", 0, start) + 1, start)
            ]
        return self._lines[before, name]

    def first(self, pattern: str) -> int | None:
        return next(iter(self.lines(pattern)), None)

    def place(self, pattern: str) -> int | None:
        """Return the line of the next match; of the first where there are no more."""
        return self._following(pattern, self.lines(pattern))

    def place_of(self, before: re.Pattern[str], name: str) -> int | None:
        """Return the line of the next place of a name; of the first where there are no more."""
        return self._following((before, name), self.named(before, name))

    def _following(self, sought: str | tuple[re.Pattern[str], str], lines: list[int]) -> int | None:
        number = self._next[sought]
        self._next[sought] += 1
        return lines[number] if number < len(lines) else next(iter(lines), None)

    def fault(self, line: int | None, what: str, mend: str) -> Fault:
        return Fault(file=self.chapter, line=line, what=what, mend=mend)

    def findings(self, document: pandoc.Node) -> Iterator[Fault | Mention]:
        if re.match(r"---\n[^\n]", self.text) and not document["meta"]:
            what = "the settings at the top are not closed or empty"
            yield self.fault(1, what, 'write "key: value" lines, and "---" on a line below them')
        has_title = "title" in document["meta"]
        for node in pandoc.elements(document["blocks"]):
            has_title = has_title or (node["t"] == "Header" and node["c"][0] == 1)
            yield from self.node(node)
        if not has_title:
            yield self.fault(1, "the chapter has no title", 'begin it with "# Title"')

    def node(self, node: pandoc.Node) -> Iterator[Fault | Mention]:
        match node["t"]:
            case "Header" | "Span" | "Table" | "Figure" | "CodeBlock" | "Code":
                yield from self.attributes(node)
            case "Div":
                yield from self.attributes(node)
                yield from self.float(node)
            case "Image":
                yield from self.attributes(node)
                yield from self.image(node)
            case "RawBlock" | "RawInline":
                for found in _FETCHED.findall(node["c"][1]):
                    what = f'the HTML fetches "{found}" from another host'
                    mend = "save it in the paper: nothing is fetched when a page is read"
                    yield self.fault(self.place(re.escape(found)), what, mend)
            case "Link":
                yield from self.link(node)
                yield from self.marks(node)
                if any(_is_fact(inside) for inside in pandoc.elements(node["c"][1])):
                    what = "a fact stands inside a link, and is a link itself"
                    yield self.fault(self.first(_as_written(node["c"][2][0])), what, "put it beside the link")
            case "Cite":
                for citation in node["c"][0]:
                    key = citation["citationId"]
                    line = self.place_of(_WORK, key)
                    if cross_reference(key):
                        yield Mention(kind="reference", name=key[:1].lower() + key[1:], line=line)
                    else:
                        yield Mention(kind="work", name=key, line=line)

    def attributes(self, node: pandoc.Node) -> Iterator[Fault | Mention]:
        identifier, classes, pairs = pandoc.attributes(node)
        self.anchors[identifier] = None
        for name in classes:
            if node["t"] in ("Div", "Span") and _UNSUPPORTED_CLASS.fullmatch(name):
                pattern = rf"(?:\.|^[ \t>]*:::+[ \t]*|class=[\"'][^\"'>]*\b){re.escape(name)}(?![\w-])"
                what = f'the class "{name}" is outside the supported subset of Quarto'
                yield self.fault(
                    self.place(pattern), what, "use plain paragraphs, callouts, or fig- and tbl- divs"
                )
        yield from self.marks(node)
        for name, value in pairs.items():
            is_title = name == "title" and any(c.startswith("callout-") for c in classes)
            if not is_title and any(map(could_be_fact, _FACT_IN_TEXT.findall(value))):
                what = f'a fact stands in the attribute "{name}", which holds plain text'
                yield self.fault(self.place(rf"{re.escape(name)}\s*="), what, "put it into the text")
            if _UNSUPPORTED_ATTRIBUTE.fullmatch(name):
                what = f'the attribute "{name}" is outside the supported subset of Quarto'
                yield self.fault(self.place(rf"{re.escape(name)}\s*="), what, "take it out")
        if identifier:
            yield from self.label(node, identifier)

    def label(self, node: pandoc.Node, identifier: str) -> Iterator[Fault | Mention]:
        line = self.place_of(_LABEL, identifier)
        # Only labels that stand in the text: pandoc gives every heading one of its own.
        if line is None:
            return
        kind, noun = cross_reference(identifier), _NOUNS.get(node["t"], node["t"].lower())
        what = f'the label "{identifier}" stands on {"an" if noun[0] in "aeiou" else "a"} {noun}'
        if kind in ("fig", "tbl") and noun == "heading":
            yield self.fault(line, what, 'labels of headings begin with "sec-"')
        elif kind in ("fig", "tbl") and noun != "div":
            mend = f'put it on a div around it: "::: {{#{identifier}}}", the caption as its last paragraph'
            yield self.fault(line, what, mend)
        elif kind == "sec" and noun != "heading":
            yield self.fault(line, what, "put it on a heading")
        yield Mention(kind="label", name=identifier, line=line)

    def marks(self, node: pandoc.Node) -> Iterator[Fault]:
        """Check that marks for the checks are where these look: on words."""
        for name in ("claim", "unchecked"):
            if node["t"] != "Span" and name in pandoc.attributes(node)[1]:
                what = f'the mark ".{name}" stands on more than words'
                mend = f"put it on the words: [words]{{.{name} ...}}"
                yield self.fault(self.place(rf"\.{name}(?![\w-])"), what, mend)

    def float(self, node: pandoc.Node) -> Iterator[Fault]:
        identifier, _, _ = pandoc.attributes(node)
        if cross_reference(identifier) not in ("fig", "tbl"):
            return
        blocks = node["c"][1]
        if len(blocks) < 2 or blocks[-1]["t"] != "Para" or _is_embed(blocks[-1]):
            mend = "write the caption as the last paragraph of the div, behind what it shows"
            line = next(iter(self.named(_LABEL, identifier)), None)
            yield self.fault(line, f'"{identifier}" has no caption', mend)

    def image(self, node: pandoc.Node) -> Iterator[Fault | Mention]:
        _, _, pairs = pandoc.attributes(node)
        target = unquote(node["c"][2][0])
        line = self.place(rf"(?:\]\(|\]:)\s*<?{_as_written(node['c'][2][0])}")
        path = resolve(self.chapter, target)
        if not pandoc.text_of(node["c"][1]).strip() and not pairs.get("fig-alt"):
            what, mend = f'the image "{target}" has no alt text', "say between the brackets what it shows"
            yield self.fault(line, what, mend)
        if re.match(r"[a-z]+:|/|\.\./", target if re.match(r"[a-z]+:|/", target) else path):
            mend = "save it in the paper, and name it from the chapter on: nothing is fetched from elsewhere"
            yield self.fault(line, f'the image "{target}" lies outside the paper', mend)
        else:
            yield Mention(kind="image", name=target, line=line)

    def link(self, node: pandoc.Node) -> Iterator[Mention]:
        target = node["c"][2][0]
        if not re.match(r"[a-z][a-z0-9+.-]*:|//", target.partition("#")[0], re.I):
            yield Mention(kind="link", name=target, line=self.place(_as_written(target)))


def _front_matter_fault(chapter: str, text: str, message: str) -> Fault:
    settings = _FRONT_MATTER.match(text)
    try:
        parse_settings(settings[1] if settings else "", chapter, first_line=2)
    except PaperError as error:
        return error.faults[0]
    what = f"the text cannot be read: {message.splitlines()[0]}"
    return Fault(file=chapter, line=1, what=what, mend="mend the settings between the --- lines at the top")


def could_be_fact(name: str) -> bool:
    """Whether a name in ``{{< var name >}}`` has the form of a fact's key."""
    return bool(KEY.fullmatch(split_form(name)[0])) and name.split(".")[0] not in RESERVED


def _is_fact(node: pandoc.Node) -> bool:
    if node["t"] != "Span":
        return False
    _, classes, pairs = pandoc.attributes(node)
    return "fact" in classes and could_be_fact(pairs.get("data-key", ""))


def _is_embed(block: pandoc.Node) -> bool:
    return any(n["t"] == "RawInline" and n["c"][0] == "corridor" for n in pandoc.elements(block))


def _starts(text: str, part: str) -> Iterator[int]:
    start = text.find(part)
    while start >= 0:
        yield start
        start = text.find(part, start + 1)


def _as_written(target: str) -> str:
    """Return a pattern for a target, in which pandoc has escaped what addresses cannot hold."""
    return rf"(?:{re.escape(target)}|{re.escape(unquote(target))})(?![\w-])"
