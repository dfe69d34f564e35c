"""The prose of a chapter: its syntax tree as plain passages, with what they must not be read in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal
from unicodedata import normalize

from corridor import pandoc
from corridor.chapter import cross_reference

FACT, CITATION, CODE, FOREIGN = "\ue000", "\ue001", "\ue002", "\ue003"
"""One character stands for a fact, a citation, code or mathematics, a character in another language."""

Kind = Literal["body", "caption", "note", "attribute", "meta"]
"""Where a passage stands, which says how it is found in the source."""

_FACT_IN_TEXT = re.compile(r"\[0\]\{\.fact[^{}]*\}")
_READ_ATTRIBUTES = ("title", "fig-alt", "fig-cap", "tbl-cap")
_READ_META = ("title", "subtitle", "abstract", "description", "keywords")


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A span over part of a passage: ``.claim``, ``.unchecked``, or one in a language of its own.

    Parameters
    ----------
    start, end
        The characters that it covers.
    name
        ``claim``, ``unchecked`` or ``lang``.
    argument
        The condition, the reason or the language; empty where none is given.
    """

    start: int
    end: int
    name: str
    argument: str


@dataclass(frozen=True, kw_only=True)
class Opaque:
    """What is not prose and not read: its verdict, its place in the passage, what it holds."""

    start: int
    verdict: str
    content: str


@dataclass(kw_only=True)
class Passage:
    """Words that belong together: a paragraph, a heading, a cell, a caption, the text of a note.

    Parameters
    ----------
    text
        The words without markup.
    kind
        Where it stands.
    index
        Of a note: its number in the order of the references. Of a caption: the number of the passage
        that its table begins with.
    key
        Of a setting in the front matter: its name.
    heading
        Whether it is a heading.
    items
        How many items the list holds that follows directly; 0 without one.
    marks, opaque
        What lies over parts of the text.
    """

    text: str = ""
    kind: Kind = "body"
    index: int = 0
    key: str = ""
    heading: bool = False
    items: int = 0
    marks: list[Mark] = field(default_factory=list)
    opaque: list[Opaque] = field(default_factory=list)

    def marked(self, start: int, end: int, name: str) -> Mark | None:
        """Return the innermost span of a name that covers these characters."""
        around = [m for m in self.marks if m.name == name and m.start <= start and end <= m.end]
        return min(around, key=lambda m: m.end - m.start, default=None)

    def spoken(self, language: str) -> str:
        """Return the text of the same length in which all is blank that stands in another language."""
        if not any(mark.name == "lang" for mark in self.marks):
            return self.text
        return "".join(
            FOREIGN if self._is_foreign(place, language) else character
            for place, character in enumerate(self.text)
        )

    def _is_foreign(self, place: int, language: str) -> bool:
        mark = self.marked(place, place + 1, "lang")
        return bool(mark and mark.argument.split("-")[0].lower() != language.split("-")[0])


def passages(document: pandoc.Node) -> list[Passage]:
    """Return the prose of a document in the order of the tree, notes behind the passage that has them."""
    reader = _Reader()
    for key in _READ_META:
        reader.setting(key, document["meta"].get(key))
    reader.blocks(document["blocks"])
    return reader.found


