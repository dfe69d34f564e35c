"""What ``{{< var key >}}`` can show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from corridor.chapter import shortcodes
from corridor.edition import Rendition
from corridor.files import read_text
from corridor.markup import escape_markdown
from corridor.paper import Paper
from corridor.quantities import FIXED

if TYPE_CHECKING:
    from corridor.facts import Fact

RESERVED = ("paper", "edition", "years")
"""First parts of the keys that are no facts."""


def variables(paper: Paper, rendition: Rendition) -> dict[str, str]:
    """Return what the text can show besides facts, by dotted key: Markdown values."""
    edition = rendition.edition
    return {
        "paper.version": escape_markdown(paper.version),
        "paper.date": escape_markdown(long_date(paper.book["date"], rendition.language)),
        "edition.title": escape_markdown(edition.title),
        "years.first": str(edition.first_year),
        "years.last": str(edition.last_year),
        "years.span": f"{edition.first_year}–{edition.last_year}",
    }


def shown(paper: Paper) -> dict[str, list[tuple[str, int]]]:
    """Return what the chapters show by ``{{< var >}}``, in the order of first use, with all places.

    Each place is a file, relative to the paper's root, and a line.
    """
    found: dict[str, list[tuple[str, int]]] = {}
    for chapter in paper.chapters:
        for code in shortcodes(read_text(paper.root / chapter, paper.root)):
            if code.name == "var":
                found.setdefault(code.argument, []).append((chapter, code.line))
    return found


def fact_variables(
    facts: Mapping[str, Fact], names: Iterable[str], language: str, *, page: str | None
) -> dict[str, str]:
    """Return facts as the text shows them, by key and form: Markdown values.

    Parameters
    ----------
    facts
        The facts of the rendition, by key.
    names
        What the text names: keys, perhaps with a form behind a hyphen. What is no fact is passed over.
    language
        Language of numbers and words.
    page
        The chapter that lists the facts, to which each links; ``None`` where there is none.
    """
    from corridor.facts import anchor, split_form

    found = {}
    for name in names:
        key, form = split_form(name)
        if key in facts and (text := facts[key].text(form, language)) is not None:
            words = FIXED.join(escape_markdown(word) for word in text.split(FIXED))
            target = f"(/{page}#{anchor(key)})" if page else ""
            # Without quotation marks around the key: the value may itself stand between some.
            found[name] = f"[{words}]{target}{{.fact data-key={key}}}"
    return found


def nested(flat: Mapping[str, str]) -> dict[str, Any]:
    """Return variables by dotted key as the tree that ``_variables.yml`` holds."""
    tree: dict[str, Any] = {}
    for key, value in flat.items():
        *path, last = key.split(".")
        place = tree
        for part in path:
            place = place.setdefault(part, {})
        place[last] = value
    return tree


def flatten(tree: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Return nested variables by dotted key."""
    flat: dict[str, str] = {}
    for key, value in tree.items():
        if isinstance(value, dict):
            flat |= flatten(value, f"{prefix}{key}.")
        else:
            flat[prefix + key] = str(value)
    return flat


def long_date(day: date | str, language: str) -> str:
    """Return a date in words: 22 November 2026."""
    from babel.dates import format_date

    if isinstance(day, str):
        day = date.fromisoformat(day)
    # The paper's English is British; plain "en" is American in the CLDR.
    locale = "en_GB" if language == "en" else language.replace("-", "_")
    return format_date(day, "long", locale=locale)
