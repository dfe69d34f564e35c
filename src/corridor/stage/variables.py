"""What ``{{< var key >}}`` can show."""

from __future__ import annotations

from datetime import date
from typing import Any

from corridor.edition import Rendition
from corridor.markup import escape_markdown
from corridor.paper import Paper


def variables(paper: Paper, rendition: Rendition) -> dict[str, Any]:
    """Return the content of ``_variables.yml``: nested keys, Markdown values."""
    edition = rendition.edition
    return {
        "paper": {
            "version": escape_markdown(paper.version),
            "date": escape_markdown(long_date(paper.book["date"], rendition.language)),
        },
        "edition": {"title": escape_markdown(edition.title)},
        "years": {
            "first": str(edition.first_year),
            "last": str(edition.last_year),
            "span": f"{edition.first_year}–{edition.last_year}",
        },
    }


def flatten(tree: dict[str, Any], prefix: str = "") -> dict[str, str]:
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
