"""Conflicts: the smallest sets of published figures that cannot all be true."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from corridor.reconcile.extent import gap
from corridor.reconcile.solve import TOLERANCE, elastic, relaxation
from corridor.reconcile.statements import identities, read
from corridor.reconcile.system import BILLION, Row, around, blocks, connected, figures, stating, without

if TYPE_CHECKING:
    import pandas as pd


IDENTITIES = ("balance", "turnover", "share", "growth", "order", "region", "part", "sign")
"""What can connect figures: the sums of exports and imports, what a share, a growth rate or a rank states, a
region and its members, a whole and its part, and that amounts of trade are not negative."""


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """An irreducible set of figures: together they contradict the identities, any fewer do not.

    Parameters
    ----------
    suspect
        The figure to take out so that the fewest figures are lost.
    keys
        All figures of the set, in the order of the tables; the suspect is one of them.
    sources
        Who prints them.
    identities
        What connects them, of `IDENTITIES`; none if they are about one and the same quantity.
    stated, laws
        The rows of its figures, and the identities with which they cannot all be true.
    block
        All rows that have to do with them.
    """

    suspect: str
    keys: tuple[str, ...]
    sources: tuple[str, ...]
    identities: tuple[str, ...]
    stated: tuple[Row, ...] = field(repr=False)
    laws: tuple[Row, ...] = field(repr=False)
    block: tuple[Row, ...] = field(repr=False)

    @property
    def across(self) -> bool:
        """Whether several sources are part of it."""
        return len(self.sources) > 1

    @cached_property
    def size(self) -> float:
        """The smallest sum of changes, in USD, with which the set would fit; NaN where it holds no amount."""
        if not any(row.kind == "amount" for row in self.stated):
            return math.nan
        return relaxation([*self.stated, *self.laws], money=True) * BILLION

    @cached_property
    def changes(self) -> dict[str, float]:
        """By how much each figure alone would have to change, in its own unit.

        That is USD or percentage points; for an order the USD by which it fails.
        """
        return {
            key: change([*without(self.stated, {key}), *self.laws], stating(self.stated, {key}))
            for key in sorted(self.keys)
        }

    @cached_property
    def others(self) -> tuple[str, ...]:
        """Figures of the set that could be taken out instead, with the same effect on everything else."""
        return tuple(key for key in self.keys if key != self.suspect and fits(without(self.block, {key})))


def survey(
    flows: pd.DataFrame, rates: pd.DataFrame, *, groups: Mapping[str, Sequence[str]]
) -> list[Conflict]:
    """Find the conflicts within each source, and then between those of one reporter.

    Parameters
    ----------
    flows, rates
        ``data/trade_flows.csv`` and ``data/trade_rates.csv``.
    groups
        Codes of the members of each group of areas.

    Returns
    -------
    list
        First the conflicts of each source, in the order of the tables; then, with their suspects taken
        out, those between sources. What two reporters say of one flow is never set equal, so mirrors are
        not here.
    """
    sources = list(dict.fromkeys([*flows["source"], *rates["source"]]))
    found: list[Conflict] = []
    for source in sources:
        mine = read(flows[flows["source"] == source], rates[rates["source"] == source], groups=groups)
        found += conflicts(mine.rows, groups=groups)
    rest = without(read(flows, rates, groups=groups).rows, {conflict.suspect for conflict in found})
    return found + conflicts(rest, groups=groups)


def conflicts(rows: Iterable[Row], *, groups: Mapping[str, Sequence[str]]) -> list[Conflict]:
    """Find the conflicts in rows.

    Parameters
    ----------
    rows
        Rows of figures; the identities are added.
    groups
        Codes of the members of each group of areas.

    Returns
    -------
    list
        One conflict for each suspect, in the order of the rows.
    """
    rows = list(rows)
    found: list[Conflict] = []
    for block in _contradictory([*rows, *identities(rows, groups=groups)]):
        suspects = cover(block)
        kept = without(block, set(suspects))
        found += [
            conflict
            for suspect in suspects
            if (conflict := explained([*kept, *stating(block, {suspect})], suspect))
        ]
    order = {key: place for place, key in enumerate(figures(rows))}
    return sorted(found, key=lambda conflict: order[conflict.suspect])


def fits(rows: Iterable[Row]) -> bool:
    """Return whether all rows can hold within the roundings of the figures."""
    return all(relaxation(block) <= TOLERANCE for block in blocks(rows))


def cover(rows: Iterable[Row]) -> list[str]:
    """Return few figures without which the rest fit.

    Parameters
    ----------
    rows
        Rows with their identities.

    Returns
    -------
    list
        Keys of figures. From each contradiction the figure goes whose absence leaves the least relaxation,
        in a tie the one that the least relaxation changes most, until all fit (after Chinneck 2008); figures
        that later ones make needless come back, and two give way to one that can stand for both. The set is
        small and cannot be cut, but another as small may exist.
    """
    rows = list(rows)
    rest = rows
    suspects: list[str] = []
    while worst := _worst(rest):
        suspects += worst
        rest = without(rest, set(worst))
    suspects = _needed(rows, suspects)
    while (fewer := _exchanged(rows, suspects)) is not None:
        suspects = fewer
    return suspects


def _needed(rows: Sequence[Row], suspects: Sequence[str]) -> list[str]:
    """Return the suspects without those that fit when the others are out."""
    needed = list(suspects)
    for suspect in suspects:
        others = set(needed) - {suspect}
        if fits(_near(without(rows, others), stating(rows, {suspect}))):
            needed.remove(suspect)
    return needed


def _exchanged(rows: Sequence[Row], suspects: Sequence[str]) -> list[str] | None:
    """Return fewer suspects, if one figure can stand for two of them; else None."""
    for suspect in suspects:
        others = [other for other in suspects if other != suspect]
        kept = without(rows, set(others))
        near, _ = _contradiction(kept, suspect) or ([], [])
        for figure in _irreducible(near, suspect) - {suspect}:
            tried = [*others, figure]
            if fits(_near(without(rows, set(tried)), stating(rows, {suspect, figure}))):
                fewer = _needed(rows, tried)
                if len(fewer) < len(suspects):
                    return fewer
    return None


def _near(rows: Iterable[Row], some: Iterable[Row]) -> list[Row]:
    return connected(rows, {cell for row in some for cell in row.cells()})


def _contradiction(rows: Sequence[Row], suspect: str) -> tuple[list[Row], list[Row]] | None:
    """Return the rows around a contradiction of a suspect with others, and its whole block."""
    for block in blocks(rows):
        if stating(block, {suspect}) and not (now := elastic(block)).fits:
            return around(block, [row for row in block if row.name in now.support]), block
    return None


def _worst(rows: Sequence[Row]) -> list[str]:
    """Return the figure to take out of each contradiction; the contradictions share no cell."""
    left: list[dict[str, float]] = []
    moved: dict[str, float] = {}
    for block in blocks(rows):
        now = elastic(block)
        if now.fits:
            continue
        for knot in blocks(row for row in block if row.name in {*now.support, *now.slack}):
            if any(row.name in now.slack for row in knot):
                # What a figure does to the rest shows in the rows around; to solve all anew would take long.
                near = around(block, around(block, knot))
                left.append({key: _relaxation(without(near, {key})) for key in figures(knot)})
        for row in block:
            for key in row.keys:
                moved[key] = moved.get(key, 0.0) + now.slack.get(row.name, 0.0)
    often = Counter(key for knot in left for key in knot)
    return list(
        dict.fromkeys(
            min(knot, key=lambda key: (round(knot[key], 3), -often[key], -moved[key])) for knot in left
        )
    )


def explained(rows: Iterable[Row], suspect: str) -> Conflict | None:
    """Return the conflict of a figure with rows that fit without it; None if they fit with it too.

    Parameters
    ----------
    rows
        Rows with their identities, those of the suspect among them.
    suspect
        Key of the figure.
    """
    found = _contradiction(list(rows), suspect)
    if found is None:
        return None
    near, block = found
    laws = [row for row in near if row.hard]
    keys = _irreducible(near, suspect)
    stated = [row for row in block if row.keys and set(row.keys) <= keys]
    used = _laws(stated, laws)
    return Conflict(
        suspect=suspect,
        keys=tuple(key for key in figures(block) if key in keys),
        sources=tuple(dict.fromkeys(row.source for row in stated)),
        identities=tuple(_connections(stated, used)),
        stated=tuple(stated),
        laws=tuple(used),
        block=tuple(block),
    )


def change(kept: Sequence[Row], rows: Iterable[Row]) -> float:
    """Return by how much a figure would have to change to fit, in its own unit.

    Parameters
    ----------
    kept
        Rows that fit each other, with their identities.
    rows
        The rows of the figure.

    Returns
    -------
    float
        0 if it fits. For an order, the USD by which its worst part fails. Infinite if no value would fit, as
        its whole cannot be positive.
    """
    return max([0.0, *(gap(kept, row) * row.scale for row in rows)])


def _contradictory(rows: Sequence[Row]) -> list[list[Row]]:
    """Return the rows that do not fit, those together that share a cell or a figure."""
    bad = [row for block in blocks(rows) if relaxation(block) > TOLERANCE for row in block]
    return blocks(bad, by_figure=True)


def _relaxation(rows: Sequence[Row]) -> float:
    return sum(relaxation(block) for block in blocks(rows))


def _irreducible(block: Sequence[Row], suspect: str) -> set[str]:
    """Return an irreducible set of figures around a suspect without which the block fits.

    Of several such sets it is one of figures near the suspect, amounts before rates. It is found by halving
    (QuickXplain, Junker 2004).
    """
    given = [row for row in block if row.hard or suspect in row.keys]
    ranked = _ranked(block, suspect)

    def forced(base: list[str], added: bool, choice: list[str]) -> list[str]:
        """Return the least of `choice`, best ones in front, that contradicts the given and the base."""
        if added and not fits([*given, *stating(block, set(base))]):
            return []
        if len(choice) == 1:
            return choice
        half = len(choice) // 2
        front, back = choice[:half], choice[half:]
        from_back = forced([*base, *front], True, back)
        from_front = forced([*base, *from_back], bool(from_back), front)
        return [*from_front, *from_back]

    return {suspect, *forced([], True, ranked)} if ranked else {suspect}


def _ranked(block: Sequence[Row], suspect: str) -> list[str]:
    """Return the other figures of a block: amounts first, then by their steps from the suspect."""
    mine = stating(block, {suspect})
    same = [(dict(row.part), dict(row.whole)) for row in mine]
    steps: dict[object, int] = {cell: 0 for row in mine for cell in row.cells()}
    waiting = list(block)
    for step in range(len(block)):
        near = [row for row in waiting if any(steps.get(cell, step + 1) <= step for cell in row.cells())]
        if not near:
            break
        waiting = [row for row in waiting if row not in near]
        for row in near:
            for cell in row.cells():
                steps.setdefault(cell, step + 1)
    kinds = ["amount", "share", "growth", "order"]
    rank: dict[str, tuple[int, int]] = {}
    for row in block:
        if row.kind not in kinds or suspect in row.keys:
            continue
        step = -1 if (dict(row.part), dict(row.whole)) in same else min(steps[cell] for cell in row.cells())
        for key in row.keys:
            rank[key] = min(rank.get(key, (9, 0)), (kinds.index(row.kind), step))
    return sorted(rank, key=lambda key: rank[key])


def _laws(stated: Sequence[Row], laws: Sequence[Row]) -> list[Row]:
    """Return identities with which the figures cannot all be true, none of them needless."""
    support = elastic([*stated, *laws]).support
    used = [row for row in laws if row.name in support]
    if fits([*stated, *used]):
        used = list(laws)
    for law in list(used):
        fewer = [row for row in used if row is not law]
        if not fits([*stated, *fewer]):
            used = fewer
    return used


def _connections(stated: Sequence[Row], used: Sequence[Row]) -> list[str]:
    """Name what connects figures that contradict each other."""
    first = stated[0]
    if not used and all(row.part == first.part and not row.whole for row in stated):
        return []
    names = {row.kind for row in used}
    for row in stated:
        if row.kind in ("share", "growth", "order"):
            names.add(row.kind)
        names |= {_shape(terms) for terms in (row.part, row.whole) if row.kind != "order"}
    if relaxation([*stated, *used], signed=True) <= TOLERANCE:
        names.add("sign")
    return [name for name in IDENTITIES if name in names]


def _shape(terms: Mapping) -> str:
    factors = sorted(terms.values())
    return {(-1.0, 1.0): "balance", (1.0, 1.0): "turnover"}.get(tuple(factors), "")
