"""Counts whose things are listed beside them: three countries, Kazakhstan, Uzbekistan and Tajikistan."""

from __future__ import annotations

import re

from corridor.check.numbers.rules import Rules

_WORDS_BEFORE_COMMA = 3
"""How many words a count may have behind it before the comma that its things follow."""

_COLON = re.compile(r"[^:,;]*:\s")
_BRACKET = re.compile(r"[^,:;()]{0,60}\(([^()]*)\)")
_DASH = re.compile(r"[^,:;()–—]{0,60}\s[–—]\s(.*?)(?:\s[–—]\s.*)?\Z")
_COMMA = re.compile(r"([^,:;()–—]{0,60}),\s")


def is_listed(before: str, after: str, count: int, rules: Rules) -> bool:
    """Tell whether as many things as a count says are listed in its sentence.

    Parameters
    ----------
    before, after
        What stands in the sentence before and behind the count.
    count
        What the count says.
    """
    return count in _behind(after.rstrip(" .!?…\"'”’»"), rules) or count == _in_front(before, rules)


def _behind(text: str, rules: Rules) -> set[int]:
    """Return how many things may be listed behind a count."""
    if bracket := _BRACKET.match(text):
        return _members(bracket[1], rules)
    if dash := _DASH.match(text):
        return _members(dash[1], rules)
    found: set[int] = set()
    if colon := _COLON.match(text):
        found |= _members(text[colon.end() :], rules)
    if (comma := _COMMA.match(text)) and len(comma[1].split()) <= _WORDS_BEFORE_COMMA:
        members = text[comma.end() :]
        if not rules.clause_before_comma.search(comma[1]) and not _begins_clause(members, rules):
            found.add(_enumeration(members, rules, whole=False))
    return found - {0}


def _members(text: str, rules: Rules) -> set[int]:
    """Return how many things a text may list: up to its end, or up to the end of the enumeration."""
    if _begins_clause(text, rules):
        return set()
    if ";" in text:
        parts = [part for part in text.split(";") if part.strip()]
        return {len(parts), _enumeration(parts[0], rules, whole=True)}
    return {_enumeration(text, rules, whole=True), _enumeration(text, rules, whole=False)}


def _enumeration(text: str, rules: Rules, *, whole: bool) -> int:
    """Return how many things are joined by commas and a last "and"; 0 if it is no enumeration.

    Parameters
    ----------
    whole
        Whether the things fill the text, so that no "and" is needed; otherwise they end with the first one.
    """
    parts = [part.strip() for part in re.sub(r"\([^()]*\)", "", text).split(",") if part.strip()]
    for number, part in enumerate(parts, start=1):
        if _counts(part, rules):
            return 0
        join = re.search(rf"(?:\A|\s)(?:{rules.list_joiners.pattern})\s", part, re.I)
        last = number == len(parts)
        if join and (last or not whole):
            return number + (join.start() > 0)
        if not whole and rules.clause_word.search(part):
            return 0
    return len(parts) if whole else 0


def _begins_clause(text: str, rules: Rules) -> bool:
    """Tell whether a text begins with examples or a clause, not with a thing."""
    first = re.split(r"[,;]", text, maxsplit=1)[0]
    return bool(rules.no_list_after.match(text) or rules.clause_word.search(first))


def _counts(member: str, rules: Rules) -> bool:
    """Tell whether a member is itself a quantity: "one year" is none of two countries."""
    first = re.match(r"(?:the\s+)?([^\W\d_]+)(?!\w)|\d", member.lower())
    word = rules.word(first[1]) if first and first[1] else None
    return bool(first and not first[1]) or bool(word and word.kind in ("cardinal", "scale"))


def _in_front(text: str, rules: Rules) -> int:
    """Return how many things are listed right before a count."""
    join = rules.list_before_count.search(text)
    if not join or not text[: join.start()].strip() or re.search(r"[:;]", text[: join.start()]):
        return 0
    return _enumeration(text[: join.start()], rules, whole=True)
