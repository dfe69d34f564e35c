"""Quantities as a reader would write them: number, scale and unit in the manner of a language."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib.resources import files

from corridor.documents import parsed

MONEY = ("USD", "CNY", "EUR", "KZT")

BARE = ("index", "rank", "ratio", "multiple", "count", "year")
"""Units that stay unwritten."""

FIXED = "\u00a0"
"""Stands between a number and its unit, so that no line ends there."""


@dataclass(frozen=True, kw_only=True)
class Manner:
    """How a language writes quantities; what units are called stands in ``units.yml``.

    Parameters
    ----------
    scales
        Words for powers of ten, the greatest first.
    money
        Pattern of an amount of money: ``{currency}`` and ``{number}``.
    percent_gap
        What stands between a number and the sign for percent.
    symbols
        Names of units in tables, where they differ from those in sentences.
    counts
        Words for the counts from 0 on.
    genders
        Words for counts that agree with a feminine, a neuter noun, by count.
    ordinals
        Endings of ordinals in digits by the numeral that is spoken last; under ``None`` those of all others.
    """

    scales: dict[int, str]
    money: str = "{number} {currency}"
    percent_gap: str = FIXED
    symbols: dict[str, str] = field(default_factory=dict)
    counts: tuple[str, ...] = ()
    genders: dict[int, tuple[str, str]] = field(default_factory=dict)
    ordinals: dict[int | None, str] = field(default_factory=dict)


_SHORT_SCALES = {10**12: "трлн", 10**9: "млрд", 10**6: "млн"}

_ENGLISH = Manner(
    scales={10**12: "trillion", 10**9: "billion", 10**6: "million"},
    money="{currency} {number}",
    percent_gap="",
    symbols={"percent": "%", "points": "points"},
    counts=(
        *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
        *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
        "twenty",
    ),
    ordinals={1: "st", 2: "nd", 3: "rd", **dict.fromkeys((11, 12, 13), "th"), None: "th"},
)

_RUSSIAN = Manner(
    scales=_SHORT_SCALES,
    counts=(
        *("ноль", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять", "десять"),
        *("одиннадцать", "двенадцать", "тринадцать", "четырнадцать", "пятнадцать", "шестнадцать"),
        *("семнадцать", "восемнадцать", "девятнадцать", "двадцать"),
    ),
    genders={1: ("одна", "одно"), 2: ("две", "два")},
    ordinals={None: "-е"},
)

_KAZAKH = Manner(
    scales=_SHORT_SCALES,
    percent_gap="",
    counts=(
        *(
            "нөл",
            "бір",
            "екі",
            "үш",
            "төрт",
            "бес",
            "алты",
            "жеті",
            "сегіз",
            "тоғыз",
            "он",
            "он бір",
            "он екі",
        ),
        *("он үш", "он төрт", "он бес", "он алты", "он жеті", "он сегіз", "он тоғыз", "жиырма"),
    ),
    ordinals={**dict.fromkeys((6, 9, 10, 20, 30, 40, 60, 90, 1000), "-шы"), None: "-ші"},
)

_KYRGYZ = Manner(
    scales=_SHORT_SCALES,
    percent_gap="",
    counts=(
        *(
            "нөл",
            "бир",
            "эки",
            "үч",
            "төрт",
            "беш",
            "алты",
            "жети",
            "сегиз",
            "тогуз",
            "он",
            "он бир",
            "он эки",
        ),
        *("он үч", "он төрт", "он беш", "он алты", "он жети", "он сегиз", "он тогуз", "жыйырма"),
    ),
    ordinals={
        **dict.fromkeys((3, 4, 50, 100), "-чү"),
        **dict.fromkeys((9, 10, 30), "-чу"),
        **dict.fromkeys((6, 20, 40, 60, 90), "-чы"),
        None: "-чи",
    },
)

_MANNERS = {"en": _ENGLISH, "ru": _RUSSIAN, "kk": _KAZAKH, "ky": _KYRGYZ}


def manner(language: str) -> Manner:
    """Return the manner of a language, English where there is none."""
    return _MANNERS.get(language.split("-")[0], _ENGLISH)


def scale_of(value: float, rounding: float) -> int:
    """Return the power of ten in whose words a value is written.

    A count to the last unit stays in digits: 2,178,951.

    Examples
    --------
    >>> scale_of(19.72e9, 1e7), scale_of(2178951, 1)
    (1000000000, 1)
    """
    return next((s for s in _ENGLISH.scales if abs(value) >= s and rounding >= s / 1000), 1)


def number(value: float, rounding: float, *, language: str = "en", signed: bool = False) -> str:
    """Return a number to the place of its rounding, halves away from zero.

    Examples
    --------
    >>> number(-1234.56, 0.1), number(1234.56, 0.1, language="ru")
    ('−1,234.6', '1\xa0234,6')
    """
    exact = _rounded(value, rounding)
    text = grouped(abs(exact), decimals(rounding), language)
    sign = "−" if exact < 0 else "+" if signed and exact > 0 else ""
    return sign + text


def grouped(value: Decimal, places: int, language: str = "en") -> str:
    """Return a decimal number with so many places, digits in groups of three, as the language parts them.

    Examples
    --------
    >>> grouped(Decimal("-1234.5"), 2), grouped(Decimal(1234567), 0, "ru")
    ('−1,234.50', '1\xa0234\xa0567')
    """
    return f"{value:,.{places}f}".translate(_separators(language))


@cache
def _separators(language: str) -> dict[int, str]:
    """Return what a language has for comma, full stop and minus in an English number."""
    from babel.numbers import get_decimal_symbol, get_group_symbol

    locale = language.replace("-", "_")
    return str.maketrans({",": get_group_symbol(locale), ".": get_decimal_symbol(locale), "-": "−"})


def _rounded(value: float, rounding: float) -> Decimal:
    """Return a value as it is shown, with the decimals that are shown."""
    step = Decimal(repr(float(rounding))) if rounding > 1 else Decimal(1).scaleb(-decimals(rounding))
    return (Decimal(repr(float(value))) / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step


def decimals(rounding: float) -> int:
    """Return how many decimals a rounding leaves.

    Examples
    --------
    >>> decimals(0.01), decimals(0.5), decimals(100)
    (2, 1, 0)
    """
    return max(0, math.ceil(-math.log10(rounding) - 1e-9)) if rounding > 0 else 0


def scaled(
    value: float,
    rounding: float,
    *,
    upper: float | None = None,
    scale: int | None = None,
    language: str = "en",
    signed: bool = False,
) -> str:
    """Return a number, or a range, with the word of its scale.

    Examples
    --------
    >>> scaled(915100000, 100000), scaled(380, 1, upper=500)
    ('915.1\xa0million', '380–500')
    """
    step = scale or scale_of(value, rounding)
    ends = [value] if upper is None else [value, upper]
    shown = "–".join(number(v / step, rounding / step, language=language, signed=signed) for v in ends)
    return f"{shown}{FIXED}{manner(language).scales[step]}" if step > 1 else shown


def unit_of(
    unit: str, value: float | Decimal | None = None, *, language: str = "en", symbols: bool = False
) -> str:
    """Return what a unit is called behind a number, "" where it is not written.

    Parameters
    ----------
    unit
        The unit of the data: a currency, ``percent``, ``points``, or a plural noun with hyphens. One that
        ``units.yml`` has not in the language stays English.
    value
        The number, where its grammatical number is to fit; the decimals of a ``Decimal`` count as shown.
    language
        The language.
    symbols
        Whether in the manner of tables rather than sentences.

    Examples
    --------
    >>> unit_of("firms", 1), unit_of("firms", 3, language="ru"), unit_of("firms", 3, language="kk")
    ('firm', 'фирмы', 'фирма')
    """
    ways = manner(language)
    if unit in BARE:
        return ""
    if symbols and unit in ways.symbols:
        return ways.symbols[unit]
    if named := _names(unit, language):
        return named[_form(value, language, len(named))]
    if unit in MONEY:
        return unit
    word = unit.replace("-", " ")
    return _singular(word) if value == 1 else word


def has_unit(unit: str, language: str) -> bool:
    """Tell whether a unit can be written in a language; in English every unit can."""
    return language.split("-")[0] == "en" or unit in BARE or bool(_names(unit, language))


def _names(unit: str, language: str) -> tuple[str, ...]:
    """Return what a unit is called, by the plural forms of the language; nothing where it has no name."""
    found = _units().get(unit, {}).get(language.split("-")[0], ())
    return (found,) if isinstance(found, str) else tuple(found)


@cache
def _units() -> dict[str, dict[str, str | list[str]]]:
    return parsed(files("corridor").joinpath("units.yml").read_text(encoding="utf-8"))


def _form(value: float | Decimal | None, language: str, forms: int) -> int:
    """Return which of a unit's forms goes with a number, the last of them without one."""
    from babel import Locale

    if value is None or forms == 1:
        return forms - 1
    category = Locale.parse(language.replace("-", "_")).plural_form(value)
    return {"one": 0, "few": 1, "other": 1}.get(category, forms - 1)


