"""From the paper's chapters to the manuscript of a rendition: its blocks, its language, its home."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from corridor import pandoc
from corridor.chapter import Shortcode, replace_shortcodes, shortcodes, without_code
from corridor.conditions import div_with, resolve_conditions
from corridor.data import Package
from corridor.edition import Edition, Rendition, editions, home, profile
from corridor.errors import Fault, PaperError, raise_any
from corridor.files import read_text
from corridor.manuscript import Line, Manuscript, Text
from corridor.messages import FOLDER as LOCALES
from corridor.messages import SOURCE, chain
from corridor.messages import files as catalogues_of
from corridor.paper import Paper

HOME = "home"
"""The part of a key that stands for the edition's own area."""

_HEADING = re.compile(r"[ \t>]*#{1,6}[ \t]+(?P<title>.*?)[ \t]*(?P<attributes>\{[^{}]*\})?[ \t]*")
_CONDITION = re.compile(r'(\bif=")([^"]*)(")')
_HOME_PART = re.compile(rf"(?<=\.){HOME}(?=\.)")


def compose(paper: Paper, rendition: Rendition, package: Package) -> Manuscript:
    """Return the chapters as a rendition reads them.

    Own chapters and blocks come first, then conditions, then the language, then what ``home`` stands for.

    Raises
    ------
    PaperError
        If a chapter or a catalogue cannot be read, or a condition, a block or ``home`` stands for nothing.
    """
    edition = rendition.edition
    known, metadata = editions(paper), profile(edition, package)
    area = home(edition, package)
    texts: dict[str, Text] = {}
    named: set[str] = set()
    raise_any(_unreadable_catalogues(paper, rendition.language))
    faults: list[Fault] = []
    for chapter in chapters(paper, edition):
        try:
            text = Text.of(chapter, read_text(paper.root / chapter, paper.root))
            text = _with_own_blocks(paper, edition, text)
            text = resolve_conditions(text, slug=edition.slug, slugs=known, profile=metadata)
            text = _in_language(paper, text, rendition.language)
            texts[chapter], through_home = _at_home(text, area)
            named |= through_home
        except PaperError as error:
            faults += error.faults
    raise_any(faults)
    appendices = edition.arranged(paper.appendices)
    return Manuscript(
        rendition=rendition,
        texts=texts,
        appendices=appendices,
        home=_part(area),
        through_home=frozenset(named),
    )


def chapters(paper: Paper, edition: Edition) -> tuple[str, ...]:
    """Return the files of an edition's chapters in the order of reading, appendices last."""
    return edition.arranged(paper.chapters)


def sources(paper: Paper, edition: Edition) -> list[str]:
    """Return every file whose prose an edition can show: its chapters and its own blocks."""
    return [*chapters(paper, edition), *edition.blocks.values()]


def _unreadable_catalogues(paper: Paper, language: str) -> Iterator[Fault]:
    """Yield a fault for each catalogue that notebooks or titles would stumble over."""
    own = paper.root / LOCALES
    for file in (file for one in chain(language) if one != SOURCE for file in catalogues_of(one, paper.root)):
        try:
            if file.is_relative_to(own):
                read_text(file, paper.root)
        except PaperError as error:
            yield from error.faults


def _with_own_blocks(paper: Paper, edition: Edition, text: Text) -> Text:
    for identifier, file in edition.blocks.items():
        if place := div_with(text, identifier):
            own = Text.of(text.chapter, read_text(paper.root / file, paper.root).rstrip("\n"), file)
            start, end = place
            text = text.with_lines([*text.lines[: start + 1], *own.lines, *text.lines[end:]])
    return text


def _in_language(paper: Paper, text: Text, language: str) -> Text:
    if language == SOURCE:
        return text
    from corridor.locators import in_text
    from corridor.translate import prose

    translated = prose.translated(_with_identifiers(text), prose.catalogues(paper.root, text, language))
    lines = [
        replace(line, text=in_text(line.text, language)) if "@" in line.text else line
        for line in translated.lines
    ]
    return text.with_lines(lines)


def _with_identifiers(text: Text) -> Text:
    """Return a text whose headings keep the identifiers that pandoc makes of their words in the source."""
    blanked = without_code(text.text).split("\n")
    headings = [number for number, line in enumerate(blanked) if _HEADING.fullmatch(line)]
    if all("{#" in blanked[number] for number in headings):
        return text
    identifiers = _identifiers(replace_shortcodes(text.text, lambda code: "x"))
    lines = list(text.lines)
    if len(identifiers) != len(headings):
        return text
    for number, identifier in zip(headings, identifiers, strict=True):
        match = _HEADING.fullmatch(lines[number].text)
        if match and identifier and f"#{identifier}" not in (match["attributes"] or ""):
            inside = (match["attributes"] or "{}")[1:-1]
            head = lines[number].text[: match.end("title")]
            own = f"{head} {{{' '.join(filter(None, [f'#{identifier}', inside]))}}}"
            lines[number] = replace(lines[number], text=own)
    return text.with_lines(lines)


# Every step of a rendition composes the same chapters.
@lru_cache(maxsize=64)
def _identifiers(text: str) -> tuple[str, ...]:
    """Return the identifiers that pandoc gives to the headings of a text."""
    nodes = pandoc.elements(pandoc.read(text)["blocks"])
    return tuple(pandoc.attributes(node)[0] for node in nodes if node["t"] == "Header")


def _at_home(text: Text, area: str | None) -> tuple[Text, set[str]]:
    """Return a text with ``home`` resolved, and the names that went through it."""
    own = _part(area)
    named: set[str] = set()
    faults = []
    for code in shortcodes(text.text):
        if code.name == "var" and HOME in _parts(code.argument) and not area:
            file, line = text.place(code.line)
            what = f'"{code.argument}": the countries of this edition are no group of data/areas.csv'
            mend = "name an area, or put the sentence into a block that only other editions show"
            faults.append(Fault(file=file, line=line, what=what, mend=mend))
    raise_any(faults)

    def show(code: Shortcode) -> str:
        name = at_home(code.argument, own) if code.name == "var" else code.argument
        if name != code.argument:
            named.add(name.partition("-")[0])
        return f"{{{{< {code.name} {name} >}}}}"

    found = replace_shortcodes(text.text, show)

    def condition(match: re.Match[str]) -> str:
        inside = _HOME_PART.sub(own, match[2])
        if inside != match[2]:
            named.update(name for name in re.findall(r"[a-z]\w*(?:\.\w+)+", inside) if f".{own}." in name)
        return f"{match[1]}{inside}{match[3]}"

    found = _CONDITION.sub(condition, found)
    lines = [
        Line(new, line.file, line.number) for new, line in zip(found.split("\n"), text.lines, strict=True)
    ]
    return text.with_lines(lines), named


def _part(area: str | None) -> str:
    """Return the part of a key that an area has."""
    return (area or "").lower().replace("-", "_")


def at_home(name: str, area: str) -> str:
    """Return a name with the area that ``home`` stands for.

    Examples
    --------
    >>> at_home("trade.home.exports_2023-number", "kaz"), at_home("name.home-genitive", "kaz")
    ('trade.kaz.exports_2023-number', 'name.kaz-genitive')
    """
    return re.sub(rf"(?<=\.){HOME}(?=[.-]|$)", area, name)


def _parts(name: str) -> list[str]:
    return re.split(r"[.-]", name)
