"""Bounds: how much the figures tell of the amounts that no source prints."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.linalg import lstsq

from corridor.reconcile.extent import extents
from corridor.reconcile.statements import identities
from corridor.reconcile.system import BILLION, DIRECTIONS, Cell, Row, Terms, blocks, flow

STATES = ("printed", "exact", "bounded", "open")


def bounds(
    rows: Iterable[Row],
    *,
    reporter: str,
    partners: Iterable[str],
    years: Iterable[int],
    groups: Mapping[str, Sequence[str]],
) -> pd.DataFrame:
    """Return between which amounts each flow of a reporter lies.

    Parameters
    ----------
    rows
        Rows of figures that fit each other; the identities are added.
    reporter, partners, years
        The cube wanted.
    groups
        Codes of the members of each group of areas.

    Returns
    -------
    DataFrame
        reporter, partner, flow (export, import, balance, turnover), year, ``low`` and ``high`` in USD
        (infinite where nothing bounds it), and ``state``:

        - ``printed``: a source prints the amount, and not only "over" or "under" it
        - ``exact``: none does, but it follows from others; if those were printed without rounding there
          would be one value, so that all its width comes from roundings
        - ``bounded``: between two finite amounts, of which no more is known
        - ``open``: at least one side has no end

        The bounds of a printed amount may be narrower than its rounding.

    Raises
    ------
    ArithmeticError
        If the rows contradict each other.
    """
    rows = list(rows)
    index = [(partner, name, year) for partner in partners for year in years for name in DIRECTIONS]
    targets = [flow(reporter, partner, name, str(year)) for partner, name, year in index]
    stated = {
        _sum(row.part)
        for row in rows
        if row.kind == "amount" and math.isfinite(row.low) and math.isfinite(row.high)
    }
    spans, follows = spread([*rows, *identities(rows, groups=groups)], targets)
    states = [
        "printed"
        if _sum(target) in stated
        else "exact"
        if known
        else "bounded"
        if math.isfinite(low) and math.isfinite(high)
        else "open"
        for target, (low, high), known in zip(targets, spans, follows, strict=True)
    ]
    return pd.DataFrame(
        {
            "reporter": reporter,
            "partner": [partner for partner, _, _ in index],
            "flow": [name for _, name, _ in index],
            "year": pd.array([year for _, _, year in index], dtype="Int64"),
            "low": [low * BILLION for low, _ in spans],
            "high": [high * BILLION for _, high in spans],
            "state": states,
        }
    )


def spread(rows: Iterable[Row], targets: Sequence[Terms]) -> tuple[list[tuple[float, float]], list[bool]]:
    """Return how far several sums of cells can go, and which follow from equations alone.

    Parameters
    ----------
    rows
        Rows with their identities; each block is solved on its own.
    targets
        Sums of cells.

    Returns
    -------
    tuple
        Lowest and highest value of each in USD billion; and whether it would have one value if nothing
        were rounded.
    """
    parts = blocks(rows)
    place = {cell: number for number, block in enumerate(parts) for row in block for cell in row.cells()}
    # A sum over several blocks is as wide as its parts together, for they do not know of each other.
    pieces: dict[int, list[dict[Cell, float]]] = {}
    made: list[list[tuple[int, int]]] = []
    for target in targets:
        split: dict[int, dict[Cell, float]] = {}
        for cell, factor in target.items():
            split.setdefault(place.get(cell, -1), {})[cell] = factor
        made.append([])
        for number, piece in split.items():
            known = pieces.setdefault(number, [])
            if piece not in known:
                known.append(piece)
            made[-1].append((number, known.index(piece)))
    spans = {
        number: extents(parts[number] if number >= 0 else [], wanted) for number, wanted in pieces.items()
    }
    follow = {
        number: _determined(parts[number], wanted) if number >= 0 else [False] * len(wanted)
        for number, wanted in pieces.items()
    }
    return (
        [(sum(spans[n][i][0] for n, i in places), sum(spans[n][i][1] for n, i in places)) for places in made],
        [all(follow[n][i] for n, i in places) for places in made],
    )


def mirrored(bounds: pd.DataFrame) -> pd.DataFrame:
    """Compare what is known of the trade between two areas from each side.

    Parameters
    ----------
    bounds
        Rows of `bounds` of several reporters.

    Returns
    -------
    DataFrame
        One row for a flow with finite bounds on both sides, from the side whose code comes first:
        reporter, partner, flow, year, ``low``, ``high``, ``low_mirror``, ``high_mirror``, and ``gap``, the
        distance between the two in USD, 0 if they overlap.
    """
    finite = bounds[np.isfinite(bounds["low"]) & np.isfinite(bounds["high"])]
    swap = {"export": "import", "import": "export"}
    sign = finite["flow"].eq("balance")
    other = finite.assign(
        reporter=finite["partner"],
        partner=finite["reporter"],
        flow=finite["flow"].replace(swap),
        low=finite["low"].where(~sign, -finite["high"]),
        high=finite["high"].where(~sign, -finite["low"]),
    )
    keys = ["reporter", "partner", "flow", "year"]
    first = finite[finite["reporter"] < finite["partner"]].drop(columns="state")
    both = first.merge(other.drop(columns="state"), on=keys, suffixes=("", "_mirror"))
    gap = np.maximum(both["low"] - both["high_mirror"], both["low_mirror"] - both["high"])
    return both.assign(gap=gap.clip(lower=0.0))


def _determined(rows: Sequence[Row], targets: Sequence[Terms]) -> list[bool]:
    """Return which sums of cells the equations fix: they lie in the span of its rows."""
    equations = []
    for row in rows:
        if math.isfinite(row.low) and math.isfinite(row.high):
            middle = (row.low + row.high) / 2
            line = dict(row.part)
            for cell, factor in row.whole.items():
                line[cell] = line.get(cell, 0.0) - middle * factor
            equations.append(line)
    # What one equation fixes needs no algebra; the rest is smaller for it.
    fixed: set[Cell] = set()
    waiting = equations
    while waiting:
        unknown = [[cell for cell in line if cell not in fixed] for line in waiting]
        told = {cells[0] for cells in unknown if len(cells) == 1}
        if not told:
            break
        fixed |= told
        waiting = [line for line, cells in zip(waiting, unknown, strict=True) if len(cells) > 1]
    columns = [[cell for cell in target if cell not in fixed] for target in targets]
    cells = {cell: n for n, cell in enumerate(sorted({c for row in rows for c in row.cells()} - fixed))}
    if not waiting or not cells:
        return [not left for left in columns]
    matrix = np.zeros((len(cells), len(waiting)))
    wanted = np.zeros((len(cells), len(targets)))
    for table, lines in ((matrix, waiting), (wanted, targets)):
        for column, terms in enumerate(lines):
            for cell, factor in terms.items():
                if cell in cells:
                    table[cells[cell], column] = factor
    matrix /= np.linalg.norm(matrix, axis=0)
    solution = lstsq(matrix, wanted, lapack_driver="gelsy")[0]
    rest = np.abs(matrix @ solution - wanted).max(axis=0)
    return [bool(value < 1e-6) for value in rest]


def _sum(terms: Terms) -> frozenset:
    return frozenset(terms.items())
