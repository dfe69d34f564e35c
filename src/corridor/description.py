"""Descriptions: what a series shows, in words, for the alt texts of charts."""

from __future__ import annotations

import pandas as pd

LIMIT = 300
"""Length of an alt text, in characters, that listeners can still follow."""


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
        return f"{name}: no figure."
    years, values = known.index.tolist(), [float(value) for value in known]
    shown = [_value(value, decimals) for value in values]
    if len(known) == 1:
        return f"{name}: {shown[0]} in {years[0]}."
    way = "up" if values[-1] > values[0] else "down" if values[-1] < values[0] else "unchanged"
    text = f"{name}: {way} from {shown[0]} in {years[0]} to {shown[-1]} in {years[-1]}"
    inner = range(1, len(values) - 1)
    low = min(inner, key=values.__getitem__, default=0)
    high = max(inner, key=values.__getitem__, default=0)
    if values[low] < min(values[0], values[-1]):
        text += f"; lowest {shown[low]} in {years[low]}"
    if values[high] > max(values[0], values[-1]):
        text += f"; highest {shown[high]} in {years[high]}"
    return text + "."


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
    first, last = (
        f"{_value(float(known[year]), decimals)} ({year})" for year in (known.index[0], known.index[-1])
    )
    return f"{name}: {first} to {last}."


def fitting(*texts: str) -> str:
    """Return the first text of at most `LIMIT` characters, or the last if all are longer."""
    return next((text for text in texts if len(text) <= LIMIT), texts[-1])


def _value(value: float, decimals: int) -> str:
    if value and abs(value) < 0.01:
        return "about zero"
    # Small, but not so small: rounded to zero it would mislead.
    return number(value, decimals if round(value, decimals) else max(decimals, 2))


def number(value: float, decimals: int = 1) -> str:
    """Return a number with a true minus sign; a rounded zero has none."""
    return f"{round(value, decimals) + 0.0:,.{decimals}f}".replace("-", "−")


def listing(items: list[str]) -> str:
    """Join words as English does: "a", "a and b", "a, b and c"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


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
