"""What a reader is told of a fact: its entry as HTML, which its card shows too, and as Typst."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from html import escape
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from corridor import pandoc, quantities
from corridor.facts import DERIVED, Fact, anchor
from corridor.locators import localise
from corridor.messages import cited_in, translate
from corridor.qualifiers import qualified
from corridor.words import words

ROOT = "../"
"""The way from the facts page, and from the folder of the cards, to the root of the site."""


@dataclass(frozen=True, kw_only=True)
class Use:
    """A chapter that uses facts.

    Parameters
    ----------
    chapter
        Its file, relative to the paper's root.
    title
        Its title.
    keys
        The keys of its facts in the order of first use.
    """

    chapter: str
    title: str
    keys: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Listing:
    """The facts of a rendition, and what their entries refer to.

    Parameters
    ----------
    facts
        All facts of the edition by key.
    uses
        Where the text uses them, in the order of the chapters.
    works
        How the text names a work, such as "Huang et al. (2025)", by key of the bibliography.
    language
        The language of the rendition.
    chapter
        The file of the chapter that lists the facts.
    references
        The file of the chapter with the list of references.
    tables
        What readers call the tables of the data, by name.
    """

    facts: Mapping[str, Fact]
    uses: Sequence[Use]
    works: Mapping[str, str]
    language: str
    chapter: str
    references: str
    tables: Mapping[str, str] = field(default_factory=dict)

    @property
    def used(self) -> tuple[str, ...]:
        """The keys of the facts in the text, in the order of first use."""
        return tuple(dict.fromkeys(key for use in self.uses for key in use.keys))


def use_anchor(key: str) -> str:
    """Return the identifier of a fact's first use in a chapter; the filter facts.lua sets it."""
    return f"use-{key.replace('.', '-')}"


def page(chapter: str) -> str:
    """Return the path of a chapter's page on the site."""
    return quote(str(PurePosixPath(chapter).with_suffix(".html")))


def name_works(bibliography: Path, language: str) -> dict[str, str]:
    """Return how the text names each work of a BibTeX file, such as "Huang et al. (2025)", by its key."""
    works = json.loads(pandoc.run("", str(bibliography), "--from", "bibtex", "--to", "csljson"))
    keys = [work["id"] for work in works]
    settings = {"bibliography": bibliography.name, "lang": cited_in(language), "suppress-bibliography": True}
    document = pandoc.document([pandoc.plain(_narrative(key)) for key in keys], settings)
    cited = pandoc.cite(document, bibliography.parent)
    named = [pandoc.text_of(block["c"]) for block in cited["blocks"]]
    return dict(zip(keys, named, strict=False))


def _narrative(key: str) -> pandoc.Node:
    citation = {
        "citationId": key,
        "citationPrefix": [],
        "citationSuffix": [],
        "citationMode": {"t": "AuthorInText"},
        "citationNoteNum": 0,
        "citationHash": 0,
    }
    return {"t": "Cite", "c": [[citation], [pandoc.string(key)]]}


# --- in words


def exact(one: Fact, language: str) -> str:
    """Return the value of a fact in full, with its unit and what the source sets before it."""
    ends = [one.value] if one.upper is None else [one.value, one.upper]
    finest = 10.0 ** min(0, *(_last_place(end) for end in ends))
    text = quantities.written(
        one.value, one.unit, finest, upper=one.upper, scale=1, language=language, signed=False
    )
    return _qualified(one, text, language)


def _qualified(one: Fact, text: str, language: str) -> str:
    return qualified(one.qualifier, text, lambda pattern: translate(pattern, language, None))


def _last_place(value: float) -> int:
    exponent = Decimal(f"{value:.12g}").normalize().as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def precision(one: Fact, language: str) -> str:
    """Return how a fact is rounded, in words; "" for what is counted to the last unit."""
    if one.rounding == 1 and float(one.value).is_integer() and one.unit not in ("percent", "points"):
        return ""
    step = quantities.scaled(one.rounding, one.rounding, language=language)
    shown = one.value / one.rounding
    given = abs(shown - round(shown)) < 1e-6  # else the text rounds what is known to more places
    return words(language)["fact_rounded" if given else "fact_shown"].format(step=step)


def when(one: Fact, language: str) -> str:
    """Return the year or the period that a fact speaks of.

    Periods are written as ``2017/2021`` or ``2023-01/2023-06``.
    """
    if not one.period:
        return str(one.year) if one.year is not None else ""
    ends = [_month(end, language) for end in one.period.split("/")]
    return ("–" if all(end.isdigit() for end in ends) else " – ").join(ends)


def _month(text: str, language: str) -> str:
    from datetime import date

    from babel.dates import format_skeleton

    if not re.fullmatch(r"\d{4}-\d{2}", text):
        return text
    year, month = map(int, text.split("-"))
    return format_skeleton("yMMMM", date(year, month, 1), locale=language.replace("-", "_"))


def status(one: Fact, language: str) -> str:
    """Return the status of a fact in words."""
    word = words(language)
    if one.status != DERIVED:
        return word.get(f"status_{one.status}", one.status)
    return word.get(f"derived_{one.basis}", word["status_derived"])


def stated(one: Fact, language: str) -> str:
    """Return how a fact stands in the text, with what its source sets before it."""
    return _qualified(one, one.text(language=language) or "", language)


