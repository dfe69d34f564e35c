"""What ``{{< var key >}}`` can show."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from corridor.chapter import Shortcode, replace_shortcodes, shortcodes
from corridor.data import Package
from corridor.edition import Rendition
from corridor.markup import escape_markdown
from corridor.messages import chain
from corridor.names import FORMS, read_names
from corridor.paper import Paper
from corridor.quantities import FIXED
from corridor.titles import titles

if TYPE_CHECKING:
    from corridor.facts import Fact

RESERVED = ("paper", "edition", "years", "name")
"""First parts of the keys that are no facts."""


def variables(paper: Paper, rendition: Rendition, package: Package) -> dict[str, str]:
    """Return what the text can show besides facts, by dotted key: Markdown values."""
    edition = rendition.edition
    named = {
        f"name.{part}": escape_markdown(text)
        for part, text in _names(package, edition.partner, rendition.language).items()
    }
    return named | {
        "paper.version": escape_markdown(paper.version),
        "paper.date": escape_markdown(long_date(paper.book["date"], rendition.language)),
        "edition.title": escape_markdown(titles(paper, rendition).edition),
        "years.first": str(edition.first_year),
        "years.last": str(edition.last_year),
        "years.span": f"{edition.first_year}–{edition.last_year}",
    }


def _names(package: Package, partner: str, language: str) -> dict[str, str]:
    """Return the names of areas and the partner, with all their forms behind a hyphen."""
    if "areas" not in package.resources:
        return {}
    found = {}
    # Text that is not translated yet asks for forms of its own language; the bare name takes their place.
    forms = {form for one in chain(language) for form in FORMS.get(one, ())}
    for code, name in read_names(package, language).items():
        own = code.lower().replace("-", "_")
        for key in (own, "partner") if code == partner else (own,):
            found[key] = str(name)
            found |= {f"{key}-{form}": getattr(name, form) for form in forms}
    return found


def shown(texts: Mapping[str, str]) -> dict[str, list[tuple[str, int]]]:
    """Return what the chapters show by ``{{< var >}}``, in the order of first use, with all places.

    Each place is a file, as the texts name it, and a line.
    """
    return named({chapter: shortcodes(text) for chapter, text in texts.items()})


def named(codes: Mapping[str, Iterable[Shortcode]]) -> dict[str, list[tuple[str, int]]]:
    """Return what `shown` does for chapters whose shortcodes are known."""
    found: dict[str, list[tuple[str, int]]] = {}
    for chapter, own in codes.items():
        for code in own:
            if code.name == "var":
                found.setdefault(code.argument, []).append((chapter, code.line))
    return found


_FALLBACK = re.compile(r'<span lang="([\w-]+)">(.*?)</span>')


def in_own_languages(text: str) -> str:
    """Return a text in which each value in words of another language is asked for in that language.

    What is not translated yet stands in ``<span lang="...">``; a value there is named with the language
    behind it: ``{{< var trade.kaz.exports_2024-number-ru >}}``.
    """

    def change(match: re.Match[str]) -> str:
        def show(code: Shortcode) -> str:
            spoken = f"{code.argument}-{match[1]}" if code.name == "var" else code.argument
            return f"{{{{< {code.name} {spoken} >}}}}"

        return f'<span lang="{match[1]}">{replace_shortcodes(match[2], show)}</span>'

    return _FALLBACK.sub(change, text)


def language_of(name: str, language: str) -> tuple[str, str]:
    """Return a name without the language behind it, and that language; by default the text's own.

    Examples
    --------
    >>> language_of("trade.kaz.exports_2024-number-ru", "kk"), language_of("name.kaz-genitive", "kk")
    (('trade.kaz.exports_2024-number', 'ru'), ('name.kaz-genitive', 'kk'))
    """
    for one in chain(language)[1:]:
        if name.endswith(f"-{one}"):
            return name.removesuffix(f"-{one}"), one
    return name, language


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
        plain, spoken = language_of(name, language)
        key, form = split_form(plain)
        if key in facts and (text := facts[key].text(form, spoken)) is not None:
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


def written(flat: Mapping[str, str]) -> str:
    """Return the text of ``_variables.yml`` for variables by dotted key."""
    import yaml

    # Written by libyaml where it is there: it takes a tenth of the time.
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    return yaml.dump(nested(flat), Dumper=dumper, allow_unicode=True, sort_keys=False, width=110)


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
