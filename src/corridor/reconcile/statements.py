"""What the tables of the paper state, as rows of the linear system."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from corridor.reconcile.system import BILLION, LEAST, Cell, Row, combined, flow
from corridor.trade.agreement import interval

if TYPE_CHECKING:
    import pandas as pd

WORLD = "XWO"

USUAL = 0.005
"""What an order is measured by, in USD billion: half the last digit with which sources print most amounts."""

# Goods and "all" are both merchandise; services, energy and the like are kept apart.
_MERCHANDISE = {"goods": "all"}

_YEAR = re.compile(r"\d{4}")
_YEARS = re.compile(r"(\d{4})/(\d{4})")


class _SilentError(Exception):
    """The identities of trade cannot test this statement; the text says why."""


@dataclass(frozen=True, kw_only=True)
class Statements:
    """What tables state.

    Parameters
    ----------
    rows
        One or more rows for every figure that the identities can test.
    silent
        Why the others have none, by key.
    """

    rows: tuple[Row, ...]
    silent: dict[str, str]


def amended(table: pd.DataFrame, changes: Mapping[str, Mapping[str, object]]) -> pd.DataFrame:
    """Return a table in which some figures are read differently.

    Parameters
    ----------
    table
        Rows with the column ``key``.
    changes
        New values of columns by the key of the figure; keys of other tables are left alone.
    """
    result = table.copy()
    present = set(table["key"])
    for key, columns in changes.items():
        for name, value in columns.items():
            if key in present and name in result.columns:
                result.loc[result["key"] == key, name] = value
    return result


def read(flows: pd.DataFrame, rates: pd.DataFrame, *, groups: Mapping[str, Sequence[str]]) -> Statements:
    """Write every figure of the two tables as rows.

    Parameters
    ----------
    flows, rates
        ``data/trade_flows.csv`` and ``data/trade_rates.csv``. The column ``flag`` is not looked at. The
        ``base`` of a share may name a flow of its own: ``world.export`` is the world's exports whatever
        the row's flow is.
    groups
        Codes of the members of each group of areas.

    Returns
    -------
    Statements
        Amounts, shares, growth, multiples, ranks within a group and runs of growth. A rank over a run of
        years is said of each year; a share of a balance supposes a surplus. What is silent: aims, amounts
        and shares of several years, figures without a year, ranks among partners that no source lists.
    """
    rows: list[Row] = []
    silent: dict[str, str] = {}
    for record in flows.to_dict("records"):
        try:
            rows.append(_amount(record))
        except _SilentError as reason:
            silent[record["key"]] = str(reason)
    named: dict[tuple, dict[int, str]] = {}
    for record in rates.to_dict("records"):
        if record["indicator"] == "rank":
            named.setdefault(_list(record), {}).setdefault(int(record["value"]), record["partner"])
    for record in rates.to_dict("records"):
        try:
            match record["indicator"]:
                case "share":
                    rows += _share(record)
                case "growth" | "multiple":
                    rows += _growth(record)
                case "rank":
                    rows += _rank(record, groups, named[_list(record)])
                case "run":
                    rows += _run(record)
                case other:
                    raise _SilentError(f"no identity speaks of the indicator {other}")
        except _SilentError as reason:
            silent[record["key"]] = str(reason)
    return Statements(rows=tuple(rows), silent=silent)


def identities(rows: Iterable[Row], *, groups: Mapping[str, Sequence[str]], world: str = WORLD) -> list[Row]:
    """Return what always holds between the cells that rows speak of.

    A group is the sum of its members (as far as the group itself is spoken of), nobody trades more with a
    partner than with the world, no product is more than all products, and no part of a year more than the
    year.
    """
    cells = sorted({cell for row in rows for cell in row.cells()})
    found: list[Row] = []
    for cell in cells:
        if cell.partner in groups and cell.product == "all" and _YEAR.fullmatch(cell.period):
            parts = {_like(cell, partner=member): 1.0 for member in groups[cell.partner]}
            found.append(_identity("region", cell, combined({cell: 1.0}, parts, -1.0), 0.0))
    known = sorted({*cells, *(cell for row in found for cell in row.cells())})
    present = set(known)
    for cell in known:
        wholes = [_like(cell, product="all")] if cell.product != "all" else []
        if cell.partner != world:
            wholes.append(_like(cell, partner=world))
        if not _YEAR.fullmatch(cell.period) and (year := _within_year(cell.period)):
            wholes.append(_like(cell, period=year))
        found += [
            _identity("part", cell, {whole: 1.0, cell: -1.0}, math.inf)
            for whole in wholes
            if whole in present and whole != cell
        ]
    return found


def _amount(record: Mapping) -> Row:
    if record["status"] == "target":
        raise _SilentError("an aim, not an amount of trade")
    period = _period(record)
    low, high = interval(record["value"], record["rounding"], record["qualifier"])
    return Row(
        name=record["key"],
        keys=(record["key"],),
        part=flow(record["reporter"], record["partner"], record["flow"], period, _product(record["product"])),
        low=low / BILLION,
        high=high / BILLION,
        unit=record["rounding"] / 2 / BILLION,
        kind="amount",
        source=record["source"],
    )


def _share(record: Mapping) -> list[Row]:
    period, product = _period(record), _product(record["product"])
    part = flow(record["reporter"], record["partner"], record["flow"], period, product)
    base, _, named = record["base"].partition(".")
    name = named or record["flow"]
    match base:
        case "all":
            whole = flow(record["reporter"], record["partner"], name, period)
        case "world":
            # The world's share of itself makes no sense: what is meant is all countries' trade.
            reporter = WORLD if record["partner"] == WORLD else record["reporter"]
            whole = flow(reporter, WORLD, name, period, product)
        case "gdp":
            raise _SilentError("a share of the gross domestic product")
        case area:
            whole = flow(record["reporter"], area, name, period, product)
    return _ratio(record, part, whole, "share", 0.01)


def _growth(record: Mapping) -> list[Row]:
    if record["flow"] == "balance":
        raise _SilentError("growth of a balance, which may change its sign")
    before = record["base"]
    if not (_YEAR.fullmatch(before) or _within_year(before)):
        raise _SilentError("the base is no single year")
    factor, start = (0.01, 1.0) if record["indicator"] == "growth" else (1.0, 0.0)
    product = _product(record["product"])
    now, base = (
        flow(record["reporter"], record["partner"], record["flow"], period, product)
        for period in (_period(record), before)
    )
    return _ratio(record, now, base, "growth", factor, start)


def _rank(record: Mapping, groups: Mapping[str, Sequence[str]], named: Mapping[int, str]) -> list[Row]:
    if record["base"] not in groups or record["partner"] not in groups[record["base"]]:
        raise _SilentError("no source lists the partners that it is compared with")
    if record["unit"] != "rank":
        raise _SilentError("a number of partners, not a rank")
    place, partner = int(record["value"]), record["partner"]
    others = [member for member in groups[record["base"]] if member != partner]
    before = {named.get(rank) for rank in range(1, place)} - {None, partner}
    rows = []
    for year in _years(record):
        mine = flow(record["reporter"], partner, record["flow"], year)
        theirs = {other: flow(record["reporter"], other, record["flow"], year) for other in others}
        if place == len(others) + 1:
            rows += [
                _order(record, f"{year}<{other}", combined(terms, mine, -1.0))
                for other, terms in theirs.items()
            ]
        elif len(before) == place - 1:
            # All that rank higher are named beside it, so the rest rank lower.
            rows += [
                _order(record, f"{year}>{other}", combined(mine, terms, -1.0))
                for other, terms in theirs.items()
                if other not in before
            ]
        else:
            # Which ones rank higher is not said; only their sum is then bound to be so many times as large.
            total: dict[Cell, float] = {}
            for terms in theirs.values():
                total = combined(total, terms)
            rows.append(_order(record, f"{year}<all", combined(total, mine, 1.0 - place)))
    return rows


def _run(record: Mapping) -> list[Row]:
    if record["partner"] == WORLD:
        raise _SilentError("a run of first places among all countries, whose trade no source lists")
    years = _years(record)
    run = [str(int(years[0]) - 1), *years]
    return [
        _order(
            record,
            later,
            combined(
                flow(record["reporter"], record["partner"], record["flow"], later),
                flow(record["reporter"], record["partner"], record["flow"], earlier),
                -1.0,
            ),
        )
        for earlier, later in pairwise(run)
    ]


def _ratio(
    record: Mapping,
    part: dict[Cell, float],
    whole: dict[Cell, float],
    kind: str,
    factor: float,
    start: float = 0.0,
) -> list[Row]:
    """Return the rows of part / whole = start + factor * figure."""
    key, source = record["key"], record["source"]
    low, high = interval(record["value"], record["rounding"], record["qualifier"])
    return [
        Row(
            name=key,
            keys=(key,),
            part=part,
            whole=whole,
            low=start + factor * low,
            high=start + factor * high,
            unit=factor * record["rounding"] / 2,
            kind=kind,
            source=source,
            scale=1 / factor,
            start=start,
        ),
        Row(
            name=f"{key}:base",
            keys=(key,),
            part=whole,
            low=LEAST,
            high=math.inf,
            unit=LEAST,
            kind="base",
            source=source,
        ),
    ]


def _order(record: Mapping, name: str, difference: dict[Cell, float]) -> Row:
    return Row(
        name=f"{record['key']}:{name}",
        keys=(record["key"],),
        part=difference,
        low=0.0,
        high=math.inf,
        unit=USUAL,
        kind="order",
        source=record["source"],
    )


def _identity(kind: str, cell: Cell, part: dict[Cell, float], high: float) -> Row:
    other = next(c for c in part if c != cell)
    name = ":".join(
        ["identity", kind, cell.reporter, cell.partner, cell.direction, cell.product, cell.period]
        + ([other.partner, other.product, other.period] if kind == "part" else [])
    )
    return Row(name=name, part=part, low=0.0, high=high, kind=kind)


def _period(record: Mapping) -> str:
    """Return the one year, or part of a year, that a figure is about."""
    if period := record["period"]:
        if _within_year(period):
            return period
        raise _SilentError("said of several years at once")
    if _missing(record["year"]):
        raise _SilentError("no year is printed")
    return str(record["year"])


def _years(record: Mapping) -> list[str]:
    if match := _YEARS.fullmatch(record["period"]):
        first, last = int(match[1]), int(match[2])
        return [str(year) for year in range(first, last + 1)]
    return [_period(record)]


def _within_year(period: str) -> str:
    """Return the year that an interval of months lies in, "" if it is something else."""
    match = re.fullmatch(r"(\d{4})-\d\d/(\d{4})-\d\d", period)
    return match[1] if match and match[1] == match[2] else ""


def _list(record: Mapping) -> tuple:
    """Return what the ranks of one list have in common."""
    names = ("source", "locator", "reporter", "flow", "base", "year", "period")
    return tuple("" if _missing(record[name]) else record[name] for name in names)


def _product(name: str) -> str:
    return _MERCHANDISE.get(name, name)


def _missing(value: object) -> bool:
    return value is None or str(value) in ("", "nan", "<NA>")


def _like(cell: Cell, **changes: str) -> Cell:
    kept = {name: getattr(cell, name) for name in ("reporter", "partner", "period", "direction", "product")}
    return Cell(**kept | changes)
