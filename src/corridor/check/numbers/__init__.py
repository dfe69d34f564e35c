"""The number gate: no number in the prose of a chapter but facts, and what is exempt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corridor import pandoc
from corridor.chapter import Shortcode, replace_shortcodes
from corridor.check.numbers.prose import Prose
from corridor.check.numbers.statements import Assertion, Claim, assertions, claims, spans
from corridor.check.numbers.verdicts import Found, find
from corridor.errors import Fault

__all__ = [
    "Assertion",
    "Claim",
    "Exempted",
    "Found",
    "Prose",
    "assertions",
    "check_numbers",
    "claims",
    "find",
    "placed",
    "read_chapter",
    "read_chapters",
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


def check_numbers(chapter: str, prose: Prose, language: str) -> tuple[list[Fault], list[Exempted]]:
    """Return the numbers of a chapter that are typed by hand, and what is exempt by its author's word.

    Parameters
    ----------
    chapter
        Path of the chapter, relative to the paper's root.
    prose
        What it says.
    language
        One of `corridor.check.numbers.rules.LANGUAGES`.
    """
    wrong = [found for found in find(prose, language) if found.verdict == "fault"]
    faults = [
        Fault(
            file=chapter,
            line=place,
            what=f'the number "{found.text}" is typed by hand: "{found.excerpt}"',
            mend=_mend(found),
        )
        for found, place in zip(wrong, placed(prose, wrong), strict=True)
    ]
    exempted = [
        Exempted(file=chapter, line=place, text=words, reason=reason)
        for words, reason, place in spans(prose, "unchecked")
    ]
    return sorted(faults, key=lambda fault: fault.line or 0), exempted


def read_chapter(text: str) -> Prose:
    """Read a chapter.

    Raises
    ------
    PandocError
        If pandoc cannot read it.
    """
    return Prose(document=pandoc.read(replace_shortcodes(text, _opaque)), text=text)


def read_chapters(texts: Sequence[str]) -> list[Prose]:
    """Read chapters as `read_chapter` does, by one process."""
    documents = pandoc.read_each([replace_shortcodes(text, _opaque) for text in texts])
    return [Prose(document=document, text=text) for document, text in zip(documents, texts, strict=True)]


def placed(prose: Prose, found: Sequence[Found]) -> list[int]:
    """Return the line in a chapter's source of each number that `find` has found in it."""
    return [prose.line(one.passage, one.start) for one in found]


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
