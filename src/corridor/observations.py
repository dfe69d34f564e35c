"""Observations: published figures of many kinds, told as a reader would write them."""

from __future__ import annotations

import re
from collections.abc import Collection, Hashable, Iterable, Mapping
from datetime import date
from typing import Any

import pandas as pd

from corridor import quantities
from corridor.messages import SOURCE, gettext
from corridor.names import Name
from corridor.qualifiers import qualified


def naming(texts: pd.Series, names: Iterable[Name]) -> pd.Series:
    """Say which English texts name one of some areas, or what is of it.

    Parameters
    ----------
    texts
        Texts in English.
    names
        English names; their form ``adjective`` counts as well, at the beginning of a word.

    Examples
    --------
    >>> kyrgyz = Name("Kyrgyz Republic", {"adjective": "Kyrgyz"})
    >>> naming(pd.Series(["China–Kyrgyzstan railway", "Middle Corridor"]), [kyrgyz]).tolist()
    [True, False]
    """
    words = sorted({form for name in names for form in (str(name), name.adjective)})
    if not words:
        return pd.Series(data=False, index=texts.index)
    return texts.str.contains(rf"\b(?:{'|'.join(map(re.escape, words))})")


def own(
    rows: pd.DataFrame,
    english: pd.DataFrame,
    areas: pd.DataFrame,
    countries: Collection[str],
    names: Mapping[str, Name],
) -> pd.DataFrame:
    """Leave out what concerns other countries of the region than those of an edition.

    Parameters
    ----------
    rows
        Rows of a table with the column ``area``, and perhaps ``partner``, in any language.
    english
        The same rows in English. Where a row is of none of the countries, but its ``item`` or ``name`` names
        another country of the region and none of these, it concerns that other country.
    areas
        The table of areas, with the members of groups.
    countries
        Codes of the edition's countries.
    names
        English names of areas by code.

    Returns
    -------
    DataFrame
        The rows that are left, in their order. Notes that name another country are empty.
    """
    groups = {
        code: set(inside.split())
        for code, inside in zip(areas["code"], areas["members"], strict=True)
        if inside
    }
    others = sorted(set().union(*groups.values()) - set(countries))
    strange = [*others, *(code for code, inside in groups.items() if inside.isdisjoint(countries))]
    theirs, ours = ([names[code] for code in codes] for codes in (others, countries))

    away = rows["area"].isin(strange)
    if "partner" in rows.columns:
        away |= rows["partner"].isin(strange)
    for column in {"item", "name"} & set(rows.columns):
        text = english.loc[rows.index, column]
        away |= naming(text, theirs) & ~naming(text, ours) & ~rows["area"].isin(countries)
    left = rows[~away]
    if "note" in left.columns:
        telling = naming(english.loc[left.index, "note"], theirs)
        left = left.assign(note=left["note"].mask(telling, ""))
    return left


def concerning(rows: pd.DataFrame, countries: Iterable[str], groups: Collection[str]) -> pd.DataFrame:
    """Return the observations of some countries and of some groups of countries.

    Parameters
    ----------
    rows
        Observations with the column ``area``.
    countries
        Codes of countries; their observations come in this order, those of the groups behind them.
    groups
        Codes of groups, regions or other areas.
    """
    order = {code: place for place, code in enumerate([*countries, *groups])}
    mine = rows[rows["area"].isin(order)]
    return mine.sort_values("area", key=lambda codes: codes.map(order), kind="stable").reset_index(drop=True)


def told(rows: pd.DataFrame, language: str = "en") -> pd.DataFrame:
    """Write each figure as text, the two ends of a range as one.

    Parameters
    ----------
    rows
        Observations, all columns of the table. The row after one with the qualifier ``from`` is its upper
        end if it says ``to`` of the same thing.
    language
        Language of the number format, as a CLDR locale.

    Returns
    -------
    DataFrame
        The rows, the upper ends left out, with the column ``figure``: "USD 380–500", "about 19 hours".
    """
    same = ["indicator", "area", "partner", "item", "period", "unit", "source", "locator"]
    figures: list[str] = []
    kept: list[int] = []
    previous: dict[Hashable, Any] | None = None
    for place, row in enumerate(rows[[*same, "qualifier", "value", "rounding"]].to_dict("records")):
        ends = previous is not None and previous["qualifier"] == "from" and row["qualifier"] == "to"
        if previous is not None and ends and all(previous[name] == row[name] for name in same):
            figures[-1] = figure(
                previous["value"], row["unit"], previous["rounding"], upper=row["value"], language=language
            )
        else:
            kept.append(place)
            text = figure(row["value"], row["unit"], row["rounding"], language=language)
            figures.append(qualified(row["qualifier"], text))
        previous = row
    return rows.iloc[kept].assign(figure=figures).reset_index(drop=True)


