"""Linear programs on rows: the least relaxation that makes them fit."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, linprog, milp
from scipy.sparse import csc_array, csr_array

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
    every
        The lines of `upper`, and below them those of `equal`: the identities.
    limit
        One number for each line of `upper`: each side of a row that is bounded has one, in half roundings
        of the figure.
    lines
        The row of each line of `upper`.
    units
        USD billion by which each line of `upper` was divided.
    """

    cells: dict[Cell, int]
    every: csr_array
    limit: np.ndarray
    lines: tuple[Row, ...]
    units: np.ndarray

    @cached_property
    def upper(self) -> csr_array:
        return self.every[: len(self.lines)]

    @cached_property
    def equal(self) -> csr_array:
        return self.every[len(self.lines) :]

    @property
    def right(self) -> np.ndarray:
        """What `equal` comes to."""
        return np.zeros(self.every.shape[0] - len(self.lines))

    @cached_property
    def constraint(self) -> LinearConstraint:
        """What x is to fulfil."""
        return constraint(self.every, self.limit, self.right)

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
    loose: Collection[str] = (),
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
    loose
        Names of rows whose lines can be relaxed: behind the cells x holds by how much, one number for each
        of these lines.
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
    relaxed = [row.name in loose for row in lines] + [False] * len(equal)
    return Matrix(
        cells=cells,
        every=_sparse([*upper, *equal], cells, relaxed),
        limit=np.array(limit),
        lines=tuple(lines),
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
    program, soft = _loose(rows, money)
    if not soft:
        return Elastic(total=0.0, slack={}, support=())
    cells = len(program.cells)
    done = linprog(
        _costs(cells, soft),
        A_ub=program.upper,
        b_ub=program.limit,
        A_eq=program.equal,
        b_eq=program.right,
        bounds=[(None, None) if signed else (0, None)] * cells + [(0, None)] * len(soft),
        method="highs",
    )
    _require_solution(done)
    slack: dict[str, float] = {}
    for row, amount in zip(soft, done.x[cells:], strict=True):
        if amount > DUST:
            slack[row.name] = slack.get(row.name, 0.0) + float(amount)
    prices = done.ineqlin.marginals
    support = dict.fromkeys(
        row.name for row, price in zip(program.lines, prices, strict=True) if abs(price) > DUST
    )
    return Elastic(total=float(done.fun), slack=slack, support=tuple(support))


def relaxation(rows: Iterable[Row], *, money: bool = False, signed: bool = False) -> float:
    """Return the total of `elastic` alone, which is found sooner."""
    program, soft = _loose(rows, money)
    if not soft:
        return 0.0
    cells = len(program.cells)
    least = np.concatenate([np.full(cells, -math.inf if signed else 0.0), np.zeros(len(soft))])
    done = milp(_costs(cells, soft), constraints=program.constraint, bounds=Bounds(least, math.inf))
    _require_solution(done)
    return float(done.fun)


def _loose(rows: Iterable[Row], money: bool) -> tuple[Matrix, list[Row]]:
    """Return rows as a matrix in which all figures can be relaxed, and the row of each line that can be."""
    rows = list(rows)
    # A base is no matter of more or less: it holds as long as its figure is stated.
    soft = {row.name for row in rows if not row.hard and row.kind != "base"}
    program = matrix(rows, money=money, loose=soft)
    return program, [row for row in program.lines if row.name in soft]


def _costs(cells: int, soft: Sequence[Row]) -> np.ndarray:
    return np.concatenate([np.zeros(cells), np.ones(len(soft))])


def _require_solution(done: OptimizeResult) -> None:
    if done.status != 0:
        raise ArithmeticError(f"the elastic program has no solution: {done.message}")


def constraint(every: csr_array, limit: np.ndarray, right: np.ndarray) -> LinearConstraint:
    """Return that the first lines of a matrix are at most a limit, and that the others come to `right`."""
    least = np.full(len(limit), -math.inf)
    return LinearConstraint(csc_array(every), np.append(least, right), np.append(limit, right))


def optimum(factors: np.ndarray, within: LinearConstraint) -> OptimizeResult | None:
    """Minimise a sum of unknowns that are not negative; None if nothing fulfils the constraint.

    The status of the result is 0 at an optimum and 3 if there is no least value.

    Raises
    ------
    ArithmeticError
        If the solver gives up.
    """
    # All unknowns are continuous: of scipy's two ways to the same solver this one is the shorter.
    return _answered(lambda presolve: milp(factors, constraints=within, options={"presolve": presolve}))


def priced(factors: np.ndarray, program: Matrix) -> OptimizeResult | None:
    """Return what `optimum` returns, with the dual prices of the lines."""
    return _answered(
        lambda presolve: linprog(
            factors,
            A_ub=program.upper,
            b_ub=program.limit,
            A_eq=program.equal,
            b_eq=program.right,
            method="highs",
            options={"presolve": presolve},
        )
    )


def _answered(solve: Callable[[bool], OptimizeResult]) -> OptimizeResult | None:
    # With presolve the solver may not say which of the two it is: no solution, or no least value.
    for presolve in (True, False):
        done = solve(presolve)
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


def _sparse(lines: Sequence[Terms], cells: Mapping[Cell, int], relaxed: Sequence[bool]) -> csr_array:
    """Return lines as a matrix; some of them less an unknown of their own, behind the cells."""
    factors: list[float] = []
    columns: list[int] = []
    starts = [0]
    last = len(cells)
    for line, loose in zip(lines, relaxed, strict=True):
        factors += line.values()
        columns += [cells[cell] for cell in line]
        if loose:
            factors.append(-1.0)
            columns.append(last)
            last += 1
        starts.append(len(factors))
    return csr_array(
        (np.array(factors, dtype=float), np.array(columns, dtype=np.int32), np.array(starts, dtype=np.int32)),
        shape=(len(lines), last),
    )
