"""The numbers of a passage, in digits and in words: where they stand, not yet what they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from corridor.check.numbers.passages import FACT
from corridor.check.numbers.rules import Rules, Word

Shape = Literal["digits", "words", "ordinal"]

_FRACTION_SIGNS = "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
_GROUP = r"\d{1,3}(?:(?P<mark>[ ,'])\d{3})(?:(?P=mark)\d{3})*(?!\d)"
_SIGN = rf"(?:(?<![\w)%\]{FACT}])[-−–+])?"
_DIGITS = re.compile(
    rf"{_SIGN}(?<!\d)(?:(?<![.,/])\d+/\d+(?![/.,]?\d)|\d{{1,2}}:\d\d(?!\d)"
    rf"|(?:(?<![^\W\d]){_GROUP}|\d+)(?:[.,]\d+)*[{_FRACTION_SIGNS}]?)|[{_FRACTION_SIGNS}]"
)
_INSIDE_WORDS = "\u00ad\u0300\u0301"
"""Soft hyphens and accents, which do not end a word."""
_WORD = re.compile(rf"[^\W\d_](?:[^\W\d_]|[{_INSIDE_WORDS}])*")
_WITHOUT = dict.fromkeys(map(ord, _INSIDE_WORDS))
_BEHIND_DIGITS = re.compile(rf"(?:[\d{_FRACTION_SIGNS}{FACT}])[ -]?\Z")


@dataclass(frozen=True, kw_only=True)
class Numeral:
    """A number as it stands in a passage.

    Parameters
    ----------
    start, end
        Its characters: digits with sign and separators; words without article and unit.
    shape
        Digits, words, or an ordinal in words.
    value
        Of a single numeral in words up to ten: its value; else 0.
    """

    start: int
    end: int
    shape: Shape
    value: int = 0


def digits(text: str) -> Iterator[Numeral]:
    """Yield the numbers in digits of a text in which all spaces are plain."""
    for match in _DIGITS.finditer(text):
        yield Numeral(start=match.start(), end=match.end(), shape="digits")


def words(text: str, rules: Rules) -> Iterator[Numeral]:
    """Yield the numbers in words of a text in which all spaces are plain."""
    found = [
        (match.start(), match.end(), match[0].translate(_WITHOUT).lower()) for match in _WORD.finditer(text)
    ]
    position = 0
    while position < len(found):
        group = _Group(text, found, position, rules)
        numeral = group.numeral()
        if numeral:
            yield numeral
        position = max(group.next, position + 1)


class _Group:
    """The words from one on that make up one number."""

    def __init__(self, text: str, found: list[tuple[int, int, str]], first: int, rules: Rules) -> None:
        self.text = text
        self.found = found
        self.first = first
        self.rules = rules
        self.next = first + 1
        self.end = found[first][1]

    def numeral(self) -> Numeral | None:
        start = self.found[self.first][0]
        word = self.word(self.first)
        lone = self.found[self.first][2]
        if word is None:
            return self.made(start) if self.is_plural(lone) or self.is_behind_article(lone) else None
        match word.kind:
            case "multiple":
                return self.made(start)
            case "ordinal":
                if self.is_behind_article(lone):
                    return self.made(start)
                return self.made(start, "ordinal") if not self.is_plural(lone) else self.made(start)
            case "fraction":
                if self.is_part_of_period():
                    return None
                self.take_scale_behind_half()
                return self.made(start)
            case "scale":
                if _BEHIND_DIGITS.search(self.text[:start]):
                    self.take_numerals(word)
                    return None
                if self.rules.label_before.search(self.text[:start]) and not lone.endswith("s"):
                    return None
                return self.counted(start, word)
            case _:
                return self.counted(start, word)

    def counted(self, start: int, word: Word) -> Numeral | None:
        """Read a cardinal numeral with all that belongs to it."""
        lone = self.found[self.first][2]
        if lone in self.rules.before and not self.rules.before[lone].match(self.text, self.end):
            return None
        shape: Shape = "words"
        last, count = self.take_numerals(word)
        last_word = self.found[self.next - 1][2]
        if self.takes_denominator(last, last_word) or self.take_tail():
            count += 1
            self.take_scale()
        elif self.takes_ordinal(last):
            shape, count = "ordinal", count + 1
        elif self.takes_proportion():
            count += 1
        one = word == Word(kind="cardinal", value=1)
        if one and count == 1 and not self.one_counts():
            return None
        small = word.kind == "cardinal" and 2 <= word.value <= 10 and count == 1
        return self.made(start, shape, int(word.value) if small else 0)

    def made(self, start: int, shape: Shape = "words", value: int = 0) -> Numeral:
        return Numeral(start=start, end=self.end, shape=shape, value=value)

    def word(self, position: int) -> Word | None:
        return self.rules.word(self.found[position][2]) if position < len(self.found) else None

    def between(self) -> str:
        """Return what stands between the words taken so far and the next."""
        return self.text[self.end : self.found[self.next][0]] if self.next < len(self.found) else "."

    def take(self) -> None:
        self.end = self.found[self.next][1]
        self.next += 1

    def take_numerals(self, last: Word) -> tuple[Word, int]:
        """Take the numerals that go on from a numeral; return the last of them and how many they are."""
        count = 1
        while self.next < len(self.found):
            following = self.word(self.next)
            if self.between() not in (" ", "-"):
                break
            if last.kind == "scale" and self.is_joiner(self.next):
                self.take()
                following = self.word(self.next)
            if following is None or not _goes_on(last, following):
                break
            self.take()
            last, count = following, count + 1
        return last, count

    def is_joiner(self, position: int) -> bool:
        """Tell whether a word is the "and" of "two hundred and five"."""
        following = self.word(position + 1)
        if not self.rules.scale_joiners.fullmatch(self.found[position][2]) or following is None:
            return False
        gap = self.text[self.found[position][1] : self.found[position + 1][0]]
        return following.kind == "cardinal" and gap == " "

    def takes_denominator(self, last: Word, last_word: str) -> bool:
        if self.next >= len(self.found) or self.between() not in (" ", "-") or last.value >= 20:
            return False
        following = self.found[self.next][2]
        one = self.rules.one_of_fractions.fullmatch(last_word)
        hyphen = self.between() == "-"
        fits = self.rules.singular.fullmatch(following) if one or hyphen else None
        if not one:
            fits = fits or self.rules.plural.fullmatch(following)
        if fits:
            self.take()
        return bool(fits)

    def takes_ordinal(self, last: Word) -> bool:
        following = self.word(self.next)
        if self.between() not in (" ", "-") or following is None or following.kind != "ordinal":
            return False
        if last.kind == "scale" or last.value >= 20:
            self.take()
            return True
        return False

    def take_tail(self) -> bool:
        tail = self.rules.tails.match(self.text, self.end)
        while tail and self.next < len(self.found) and self.found[self.next][0] < tail.end():
            self.take()
        return bool(tail)

    def takes_proportion(self) -> bool:
        """Take the rest of "one in five"."""
        joiner = self.rules.proportions.match(self.text, self.end)
        following = self.next
        while joiner and following < len(self.found) and self.found[following][0] < joiner.end():
            following += 1
        word = self.word(following)
        if not joiner or word is None or word.kind != "cardinal" or word.value < 2:
            return False
        if self.found[following][0] != joiner.end():
            return False
        self.next = following
        self.take()
        self.take_numerals(word)
        return True

    def take_scale(self) -> None:
        """Take the thousand of "three and a half thousand"."""
        word = self.word(self.next)
        if word and word.kind == "scale" and self.between() == " ":
            self.take()

    def take_scale_behind_half(self) -> None:
        """Take the million of "half a million"."""
        ahead = self.next
        if ahead < len(self.found) and self.rules.articles.fullmatch(self.found[ahead][2]):
            ahead += 1
        word = self.word(ahead)
        if word and word.kind == "scale":
            between = self.text[self.end : self.found[ahead][0]]
            if between.strip(" -") == " ".join(word for *_, word in self.found[self.next : ahead]):
                self.next, self.end = ahead + 1, self.found[ahead][1]

    def one_counts(self) -> bool:
        """Tell whether "one" counts: one percent, one-year."""
        rest = self.text[self.end : self.end + 40].removeprefix("-")
        return bool(self.rules.unit_of_one.match(rest))

    def is_part_of_period(self) -> bool:
        if not self.first:
            return False
        before_end = self.found[self.first - 1][1]
        if self.text[before_end : self.found[self.first][0]].strip(" -"):
            return False
        before = self.found[self.first - 1][2]
        word = self.rules.word(before)
        return bool((word and word.kind == "ordinal") or self.rules.parts_of_periods.fullmatch(before))

    def is_plural(self, word: str) -> bool:
        """Tell whether a word is a denominator in the plural that stands alone: the thirds."""
        return bool(self.rules.plural.fullmatch(word) and not self.rules.never_alone.fullmatch(word))

    def is_behind_article(self, word: str) -> bool:
        """Tell whether a word is a fraction behind an article: a third of exports."""
        if not self.first or not self.rules.behind_article.fullmatch(word):
            return False
        before_end = self.found[self.first - 1][1]
        if self.text[before_end : self.found[self.first][0]] != " ":
            return False
        if not self.rules.articles.fullmatch(self.found[self.first - 1][2]):
            return False
        if self.rules.word(word) is None:
            return True
        following = re.match(r" ?(\w+)|-\w", self.text[self.end :])
        return not following or bool(following[1] and self.rules.behind_fraction.fullmatch(following[1]))


def _goes_on(last: Word, following: Word) -> bool:
    """Tell whether a numeral goes on with another: two million, hundred five, twenty-five."""
    if following.kind == "scale":
        return True
    if following.kind != "cardinal":
        return False
    if last.kind == "scale":
        return True
    if last.value >= 100:
        return 1 <= following.value < 100
    # Ten goes on in Kazakh and Kyrgyz: он бес.
    return 10 <= last.value < 100 and last.value % 10 == 0 and 1 <= following.value < 10
