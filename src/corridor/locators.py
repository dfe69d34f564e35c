"""Places in a work ("sec. 2.1, Table 3") in the language of the text that cites it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from corridor.chapter import without_code
from corridor.documents import parsed
from corridor.messages import SOURCE

_NUMBER = r"\d+(?:\.\d+)*"
_NUMBERS = rf"{_NUMBER}(?:(?:\s*[-–]\s*|,\s+|,?\s+and\s+|\s+to\s+){_NUMBER})*"
_QUOTED = re.compile(r'("[^"]*"|“[^”]*”)')
_KEY = r"-?(?<![\w@])@\w[\w:.#$%&+?~/-]*\w"
_CITATION = re.compile(
    # In brackets, but not the text of a link or span.
    rf"\[[^\[\]]*{_KEY}[^\[\]]*\](?![({{])"
    rf"|{_KEY}\s*\[[^\[\]]*\](?![({{])"
)


def localise(locator: str, language: str) -> str:
    """Return a place in a work in another language than English; the words of the work stay as they are.

    Parameters
    ----------
    locator
        The place in English, in words that ``locators.yml`` knows; others stay, as do quotations.
    language
        The language of the text.

    Examples
    --------
    >>> localise("secs. 2 and 5, Table 1", "ru"), localise("secs. 2 and 5, Table 1", "kk")
    ('разд. 2 и 5, табл. 1', '2 және 5‑бөл., 1‑кесте')
    >>> localise('sec. 1, para. beginning "For decades"', "ru")
    'разд. 1, абз. с началом "For decades"'
    """
    if language.split("-")[0] == SOURCE:
        return locator
    pattern, phrases = _phrases(language.split("-")[0])
    pieces = _QUOTED.split(locator)
    pieces[::2] = [pattern.sub(lambda found: _said(found, phrases), piece) for piece in pieces[::2]]
    return "".join(pieces)


def in_text(markdown: str, language: str) -> str:
    """Return Markdown with the places in its citations, ``[@key, sec. 2]`` and ``@key [sec. 2]``, localised.

    Examples
    --------
    >>> in_text("Trade grew [@key, sec. 2; @other, Table 3].", "ru")
    'Trade grew [@key, разд. 2; @other, табл. 3].'
    """
    if language.split("-")[0] == SOURCE:
        return markdown
    found, end = [], 0
    for citation in _CITATION.finditer(without_code(markdown)):
        pieces = re.split(f"({_KEY})", markdown[citation.start() : citation.end()])
        pieces[::2] = [localise(piece, language) for piece in pieces[::2]]
        found += [markdown[end : citation.start()], *pieces]
        end = citation.end()
    return "".join([*found, markdown[end:]])


@cache
def _phrases(language: str) -> tuple[re.Pattern[str], Mapping[str, str]]:
    """Return what matches any phrase, and by group what it is called; ``and`` is what joins numbers."""
    entries = parsed(files("corridor").joinpath("locators.yml").read_text(encoding="utf-8"))
    alternatives, phrases = [], {}
    for number, entry in enumerate(entries):
        if language not in entry:
            continue
        ways = "|".join(re.sub(r"(?:\\ )+", r"\\s+", re.escape(way)) for way in entry["en"])
        alternatives.append(f"(?P<phrase{number}>{ways.replace(re.escape('{n}'), _NUMBERS)})")
        phrases[f"phrase{number}"] = entry[language]
        if "and" in entry["en"]:
            phrases["and"] = entry[language]
    return re.compile(rf"(?<![\w.])(?:{'|'.join(alternatives) or '(?!)'})(?!\w)"), phrases


def _said(found: re.Match[str], phrases: Mapping[str, str]) -> str:
    numbers = re.search(_NUMBERS, found[0])
    shown = re.sub(r"\s+to\s+|\s*[-–]\s*", "–", numbers[0]) if numbers else ""
    shown = re.sub(r",?\s+and\s+", f" {phrases['and']} ", shown)
    said = phrases[str(found.lastgroup)].format(n=shown)
    # Lines stay as many as they were, for places in messages.
    return said + "\n" * (found[0].count("\n") - said.count("\n"))
