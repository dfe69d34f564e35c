"""Observations: published figures of many kinds, told as a reader would write them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import pandas as pd

from corridor import quantities

_RANGE = ("from", "to")


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
    previous: pd.Series | None = None
    for place, (_, row) in enumerate(rows.iterrows()):
        ends = previous is not None and previous["qualifier"] == "from" and row["qualifier"] == "to"
        if previous is not None and ends and all(previous[name] == row[name] for name in same):
            figures[-1] = figure(
                previous["value"], row["unit"], previous["rounding"], upper=row["value"], language=language
            )
        else:
            kept.append(place)
            mark = "" if row["qualifier"] in _RANGE else row["qualifier"]
            text = figure(row["value"], row["unit"], row["rounding"], language=language)
            figures.append(f"{mark} {text}".strip())
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


def when(rows: pd.DataFrame) -> list[str]:
    """Return the year or months of each observation as text, "" where the source gives none.

    Examples
    --------
    >>> when(pd.DataFrame({"year": [2024, 2023], "period": ["2024-01/2024-10", ""]}))
    ['Jan–Oct 2024', '2023']
    """
    return [
        _period(period) if period else "" if pd.isna(year) else str(int(year))
        for year, period in zip(rows["year"], rows["period"], strict=True)
    ]


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec")


def dated(date: str) -> str:
    """Return a year, month or day as text.

    Examples
    --------
    >>> dated("2023-10-25"), dated("2024-06"), dated("2015")
    ('25 Oct 2023', 'June 2024', '2015')
    """
    year, *rest = date.split("-")
    words = [_MONTHS[int(rest[0]) - 1]] if rest else []
    return " ".join([*(str(int(day)) for day in rest[1:]), *words, year])


def _period(period: str) -> str:
    first, last = (end.split("-") for end in period.split("/"))
    if len(first) == 1:
        return f"{first[0]}–{last[0]}"
    start, end = (_MONTHS[int(month) - 1] for _, month in (first, last))
    if first == last:
        return f"{start} {last[0]}"
    return f"{start}–{end} {last[0]}" if first[0] == last[0] else f"{start} {first[0]}–{end} {last[0]}"


def side_by_side(rows: pd.DataFrame, countries: Iterable[str]) -> pd.DataFrame:
    """Put the figures of several countries beside each other.

    Parameters
    ----------
    rows
        Observations of `told`.
    countries
        Codes of the countries.

    Returns
    -------
    DataFrame
        One row an indicator and item, in the order of `rows`: ``indicator``, ``item``, and a column for
        each country with its figures, their years behind them where the countries differ; NaN without one.
    """
    timed = rows.assign(when=when(rows))
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
    """Return what each observation is, in words.

    Parameters
    ----------
    rows
        Observations.
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
        measures[row["indicator"]] + (f" ({row['item']})" if row["item"] else "") + f", {names[row['area']]}"
        for row in rows.to_dict("records")
    ]