def figure(
    value: float, unit: str, rounding: float, *, upper: float | None = None, language: str = "en"
) -> str:
    """Return a figure with its unit, as precise as it was printed.

    Examples
    --------
    >>> figure(3800000, "tons", 100000)
    '3.8 million tons'
    >>> figure(380, "USD", 1, upper=500)
    'USD 380–500'
    """
    text = quantities.written(value, unit, rounding, upper=upper, language=language, symbols=True)
    return text.replace(quantities.FIXED, " ")


def when(rows: pd.DataFrame, language: str = SOURCE) -> list[str]:
    """Return the year or months of each observation as text, "" where the source gives none.

    Parameters
    ----------
    rows
        Observations with the columns ``year`` and ``period``.
    language
        Language of the months, as a CLDR locale.

    Examples
    --------
    >>> when(pd.DataFrame({"year": [2024, 2023], "period": ["2024-01/2024-10", ""]}))
    ['Jan–Oct 2024', '2023']
    """
    pairs = zip(rows["year"], rows["period"], strict=True)
    return [moment(None if pd.isna(year) else year, period, language) for year, period in pairs]


def moment(year: int | None, period: str, language: str = SOURCE) -> str:
    """Return one year, or months, as text, "" where there is neither."""
    return _period(period, language) if period else "" if year is None else str(int(year))


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec")


def dated(day: str, language: str = SOURCE) -> str:
    """Return a year, month or day, as ISO 8601 has it, as text.

    Examples
    --------
    >>> dated("2023-10-25"), dated("2024-06"), dated("2015")
    ('25 Oct 2023', 'June 2024', '2015')
    """
    from babel.dates import format_skeleton

    year, *rest = map(int, day.split("-"))
    if not rest:
        return str(year)
    if language == SOURCE:
        return " ".join([*map(str, rest[1:]), _MONTHS[rest[0] - 1], str(year)])
    skeleton = "yMMM" if len(rest) == 1 else "yMMMd"
    return format_skeleton(skeleton, date(year, rest[0], *rest[1:] or [1]), locale=_locale(language))


def _period(period: str, language: str) -> str:
    from babel.dates import format_interval

    first, last = period.split("/")
    if first == last:
        return dated(first, language)
    if "-" not in first:
        return f"{first}–{last}"
    start, end = (date.fromisoformat(f"{month}-01") for month in (first, last))
    if language != SOURCE:
        return format_interval(start, end, "yMMM", locale=_locale(language))
    year = "" if start.year == end.year else f" {start.year}"
    return f"{_MONTHS[start.month - 1]}{year}–{dated(last)}"


def _locale(language: str) -> str:
    return language.replace("-", "_")


def side_by_side(rows: pd.DataFrame, countries: Iterable[str], language: str = SOURCE) -> pd.DataFrame:
    """Put the figures of several countries beside each other.

    Parameters
    ----------
    rows
        Observations of `told`.
    countries
        Codes of the countries.

    language
        Language of the months, as a CLDR locale.

    Returns
    -------
    DataFrame
        One row an indicator and item, in the order of `rows`: ``indicator``, ``item``, and a column for
        each country with its figures, their years behind them where the countries differ; NaN without one.
    """
    timed = rows.assign(when=when(rows, language))
    table = []
    for _, group in timed.groupby(["indicator", "item"], sort=False):
        indicator, item = group.iloc[0][["indicator", "item"]]
        years = set(group["when"])
        line: dict[str, object] = {
            "indicator": indicator,
            "item": item,
            "when": " ".join(years) if len(years) == 1 else "",
        }
        for country in countries:
            mine = group[group["area"] == country]
            texts = [
                f"{text} ({year})" if len(years) > 1 and year else text
                for text, year in zip(mine["figure"], mine["when"], strict=True)
            ]
            line[country] = "; ".join(dict.fromkeys(texts)) if texts else None
        table.append(line)
    return pd.DataFrame(table, columns=["indicator", "item", "when", *countries])


def titles(rows: pd.DataFrame, measures: Mapping[str, str], names: Mapping[str, str]) -> list[str]:
    """Return what each observation is, in words of the language in use.

    Parameters
    ----------
    rows
        Observations, their items in English.
    measures
        Names of indicators.
    names
        Names of areas by code.

    Examples
    --------
    >>> titles(pd.DataFrame([{"indicator": "road-share", "item": "freight traffic", "area": "KGZ"}]),
    ...        {"road-share": "Share of roads"}, {"KGZ": "Kyrgyz Republic"})
    ['Share of roads (freight traffic), Kyrgyz Republic']
    """
    return [
        (gettext("{measure} ({item}), {area}") if item else gettext("{measure}, {area}")).format(
            measure=measures[indicator], item=gettext(item), area=names[area]
        )
        for indicator, item, area in zip(rows["indicator"], rows["item"], rows["area"], strict=True)
    ]
