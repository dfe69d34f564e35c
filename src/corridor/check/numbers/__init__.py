"""The number gate: no number in the prose of a chapter but facts, and what is exempt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corridor import pandoc
from corridor.chapter import Shortcode, replace_shortcodes
from corridor.check.numbers.passages import passages
from corridor.check.numbers.places import line, offset, offsets
from corridor.check.numbers.statements import Assertion, Claim, assertions, claims, spans
from corridor.check.numbers.verdicts import Found, find
from corridor.errors import Fault

__all__ = [
    "Assertion",
    "Claim",
    "Exempted",
    "Found",
    "assertions",
    "check_numbers",
    "claims",
    "find",
    "placed",
    "read_chapter",
]


@dataclass(frozen=True, kw_only=True)
class Exempted:
    """Words that an author has marked as not to be checked, with the reason.

    Parameters
    ----------
    file, line
        Where they stand.
    text
        The words.
    reason
        Why; empty where none is given, and then their numbers are faults.
    """

    file: str
    line: int
    text: str
    reason: str


def check_numbers(
    chapter: str, document: pandoc.Node, text: str, language: str
) -> tuple[list[Fault], list[Exempted]]:
    """Return the numbers of a chapter that are typed by hand, and what is exempt by its author's word.

    Parameters
    ----------
    chapter
        Path of the chapter, relative to the paper's root.
    document
        Its tree, as `read_chapter` returns it.
    text
        Its source.
    language
        One of `corridor.check.numbers.rules.LANGUAGES`.
    """
    wrong = [found for found in find(document, language) if found.verdict == "fault"]
    faults = [
        Fault(
            file=chapter,
            line=place,
            what=f'the number "{found.text}" is typed by hand: "{found.excerpt}"',
            mend=_mend(found),
        )
        for found, place in zip(wrong, placed(document, wrong, text), strict=True)
    ]
    exempted = [
        Exempted(file=chapter, line=place, text=words, reason=reason)
        for words, reason, place in spans(document, text, "unchecked")
    ]
    return sorted(faults, key=lambda fault: fault.line or 0), exempted


def read_chapter(text: str) -> pandoc.Node:
    """Read a chapter with its facts as opaque spans, as `find`, `assertions` and `claims` expect it.

    Raises
    ------
    PandocError
        If pandoc cannot read it.
    """
    return pandoc.read(replace_shortcodes(text, _opaque))


def placed(document: pandoc.Node, found: Sequence[Found], text: str) -> list[int]:
    """Return the line in a chapter's source of each number that `find` has found in it.

    Parameters
    ----------
    document
        The chapter's tree, in which they have been found.
    found
        The numbers.
    text
        The source, with its shortcodes.
    """
    if not found:
        return []
    read = passages(document)
    places = offsets(read, text)
    return [line(text, offset(read[f.passage], places[f.passage], f.start)) for f in found]


def _opaque(code: Shortcode) -> str:
    # Without quotation marks around the key: the shortcode may itself stand in quotation marks.
    if code.name == "var":
        return f"[0]{{.fact data-key={''.join(code.argument.split())}}}"
    return "`embed`{=corridor}"


def _mend(found: Found) -> str:
    if found.inside == "unchecked":
        return 'say why it is not checked: [...]{.unchecked reason="..."}'
    fact = "bind it to a fact, {{< var ... >}}"
    exempt = 'or mark it [...]{.unchecked reason="..."}'
    if found.inside == "claim" and found.in_words:
        return 'give the claim its condition: [...]{.claim if="..."}'
    if found.inside == "claim":
        return f"{fact}: digits inside a claim are no part of its condition"
    if found.in_words:
        return f'{fact}, or to a condition, [...]{{.claim if="..."}}, {exempt}'
    return f"{fact}, {exempt}"