def _singular(word: str) -> str:
    for plural, singular in (("ies", "y"), ("ches", "ch"), ("s", "")):
        if word.endswith(plural):
            return word.removesuffix(plural) + singular
    return word


def written(
    value: float,
    unit: str,
    rounding: float,
    *,
    upper: float | None = None,
    scale: int | None = None,
    language: str = "en",
    symbols: bool = False,
    signed: bool = False,
) -> str:
    """Return a quantity with its unit, as precise as its rounding says.

    Parameters
    ----------
    value
        The value in units of ``unit``.
    unit
        As in `unit_of`.
    rounding
        Place value of the last digit shown, in the same unit.
    upper
        Upper end of a range.
    scale
        Power of ten in whose words to write; by default that of `scale_of`.
    language
        Language of number and words, as a CLDR locale.
    symbols
        Whether in the manner of tables ("5%") rather than of sentences ("5 percent").
    signed
        Whether a positive number bears a plus.

    Examples
    --------
    >>> written(24.7e9, "USD", 1e8), written(24.7e9, "USD", 1e8, language="ru")
    ('USD\xa024.7\xa0billion', '24,7\xa0млрд\xa0долл. США')
    """
    if unit == "year":  # a calendar year: no digits are grouped
        return "–".join(f"{end:.0f}" for end in (value, upper) if end is not None)
    ways = manner(language)
    shown = scaled(value, rounding, upper=upper, scale=scale, language=language, signed=signed)
    scaled_by = scale or scale_of(value, rounding)
    # Behind a range the unit agrees with its upper end; behind a scale it is plural.
    last = None if scaled_by > 1 else _rounded(value if upper is None else upper, rounding)
    word = unit_of(unit, last, language=language, symbols=symbols)
    if unit in MONEY:
        return ways.money.format(currency=word, number=shown).replace(" ", FIXED, 1)
    if not word:
        return shown
    return f"{shown}{ways.percent_gap if word == '%' else FIXED}{word}"


