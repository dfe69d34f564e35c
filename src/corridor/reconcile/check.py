"""Check the ledger: every contradiction is ruled, every entry is one, and its record is what is computed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from corridor.errors import Fault
from corridor.nearest import nearest
from corridor.reconcile.conflicts import Conflict
from corridor.reconcile.diagnose import readings
from corridor.reconcile.ledger import Ledger, as_ruled, findings, ledger, outdated, stale, unruled
from corridor.reconcile.statements import read
from corridor.reconcile.system import without
from corridor.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

REFUTED = ("mislabelled", "contradicted")
"""Flags of figures that cannot be used as they are printed."""


def check_ledger(
    document: Settings, flows: pd.DataFrame, rates: pd.DataFrame, *, groups: Mapping[str, Sequence[str]]
) -> list[Fault]:
    """Return what is wrong with the ledger of conflicts.

    Parameters
    ----------
    document
        ``data/conflicts.yml``, which follows its schema.
    flows, rates
        ``data/trade_flows.csv`` and ``data/trade_rates.csv``, without faults of their own.
    groups
        Codes of the members of each group of areas.
    """
    if found := [*_named(document, flows, rates), *_unmarked(document, flows, rates)]:
        return found
    entries = ledger(document.values)
    place = {entry.id: number for number, entry in enumerate(entries)}
    if conflicts := unruled(flows, rates, entries, groups=groups):
        # The sizes mean nothing while figures that are used contradict each other.
        suspects = {conflict.suspect for conflict in conflicts}
        return [
            document.fault(
                "conflicts",
                what=f"no ruling on a contradiction: {', '.join(conflict.keys)} cannot all be true"
                + (f" ({', '.join(conflict.identities)})" if conflict.identities else "")
                + _fitting(conflict, suspects, flows, rates, entries, groups),
                mend="check their digits against the sources; if they stand, add an entry that corrects one "
                "of them or sets it aside, with the reason",
            )
            for conflict in conflicts
        ]
    results = findings(flows, rates, entries, groups=groups)
    gone = stale(results)
    faults = [
        document.fault(
            "conflicts",
            place[entry.id],
            what=f'the figures of the entry "{entry.id}" do not contradict each other',
            mend="take the entry out, or name the figures that do",
        )
        for entry in gone
    ]
    faults += [
        document.fault(
            "conflicts",
            place[entry.id],
            what=f'the entry "{entry.id}" does not record what is computed',
            mend=f"record that {what}",
        )
        for entry, what in outdated(results)
        if entry not in gone
    ]
    return faults


def _unmarked(document: Settings, flows: pd.DataFrame, rates: pd.DataFrame) -> Iterator[Fault]:
    """Return faults where the marks in the tables and the rulings within a source do not fit."""
    flags = {
        key: flag
        for table in (flows, rates)
        for key, flag in zip(table["key"], table["flag"], strict=True)
        if key
    }
    ruled = set()
    for number, entry in enumerate(document.values["conflicts"]):
        for place, figure in enumerate(entry["figures"]):
            key = figure["key"]
            if entry["scope"] != "source" or figure["ruling"] == "used":
                continue
            ruled.add(key)
            if not flags.get(key, "?"):
                what = f'"{key}" is {figure["ruling"]}, but bears no flag in its table'
                mend = "flag it there and say in its note why, or use it"
                yield document.fault("conflicts", number, "figures", place, what=what, mend=mend)
    for key, flag in flags.items():
        if flag in REFUTED and key not in ruled:
            what = f'"{key}" is flagged as {flag}, but no entry corrects it or sets it aside'
            yield document.fault("conflicts", what=what, mend="rule on it, or take the flag out")


def _fitting(
    conflict: Conflict,
    suspects: set[str],
    flows: pd.DataFrame,
    rates: pd.DataFrame,
    entries: Ledger,
    groups: Mapping[str, Sequence[str]],
) -> str:
    """Return as what else the suspect would fit, "" where the arithmetic does not say so by itself."""
    ruled = [as_ruled(table, entries, across=conflict.across) for table in (flows, rates)]
    mine = [row for row in read(*ruled, groups=groups).rows if row.source in conflict.sources]
    found = readings(flows, rates, conflict.suspect, without(mine, suspects), groups=groups)
    near = [reading.label for reading in found if reading.near]
    return f"; {conflict.suspect} would fit if read with {near[0]}" if near else ""


def _named(document: Settings, flows: pd.DataFrame, rates: pd.DataFrame) -> Iterator[Fault]:
    """Return faults of the names in the ledger: keys, columns, and what belongs to a ruling."""
    columns = {key: set(table.columns) for table in (flows, rates) for key in table["key"]}
    ruled: dict[tuple[str, str], str] = {}
    ids: set[str] = set()
    for number, entry in enumerate(document.values["conflicts"]):
        if entry["id"] in ids:
            what = f'the id "{entry["id"]}" stands twice'
            yield document.fault("conflicts", number, "id", what=what, mend="rename one of them")
        ids.add(entry["id"])
        if all(figure["ruling"] == "used" for figure in entry["figures"]):
            what = f'the entry "{entry["id"]}" uses all its figures, which cannot all be true'
            yield document.fault("conflicts", number, what=what, mend="correct one or set it aside")
        for place, figure in enumerate(entry["figures"]):
            here = ("conflicts", number, "figures", place)
            key, ruling = figure["key"], figure["ruling"]
            if key not in columns:
                mend = nearest(key, columns, "name a figure of trade_flows.csv or trade_rates.csv")
                yield document.fault(*here, what=f'there is no figure "{key}"', mend=mend)
                continue
            for name in [*figure.get("as", {}), *figure.get("printed", {})]:
                if name not in columns[key]:
                    mend = nearest(name, columns[key], "name a column of the table")
                    yield document.fault(*here, what=f'the table has no column "{name}"', mend=mend)
            if (ruling == "corrected") != ("as" in figure):
                what = f'"{key}" is {ruling}, but ' + ('has "as"' if "as" in figure else 'has no "as"')
                yield document.fault(*here, what=what, mend='say under "as" how a corrected figure is read')
            if ruling != "used":
                if other := ruled.get((entry["scope"], key)):
                    what = f'"{key}" is ruled on twice, first in "{other}"'
                    yield document.fault(*here, what=what, mend="keep one of the rulings")
                ruled[entry["scope"], key] = entry["id"]
