"""Extents: how far a quantity can go if all rows hold."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Sequence

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp
from scipy.sparse import block_array, csr_array, eye_array, hstack, vstack
from scipy.sparse.csgraph import connected_components

from corridor.reconcile.solve import DUST, Matrix, constraint, elastic, matrix, optimum, priced
from corridor.reconcile.system import Cell, Row, Terms, connected

_SAME = 1e-6


class _UnfulfilledError(Exception):
    """Nothing fulfils the rows of a program."""


def extent(rows: Iterable[Row], part: Terms, whole: Terms | None = None) -> tuple[float, float]:
    """Return between which values a quantity lies if all rows hold.

    Parameters
    ----------
    rows
        Rows that fit each other.
    part, whole
        The quantity: a sum of cells in USD billion, or the ratio of two such sums. A ratio is made linear
        by scaling all cells so that its whole is 1 (Charnes and Cooper 1962).

    Returns
    -------
    tuple
        Lowest and highest value; infinite where nothing bounds it. NaN if the whole cannot be positive.

    Raises
    ------
    ArithmeticError
        If the rows contradict each other.
    """
    if not whole:
        return extents(rows, [part])[0]
    rows = connected(rows, {**part, **whole})
    for program in _programs(rows, [*part, *whole]):
        factors = np.append(program.objective(part), 0.0)
        within = _scaled(program, whole)
        try:
            low, high = (_value(optimum(sign * factors, within)) for sign in (1.0, -1.0))
        except _UnfulfilledError:
            continue
        return low, -high
    return math.nan, math.nan


def gap(rows: Iterable[Row], row: Row) -> float:
    """Return how far the quantity of a row stays out of its bounds if all rows hold, however near it comes.

    Parameters
    ----------
    rows
        Rows that fit each other.
    row
        The row; its quantity is an amount or a ratio, as in `extent`.

    Returns
    -------
    float
        In USD billion, or as a difference of ratios; 0 if the row fits. Infinite if the whole cannot be
        positive.

    Raises
    ------
    ArithmeticError
        If the rows contradict each other.
    """
    bounds = [
        (sign, sign * bound) for sign, bound in ((1.0, row.high), (-1.0, row.low)) if math.isfinite(bound)
    ]
    rows = connected(rows, {*row.cells()})
    for program in _programs(rows, [*row.cells()]):
        within = _scaled(program, row.whole) if row.whole else program.constraint
        count = within.A.shape[1]
        # One more unknown is the gap.
        part = np.append(program.objective(row.part), np.zeros(count - len(program.cells)))
        sides = csr_array([[*(sign * part), -1.0] for sign, _ in bounds])
        lines = vstack([hstack([within.A, csr_array((within.A.shape[0], 1))]), sides], format="csc")
        least = np.append(within.lb, np.full(len(bounds), -math.inf))
        most = np.append(within.ub, [bound for _, bound in bounds])
        done = optimum(np.append(np.zeros(count), 1.0), LinearConstraint(lines, least, most))
        if done is not None:
            return float(done.fun)
    if row.whole:
        return math.inf
    raise ArithmeticError("the rows contradict each other")


def _scaled(program: Matrix, whole: Terms) -> LinearConstraint:
    """Return a program with the scale of all cells as its last unknown, so that the whole is 1."""
    below = program.every.shape[0] - len(program.lines)
    # upper @ y <= limit * scale, and equal @ y == 0.
    scale = csr_array(np.append(-program.limit, np.zeros(below))[:, None])
    one = csr_array(np.append(program.objective(whole), 0.0)[None, :])
    every = vstack([hstack([program.every, scale]), one], format="csr")
    return constraint(every, np.zeros(len(program.lines)), np.append(program.right, 1.0))


def extents(rows: Iterable[Row], targets: Sequence[Terms]) -> list[tuple[float, float]]:
    """Return between which values each of several sums of cells lies, in USD billion.

    Many are solved for at a time: the sum of targets apart from each other is minimised, and the dual prices
    of the solution prove the least value of each whose priced rows reach no other target. The rest are
    tried again farther apart.

    Raises
    ------
    ArithmeticError
        If the rows contradict each other.
    """
    rows = connected(rows, {cell for target in targets for cell in target})
    if not rows:
        return [_unbound(target) for target in targets]
    for program in _programs(rows, [cell for target in targets for cell in target]):
        factors = [program.objective(target) for target in targets]
        try:
            low = _least(program, factors)
            high = _least(program, [-wanted for wanted in factors])
        except _UnfulfilledError:
            continue
        return [(least, -most) for least, most in zip(low, high, strict=True)]
    raise ArithmeticError("the rows contradict each other")


def _unbound(target: Terms) -> tuple[float, float]:
    """Return between which values a sum of cells lies of which no row speaks."""
    low = -math.inf if min(target.values(), default=0.0) < 0 else 0.0
    high = math.inf if max(target.values(), default=0.0) > 0 else 0.0
    return low, high


def _programs(rows: list[Row], more: Collection[Cell]) -> Iterator[Matrix]:
    """Write rows that fit as a matrix; then, if that has no solution, loosened to where they only just fit.

    Figures whose intervals touch leave a single point, which binary fractions may miss.
    """
    yield matrix(rows, more=more)
    now = elastic(rows)
    if now.fits:
        yield matrix(rows, slack={name: 2 * amount + DUST for name, amount in now.slack.items()}, more=more)


def _least(program: Matrix, wanted: Sequence[np.ndarray]) -> list[float]:
    """Return the least value of each of several sums; -inf where there is none."""
    found: dict[int, float] = {}
    waiting: list[int] = []
    alone: list[int] = []
    endless = _endless(program) if len(wanted) > 1 else np.ones(len(program.cells), dtype=bool)
    for place, factors in enumerate(wanted):
        if not np.any(factors[endless] < 0):
            waiting.append(place)
        elif len(wanted) > 1 and np.all(factors <= 0):
            found[place] = -math.inf
        else:
            alone.append(place)
    for place in alone:
        found[place] = _value(optimum(wanted[place], program.constraint))
    touched, single = _touched(program, wanted), False
    while waiting:
        failed: list[int] = []
        while waiting:
            batch = waiting[:1] if single else _apart(waiting, touched)
            if len(batch) == 1:
                done, proven = _solved(optimum(wanted[batch[0]], program.constraint)), [0]
            else:
                sums = [wanted[place] for place in batch]
                done = _solved(priced(np.sum(sums, axis=0), program))
                proven = _proven(program, sums, done)
            found |= {batch[number]: float(wanted[batch[number]] @ done.x) for number in proven}
            failed += [place for place in batch if place not in found]
            tried = set(batch)
            waiting = [place for place in waiting if place not in tried]
        waiting = failed
        if waiting:
            wider = _wider(program, touched)
            touched, single = wider, wider.nnz == touched.nnz
    return [found[place] for place in range(len(wanted))]


def _endless(program: Matrix) -> np.ndarray:
    """Return which cells can grow without end.

    A direction in which all rows stay fulfilled keeps doing so if it is lengthened or added to another.
    Hence one direction shows all such cells: it counts every cell up to 1.
    """
    growing = _loose_ends(program)
    if not growing.any():
        return growing
    count = len(program.cells)
    direction, counted = eye_array(count), eye_array(count)
    lines = block_array(
        [
            [program.upper, None],
            [-direction, counted],
            [program.equal, csr_array((len(program.right), count))],
        ],
        format="csr",
    )
    done = milp(
        np.concatenate([np.zeros(count), -np.ones(count)]),
        constraints=constraint(lines, np.zeros(len(program.lines) + count), program.right),
        bounds=Bounds(0.0, np.repeat([math.inf, 1.0], count)),
    )
    if done.status != 0:
        raise ArithmeticError(f"the linear program has no answer: {done.message}")
    return done.x[count:] > 1 / 2


def _loose_ends(program: Matrix) -> np.ndarray:
    """Return the cells of which no line alone, nor one line after the other, says that they have an end.

    Where nothing takes away from a line, none of the cells that add to it can grow for ever.
    """
    lines = vstack([program.upper, program.equal, -program.equal], format="csr")
    adds, takes = lines.maximum(0), (-lines).maximum(0)
    growing = np.ones(len(program.cells), dtype=bool)
    while True:
        ends = takes @ growing == 0
        still = growing & (adds.T @ ends == 0)
        if still.all() or (still == growing).all():
            return still
        growing = still


def _touched(program: Matrix, wanted: Sequence[np.ndarray]) -> csr_array:
    """Return which lines speak of the cells of each sum: a row for each sum, a column for each line."""
    return csr_array(np.array(wanted) != 0, dtype=float) @ _pattern(program.every).T


def _wider(program: Matrix, touched: csr_array) -> csr_array:
    """Add to each row all lines that share a cell with one of its lines."""
    every = abs(program.every)
    return _pattern(touched) @ _pattern(every @ every.T)


def _pattern(table: csr_array) -> csr_array:
    """Return a table with 1 wherever it holds something."""
    return csr_array((np.ones(table.nnz), table.indices, table.indptr), shape=table.shape)


def _apart(waiting: Sequence[int], touched: csr_array) -> list[int]:
    """Return the first of those waiting and others that share no line with it or each other."""
    batch: list[int] = []
    taken = np.zeros(touched.shape[1], dtype=bool)
    for place in waiting:
        lines = touched.indices[touched.indptr[place] : touched.indptr[place + 1]]
        if not taken[lines].any():
            batch.append(place)
            taken[lines] = True
    return batch


def _proven(program: Matrix, wanted: Sequence[np.ndarray], done: OptimizeResult) -> list[int]:
    """Return the sums whose value in the solution of all of them is proven to be their own least.

    Rows with a price that hang together by cells form a part. The prices of a part prove the least value
    of what is wanted in it; if that is one sum, its own.
    """
    prices = done.ineqlin.marginals
    dear = np.flatnonzero(np.abs(prices) / program.units > DUST)
    equal = len(program.lines) + np.flatnonzero(np.abs(done.eqlin.marginals) > DUST)
    joined = vstack([program.every[np.append(dear, equal)], csr_array(np.array(wanted))], format="coo")
    count = sum(joined.shape)
    line, cell = joined.coords
    graph = csr_array((np.ones(joined.nnz), (line, joined.shape[0] + cell)), shape=(count, count))
    part = connected_components(graph, directed=False)[1]
    worth = np.bincount(
        part[: len(dear)], weights=prices[dear] * program.limit[dear], minlength=part.max() + 1
    )
    mine = part[joined.shape[0] - len(wanted) : joined.shape[0]]
    company = np.bincount(mine, minlength=part.max() + 1)
    values = [float(factors @ done.x) for factors in wanted]
    return [
        number
        for number, value in enumerate(values)
        if company[mine[number]] == 1 and abs(worth[mine[number]] - value) <= _SAME * (1 + abs(value))
    ]


def _solved(done: OptimizeResult | None) -> OptimizeResult:
    if done is None:
        raise _UnfulfilledError
    return done


def _value(done: OptimizeResult | None) -> float:
    done = _solved(done)
    return -math.inf if done.status == 3 else float(done.fun)
