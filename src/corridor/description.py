"""Descriptions: what a series shows, in words, for the alt texts of charts, in the language in use."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pandas as pd

from corridor.messages import SOURCE, gettext, language
from corridor.names import FORMS, Name
from corridor.quantities import grouped

LIMIT = 300
"""Length of an alt text, in characters, that listeners can still follow."""

_BRITISH = "en-GB"
"""English without a comma before the last of several."""


def trend(name: str, series: pd.Series, decimals: int = 1) -> str:
    """Describe a series from its first to its last figure.

    Parameters
    ----------
    name
        What the series is.
    series
        Values indexed by year; empty years are skipped.
    decimals
        Digits after the point.

    Examples
    --------
    >>> trend("Exports", pd.Series({2017: 21.46, 2020: 21.17, 2024: 64.35}), 2)
    'Exports: up from 21.46 in 2017 to 64.35 in 2024; lowest 21.17 in 2020.'
    """
    known = series.dropna().sort_index()
    if known.empty:
        return gettext("{name}: no figure.").format(name=name)
    years, values = known.index.tolist(), [float(value) for value in known]
    shown = [_value(value, decimals) for value in values]
    if len(known) == 1:
        return gettext("{name}: {value} in {year}.").format(name=name, value=shown[0], year=years[0])
    inner = range(1, len(values) - 1)
    low = min(inner, key=values.__getitem__, default=0)
    high = max(inner, key=values.__getitem__, default=0)
    text = _course(values[0], values[-1]).format(
        name=name, first=shown[0], first_year=years[0], last=shown[-1], last_year=years[-1]
    )
    if values[low] < min(values[0], values[-1]):
        text = gettext("{text}; lowest {value} in {year}").format(
            text=text, value=shown[low], year=years[low]
        )
    if values[high] > max(values[0], values[-1]):
        text = gettext("{text}; highest {value} in {year}").format(
            text=text, value=shown[high], year=years[high]
        )
    return text + "."


def _course(first: float, last: float) -> str:
    if last > first:
        return gettext("{name}: up from {first} in {first_year} to {last} in {last_year}")
    if last < first:
        return gettext("{name}: down from {first} in {first_year} to {last} in {last_year}")
    return gettext("{name}: unchanged from {first} in {first_year} to {last} in {last_year}")


def change(name: str, series: pd.Series, decimals: int = 1) -> str:
    """Give the first and the last figure of a series, where `trend` is too long.

    Parameters
    ----------
    name
        What the series is.
    series
        Values indexed by year; empty years are skipped.
    decimals
        Digits after the point.

    Examples
    --------
    >>> change("Exports", pd.Series({2017: 21.46, 2020: 21.17, 2024: 64.35}), 2)
    'Exports: 21.46 (2017) to 64.35 (2024).'
    """
    known = series.dropna().sort_index()
    if len(known) < 2:
        return trend(name, series, decimals)
    years = known.index[0], known.index[-1]
    first, last = (_value(float(known[year]), decimals) for year in years)
    return gettext("{name}: {first} ({first_year}) to {last} ({last_year}).").format(
        name=name, first=first, first_year=years[0], last=last, last_year=years[1]
    )


def fitting(*texts: str) -> str:
    """Return the first text of at most `LIMIT` characters, or the last if all are longer."""
    return next((text for text in texts if len(text) <= LIMIT), texts[-1])


def _value(value: float, decimals: int) -> str:
    if value and abs(value) < 0.01:
        return gettext("about zero")
    # Small, but not so small: rounded to zero it would mislead.
    return number(value, decimals if round(value, decimals) else max(decimals, 2))


def number(value: float, decimals: int = 1) -> str:
    """Return a number with a true minus sign; a rounded zero has none."""
    rounded = round(float(value), decimals) + 0.0
    return grouped(Decimal(repr(rounded)), decimals, _locale())


def listing(items: list[str]) -> str:
    """Join words as the language does, in English "a", "a and b", "a, b and c"."""
    from babel.lists import format_list

    return str(format_list(items, locale=_locale()))


def together(names: Sequence[Name]) -> Name:
    """Return several names as one, joined in every form.

    Examples
    --------
    >>> names = [Name("Kazakhstan"), Name("Kyrgyz Republic", {"definite": "the Kyrgyz Republic"})]
    >>> "with {area.definite}".format(area=together(names))
    'with Kazakhstan and the Kyrgyz Republic'
    """
    forms = dict.fromkeys(form for known in FORMS.values() for form in known)
    return Name(
        listing(list(names)), {form: listing([getattr(name, form) for name in names]) for form in forms}
    )


def span(years: list[int]) -> str:
    """Write years, a run of more than two as a span.

    Examples
    --------
    >>> span([2021, 2019, 2020]), span([2017, 2024])
    ('2019–2021', '2017 and 2024')
    """
    known = sorted(set(map(int, years)))
    if len(known) > 2 and known[-1] - known[0] + 1 == len(known):
        return f"{known[0]}–{known[-1]}"
    return listing([str(year) for year in known])


def _locale() -> str:
    name = _BRITISH if language() == SOURCE else language()
    return name.replace("-", "_")
