"""Statements of a direction or an order beside facts, and the claims that bind them to conditions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corridor.check.numbers.passages import FACT, Passage, sentences
from corridor.check.numbers.prose import Prose
from corridor.check.numbers.rules import plain, rules
from corridor.check.numbers.verdicts import shown


@dataclass(frozen=True, kw_only=True)
class Assertion:
    """Words that assert a direction or an order in a sentence that holds a fact.

    Parameters
    ----------
    text
        The words: "more than doubled".
    excerpt
        The sentence.
    line
        Line in the chapter, counted from 1.
    bound
        Whether they stand inside a claim that has a condition.
    """

    text: str
    excerpt: str
    line: int
    bound: bool


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A statement that is bound to a condition: ``[more than doubled]{.claim if="a > 2 * b"}``.

    Parameters
    ----------
    wording
        What is stated; a fact in it is shown as ``{{…}}``.
    condition
        What must hold, as it stands; empty where none is given.
    line
        Line in the chapter, counted from 1.
    """

    wording: str
    condition: str
    line: int


def assertions(prose: Prose, language: str) -> list[Assertion]:
    """Return the words of a chapter that assert a direction or an order beside a fact.

    Parameters
    ----------
    prose
        The chapter.
    language
        One of `corridor.check.numbers.rules.LANGUAGES`.
    """
    known = rules(language)
    found = []
    for number, passage in enumerate(prose.passages):
        words = plain(passage.spoken(language))
        for start, end in sentences(words, known.abbreviations):
            if FACT not in words[start:end]:
                continue
            for first, last in _runs(known.statements, words, start, end):
                claim = passage.marked(first, last, "claim")
                found.append(
                    Assertion(
                        text=passage.text[first:last],
                        excerpt=shown(passage.text[start:end]),
                        line=prose.line(number, first),
                        bound=bool(claim and claim.argument),
                    )
                )
    return found


def claims(prose: Prose) -> list[Claim]:
    """Return the claims of a chapter with their conditions, in the order of the tree."""
    return [
        Claim(wording=wording, condition=argument, line=place)
        for wording, argument, place in spans(prose, "claim")
    ]


def spans(prose: Prose, name: str) -> Iterator[tuple[str, str, int]]:
    """Yield words, argument and line of each span ``.claim`` or ``.unchecked`` of a chapter."""
    for number, passage in enumerate(prose.passages):
        for mark in sorted(passage.marks, key=lambda m: m.start):
            if mark.name == name:
                first = _first_word(passage, mark.start, mark.end)
                wording = shown(passage.text[mark.start : mark.end])
                yield wording, mark.argument, prose.line(number, first)


def _first_word(passage: Passage, start: int, end: int) -> int:
    word = re.compile(r"[^\W_]").search(passage.text, start, end)
    return word.start() if word else start


def _runs(pattern: re.Pattern[str], text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield start and end of matches, those joined by one space as one."""
    first, last = -1, -1
    for match in pattern.finditer(text, start, end):
        if first >= 0 and text[last : match.start()] == " ":
            last = match.end()
            continue
        if first >= 0:
            yield first, last
        first, last = match.span()
    if first >= 0:
        yield first, last
