"""The ledger of conflicts: which figures are used, corrected or set aside, and whether all is ruled."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor.documents import parsed
from corridor.reconcile.conflicts import IDENTITIES, Conflict, change, conflicts, explained
from corridor.reconcile.statements import amended, identities, read
from corridor.reconcile.system import Row, stating, without

if TYPE_CHECKING:
    import pandas as pd

NEAR = 0.01
"""A recorded size may differ from the computed one by this part of it."""


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """What becomes of one figure.

    Parameters
    ----------
    key
        The figure.
    ruling
        ``used``, ``corrected`` or ``set aside``.
    read
        New values of columns with which a corrected figure is used.
    printed
        What the source says where the table holds another reading: columns and values.
    size
        By how much the figure would have to change to fit the figures of the entry that are used, in its own
        unit (for an order the USD by which it fails); 0 for a figure that is used, and for one that hangs on
        others that are not.
    """

    key: str
    ruling: str
    read: dict[str, Any] = field(default_factory=dict)
    printed: dict[str, Any] = field(default_factory=dict)
    size: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One contradiction, or several with one cause, and our ruling.

    Parameters
    ----------
    id
        Unique name.
    kind
        What is wrong.
    scope
        ``source``: the figures contradict others of their own source, and the ruling holds everywhere;
        ``sources``: those of another source, and the ruling holds where sources are combined.
    identities
        What connects the figures.
    figures
        The figures with their rulings.
    reason
        Why.
    depends
        What hangs on it.
    """

    id: str
    kind: str
    scope: str
    identities: tuple[str, ...]
    figures: tuple[Ruling, ...]
    reason: str
    depends: tuple[str, ...]

    @property
    def rejected(self) -> list[Ruling]:
        """The figures that are not used as printed."""
        return [figure for figure in self.figures if figure.ruling != "used"]


