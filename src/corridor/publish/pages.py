"""The pages of the site that belong to no rendition: the hub, and the one for what is not there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import quote

import jinja2

from corridor.publish.rendered import Published
from corridor.publish.switches import Renditions, language_name
from corridor.stage.variables import long_date
from corridor.words import words

HUB, MATRIX, MISSING, SITEMAP, FEED = "index.html", "editions.html", "404.html", "sitemap.xml", "feed.xml"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An edition as the hub lists it.

    Parameters
    ----------
    first
        The rendition that its title leads to.
    languages
        All of its renditions, the default first.
    counts
        How many chapters, tables, figures and facts the first has.
    """

    first: Published
    languages: Sequence[Published]
    counts: Mapping[str, int]


def hub_page(
    default: Published,
    renditions: Renditions,
    drawing: Callable[[str], str | None],
    counted: Callable[[Published], Mapping[str, int]],
    *,
    has_feed: bool,
) -> str:
    """Return the page that opens the site.

    Parameters
    ----------
    default
        The rendition whose title and language it has.
    renditions
        All of the site, those of its edition first.
    drawing
        Gives the map of a name, or ``None``.
    counted
        Gives how many chapters, tables, figures and facts a rendition has.
    has_feed
        Whether there is a feed to be linked.
    """
    word = words(default.language)
    entries = [
        Entry(first=first, languages=renditions.in_languages(first), counts=counted(first))
        for first in renditions.in_editions(default.language)
    ]
    return render(
        "hub.html.j2",
        title=default.title,
        language=default.language,
        style=default.imprint.style,
        strings=word,
        paper=default,
        date=long_date(default.date, default.language),
        entries=entries,
        map=drawing(word["map_of_editions"]),
        feed=FEED if has_feed else None,
        matrix=MATRIX,
        href=lambda one, page="index.html": f"{one.path}/{quote(page)}",
        size=lambda count: file_size(count, default.language),
        language_name=language_name,
    )


def missing_page(default: Published, renditions: Renditions, address: str | None) -> str:
    """Return the page that a host shows where there is none, in all languages of the site.

    Its links start at the root of the site. A host shows it at any depth, so it says where the root is if
    that is known, and looks for it by a script otherwise.
    """
    found: dict[str, Published] = {}
    for one in renditions.every:
        found.setdefault(one.language, one)
    return render(
        "missing.html.j2",
        title=default.title,
        language=default.language,
        style=default.imprint.style,
        address=address,
        parts=[(one, words(language)) for language, one in found.items()],
        language_name=language_name,
    )


def file_size(count: int, language: str) -> str:
    """Return a number of bytes as readers say it.

    Examples
    --------
    >>> file_size(2_475_259, "en"), file_size(9_400, "ru")
    ('2.5 MB', '9 кБ')
    """
    from babel.units import format_unit

    value, unit = (count / 1e6, "megabyte") if count >= 1e6 else (count / 1e3, "kilobyte")
    pattern = "0.0" if count >= 1e6 else "0"
    locale = language.replace("-", "_")
    return format_unit(value, f"digital-{unit}", length="short", format=pattern, locale=locale)


def render(template: str, **values: Any) -> str:
    """Return a page of this package's templates."""
    return _environment().get_template(template).render(values)


@cache
def _environment() -> jinja2.Environment:
    folder = files("corridor") / "publish" / "templates"

    def load(name: str) -> str:
        return (folder / name).read_text(encoding="utf-8")

    return jinja2.Environment(
        loader=jinja2.FunctionLoader(load),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
