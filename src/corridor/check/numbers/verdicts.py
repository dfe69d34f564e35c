"""What each number of a passage is: a fault, or exempt and why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corridor.check.numbers.listed import is_listed
from corridor.check.numbers.numerals import Numeral, digits, words
from corridor.check.numbers.passages import CITATION, CODE, FACT, Passage, sentences
from corridor.check.numbers.prose import Prose
from corridor.check.numbers.rules import Rules, plain, rules

_EXCERPT = 60
"""How many characters of a sentence an excerpt has, about."""

_LEAD = re.compile(r"(?<![^\W_])[^\W_]+(?:[-+][^\W_]+)*[-+]?\Z")
_RANGE_LEAD = re.compile(r"\d[\d.,]*(?:[^\W\d_]{0,4}[-+]|[xх])")
_TRAIL = re.compile(r"[-+]?[^\W_]+(?:[-+][^\W_]+)*|'s(?!\w)")
_YEAR = re.compile(r"(1\d|2[01])\d\d")
_SEASON = re.compile(r"(?:1\d|2[01])\d\d/\d\d(?:\d\d)?")
_RANGE_BEHIND = re.compile(r" ?(?:[-–—−…]|to|and|or|и|или|до|по),? ?(?=\d)")
_RANGE_BEFORE = re.compile(
    r"(?:\b\d{4} ?(?:[-–—−…]|,|,? (?:to|and|or|и|или|до|по))? )+\Z|\b\d{4} ?[-–—−…] ?\Z"
)
_SHORT_YEAR = re.compile(r"(?<!\d)(?:1\d|2[01])(\d\d)[-–—]\Z")


@dataclass(frozen=True, kw_only=True)
class Found:
    """A number of a chapter.

    Parameters
    ----------
    text
        The number as it stands, without unit and currency.
    verdict
        ``fault``, or the name of what exempts it: ``claim``, ``unchecked``, ``year``, ``date``,
        ``reference``, ``citation``, ``name``, ``ordinal``, ``code``, ``url``, ``listed``.
    excerpt
        The words around it.
    in_words
        Whether it is written in words.
    inside
        Of a fault: the span that does not exempt it, ``claim`` or ``unchecked``; empty outside of both.
    passage, start
        Its place: number of the passage, first character.
    """

    text: str
    verdict: str
    excerpt: str
    in_words: bool
    inside: str
    passage: int
    start: int


def find(prose: Prose, language: str) -> list[Found]:
    """Return the numbers of a chapter, each with its verdict, in the order of the tree.

    Parameters
    ----------
    prose
        The chapter.
    language
        Language of the chapter, one of `corridor.check.numbers.rules.LANGUAGES`. Numbers in a span or block
        with the attribute ``lang`` of another language are left out.
    """
    known = rules(language)
    return [
        found
        for number, passage in enumerate(prose.passages)
        for found in sorted(_numbers(passage, number, known, language), key=lambda f: f.start)
    ]


def _numbers(passage: Passage, number: int, known: Rules, language: str) -> Iterator[Found]:
    text = plain(passage.spoken(language))

    def inside(start: int, end: int) -> str:
        return next((name for name in ("unchecked", "claim") if passage.marked(start, end, name)), "")

    def found(start: int, end: int, verdict: str, *, in_words: bool = False, content: str = "") -> Found:
        return Found(
            text=content or passage.text[start:end],
            verdict=verdict,
            excerpt=excerpt(passage.text, start, end),
            in_words=in_words,
            inside=inside(start, end) if verdict == "fault" else "",
            passage=number,
            start=start,
        )

    for opaque in passage.opaque:
        for numeral in digits(plain(opaque.content)):
            content = opaque.content[numeral.start : numeral.end]
            yield found(opaque.start, opaque.start, opaque.verdict, content=content)
        if opaque.verdict == "citation":
            for numeral in words(plain(opaque.content), known):
                content = opaque.content[numeral.start : numeral.end]
                yield found(opaque.start, opaque.start, opaque.verdict, content=content)
    numerals = [*digits(text), *words(text, known)]
    if not numerals:
        return
    reading = _Reading(passage, text, known)
    for numeral in numerals:
        verdict = reading.verdict(numeral)
        if verdict:
            yield found(numeral.start, numeral.end, verdict, in_words=numeral.shape != "digits")


class _Reading:
    """A passage in which numbers are judged."""

    def __init__(self, passage: Passage, text: str, known: Rules) -> None:
        self.passage = passage
        self.text = text
        self.rules = known
        self.exempt = {
            name: [match.span() for match in pattern.finditer(text)] for name, pattern in known.exempt.items()
        }

    def verdict(self, numeral: Numeral) -> str | None:
        """Return the verdict on a number, ``None`` if it is none."""
        by_rule = self.by_rule(numeral)
        if by_rule is None:
            return None
        unchecked = self.passage.marked(numeral.start, numeral.end, "unchecked")
        if unchecked:
            return "unchecked" if unchecked.argument else "fault"
        claim = self.passage.marked(numeral.start, numeral.end, "claim")
        if claim and claim.argument and numeral.shape == "words" and by_rule in ("fault", "listed"):
            return "claim"
        return by_rule

    def by_rule(self, numeral: Numeral) -> str | None:
        for name, spans in self.exempt.items():
            if any(start <= numeral.start and numeral.end <= end for start, end in spans):
                if name != "idiom":
                    return name
                if numeral.shape != "digits":
                    return None
        match numeral.shape:
            case "ordinal":
                return "ordinal"
            case "words":
                return "listed" if numeral.value and self.is_listed(numeral) else "fault"
            case _:
                return self.of_digits(numeral)

    def is_listed(self, numeral: Numeral) -> bool:
        for start, end in sentences(self.text, self.rules.abbreviations):
            if start <= numeral.start < end:
                before, after = self.text[start : numeral.start], self.text[numeral.end : end]
                # A list below is of what the sentence announces with a colon, or ends with.
                announced = after.rstrip().endswith(":") or not re.search(r"[,;:–—]", after)
                if announced and end == len(self.text) and self.passage.items == numeral.value:
                    return True
                return is_listed(before, after, numeral.value, self.rules)
        return False

    def of_digits(self, numeral: Numeral) -> str:
        number = self.text[numeral.start : numeral.end]
        lead = self.lead(numeral)
        trail_match = _TRAIL.match(self.text, numeral.end)
        trail = trail_match[0] if trail_match else ""
        core = number.lstrip("-−–+")
        if lead and not self.leaves_quantity(lead):
            if _YEAR.fullmatch(core) and self.rules.year_prefix.fullmatch(lead.rstrip("-")):
                return "year"
            return "name"
        if re.match(r"-?(?:[^\W\d_]|')", trail):
            if ended := self.by_ending(core, trail):
                return ended
        elif re.match(r"\+\d*[^\W\d_]", trail):
            return "name"
        if core == number and self.is_year(numeral, core, lead):
            return "year"
        return "fault"

    def lead(self, numeral: Numeral) -> str:
        """Return the letters that a number is joined to in front."""
        found = _LEAD.search(self.text[max(0, numeral.start - 40) : numeral.start])
        lead = found[0] if found else ""
        while part := _RANGE_LEAD.match(lead):
            lead = lead[part.end() :]
        return lead if re.search(r"[^\W\d]", lead) else ""

    def leaves_quantity(self, lead: str) -> bool:
        """Tell whether what stands in front leaves a number a quantity: USD24, top-10, about12."""
        if self.rules.codes.fullmatch(lead) or (len(lead) > 3 and lead.isalpha() and lead.islower()):
            return True
        return lead.endswith("-") and bool(self.rules.quantity_prefix.fullmatch(lead[:-1]))

    def by_ending(self, number: str, trail: str) -> str | None:
        """Return the verdict on digits by what is joined to them, ``None`` if they stand as by themselves."""
        known = self.rules
        whole = number.isdigit()
        if known.cardinal_ending.fullmatch(trail) or (trail in ("-х", "-ех") and number in ("2", "3", "4")):
            return "fault"
        if whole and _YEAR.fullmatch(number) and known.decade_ending.fullmatch(trail):
            return "year"
        if whole and known.ordinal_ending.fullmatch(trail):
            return "ordinal"
        if trail.startswith("-"):
            # "30-day" counts days; "4-PL" is a name.
            return "fault" if trail[1:2].islower() or known.unit_ending.fullmatch(trail[1:]) else "name"
        if trail.startswith("'"):
            return None
        unit = re.split(r"[-–—+]|(?<=[xх])\d", trail)[0]
        # A whole word behind digits is a missing space, not a name.
        joined = unit.islower() and len(unit) > 3
        return "fault" if joined or known.unit_ending.fullmatch(unit) else "name"

    def is_year(self, numeral: Numeral, number: str, lead: str) -> bool:
        """Tell whether digits are a year, by what stands around them."""
        known = self.rules
        before, after = self.text[max(0, numeral.start - 40) : numeral.start], self.text[numeral.end :]
        if _SEASON.fullmatch(number):
            return True
        if (short := _SHORT_YEAR.search(before)) and re.fullmatch(r"\d\d", number):
            return int(number) > int(short[1]) and not known.unit.match(after)
        if not _YEAR.fullmatch(number) or re.search(r"[$€£¥₸₽~] ?\Z", before) or lead:
            return False
        if re.search(rf"\b(?:{known.codes.pattern}) ?\Z", before):
            return False
        # Of a range the preposition stands before the first year, the unit behind the last.
        behind = self.text[self.end_of_range(numeral.end) :]
        before_range = _RANGE_BEFORE.sub("", before)
        if known.year_behind.match(behind):
            return True
        amount = re.match(rf" (?:{known.codes.pattern}|[$€£¥₸₽]) ?\d", behind)
        if (known.unit.match(behind) and not amount) or known.quantity_before.search(before):
            return False
        counted = known.counted.match(behind) or re.match(r" [a-z]{3,}s\b", behind)
        if counted and not known.not_counted.match(behind):
            prefixes = known.year_before_counted if known.counted.match(behind) else known.year_before
            return bool(prefixes.search(before_range)) and 1900 <= int(number) < 2100
        return 1900 <= int(number) < 2100 or bool(known.year_before_counted.search(before_range))

    def end_of_range(self, end: int) -> int:
        while join := _RANGE_BEHIND.match(self.text, end):
            number = re.compile(r"\d{4}(?!\d)").match(self.text, join.end())
            if not number:
                break
            end = number.end()
        return end


def excerpt(text: str, start: int, end: int) -> str:
    """Return the words around a part of a passage, on one line.

    Examples
    --------
    >>> excerpt("Trade rose by 12 percent.", 14, 16)
    'Trade rose by 12 percent.'
    """
    first, last = max(0, start - _EXCERPT // 2), min(len(text), end + _EXCERPT // 2)
    while first > 0 and not text[first - 1].isspace() and start - first < _EXCERPT:
        first -= 1
    while last < len(text) and not text[last].isspace() and last - end < _EXCERPT:
        last += 1
    return ("… " if first else "") + shown(text[first:last]) + (" …" if last < len(text) else "")


def shown(text: str) -> str:
    """Return a part of a passage as a message shows it, on one line."""
    for sign, instead in ((FACT, "{{…}}"), (CITATION, "[@…]"), (CODE, "`…`")):
        text = text.replace(sign, instead)
    return " ".join(text.split())
