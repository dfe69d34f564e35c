"""The state of all editions in all languages, for those who publish them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corridor.publish.pages import render
from corridor.publish.switches import language_name
from corridor.words import words


@dataclass(frozen=True, kw_only=True)
class EditionState:
    """An edition in one language, as its publisher looks after it.

    Parameters
    ----------
    slug, title, countries, language
        What it is.
    version, date
        Of what is on the site; empty where it is not there.
    fresh
        Whether it is made of what the paper holds now; ``None`` where that is not known.
    missing
        Facts and exhibits that it lacks because there are no data.
    translated, stale, total
        How many messages of the text are translated, how many of these from older sentences, and how many
        there are; a total of zero where nothing is to be translated.
    pdf, url
        Paths on the site; empty where there is nothing.
    """

    slug: str
    title: str
    countries: tuple[str, ...]
    language: str
    version: str = ""
    date: str = ""
    fresh: bool | None = None
    missing: Sequence[str] = ()
    translated: int = 0
    stale: int = 0
    total: int = 0
    pdf: str = ""
    url: str = ""


def matrix_page(rows: Sequence[EditionState], *, title: str, language: str, style: str = "") -> str:
    """Return the page ``editions.html``.

    Parameters
    ----------
    rows
        The renditions, those of an edition next to each other.
    title, language
        Title of the paper; the language that the page speaks.
    style
        CSS with the publisher's colour.
    """
    word = words(language)
    states = {True: word["state_fresh"], False: word["state_stale"], None: "–"}
    groups: dict[str, list[EditionState]] = {}
    for row in rows:
        groups.setdefault(row.slug, []).append(row)
    return render(
        "editions.html.j2",
        title=title,
        language=language,
        style=style,
        strings=word,
        groups=groups,
        states=states,
        language_name=language_name,
    )
