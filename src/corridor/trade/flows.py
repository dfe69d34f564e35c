"""Trade flows: one figure per reporter, partner, flow and year, completed by the identities of trade."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

import pandas as pd

from corridor.messages import gettext

KEYS = ["reporter", "partner", "flow", "year"]

# Every flow as (times exports, times imports): any two of them determine the others.
IDENTITIES = {"export": (1, 0), "import": (0, 1), "balance": (1, -1), "turnover": (1, 1)}

FLOWS = list(IDENTITIES)

# From firm to soft; a derived figure is as soft as its softest part.
STATUSES = ["reported", "estimated", "projected"]

# A qualified figure by how much it says; a derived one stands between.
GRADES = {"": 0, "about": 1, "nearly": 3, "over": 3, "under": 3}
DERIVED = 2

# What `wide` keeps of a figure besides its value.
_ABOUT = ["derived", "error", "source"]

MARGIN = 5
"""Percentage points that the roundings may leave open in a growth rate."""


def usable(flows: pd.DataFrame) -> pd.DataFrame:
    """Return the observations that stand for all goods in a whole calendar year.

    Left out are targets, parts of years and runs of years, and single products.

    Parameters
    ----------
    flows
        One observation a row, as in ``data/trade_flows.csv``, under the rulings of the ledger
        (`corridor.reconcile.ledger.as_ruled`).

    Returns
    -------
    DataFrame
        The same columns, and

        - ``error``: half the rounding, in the unit of the value; NaN for a qualified figure ("over 50
          billion"), whose rounding says nothing about its distance from the truth
        - ``derived``: False, since these figures are printed
        - ``formula``: the key, where observations have keys; of a derived figure, how it follows from keys
    """
    keep = (flows["period"] == "") & (flows["product"] == "all") & flows["status"].isin(STATUSES)
    rows = flows[keep].reset_index(drop=True)
    error = (rows["rounding"].astype("float64") / 2).where(rows["qualifier"] == "")
    rows = rows.assign(error=error, derived=False)
    return rows.assign(formula=rows["key"]) if "key" in rows else rows


def select(rows: pd.DataFrame, within: Iterable[str] = ()) -> pd.DataFrame:
    """Return the best row for each reporter, partner, flow and year.

    An exact printed figure goes before one printed with "about", that before a derived one, and that
    before a mere bound ("over", "under", "nearly"). Then a reported figure goes before an estimate and an
    estimate before a projection, then the finer rounding, then the one printed first.

    Parameters
    ----------
    rows
        Rows of `usable` or `complete`.
    within
        Further columns to keep apart: ``["source"]`` gives the best row of every source.

    Returns
    -------
    DataFrame
        The same columns, sorted by the keys.
    """
    keys = [*KEYS, *within]
    ranked = rows.assign(
        _grade=rows["qualifier"].map(GRADES).where(~rows["derived"].astype(bool), DERIVED),
        _status=rows["status"].map(STATUSES.index),
        _flow=rows["flow"].map(FLOWS.index),
    )
    ranked = ranked.sort_values(["_grade", "_status", "error"], kind="stable")
    best = ranked.drop_duplicates(keys).sort_values(
        ["reporter", "partner", "_flow", "year", *within], kind="stable"
    )
    return best[rows.columns].reset_index(drop=True)


def complete(rows: pd.DataFrame) -> pd.DataFrame:
    """Add the flows that follow from two others of the same source and year.

    balance = exports - imports and turnover = exports + imports, so any two determine the others. Parts
    from different sources are never mixed, and qualified figures ("over 50 billion") are not used.

    Parameters
    ----------
    rows
        Rows of `usable`.

    Returns
    -------
    DataFrame
        The rows, and the derived ones after them: ``derived`` is True, ``error`` the greatest error that
        the roundings of the parts allow (half of each rounding, times the part's weight, added),
        ``status`` the softest of the parts' and ``locator`` names both parts. Where several pairs lead to
        a flow, the one with the smallest error counts.

    Examples
    --------
    Exports of 5.37 and imports of 0.08699 billion give a balance of 5.28301 billion, at most 5.005
    million off: half of 0.01 billion and half of 0.01 million.
    """
    exact = select(rows[rows["qualifier"] == ""], within=["source"])
    groups: dict[tuple, dict[str, dict]] = {}
    for row in exact[exact["year"].notna()].to_dict("records"):
        key = row["reporter"], row["partner"], row["year"], row["source"]
        groups.setdefault(key, {})[row["flow"]] = row
    derived = []
    for key in sorted(groups):
        known = groups[key]
        derived += [_derive(target, known) for target in FLOWS if target not in known and len(known) >= 2]
    if not derived:
        return rows.reset_index(drop=True)
    added = pd.DataFrame(derived).reindex(columns=rows.columns).astype(rows.dtypes)
    return pd.concat([rows, added], ignore_index=True)


def best(flows: pd.DataFrame) -> pd.DataFrame:
    """Return one figure per reporter, partner, flow and year: the best printed one, else a derived one."""
    return select(complete(usable(flows)))


def wide(
    figures: pd.DataFrame, *, reporter: str, partners: Iterable[str], years: Iterable[int]
) -> pd.DataFrame:
    """Return the flows of one reporter side by side, a row for every partner and year.

    Parameters
    ----------
    figures
        Rows of `best`, or of `complete` of one source.
    reporter
        Area whose viewpoint is taken.
    partners, years
        The rows wanted, in this order; a row without any figure is there too, empty.

    Returns
    -------
    DataFrame
        partner, year, and for each flow its value in USD (NaN where no source has it),
        ``<flow>_derived``, ``<flow>_error`` and ``<flow>_source``.
    """
    grid = pd.DataFrame(
        [(partner, year) for partner in partners for year in years], columns=["partner", "year"]
    ).astype({"partner": "str", "year": "Int64"})
    mine = figures[figures["reporter"] == reporter]
    for flow in FLOWS:
        part = mine.loc[mine["flow"] == flow, ["partner", "year", "value", *_ABOUT]]
        part = part.rename(columns={"value": flow, **{name: f"{flow}_{name}" for name in _ABOUT}})
        grid = grid.merge(part, on=["partner", "year"], how="left", validate="one_to_one")
        grid[f"{flow}_derived"] = grid[f"{flow}_derived"].eq(True).astype(bool)
    return grid


def growth(table: pd.DataFrame, flow: str) -> pd.Series:
    """Return the growth of a flow on the calendar year before, in percent.

    Parameters
    ----------
    table
        A table of `wide`.
    flow
        Column to take.

    Returns
    -------
    Series
        Aligned with `table`. NaN where either year is missing or comes from another source (a change of
        source is no change of trade), the year before is not positive, or the roundings leave more than
        `MARGIN` percentage points open on either side: "USD 2 billion" may be 1.5 or 2.5, so growth on it
        says little. NaN also on qualified figures, which have no error bound.
    """
    columns = ["partner", "year", flow, f"{flow}_error", f"{flow}_source"]
    before = table[columns].assign(year=table["year"] + 1)
    now = table[columns].merge(before, on=["partner", "year"], how="left", suffixes=("", "_before"))
    value, error = now[flow], now[f"{flow}_error"]
    base, base_error = now[f"{flow}_before"], now[f"{flow}_error_before"]
    change = (value / base.where(base > 0) - 1) * 100
    # The farthest that the roundings can push it: a larger numerator on a smaller denominator.
    widest = (value.abs() + error) / (base - base_error).where(base > base_error)
    spread = (widest - value.abs() / base.where(base > 0)) * 100
    same = now[f"{flow}_source"] == now[f"{flow}_source_before"]
    return change.where(same & (spread <= MARGIN)).set_axis(table.index)


def printed_growth(table: pd.DataFrame, rates: pd.DataFrame, *, reporter: str, flow: str) -> pd.Series:
    """Return the growth on the calendar year before that a source prints, in percent.

    Parameters
    ----------
    table
        A table of `wide`.
    rates
        One observation a row, as in ``data/trade_rates.csv``, under the rulings of the ledger.
    reporter, flow
        Whose flow.

    Returns
    -------
    Series
        Aligned with `table`; NaN where no source prints the rate, or only a bound ("over 40 percent").
    """
    exact = rates[
        (rates["indicator"] == "growth")
        & (rates["reporter"] == reporter)
        & (rates["flow"] == flow)
        & (rates["product"] == "all")
        & (rates["period"] == "")
        & (rates["qualifier"] == "")
        & (rates["base"] == (rates["year"] - 1).astype("string"))
    ]
    firm = exact.sort_values("rounding", kind="stable").drop_duplicates(["partner", "year"])
    found = table[["partner", "year"]].merge(firm, on=["partner", "year"], how="left")
    return found["value"].astype("float64").set_axis(table.index)


def leading_source(rows: pd.DataFrame) -> str:
    """Return the source with the most rows; empty where there are none.

    Examples
    --------
    Where one source has every year and others some, comparisons over time stay within the one.
    """
    counts = rows["source"].value_counts(sort=True)
    return str(counts.index[0]) if len(counts) else ""


def unbalanced(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows whose flows, taken from different sources, do not fit together.

    Parameters
    ----------
    table
        A table of `wide`.

    Returns
    -------
    DataFrame
        partner, year, ``gap`` = turnover - (exports + imports) in USD, and ``error``, the greatest gap
        that the roundings allow; only rows whose gap is greater.
    """
    gap = table["turnover"] - (table["export"] + table["import"])
    # A qualified figure has no error bound, so nothing can be said about it.
    error = table["turnover_error"] + table["export_error"] + table["import_error"]
    found = table[["partner", "year"]].assign(gap=gap, error=error)
    return found[(gap.abs() > error * (1 + 1e-9))].reset_index(drop=True)


def _derive(target: str, known: dict[str, dict]) -> dict:
    ways = []
    for first, second in combinations([f for f in FLOWS if f in known], 2):
        weights = _weights(target, first, second)
        error = sum(abs(w) * known[f]["error"] for w, f in zip(weights, (first, second), strict=True))
        ways.append((error, first, second, weights))
    error, first, second, weights = min(ways, key=lambda way: way[0])
    parts = [known[first], known[second]]
    named = [(w, part["key"]) for w, part in zip(weights, parts, strict=True) if part.get("key")]
    return {
        **{name: parts[0][name] for name in ("reporter", "partner", "year", "source", "unit", "product")},
        "flow": target,
        "period": "",
        "value": sum(w * part["value"] for w, part in zip(weights, parts, strict=True)),
        "rounding": float("nan"),
        "qualifier": "",
        "printed": "",
        "status": max((part["status"] for part in parts), key=STATUSES.index),
        "compiler": parts[0]["compiler"] if parts[0]["compiler"] == parts[1]["compiler"] else "",
        "locator": "; ".join(dict.fromkeys(part["locator"] for part in parts)),
        "flag": "",
        "note": gettext("computed from {first} and {second}").format(first=first, second=second),
        "error": error,
        "derived": True,
        "key": "",
        "formula": _formula(named),
    }


def _formula(terms: list[tuple[float, str]]) -> str:
    """Return a weighted sum of keys as an expression."""
    text = ""
    for weight, key in sorted(terms, key=lambda term: -term[0]):
        factor = key if abs(weight) == 1 else f"{abs(weight):g} * {key}"
        sign = ("-" if weight < 0 else "") if not text else (" - " if weight < 0 else " + ")
        text += sign + factor
    return text


def _weights(target: str, first: str, second: str) -> tuple[float, float]:
    (a, b), (c, d), (x, y) = IDENTITIES[first], IDENTITIES[second], IDENTITIES[target]
    determinant = a * d - b * c
    return (x * d - y * c) / determinant, (a * y - b * x) / determinant
