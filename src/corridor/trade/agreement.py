"""Agreement: whether several statements of the same quantity can all be true."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import combinations

import pandas as pd

from corridor.trade.flows import FLOWS, KEYS

PAIR = [
    f"{name}_{side}" for side in "ab" for name in ("source", "locator", "value", "low", "high", "derived")
]


def interval(value: float, rounding: float, qualifier: str = "") -> tuple[float, float]:
    """Return between which values the truth lies if a printed figure is right.

    Parameters
    ----------
    value
        The figure.
    rounding
        Place value of its last printed digit.
    qualifier
        Word that the source sets before it: ``over`` and ``under`` leave one side open; ``nearly`` means up
        to one unit of the last digit below; ``about`` one unit to both sides (a convention of this
        paper); none, half a unit to both sides.

    Raises
    ------
    ValueError
        If the qualifier is unknown.

    Examples
    --------
    >>> interval(46.3, 0.5)
    (46.05, 46.55)
    """
    match qualifier:
        case "":
            return value - rounding / 2, value + rounding / 2
        case "about":
            return value - rounding, value + rounding
        case "nearly":
            return value - rounding, value
        case "over":
            return value, math.inf
        case "under":
            return -math.inf, value
    raise ValueError(f'unknown qualifier "{qualifier}"')


def intervals(rows: pd.DataFrame) -> pd.DataFrame:
    """Add the columns ``low`` and ``high`` to observations.

    Parameters
    ----------
    rows
        Rows of `corridor.trade.flows.complete`: a derived figure spans its ``error``, a printed one its
        `interval`.
    """
    bounds = [
        (row["value"] - row["error"], row["value"] + row["error"])
        if row["derived"]
        else interval(row["value"], row["rounding"], row["qualifier"])
        for row in rows.to_dict("records")
    ]
    low, high = ([float(bound[side]) for bound in bounds] for side in (0, 1))
    return rows.assign(low=low, high=high)


def pairs(rows: pd.DataFrame, keys: Sequence[str] = tuple(KEYS)) -> pd.DataFrame:
    """Compare every two statements of the same quantity.

    Parameters
    ----------
    rows
        Rows of `intervals`.
    keys
        Columns that say which quantity it is.

    Returns
    -------
    DataFrame
        `keys`, columns `PAIR`, and

        - ``difference``: how much larger the second value is than the first, in percent of the first's size
        - ``gap``: distance between the two intervals in the unit of the values, 0 if they overlap
        - ``agree``: whether they overlap

        A figure that one source repeats counts once. In each pair the more finely rounded comes first.
    """
    found = []
    groups: dict[tuple, list[dict]] = {}
    for row in rows.drop_duplicates([*keys, "source", "value", "derived"]).to_dict("records"):
        groups.setdefault(tuple(row[key] for key in keys), []).append(row)
    for quantity, group in groups.items():
        for a, b in combinations(sorted(group, key=lambda row: row["high"] - row["low"]), 2):
            found.append((*quantity, *_pair(a, b)))
    return _frame(found, [*keys, *PAIR, "difference", "gap", "agree"])


def mirrored(rows: pd.DataFrame) -> pd.DataFrame:
    """Return what every area reports, as its partner would: exports become imports, balances change sign.

    The two sides rarely agree: imports include freight and insurance, goods in transit are counted by one
    side only, and origin differs from the country of purchase.
    """
    swap = {"export": "import", "import": "export"}
    sign = rows["flow"].map(lambda flow: -1.0 if flow == "balance" else 1.0)
    flipped = rows.assign(
        reporter=rows["partner"],
        partner=rows["reporter"],
        flow=rows["flow"].map(lambda flow: swap.get(flow, flow)),
        value=rows["value"] * sign,
    )
    if "low" in rows.columns:
        bounds = pd.DataFrame({"a": rows["low"] * sign, "b": rows["high"] * sign})
        flipped = flipped.assign(low=bounds.min(axis=1), high=bounds.max(axis=1))
    return flipped


def mirrors(rows: pd.DataFrame) -> pd.DataFrame:
    """Compare what two areas say about the trade between them.

    Parameters
    ----------
    rows
        Rows of `intervals`.

    Returns
    -------
    DataFrame
        As `pairs`: first the figure of ``reporter``, second the mirrored one of ``partner``. The reporter
        of a pair is the one whose code comes first.
    """
    distinct = rows.drop_duplicates([*KEYS, "source", "value", "derived"])
    other = mirrored(distinct)
    records: dict[tuple, list[dict]] = {}
    for row in other.to_dict("records"):
        records.setdefault(tuple(row[key] for key in KEYS), []).append(row)
    found = [
        (*(a[key] for key in KEYS), *_pair(a, b))
        for a in distinct.to_dict("records")
        if a["reporter"] < a["partner"]
        for b in records.get(tuple(a[key] for key in KEYS), [])
    ]
    return _frame(found, [*KEYS, *PAIR, "difference", "gap", "agree"])


def sums(rows: pd.DataFrame, *, region: str, members: Iterable[str]) -> pd.DataFrame:
    """Compare a source's figure for a region with the sum of its figures for the members.

    Parameters
    ----------
    rows
        Rows of `intervals`; only exact printed figures are used.
    region
        Code of the region.
    members
        Codes of all its members; a year in which the source lacks one is left out.

    Returns
    -------
    DataFrame
        reporter, flow, year, source, ``value`` (printed for the region), ``sum``, ``difference`` (of the
        sum, in percent of the printed size), ``gap`` beyond what all roundings together allow, ``agree``.
    """
    members = list(members)
    exact = rows[(rows["qualifier"] == "") & ~rows["derived"].astype(bool)]
    exact = exact.sort_values("rounding", kind="stable").drop_duplicates([*KEYS, "source"])
    found = []
    for key, group in exact.groupby(["reporter", "flow", "year", "source"], sort=False):
        by_partner = group.set_index("partner")
        if region not in by_partner.index or not set(members) <= set(by_partner.index):
            continue
        whole, parts = by_partner.loc[region], by_partner.loc[members]
        total = float(parts["value"].sum())
        gap = _gap(whole["low"], whole["high"], parts["low"].sum(), parts["high"].sum())
        difference = (total - whole["value"]) / abs(whole["value"]) * 100 if whole["value"] else math.nan
        found.append((*key, float(whole["value"]), total, difference, gap, gap == 0))
    frame = _frame(
        found, ["reporter", "flow", "year", "source", "value", "sum", "difference", "gap", "agree"]
    )
    order = frame.assign(_flow=frame["flow"].map(FLOWS.index)) if len(frame) else frame.assign(_flow=[])
    return order.sort_values(["_flow", "year"]).drop(columns="_flow").reset_index(drop=True)


def _pair(a: dict, b: dict) -> tuple:
    sides = [row[name] for row in (a, b) for name in ("source", "locator", "value", "low", "high", "derived")]
    difference = (b["value"] - a["value"]) / abs(a["value"]) * 100 if a["value"] else math.nan
    gap = _gap(a["low"], a["high"], b["low"], b["high"])
    return (*sides, difference, gap, gap == 0)


def _gap(low_a: float, high_a: float, low_b: float, high_b: float) -> float:
    gap = float(max(low_a - high_b, low_b - high_a, 0.0))
    # Sums of decimal fractions leave dust in binary; a gap far below any rounding is none.
    size = max(abs(bound) for bound in (low_a, high_a, low_b, high_b) if math.isfinite(bound))
    return gap if gap > size * 1e-12 else 0.0


def _frame(rows: list[tuple], columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=columns).astype({"agree": bool})
