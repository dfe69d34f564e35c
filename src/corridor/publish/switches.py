"""From a page to the same page in other languages and editions: links for readers and for search engines."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from html import escape
from urllib.parse import quote

from corridor.publish.rendered import Published, is_text
from corridor.words import words

LINKS = "<!--renditions: links-->"
"""Where the embedded engine's pages take what belongs into their head."""

SWITCH = "<!--renditions: switch-->"
"""Where they take the links between renditions."""

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


def in_languages(one: Published, renditions: Sequence[Published]) -> list[Published]:
    """Return the renditions of an edition in the order of its languages, the default first."""
    found = {other.language: other for other in renditions if other.slug == one.slug}
    return [found[language] for language in one.rendition.edition.languages if language in found]


def in_editions(one: Published, renditions: Sequence[Published]) -> list[Published]:
    """Return a rendition of each edition: in the language of one where there is it, else in its default."""
    slugs = dict.fromkeys(other.slug for other in renditions)
    found = []
    for slug in slugs:
        choice = in_languages(next(other for other in renditions if other.slug == slug), renditions)
        found.append(next((other for other in choice if other.language == one.language), choice[0]))
    return found


def alternates(
    one: Published, page: str, renditions: Sequence[Published], address: str | None
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
    same = [other for other in in_languages(one, renditions) if page in other.pages]
    root = to_root(page) if address is None else address
    if len(same) < 2:
        return []
    found = [(other.language, f"{root}{other.path}/{quote(page)}") for other in same]
    return [*found, ("x-default", found[0][1])]


def to_root(page: str) -> str:
    """Return the way from a page of a rendition to the root of the site."""
    return "../" * (page.count("/") + 2)


def links(one: Published, page: str, renditions: Sequence[Published], address: str | None) -> str:
    """Return what stands in the head of a page."""
    root = to_root(page)
    found = alternates(one, page, renditions, address)
    lines = [f'<link rel="alternate" hreflang="{language}" href="{href}">' for language, href in found]
    if address is not None:
        lines.append(f'<link rel="canonical" href="{address}{one.path}/{quote(page)}">')
    if is_text(page) and len(renditions) > 1:
        lines.append(f'<link rel="stylesheet" href="{root}assets/{_STYLE}">')
        lines.append(f'<script defer src="{root}assets/{_SCRIPT}"></script>')
    return "\n".join(lines)


def switch(one: Published, page: str, renditions: Sequence[Published]) -> str:
    """Return the list of languages and editions of a page; empty where there is nothing to choose."""
    if len(renditions) < 2 or not is_text(page):
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
        item(other, language_name(other.language), other.language) for other in in_languages(one, renditions)
    ]
    editions = [item(other, other.edition, other.language) for other in in_editions(one, renditions)]
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