class _Reader:
    def __init__(self) -> None:
        self.found: list[Passage] = []
        self.notes = 0
        self.kind: Kind = "body"
        self.index = 0
        self.language = ""

    def setting(self, key: str, value: Any) -> None:
        start = len(self.found)
        match value:
            case {"t": "MetaInlines", "c": inlines}:
                self.passage(inlines)
            case {"t": "MetaBlocks", "c": blocks}:
                self.blocks(blocks)
            case {"t": "MetaString", "c": text}:
                self.found.append(Passage(text=text))
            case {"t": "MetaList", "c": values}:
                for one in values:
                    self.setting(key, one)
        for passage in self.found[start:]:
            if passage.kind == "body":
                passage.kind, passage.key = "meta", key

    def blocks(self, blocks: list[pandoc.Node]) -> None:
        for number, block in enumerate(blocks):
            following = blocks[number + 1] if number + 1 < len(blocks) else None
            self.block(block, _items(following))

    def block(self, block: pandoc.Node, items: int) -> None:
        content: Any = block.get("c")
        match block["t"]:
            case "Para" | "Plain":
                self.passage(content, items=items)
            case "Header":
                self.passage(content[2], heading=True, items=items)
            case "LineBlock":
                for line in content:
                    self.passage(line)
            case "CodeBlock" | "RawBlock":
                code = Opaque(start=0, verdict="code", content=content[1])
                self.found.append(self.here(text=CODE, opaque=[code]))
            case "BlockQuote":
                self.blocks(content)
            case "BulletList":
                for item in content:
                    self.blocks(item)
            case "OrderedList":
                (first, style, _), members = content
                for number, item in enumerate(members, start=first):
                    if style["t"] in ("Decimal", "DefaultStyle"):
                        mark = Opaque(start=0, verdict="ordinal", content=str(number))
                        self.found.append(self.here(opaque=[mark]))
                    self.blocks(item)
            case "DefinitionList":
                for term, definitions in content:
                    self.passage(term)
                    for definition in definitions:
                        self.blocks(definition)
            case "Table":
                self.table(block)
            case "Figure":
                self.attributes(block)
                self.blocks(content[1][1])
                # The image of a figure has the figure's caption as its own text, and it stands only once.
                if not any(node["t"] == "Image" for node in pandoc.elements(content[2])):
                    self.blocks(content[2])
                else:
                    for node in pandoc.elements(content[2]):
                        if node["t"] == "Image":
                            self.attributes(node)
            case "Div":
                _, _, pairs = pandoc.attributes(block)
                before, self.language = self.language, pairs.get("lang", self.language)
                self.attributes(block)
                self.blocks(content[1])
                self.language = before

    def table(self, block: pandoc.Node) -> None:
        _, caption, _, head, bodies, foot = block["c"]
        start = len(self.found)
        rows = [*head[1]]
        for body in bodies:
            rows += [*body[2], *body[3]]
        for row in [*rows, *foot[1]]:
            for cell in row[1]:
                self.blocks(cell[4])
        before = self.kind, self.index
        if self.kind == "body":
            self.kind, self.index = "caption", start
        self.blocks(caption[1])
        self.kind, self.index = before

    def attributes(self, node: pandoc.Node) -> None:
        _, _, pairs = pandoc.attributes(node)
        for name in _READ_ATTRIBUTES:
            if pairs.get(name):
                text = _FACT_IN_TEXT.sub(FACT, pairs[name])
                self.found.append(Passage(text=text, kind="attribute"))
                self.within_language(self.found[-1])

    def here(self, **fields: Any) -> Passage:
        return Passage(kind=self.kind, index=self.index, **fields)

    def passage(self, inlines: list[pandoc.Node], **fields: Any) -> None:
        passage = self.here(**fields)
        self.found.append(passage)
        self.inlines(inlines, passage)
        self.within_language(passage)

    def within_language(self, passage: Passage) -> None:
        if self.language:
            mark = Mark(start=0, end=len(passage.text), name="lang", argument=self.language)
            passage.marks.append(mark)

    def inlines(self, inlines: list[pandoc.Node], passage: Passage) -> None:
        for node in inlines:
            self.inline(node, passage)

    def inline(self, node: pandoc.Node, passage: Passage) -> None:
        content: Any = node.get("c")
        match node["t"]:
            case "Str":
                passage.text += normalize("NFC", content)
            case "Space" | "SoftBreak" | "LineBreak":
                passage.text += " "
            case "Code" | "Math":
                self.opaque(passage, "code", content[1], CODE)
            case "RawInline":
                self.opaque(passage, "code", content[1])
            case "Quoted":
                opening, closing = ("‘", "’") if content[0]["t"] == "SingleQuote" else ("“", "”")
                passage.text += opening
                self.inlines(content[1], passage)
                passage.text += closing
            case "Cite":
                works, words = content
                if all(cross_reference(work["citationId"]) for work in works) and "[" not in _text(words):
                    passage.text += CITATION
                else:
                    self.opaque(passage, "citation", _text(words), CITATION)
            case "Note":
                self.note(content)
            case "Span":
                self.span(node, passage)
            case "Link":
                _, classes, _ = pandoc.attributes(node)
                if {"uri", "email"} & set(classes):
                    self.opaque(passage, "url", _text(content[1]), CODE)
                else:
                    self.inlines(content[1], passage)
                    self.opaque(passage, "url", content[2][0])
            case "Image":
                self.attributes(node)
                self.inlines(content[1], passage)
                self.opaque(passage, "url", content[2][0])
            case _:
                self.inlines(content, passage)

    def opaque(self, passage: Passage, verdict: str, content: str, sign: str = "") -> None:
        passage.opaque.append(Opaque(start=len(passage.text), verdict=verdict, content=content))
        passage.text += sign

    def note(self, blocks: list[pandoc.Node]) -> None:
        before = self.kind, self.index
        self.kind, self.index = "note", self.notes
        self.notes += 1
        self.blocks(blocks)
        self.kind, self.index = before

    def span(self, node: pandoc.Node, passage: Passage) -> None:
        _, classes, pairs = pandoc.attributes(node)
        if "fact" in classes:
            passage.text += FACT
            return
        start = len(passage.text)
        self.inlines(node["c"][1], passage)
        if "lang" in pairs:
            mark = Mark(start=start, end=len(passage.text), name="lang", argument=pairs["lang"])
            passage.marks.append(mark)
        for name, argument in (("claim", "if"), ("unchecked", "reason")):
            if name in classes:
                given = pairs.get(argument, "").strip()
                passage.marks.append(Mark(start=start, end=len(passage.text), name=name, argument=given))


def _items(block: pandoc.Node | None) -> int:
    match block:
        case {"t": "BulletList" | "DefinitionList", "c": items} | {"t": "OrderedList", "c": [_, items]}:
            return len(items)
        case _:
            return 0


def _text(inlines: Any) -> str:
    return pandoc.text_of(inlines)


_END = re.compile(r"[.!?…]+[\"'”’»)\]]*\s+(?=[\"'“‘«(\[]*[\w" + FACT + CITATION + "])")


def sentences(text: str, abbreviations: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Yield start and end of each sentence of a passage.

    Parameters
    ----------
    text
        The passage.
    abbreviations
        Matches what ends with a full stop and no sentence, from its beginning to the full stop.
    """
    start = 0
    for end in _END.finditer(text):
        following = text[end.end() :].lstrip("\"'“‘«([")[:1]
        if following.islower() or _abbreviated(text[start : end.start() + 1], abbreviations):
            continue
        yield start, end.end()
        start = end.end()
    if start < len(text):
        yield start, len(text)


def _abbreviated(text: str, abbreviations: re.Pattern[str]) -> bool:
    """Tell whether a text ends with an abbreviation, among which are single capital letters."""
    last = re.search(r"\S+\Z", text)
    return bool(last and abbreviations.fullmatch(last[0].lstrip("\"'“‘«([")))