Ledger = tuple[Entry, ...]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What the arithmetic says of an entry: its figures as they are printed, and nothing else.

    Parameters
    ----------
    entry
        The entry.
    conflicts
        One conflict for each rejected figure that contradicts the figures used, and one of those that only
        do so together. Without any, the entry corresponds to nothing.
    sizes
        By how much each rejected figure would have to change to fit the figures used, in its own unit.
    """

    entry: Entry
    conflicts: tuple[Conflict, ...]
    sizes: dict[str, float]

    @property
    def identities(self) -> tuple[str, ...]:
        """What connects the figures."""
        named = {name for conflict in self.conflicts for name in conflict.identities}
        return tuple(name for name in IDENTITIES if name in named)


def read_ledger(path: Path) -> Ledger:
    """Read ``data/conflicts.yml``, which `corridor check` has checked."""
    return ledger(parsed(path.read_text(encoding="utf-8")))


def ledger(content: Mapping[str, Any]) -> Ledger:
    """Return the entries of a ledger that has been read."""
    return tuple(
        Entry(
            id=entry["id"],
            kind=entry["kind"],
            scope=entry["scope"],
            identities=tuple(entry["identities"]),
            figures=tuple(
                Ruling(
                    key=figure["key"],
                    ruling=figure["ruling"],
                    read=figure.get("as", {}),
                    printed=figure.get("printed", {}),
                    size=float(figure.get("size", 0.0)),
                )
                for figure in entry["figures"]
            ),
            reason=entry["reason"],
            depends=tuple(entry["depends"]),
        )
        for entry in content["conflicts"]
    )


def as_printed(table: pd.DataFrame, entries: Ledger) -> pd.DataFrame:
    """Return a table as its sources print it, also where it holds another reading."""
    return amended(table, {f.key: f.printed for entry in entries for f in entry.figures if f.printed})


def as_ruled(table: pd.DataFrame, entries: Ledger, *, across: bool) -> pd.DataFrame:
    """Return a table with the corrected figures read anew and those set aside left out.

    Parameters
    ----------
    table
        ``data/trade_flows.csv`` or ``data/trade_rates.csv``.
    entries
        The ledger.
    across
        Whether sources are combined; if not, only the rulings within a source count.
    """
    held = [f for entry in entries if across or entry.scope == "source" for f in entry.rejected]
    out = {figure.key for figure in held if figure.ruling == "set aside"}
    return amended(table[~table["key"].isin(out)], {f.key: f.read for f in held if f.ruling == "corrected"})


def unruled(
    flows: pd.DataFrame, rates: pd.DataFrame, entries: Ledger, *, groups: Mapping[str, Sequence[str]]
) -> list[Conflict]:
    """Return the conflicts that are left when the ledger is followed: within each source, then across.

    Parameters
    ----------
    flows, rates
        ``data/trade_flows.csv`` and ``data/trade_rates.csv``.
    entries
        The ledger.
    groups
        Codes of the members of each group of areas.
    """
    found: list[Conflict] = []
    for source in dict.fromkeys([*flows["source"], *rates["source"]]):
        found += conflicts(_ruled(flows, rates, entries, groups, source), groups=groups)
    left = {conflict.suspect for conflict in found}
    return found + conflicts(without(_ruled(flows, rates, entries, groups), left), groups=groups)


def findings(
    flows: pd.DataFrame, rates: pd.DataFrame, entries: Ledger, *, groups: Mapping[str, Sequence[str]]
) -> list[Finding]:
    """Return what the arithmetic says of each entry of the ledger.

    Parameters
    ----------
    flows, rates
        ``data/trade_flows.csv`` and ``data/trade_rates.csv``.
    entries
        The ledger.
    groups
        Codes of the members of each group of areas.
    """
    printed = read(as_printed(flows, entries), as_printed(rates, entries), groups=groups).rows
    within, across = (
        read(*(as_ruled(table, entries, across=wide) for table in (flows, rates)), groups=groups).rows
        for wide in (False, True)
    )
    # Where sources are combined, what was ruled within a source holds already.
    return [
        _finding(entry, printed, within, groups)
        if entry.scope == "source"
        else _finding(entry, within, across, groups)
        for entry in entries
    ]


def stale(found: Iterable[Finding]) -> list[Entry]:
    """Return the entries whose figures do not contradict each other."""
    return [finding.entry for finding in found if not finding.conflicts]


def outdated(found: Iterable[Finding]) -> list[tuple[Entry, str]]:
    """Return the entries whose record differs from the computation, with what differs."""
    differing = []
    for finding in found:
        entry = finding.entry
        if set(finding.identities) != set(entry.identities):
            names = ", ".join(finding.identities) or "none"
            differing.append((entry, f"the identities are {names}"))
        differing += [
            (entry, f"the size of {figure.key} is {rounded(finding.sizes[figure.key])}")
            for figure in entry.rejected
            if not math.isclose(finding.sizes[figure.key], figure.size, rel_tol=NEAR, abs_tol=1e-9)
        ]
    return differing


def rounded(size: float) -> str:
    """Write a size with four digits, as the ledger records it."""
    return f"{float(f'{size:.4g}'):.12g}"


def _finding(
    entry: Entry, before: Sequence[Row], ruled: Sequence[Row], groups: Mapping[str, Sequence[str]]
) -> Finding:
    rejected = [figure.key for figure in entry.rejected]
    used = stating(ruled, {figure.key for figure in entry.figures} - set(rejected))

    def conflict(kept: Sequence[str], key: str) -> Conflict | None:
        rows = [*used, *stating(before, {*kept, key})]
        return explained([*rows, *identities(rows, groups=groups)], key)

    found = {key: made for key in rejected if (made := conflict([], key))}
    # Those that fit alone are taken in one after the other, until they do not fit together.
    held: list[str] = []
    for key in rejected:
        if key not in found:
            if made := conflict(held, key):
                found[key] = made
            else:
                held.append(key)
    sizes = {}
    for key in rejected:
        tried = stating(before, {key})
        sizes[key] = change([*used, *identities([*used, *tried], groups=groups)], tried)
    return Finding(entry=entry, conflicts=tuple(found[key] for key in rejected if key in found), sizes=sizes)


def _ruled(
    flows: pd.DataFrame,
    rates: pd.DataFrame,
    entries: Ledger,
    groups: Mapping[str, Sequence[str]],
    source: str = "",
) -> Sequence[Row]:
    """Return the rows of one source, or of all, under the rulings."""
    tables = [table[table["source"] == source] if source else table for table in (flows, rates)]
    return read(*(as_ruled(table, entries, across=not source) for table in tables), groups=groups).rows
