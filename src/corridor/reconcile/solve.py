"""Linear programs on rows: the least relaxation that makes them fit."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import OptimizeResult, linprog
from scipy.sparse import csr_array, hstack

from corridor.reconcile.system import LEAST, Cell, Row, Terms

TOLERANCE = 1e-3
"""A relaxation below this, in half roundings, is dust of the arithmetic and no contradiction."""

DUST = 1e-7
"""What the solver may be off by."""


@dataclass(frozen=True, kw_only=True)
class Elastic:
    """The least relaxation that makes rows fit each other.

    Parameters
    ----------
    total
        Sum of all relaxations, in half roundings of the figures.
    slack
        Relaxation by the name of the row, in half roundings; rows without any are left out.
    support
        Names of the rows that together force the relaxation (those with a dual price): they cannot all
        be true.
    """

    total: float
    slack: dict[str, float]
    support: tuple[str, ...]

    @property
    def fits(self) -> bool:
        return self.total <= TOLERANCE


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """Rows in the form ``upper @ x <= limit``, ``equal @ x == 0`` with ``x >= 0``.

    Parameters
    ----------
    cells
        Place of each cell in x, which is in USD billion.
    upper, limit
        One line for each side of a row that is bounded, in half roundings of the figure.
    lines
        The row of each line of `upper`.
    equal
        The identities.
    units
        USD billion by which each line of `upper` was divided.
    """

    cells: dict[Cell, int]
    upper: csr_array
    limit: np.ndarray
    lines: tuple[Row, ...]
    equal: csr_array | None
    units: np.ndarray

    def objective(self, terms: Terms) -> np.ndarray:
        """Return the factors of a sum of cells."""
        factors = np.zeros(len(self.cells))
        for cell, factor in terms.items():
            factors[self.cells[cell]] = factor
        return factors


def matrix(
    rows: Iterable[Row],
    *,
    money: bool = False,
    slack: Mapping[str, float] | None = None,
    more: Iterable[Cell] = (),
) -> Matrix:
    """Write rows as a matrix.

    Parameters
    ----------
    rows
        Any rows.
    money
        Measure every line in USD billion instead of half roundings.
    slack
        By how much to loosen rows, by name.
    more
        Cells that x is to hold even if no row speaks of them.
    """
    rows = list(rows)
    slack = slack or {}
    spoken = {cell for row in rows for cell in row.cells()}
    cells = {cell: place for place, cell in enumerate(sorted(spoken | set(more)))}
    size = {} if money else _sizes(rows)
    lines: list[Row] = []
    upper: list[dict[Cell, float]] = []
    limit: list[float] = []
    equal: list[Terms] = []
    units: list[float] = []
    for row in rows:
        if row.hard and row.low == row.high:
            equal.append(row.part)
            continue
        unit = (
            1.0 if money or row.hard else row.unit * (size.get(_sum(row.whole), LEAST) if row.whole else 1.0)
        )
        for bound, sign in ((row.low, -1.0), (row.high, 1.0)):
            if math.isfinite(bound):
                upper.append(_side(row, bound, sign / unit))
                limit.append((0.0 if row.whole else sign * bound / unit) + slack.get(row.name, 0.0))
                lines.append(row)
                units.append(unit)
    return Matrix(
        cells=cells,
        upper=_sparse(upper, cells),
        limit=np.array(limit),
        lines=tuple(lines),
        equal=_sparse(equal, cells) if equal else None,
        units=np.array(units),
    )


def elastic(rows: Iterable[Row], *, money: bool = False, signed: bool = False) -> Elastic:
    """Return the least relaxation of the figures that makes all rows fit.

    Identities are not relaxed, nor that there is a whole of which a share is stated.

    Parameters
    ----------
    rows
        Any rows; each block can be solved on its own.
    money
        Measure relaxations in USD billion instead of half roundings.
    signed
        Let amounts of trade be negative.
    """
    program = matrix(rows, money=money)
    # A base is no matter of more or less: it holds as long as its figure is stated.
    soft = [place for place, row in enumerate(program.lines) if not row.hard and row.kind != "base"]
    if not soft:
        return Elastic(total=0.0, slack={}, support=())
    count = len(soft)
    relax = csr_array((-np.ones(count), (soft, range(count))), shape=(len(program.lines), count))
    equal = program.equal
    if equal is not None:
        equal = hstack([equal, csr_array((equal.shape[0], count))], format="csr")
    done = linprog(
        np.concatenate([np.zeros(len(program.cells)), np.ones(count)]),
        A_ub=hstack([program.upper, relax], format="csr"),
        b_ub=program.limit,
        A_eq=equal,
        b_eq=None if equal is None else np.zeros(equal.shape[0]),
        bounds=[(None, None) if signed else (0, None)] * len(program.cells) + [(0, None)] * count,
        method="highs",
    )
    if done.status != 0:
        raise ArithmeticError(f"the elastic program has no solution: {done.message}")
    slack: dict[str, float] = {}
    for place, amount in zip(soft, done.x[len(program.cells) :], strict=True):
        if amount > DUST:
            name = program.lines[place].name
            slack[name] = slack.get(name, 0.0) + float(amount)
    prices = done.ineqlin.marginals
    support = dict.fromkeys(
        row.name for row, price in zip(program.lines, prices, strict=True) if abs(price) > DUST
    )
    return Elastic(total=float(done.fun), slack=slack, support=tuple(support))


def optimum(
    factors: np.ndarray,
    upper: csr_array,
    limit: np.ndarray,
    equal: csr_array | None,
    right: np.ndarray | None,
) -> OptimizeResult | None:
    """Minimise a sum under ``upper @ x <= limit`` and ``equal @ x == right``; None if nothing fulfils them.

    The status of the result is 0 at an optimum and 3 if there is no least value.

    Raises
    ------
    ArithmeticError
        If the solver gives up.
    """
    # With presolve the solver may not say which of the two it is: no solution, or no least value.
    for presolve in (True, False):
        done = linprog(
            factors,
            A_ub=upper,
            b_ub=limit,
            A_eq=equal,
            b_eq=right,
            method="highs",
            options={"presolve": presolve},
        )
        if done.status in (0, 3):
            return done
    if done.status == 2:
        return None
    raise ArithmeticError(f"the linear program has no answer: {done.message}")


def _side(row: Row, bound: float, factor: float) -> dict[Cell, float]:
    """Return one side of a row: factor * (part - bound * whole)."""
    side = {cell: factor * times for cell, times in row.part.items()}
    for cell, times in row.whole.items():
        side[cell] = side.get(cell, 0.0) - factor * bound * times
    return side


def _sizes(rows: Sequence[Row]) -> dict[frozenset, float]:
    """Return how large the sums of cells roughly are, as far as the figures tell, in USD billion.

    The rounding of a share is worth as many dollars as its whole is large.
    """
    size = {
        _sum(row.part): abs(row.low if math.isfinite(row.low) else row.high)
        for row in rows
        if row.kind == "amount"
    }
    size = {terms: amount for terms, amount in size.items() if amount > 0}
    ratios = [row for row in rows if row.whole]
    for _ in range(2):
        for row in ratios:
            times = abs(row.low if math.isfinite(row.low) else row.high)
            part, whole = _sum(row.part), _sum(row.whole)
            if part in size and whole not in size and times > 0:
                size[whole] = size[part] / times
            elif whole in size and part not in size and times > 0:
                size[part] = size[whole] * times
    return size


def _sum(terms: Terms) -> frozenset:
    return frozenset(terms.items())


def _sparse(lines: Sequence[Terms], cells: Mapping[Cell, int]) -> csr_array:
    entries = [
        (factor, place, cells[cell]) for place, line in enumerate(lines) for cell, factor in line.items()
    ]
    data, row, column = zip(*entries, strict=True) if entries else ((), (), ())
    return csr_array(
        (np.array(data, dtype=float), (np.array(row, dtype=int), np.array(column, dtype=int))),
        shape=(len(lines), len(cells)),
    )