def filled(one: Fact, listing: Listing) -> str:
    """Return the formula of a fact with the values in it; "" where it has none, or is another's name."""
    if not one.formula or one.formula.strip() in listing.facts:
        return ""
    names = sorted(one.inputs, key=len, reverse=True)
    if not names:
        return _signs(one.formula)
    pieces = re.split(f"({'|'.join(map(re.escape, names))})", one.formula)
    return "".join(
        _value(listing.facts[piece], listing) if piece in listing.facts else _signs(piece) for piece in pieces
    )


def _value(one: Fact, listing: Listing) -> str:
    return one.text(language=listing.language) or ""


def _signs(text: str) -> str:
    for code, sign in (("**", "^"), ("*", "×"), (" - ", " − "), ("/", "÷")):
        text = text.replace(code, sign)
    return text


def locators(one: Fact, language: str) -> list[tuple[str, str]]:
    """Return the works that a fact comes from, each once, with the places in it."""
    places: dict[str, list[str]] = {}
    for source in one.sources:
        places.setdefault(source.key, [])
        if source.locator and source.locator not in places[source.key]:
            places[source.key].append(source.locator)
    return [
        (key, _typographic("; ".join(localise(one, language) for one in found), language))
        for key, found in places.items()
    ]


def _typographic(text: str, language: str) -> str:
    pattern = words(language)["quotation"]
    return re.sub(r'"([^"]*)"', lambda match: pattern.format(text=match[1]), text)


# --- as HTML


def html_entry(one: Fact, listing: Listing) -> str:
    """Return what a card and the facts page show of a fact.

    Links begin with `ROOT`, or lead to another place on the facts page.
    """
    language = listing.language
    word = words(language)
    rounded = precision(one, language)
    small = f" <small>{escape(rounded)}</small>" if rounded else ""
    state = " · ".join(filter(None, (when(one, language), status(one, language))))
    terms = [("sources", _html_sources(one, listing))]
    if formula := filled(one, listing):
        terms.append(("formula", escape(formula)))
    if one.inputs:
        same = bool(one.formula) and not formula
        terms.append(("same_as" if same else "inputs", _html_inputs(one, listing)))
    if one.how:
        terms.append(("how", escape(one.how)))
    if one.note:
        terms.append(("fact_note", escape(_typographic(one.note, language))))
    if printed := _printed(one, listing):
        row = f"{ROOT}facts/rows/{quote(printed.resource)}.html#{quote(printed.key)}"
        terms.append(("data", f'<a href="{row}">{escape(row_name(printed.resource, listing))}</a>'))
    if one.notebook:
        place = word["cell"].format(notebook=one.notebook, cell=one.cell) if one.cell else one.notebook
        terms.append(("notebook", escape(place)))
    # Without the end tags that HTML can do without: the page holds hundreds of entries.
    listed = "".join(f"<dt>{word[name]}<dd>{text}" for name, text in terms)
    return (
        f'<p class="fact-title">{escape(one.title)}</p>'
        f'<p class="fact-value">{escape(exact(one, language))}{small}</p>'
        f'<p class="fact-state">{escape(state)}</p><dl>{listed}</dl>'
    )


def _printed(one: Fact, listing: Listing) -> Fact | None:
    """Return the fact of the data row that a fact is, under its own or another name."""
    while not one.resource and one.inputs == (one.formula,) and one.formula in listing.facts:
        one = listing.facts[one.formula]
    return one if one.resource else None


def row_name(resource: str, listing: Listing) -> str:
    """Return what a row of a table is called."""
    return words(listing.language)["row_of"].format(table=table_name(resource, listing))


def table_name(resource: str, listing: Listing) -> str:
    """Return what readers call a table of the data."""
    return listing.tables.get(resource, resource.replace("_", " "))


def _html_sources(one: Fact, listing: Listing) -> str:
    found = []
    for key, places in locators(one, listing.language):
        name = escape(listing.works.get(key, key))
        if key in listing.works:
            name = f'<a href="{ROOT}{page(listing.references)}#ref-{quote(key)}">{name}</a>'
        found.append(f"{name}, {escape(places)}" if places else name)
    return "<br>".join(found)


def _html_inputs(one: Fact, listing: Listing) -> str:
    found = []
    for key in one.inputs:
        if part := listing.facts.get(key):
            value = escape(stated(part, listing.language))
            time = when(part, listing.language)
            name = part.title if time in part.title else f"{part.title}, {time}"
            found.append(f'<li><a href="#{anchor(key)}">{escape(name)}</a>: {value}')
        else:
            found.append(f"<li>{escape(key)}")
    return f"<ul>{''.join(found)}</ul>"


# --- as Typst


def typst_entry(one: Fact, listing: Listing) -> str:
    """Return what the appendix of the PDF tells of a fact, as an argument of ``fact-list``."""
    language = listing.language
    formula = filled(one, listing)
    same = next((listing.facts[key] for key in one.inputs if key in listing.facts), None)
    if formula:
        derivation = f"= {formula}"
    elif one.how:
        derivation = one.how
    elif one.formula and same and same.title != one.title:
        derivation = words(language)["same_as_print"].format(title=same.title)
    else:
        derivation = ""
    sources = "".join(
        f"({_string(key) if key in listing.works else 'none'}, "
        f"{_string(places if key in listing.works else ', '.join(filter(None, (key, places))))}),"
        for key, places in locators(one, language)
    )
    fields = {
        "value": stated(one, language),
        "title": one.title,
        "state": ", ".join(filter(None, (when(one, language), status(one, language)))),
        "derivation": derivation,
        "note": _typographic(one.note, language),
    }
    texts = ", ".join(f"{name}: {_string(text)}" for name, text in fields.items())
    return f"  ({_string(one.key)}, ({texts}, sources: ({sources}))),\n"


def _string(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'