def in_words(value: float, language: str = "en", unit: str = "") -> str | None:
    """Return a small count in words, ``None`` where there is no word for it.

    Parameters
    ----------
    value
        The count.
    language
        The language.
    unit
        What is counted, with whose name the word agrees.

    Examples
    --------
    >>> in_words(9), in_words(9.5), in_words(2, "ru"), in_words(2, "ru", "firms")
    ('nine', None, 'два', 'две')
    """
    ways = manner(language)
    if value != int(value) or not 0 <= value < len(ways.counts):
        return None
    if (gender := _gender(unit, language)) is not None and int(value) in ways.genders:
        return ways.genders[int(value)][gender]
    return ways.counts[int(value)]


def _gender(unit: str, language: str) -> int | None:
    """Return 0 for a unit whose Russian name is feminine, 1 for a neuter one, by the ending of its noun."""
    if language.split("-")[0] != "ru" or not (named := _names(unit, language)):
        return None
    name = named[0]
    head = name.split()[-1] if name.split()[0].endswith(("ая", "ое", "ый", "ий")) else name.split()[0]
    return 0 if head.endswith(("а", "я")) else 1 if head.endswith(("о", "е", "ю")) else None


def ordinal(value: float, language: str = "en") -> str | None:
    """Return the place that a rank names, ``None`` where it is no whole number; in Russian as a neuter.

    Examples
    --------
    >>> ordinal(60), ordinal(22), ordinal(11), ordinal(60, "ru"), ordinal(60, "kk"), ordinal(60, "ky")
    ('60th', '22nd', '11th', '60-е', '60-шы', '60-чы')
    """
    if value != int(value):
        return None
    endings = manner(language).ordinals
    spoken = int(value) % 100, _spoken_last(int(value))
    return f"{int(value)}{next((endings[one] for one in spoken if one in endings), endings[None])}"


def _spoken_last(count: int) -> int:
    """Return the numeral that is spoken last of a count: 7 of 27, 20 of 120, 1000 of 3000."""
    for step in (10, 100):
        if rest := count % step:
            return rest
    return 100 if count % 1000 else 1000 if count else 0
