"""Quantities as a reader would write them: number, scale and unit in the manner of a language."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

MONEY = ("USD", "CNY", "EUR", "KZT")

BARE = ("index", "rank", "ratio", "multiple")
"""Units that stay unwritten."""

FIXED = "\u00a0"
"""Stands between a number and its unit, so that no line ends there."""


@dataclass(frozen=True, kw_only=True)
class Manner:
    """How a language writes quantities.

    Parameters
    ----------
    scales
        Words for powers of ten, the greatest first.
    money
        Pattern of an amount of money: ``{currency}`` and ``{number}``.
    currencies
        Names of currencies that differ from their codes.
    units
        Names of units in sentences that differ from the unit's own.
    symbols
        Names of units in tables, where they differ from those in sentences.
    counts
        Words for the counts from 0 on.
    """

    scales: dict[int, str]
    money: str
    currencies: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    symbols: dict[str, str] = field(default_factory=dict)
    counts: tuple[str, ...] = ()


_ENGLISH = Manner(
    scales={10**12: "trillion", 10**9: "billion", 10**6: "million"},
    money="{currency} {number}",
    units={"points": "percentage points", "sqkm": "km²", "sqm": "m²"},
    symbols={"percent": "%", "points": "points"},
    counts=(
        *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
        *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
        "twenty",
    ),
)

_RUSSIAN = Manner(
    scales={10**12: "трлн", 10**9: "млрд", 10**6: "млн"},
    money="{number} {currency}",
    currencies={"USD": "долл. США", "CNY": "юаней", "EUR": "евро", "KZT": "тенге"},
    units={"percent": "%", "points": "п. п.", "sqkm": "км²", "sqm": "м²", "km": "км", "kg": "кг", "m": "м"},
    counts=("ноль", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять", "десять"),
)

_MANNERS = {"en": _ENGLISH, "ru": _RUSSIAN}


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
    from babel.numbers import format_decimal

    places = decimals(rounding)
    step = Decimal(repr(float(rounding))) if rounding > 1 else Decimal(1).scaleb(-places)
    exact = (Decimal(repr(float(value))) / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step
    pattern = "#,##0" + ("." + "0" * places if places else "")
    text = format_decimal(abs(exact), format=pattern, locale=language.replace("-", "_"))
    sign = "−" if exact < 0 else "+" if signed and exact > 0 else ""
    return sign + text


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


def unit_of(unit: str, value: float | None = None, *, language: str = "en", symbols: bool = False) -> str:
    """Return what a unit is called behind a number, "" where it is not written.

    Parameters
    ----------
    unit
        The unit of the data: a currency, ``percent``, ``points``, or a plural noun with hyphens.
    value
        The number, where its grammatical number is to fit.
    language
        The language.
    symbols
        Whether in the manner of tables rather than sentences.
    """
    ways = manner(language)
    if unit in BARE:
        return ""
    if unit in MONEY:
        return ways.currencies.get(unit, unit)
    names = ways.units | ways.symbols if symbols else ways.units
    if unit in names:
        return names[unit]
    word = unit.replace("-", " ")
    return _singular(word) if value == 1 and word != "times" else word


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
    shown = scaled(value, rounding, upper=upper, scale=scale, language=language, signed=signed)
    word = unit_of(unit, value if upper is None else None, language=language, symbols=symbols)
    if unit in MONEY:
        return manner(language).money.format(currency=word, number=shown).replace(" ", FIXED, 1)
    if not word:
        return shown
    return f"{shown}{word}" if symbols and word == "%" and language == "en" else f"{shown}{FIXED}{word}"


def in_words(value: float, language: str = "en") -> str | None:
    """Return a small count in words, ``None`` where there is no word for it.

    Examples
    --------
    >>> in_words(9), in_words(9.5)
    ('nine', None)
    """
    counts = manner(language).counts
    return counts[int(value)] if value == int(value) and 0 <= value < len(counts) else None


def ordinal(value: float, language: str = "en") -> str | None:
    """Return the place that a rank names, ``None`` where it is no whole number or the language has no form.

    Examples
    --------
    >>> ordinal(60), ordinal(22), ordinal(11)
    ('60th', '22nd', '11th')
    """
    if value != int(value) or language.split("-")[0] != "en":
        return None
    place = int(value)
    ending = {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th") if place % 100 not in (11, 12, 13) else "th"
    return f"{place}{ending}"
