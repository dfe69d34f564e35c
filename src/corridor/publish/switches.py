"""From a page to the same page in other languages and editions: links for readers and for search engines."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from html import escape
from typing import Any
from urllib.parse import quote

from corridor.files import hashed
from corridor.publish.rendered import Published, is_text
from corridor.words import words

LINKS = "<!--renditions: links-->"
"""Where the embedded engine's pages take what belongs into their head."""

SWITCH = "<!--renditions: switch-->"
"""Where they take the links between renditions."""

LISTED = 30
"""Editions that a page lists; where there are more, it leads to the list of all."""

_SCRIPT = "switch.js"
_STYLE = "switch.css"


@cache
def language_name(language: str) -> str:
    """Return what a language calls itself.

    Examples
    --------
    >>> language_name("ru"), language_name("en")
    ('Русский', 'English')
    """
    from babel import Locale

    name = Locale.parse(language, sep="-").get_display_name() or language
    return name[0].upper() + name[1:]


class Renditions:
    """All renditions of a site, found by edition and language.

    Parameters
    ----------
    every
        All of them in order.
    """

    def __init__(self, every: Iterable[Published]) -> None:
        self.every = tuple(every)
        self._by_edition: dict[str, dict[str, Published]] = {}
        for one in self.every:
            self._by_edition.setdefault(one.slug, {})[one.language] = one
        self._by_language: dict[str, list[Published]] = {}

    def in_languages(self, one: Published) -> list[Published]:
        """Return the renditions of an edition in the order of its languages, the default first."""
        found = self._by_edition[one.slug]
        return [found[language] for language in one.rendition.edition.languages if language in found]

    def in_editions(self, language: str) -> list[Published]:
        """Return a rendition of each edition: in a language where there is it, else in its default."""
        if language not in self._by_language:
            choices = (self.in_languages(next(iter(found.values()))) for found in self._by_edition.values())
            self._by_language[language] = [
                next((one for one in choice if one.language == language), choice[0]) for choice in choices
            ]
        return self._by_language[language]

    def listed(self, one: Published) -> list[Published]:
        """Return a rendition of each edition that the pages of one list; only itself where there are many."""
        found = self.in_editions(one.language)
        return found if len(found) <= LISTED else [one]

    def around(self, one: Published) -> list[Any]:
        """Return everything that the links on the pages of a rendition hang on, as JSON can hold it."""
        others = [*self.in_languages(one), *self.listed(one)]
        named = [[other.path, other.language, other.edition, hashed([*other.pages])] for other in others]
        return [one.path, one.edition, len(self.every) > 1, named]


def alternates(
    one: Published, page: str, renditions: Renditions, address: str | None
) -> list[tuple[str, str]]:
    """Return languages and addresses of a page, ``x-default`` last; nothing where it has one language.

    Parameters
    ----------
    one, page
        The page.
    renditions
        All of the site.
    address
        Where the site will be, with a slash at its end; without it the addresses are relative to the page.
    """
    same = [other for other in renditions.in_languages(one) if page in other.pages]
    root = to_root(page) if address is None else address
    if len(same) < 2:
        return []
    found = [(other.language, f"{root}{other.path}/{quote(page)}") for other in same]
    return [*found, ("x-default", found[0][1])]


def to_root(page: str) -> str:
    """Return the way from a page of a rendition to the root of the site."""
    return "../" * (page.count("/") + 2)


def links(one: Published, page: str, renditions: Renditions, address: str | None) -> str:
    """Return what stands in the head of a page."""
    root = to_root(page)
    found = alternates(one, page, renditions, address)
    lines = [f'<link rel="alternate" hreflang="{language}" href="{href}">' for language, href in found]
    if address is not None:
        lines.append(f'<link rel="canonical" href="{address}{one.path}/{quote(page)}">')
    if is_text(page) and len(renditions.every) > 1:
        lines.append(f'<link rel="stylesheet" href="{root}assets/{_STYLE}">')
        lines.append(f'<script defer src="{root}assets/{_SCRIPT}"></script>')
    return "\n".join(lines)


def switch(one: Published, page: str, renditions: Renditions) -> str:
    """Return the list of languages and editions of a page; empty where there is nothing to choose."""
    if len(renditions.every) < 2 or not is_text(page):
        return ""
    word = words(one.language)
    root = to_root(page)

    def item(other: Published, text: str, language: str) -> str:
        same = page in other.pages
        href = f"{root}{other.path}/{quote(page if same else 'index.html')}"
        attributes = f'href="{href}" hreflang="{other.language}"' + (" data-same-page" if same else "")
        if language != one.language:
            attributes += f' lang="{language}"'
        if other is one:
            attributes += ' aria-current="true"'
        return f"<li><a {attributes}>{escape(text)}</a></li>"

    languages = [
        item(other, language_name(other.language), other.language) for other in renditions.in_languages(one)
    ]
    editions = [item(other, other.edition, other.language) for other in renditions.listed(one)]
    hub = f'<li><a class="renditions-hub" href="{root}index.html">{word["all_editions"]}</a></li>'
    groups = [(word["language"], languages), (word["edition"], [*editions, hub])]
    panel = "".join(
        f'<nav aria-label="{escape(name)}"><p>{escape(name)}</p><ul>{"".join(items)}</ul></nav>'
        for name, items in groups
    )
    label = f"{word['language']}: {language_name(one.language)}. {word['edition']}: {one.edition}"
    code = one.language.split("-")[0].upper()
    return (
        f'<details class="renditions" data-pagefind-ignore><summary aria-label="{escape(label)}">'
        f'<span class="renditions-code">{code}</span>'
        f'<span class="renditions-name">{escape(language_name(one.language))}</span></summary>'
        f'<div class="renditions-panel">{panel}</div></details>'
    )


def filled(text: str, head: str, body: str) -> str:
    """Return a page with what leads to other renditions, in its own places or, without such, in a bar.

    Parameters
    ----------
    text
        The page as the engine wrote it.
    head
        What belongs into its head.
    body
        The links for readers; may be empty.
    """
    if LINKS in text:
        return text.replace(LINKS, head).replace(SWITCH, body)
    text = text.replace("</head>", f"{head}\n</head>", 1)
    before, end, after = text.rpartition("</body>")
    bar = f'<div class="renditions-bar">{body}</div>\n' if body else ""
    return f"{before}{bar}{end}{after}"
