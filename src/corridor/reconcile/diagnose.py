"""Diagnosis: what a figure that does not fit could have been meant to say."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridor.reconcile.conflicts import fits
from corridor.reconcile.extent import extent
from corridor.reconcile.statements import amended, identities, read
from corridor.reconcile.system import DIRECTIONS, Row, blocks, stating

if TYPE_CHECKING:
    import pandas as pd

NARROW = 1 / 3
"""The other figures tell a value if they leave it at most this part of the value open."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Another reading of a figure, with which it fits.

    Parameters
    ----------
    key
        The figure.
    label
        What is read differently: ``partner XCA``, ``year +1``, ``flow import``, ``base world.balance``.
    changes
        New values of columns.
    low, high
        Between which values the other figures put this quantity, in the figure's own unit; an order has
        none (NaN).
    near
        Whether they say so on their own: an order follows from them, a value is known to `NARROW` of its
        size. Otherwise the reading is merely possible.
    """

    key: str
    label: str
    changes: dict[str, object]
    low: float
    high: float
    near: bool


def readings(
    flows: pd.DataFrame,
    rates: pd.DataFrame,
    key: str,
    kept: Iterable[Row],
    *,
    groups: Mapping[str, Sequence[str]],
) -> list[Reading]:
    """Return the readings of a figure that fit, each differing in one thing from what is printed.

    Tried are the other areas of its group and the group itself, the years before and after, the other flows
    and, for a share, other wholes.

    Parameters
    ----------
    flows, rates
        The tables; one of them holds the figure.
    key
        The figure.
    kept
        Rows of figures that are trusted, without the figure; they fit each other.
    groups
        Codes of the members of each group of areas.

    Returns
    -------
    list
        Near readings first, then the others, by how little room the trusted figures leave.
    """
    kept = [row for row in kept if row.keys and key not in row.keys]
    table = flows if (flows["key"] == key).any() else rates
    record = table.loc[table["key"] == key].iloc[0].to_dict()
    mine = flows[flows["source"] == record["source"]], rates[rates["source"] == record["source"]]
    found = []
    for label, changes in _alternatives(record, groups):
        stated = read(*(amended(part, {key: changes}) for part in mine), groups=groups)
        if reading := _tested(key, label, changes, stating(stated.rows, {key}), kept, groups):
            found.append(reading)
    return sorted(found, key=_room)


def series(found: Iterable[Reading], tables: Iterable[pd.DataFrame]) -> dict[tuple[str, ...], str]:
    """Return the series of figures that all fit if read differently in the same way.

    Parameters
    ----------
    found
        Readings of several figures.
    tables
        The tables that hold the figures.

    Returns
    -------
    dict
        The label of the reading by the keys of the figures: at least two of one source, reporter, partner,
        flow and indicator, each with a near reading of this label.
    """
    same = ("indicator", "source", "reporter", "partner", "flow", "base")
    kind = {
        record["key"]: tuple(record.get(name) for name in same)
        for table in tables
        for record in table.to_dict("records")
    }
    near: dict[tuple, list[str]] = {}
    for reading in found:
        if reading.near:
            near.setdefault((kind[reading.key], reading.label), []).append(reading.key)
    return {tuple(keys): label for (_, label), keys in near.items() if len(keys) > 1}


def _alternatives(
    record: Mapping, groups: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, dict[str, object]]]:
    partner, indicator = record["partner"], record.get("indicator", "")
    areas = [partner, *(groups.get(partner, ()))]
    for group, members in groups.items():
        if partner in members:
            areas += [group, *members]
    if indicator != "rank":
        for area in dict.fromkeys(areas):
            if area not in (partner, record.get("base")):
                yield f"partner {area}", {"partner": area}
    if not record["period"]:
        for step in (-1, 1):
            changes: dict[str, object] = {"year": record["year"] + step}
            if indicator in ("growth", "multiple"):
                changes["base"] = str(int(record["base"]) + step)
            yield f"year {step:+d}", changes
    for name in DIRECTIONS:
        if name != record["flow"]:
            yield f"flow {name}", {"flow": name}
    if indicator == "share":
        base, _, named = record["base"].partition(".")
        for name in DIRECTIONS:
            if name != (named or record["flow"]):
                yield f"base {base}.{name}", {"base": f"{base}.{name}"}
        for area in groups:
            if partner in groups[area] and area != base:
                yield f"base {area}", {"base": area}
        if base != "world":
            yield "base world", {"base": "world"}


def _room(reading: Reading) -> tuple[bool, float]:
    room = reading.high - reading.low
    return not reading.near, math.inf if math.isnan(room) else room


def _tested(
    key: str,
    label: str,
    changes: dict[str, object],
    rows: Sequence[Row],
    kept: Sequence[Row],
    groups: Mapping[str, Sequence[str]],
) -> Reading | None:
    """Return the reading if its rows fit with those kept."""
    if not rows:
        return None
    system = [*kept, *rows, *identities([*kept, *rows], groups=groups)]
    touched = [block for block in blocks(system) if stating(block, {key})]
    if not all(fits(block) for block in touched):
        return None
    others = [row for block in touched for row in block if key not in row.keys]
    low = high = math.nan
    near = True
    for row in rows:
        if row.kind == "base":
            continue
        least, most = extent(others, row.part, row.whole)
        if row.kind == "order":
            near = near and least >= row.low - 1e-9
        else:
            low, high = ((bound - row.start) * row.scale for bound in (least, most))
            near = most - least <= NARROW * abs(row.low + row.high) / 2
    return Reading(key=key, label=label, changes=changes, low=low, high=high, near=near)
