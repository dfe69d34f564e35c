"""What is known of a language: the lists of ``corridor/rules``, as compiled patterns."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from corridor.documents import parsed

LANGUAGES = ("en", "ru", "kk", "ky")

_SOURCES = {"ru": ("en",), "kk": ("en", "ru"), "ky": ("en", "ru")}
"""The languages whose number words may be left over in a translation into another."""

WordKind = Literal["cardinal", "scale", "ordinal", "fraction", "multiple"]
Pattern = re.Pattern[str]

_BUILT_IN = {
    "day": r"(?<!\d)(?<!\d[.,])(?:0?[1-9]|[12]\d|3[01])",
    "year": r"(?:1\d|2[01])\d\d(?![\d.,]*\d)",
    # 1:10 is a ratio, but "at 9:10" a time.
    "clock": r"(?<![\d:])(?:[01]\d|2[0-3]|(?:(?<= at )|(?<= to )|(?<= в )|(?<= с )|(?<= до ))\d):[0-5]\d"
    r"(?![\d:])",
}
_DATES_IN_DIGITS = (
    r"(?<![\d.])(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.{year}",
    r"(?<![\d-]){year}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?![\d-])",
    r"(?<![\d/])(?:0?[1-9]|[12]\d|3[01])/(?:0?[1-9]|1[0-2])/{year}",
)
_ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s<>\"”»)\]]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?:doi:\s?|DOI:?\s?)?\b10\.\d{4,}/[^\s<>\"”»)\]]*[^\s<>\"”»)\].,;]"
)


@dataclass(frozen=True, kw_only=True)
class Word:
    """What a word is as a number; ``value`` is that of a cardinal numeral."""

    kind: WordKind
    value: float = 0


@dataclass(frozen=True, kw_only=True)
class Rules:
    """A language's rules; the comments in its file say what each of them is.

    Parameters
    ----------
    words
        What single words are as numbers, by pattern.
    any_word
        Matches what one of these patterns does.
    lists
        The entries of the file, as they stand.
    exempt
        Runs of text whose numbers are exempt, by verdict, in the order in which they count; under
        ``idiom`` those with words that are no numbers at all.
    """

    words: tuple[tuple[str, Word], ...]
    any_word: Pattern
    lists: dict[str, Any]
    exempt: dict[str, Pattern]
    singular: Pattern
    plural: Pattern
    never_alone: Pattern
    one_of_fractions: Pattern
    behind_article: Pattern
    articles: Pattern
    behind_fraction: Pattern
    parts_of_periods: Pattern
    scale_joiners: Pattern
    tails: Pattern
    proportions: Pattern
    label_before: Pattern
    before: dict[str, Pattern]
    ordinal_ending: Pattern
    decade_ending: Pattern
    cardinal_ending: Pattern
    unit_ending: Pattern
    quantity_prefix: Pattern
    year_prefix: Pattern
    codes: Pattern
    unit: Pattern
    unit_of_one: Pattern
    counted: Pattern
    not_counted: Pattern
    quantity_before: Pattern
    year_before: Pattern
    year_before_counted: Pattern
    year_behind: Pattern
    list_joiners: Pattern
    no_list_after: Pattern
    list_before_count: Pattern
    clause_word: Pattern
    clause_before_comma: Pattern
    abbreviations: Pattern
    statements: Pattern
    _known: dict[str, Word | None]

    def word(self, word: str) -> Word | None:
        """Return what a word in small letters is as a number, ``None`` where it is none."""
        if word not in self._known:
            found = None
            if self.any_word.fullmatch(word):  # hardly any is a number
                found = next(meaning for pattern, meaning in self.words if re.fullmatch(pattern, word))
            self._known[word] = found
        return self._known[word]


def plain(text: str) -> str:
    """Return a text of the same length as the rules read it: plain spaces, apostrophes, hyphens, no «ё»."""
    return text.translate(_PLAIN)


_PLAIN = str.maketrans(
    {"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2007": " ", "\n": " ", "\t": " "}
    | {"’": "'", "‘": "'", "ʼ": "'", "\u2010": "-", "\u2011": "-", "ё": "е", "Ё": "Е"}
)


@cache
def rules(language: str) -> Rules:
    """Return the rules of a language, one of `LANGUAGES`."""
    lists = _lists(language)
    sources = [_lists(source) for source in _SOURCES.get(language, ())]
    words = [*_cardinals(lists), *_other_words(lists, ("scale", "multiple", "ordinal", "fraction"))]
    for source in sources:
        words += [*_cardinals(source), *_other_words(source, ("scale", "multiple", "fraction"))]
    names = joined([name for one in (lists, *sources) for name in one["names"]])
    idioms = joined([idiom for one in (lists, *sources) for idiom in one["idioms"]])
    known = {
        "scales": joined(lists["scales"]),
        "months": joined(lists["months"]),
        "currency_names": joined(lists["currency_names"]),
        "counted": joined(lists["counted"]),
        "codes": joined(lists["currency_codes"]),
        **_BUILT_IN,
    }
    known["units"] = _expanded(joined(lists["units"]), known)

    def whole(name: str, flags: re.RegexFlag = re.IGNORECASE) -> Pattern:
        return re.compile(_expanded(joined(lists[name]), known), flags)

    def start(name: str) -> Pattern:
        """Match at the place where a word begins, behind at most one space."""
        return re.compile(rf" ?(?:{_expanded(joined(lists[name]), known)})(?!\w)", re.I)

    def end(name: str) -> Pattern:
        """Match at the end of what stands before, up to the space."""
        return re.compile(rf"(?<!\w)(?:{_expanded(joined(lists[name]), known)}) ?\Z", re.I)

    dates = _expanded("|".join([*_DATES_IN_DIGITS, *lists["dates"]]), known)
    denominators = lists["denominators"]
    return Rules(
        words=tuple(words),
        any_word=re.compile(joined([pattern for pattern, _ in words])),
        lists=lists,
        exempt={
            "idiom": re.compile(rf"(?<!\w)(?:{idioms})(?!\w)", re.I),
            "url": _ADDRESS,
            "name": re.compile(rf"(?<!\w)(?:{names})"),
            "date": re.compile(dates),
            "reference": _references(lists, known["units"]),
        },
        singular=re.compile(joined(denominators["singular"])),
        plural=re.compile(joined(denominators["plural"])),
        one_of_fractions=re.compile(joined(denominators["one"])),
        never_alone=whole("denominators_never_alone"),
        behind_article=whole("fractions_behind_article"),
        articles=whole("articles"),
        behind_fraction=whole("behind_fractions"),
        parts_of_periods=whole("parts_of_periods"),
        scale_joiners=whole("scale_joiners"),
        tails=whole("numeral_tails"),
        proportions=whole("proportions"),
        label_before=re.compile(rf"(?:\b(?:{known['codes']})|{joined(lists['label_before'])}) ?\Z"),
        before={form: re.compile(pattern) for form, pattern in lists["numerals_before"].items()},
        ordinal_ending=whole("ordinal_endings"),
        decade_ending=whole("decade_endings"),
        cardinal_ending=whole("cardinal_endings"),
        unit_ending=whole("unit_endings", re.RegexFlag(0)),
        quantity_prefix=whole("quantity_prefixes"),
        year_prefix=whole("year_prefixes"),
        codes=re.compile(known["codes"]),
        unit=re.compile(rf" ?-?(?:{known['units']})(?!\w)", re.I),
        unit_of_one=start("units_of_one"),
        counted=start("counted"),
        not_counted=start("not_counted"),
        quantity_before=end("quantity_before"),
        year_before=end("year_before"),
        year_before_counted=end("year_before_counted"),
        year_behind=start("year_behind"),
        list_joiners=whole("list_joiners"),
        no_list_after=re.compile(rf"\s*(?:{joined(lists['no_list_after'])})(?!\w)", re.I),
        list_before_count=re.compile(rf"\s*(?:{joined(lists['list_before_count'])})\s*\Z", re.I),
        clause_word=re.compile(rf"(?<!\w)(?:{joined(lists['clause_words'])})(?!\w)", re.I),
        clause_before_comma=re.compile(
            rf"(?<!\w)(?:{joined(lists['clause_words'] + lists['clause_words_before_comma'])})(?!\w)", re.I
        ),
        abbreviations=whole("abbreviations", re.RegexFlag(0)),
        statements=re.compile(rf"(?<![\w-])(?:{joined(lists['statements'])})(?!\w)", re.I),
        _known={},
    )


def _lists(language: str) -> dict[str, Any]:
    text = files("corridor").joinpath("rules", f"{language}.yml").read_text(encoding="utf-8")
    return parsed(text)


def _cardinals(lists: dict[str, Any]) -> list[tuple[str, Word]]:
    return [
        (joined(forms), Word(kind="cardinal", value=float(value)))
        for value, forms in lists["numerals"].items()
    ]


def _other_words(lists: dict[str, Any], kinds: tuple[WordKind, ...]) -> list[tuple[str, Word]]:
    return [(joined(lists[f"{kind}s"]), Word(kind=kind)) for kind in kinds]


def joined(patterns: list[str]) -> str:
    """Return patterns as one that matches any of them; without any, one that matches nothing."""
    return "(?:" + "|".join(map(str, patterns)) + ")" if patterns else r"(?!)"


def _expanded(pattern: str, known: dict[str, str]) -> str:
    return re.sub(r"\{([a-z_]+)\}", lambda name: known[name[1]], pattern)


def _references(lists: dict[str, Any], units: str) -> Pattern:
    words = lists["references"]
    number = rf"(?:[A-ZА-Я][.-]?)?\d+(?:[.-]\d+)*(?:\(\d+\))?[a-zа-я]?(?!\w)(?![.,]\d)(?! ?(?:{units})(?!\w))"
    # A number behind "and" or a comma goes on only if nothing stands behind it that it could count.
    joiners = joined(lists["reference_joiners"])
    ends = rf"(?=\s*(?:[-–—,;.:)\]]|\Z|{joiners} ))"
    dash = rf"(?: ?[-–—]+ ?{number})"
    several = rf"{dash}|,? {joiners} {number}|, ?{number}{ends}"
    careful = rf"{dash}|,? {joiners} {number}{ends}|, ?{number}{ends}"
    before = "".join(rf"(?<!\b{word} )" for word in lists["not_references"])
    # Behind "this" and the like only a number with a point refers to anything: this version 0.2.
    start = rf"(?<!\w)(?:{before}|(?=[^\d]+\d+\.\d))"
    # In Kazakh and Kyrgyz the word stands behind its number: 3-кесте, 2–4-сүрөттөр.
    plain_number = r"\d+(?:\.\d+)*"
    behind = (
        rf"(?<![\w.,]){plain_number}(?:(?: ?[-–—] ?|, ?| {joiners} ){plain_number})*"
        rf"-(?i:{joined(words['behind'])})(?!\w)"
    )
    return re.compile(
        rf"{start}(?:(?i:{joined(words['plural'])}) ?{number}(?:{several})*"
        rf"|(?:(?i:{joined(words['single'])})|{joined(words['capital'])}) ?{number}(?:{careful})*)"
        rf"|{behind}"
    )
