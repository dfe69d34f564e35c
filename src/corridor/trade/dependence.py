"""Dependence: how large, steady and two-sided the trade with a partner is."""

from __future__ import annotations

import math
from collections.abc import Iterable

import pandas as pd

from corridor.growth import cagr

CHANGES = 3
"""Fewest annual changes from which a volatility is computed."""

COLUMNS = [
    *["partner", "first", "last", "coverage", "normalised"],
    *["imports_cagr", "exports_cagr", "imports_volatility", "exports_volatility"],
]


def coverage(exports: float, imports: float) -> float:
    """Return how much of the imports the exports pay for, in percent.

    Exports / imports x 100 (the export/import coverage of M. Mikic and J. Gilbert, "Trade statistics in
    policymaking", UN ESCAP, revised edition 2009). 100 is balanced trade; NaN without imports.
    """
    return exports / imports * 100 if imports > 0 else math.nan


def normalised_balance(exports: float, imports: float) -> float:
    """Return the balance as a part of the turnover, from -1 (only imports) to 1 (only exports).

    (X - M) / (X + M): the normalized trade balance of Mikic and Gilbert (2009), see `coverage`. It allows
    comparing small and large partners. NaN without trade.

    Raises
    ------
    ValueError
        If a flow is negative.
    """
    if exports < 0 or imports < 0:
        raise ValueError("exports and imports cannot be negative")
    turnover = exports + imports
    return (exports - imports) / turnover if turnover > 0 else math.nan


def volatility(series: pd.Series) -> float:
    """Return how unsteady a flow is: the standard deviation of its annual logarithmic changes, x 100.

    Logarithms weigh a doubling and a halving alike, so a crash with full recovery counts both times
    (one of the measures reviewed by J. Cariolle and M. Goujon, "Measuring macroeconomic volatility:
    applications to export revenue data", Journal of Economic Surveys, 2015).

    Parameters
    ----------
    series
        Values in the order of the years, indexed by year.

    Returns
    -------
    float
        About percent; the sample standard deviation (n - 1). NaN with fewer than `CHANGES` annual changes;
        a gap in the years gives no change, nothing is interpolated.
    """
    known = series[series > 0]
    values = dict(zip(known.index.tolist(), known.tolist(), strict=True))
    changes = pd.Series(
        [math.log(value / values[year - 1]) for year, value in values.items() if year - 1 in values],
        dtype="float64",
    )
    return float(changes.std(ddof=1)) * 100 if len(changes) >= CHANGES else math.nan


def table(trade: pd.DataFrame, partners: Iterable[str]) -> pd.DataFrame:
    """Return the indicators for each partner, from the partner's viewpoint.

    Only exports and imports of the reporter are needed: what China exports to a country, the country
    imports from China (mirror statistics; freight and insurance stay where the reporter counts them).

    Parameters
    ----------
    trade
        A table of `corridor.trade.flows.wide`: the reporter's flows with the partners.
    partners
        Codes of areas, in the order of the rows.

    Returns
    -------
    DataFrame
        partner; ``first`` and ``last``, the first and last year with both flows; in the last one
        ``coverage`` (the partner's exports to the reporter, percent of its imports from there) and
        ``normalised`` balance; between them ``imports_cagr`` and ``exports_cagr`` (percent a year); over
        all years known ``imports_volatility`` and ``exports_volatility``. NaN and NA where the sources do
        not print enough.
    """
    rows = []
    for partner in partners:
        mine = trade[trade["partner"] == partner].sort_values("year").set_index("year")
        row: dict[str, object] = {"partner": partner}
        both = mine.dropna(subset=["export", "import"])
        if len(both):
            (bought, sold), (first, last) = both[["export", "import"]].iloc[-1], both.index[[0, -1]]
            row |= {"first": first, "last": last}
            row |= {"coverage": coverage(sold, bought), "normalised": normalised_balance(sold, bought)}
        # What the reporter exports, the partner imports.
        for side, flow in (("imports", "export"), ("exports", "import")):
            if len(both):
                start, end = both[flow].iloc[[0, -1]]
                row[f"{side}_cagr"] = cagr(start, end, int(last - first))
            row[f"{side}_volatility"] = volatility(mine[flow])
        rows.append(row)
    frame = pd.DataFrame(rows, columns=COLUMNS)
    numbers = dict.fromkeys(COLUMNS[3:], "float64")
    return frame.astype({"first": "Int64", "last": "Int64", **numbers})
