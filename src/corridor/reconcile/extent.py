"""Extents: how far a quantity can go if all rows hold."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Sequence

import numpy as np
from scipy.optimize import OptimizeResult, linprog
from scipy.sparse import block_array, csr_array, eye_array, hstack, vstack
from scipy.sparse.csgraph import connected_components

from corridor.reconcile.solve import DUST, Matrix, elastic, matrix, optimum
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
        # The last unknown is the scale: upper @ y <= limit * scale.
        upper = hstack([program.upper, csr_array(-program.limit[:, None])], format="csr")
        equal = csr_array(np.append(program.objective(whole), 0.0)[None, :])
        if program.equal is not None:
            zeros = csr_array((program.equal.shape[0], 1))
            equal = vstack([hstack([program.equal, zeros]), equal], format="csr")
        right = np.zeros(equal.shape[0])
        right[-1] = 1.0
        factors = np.append(program.objective(part), 0.0)
        limit = np.zeros(len(program.lines))
        try:
            low, high = (_value(optimum(sign * factors, upper, limit, equal, right)) for sign in (1.0, -1.0))
        except _UnfulfilledError:
            continue
        return low, -high
    return math.nan, math.nan


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
    for program in _programs(rows, [cell for target in targets for cell in target]):
        factors = [program.objective(target) for target in targets]
        try:
            low = _least(program, factors)
            high = _least(program, [-wanted for wanted in factors])
        except _UnfulfilledError:
            continue
        return [(least, -most) for least, most in zip(low, high, strict=True)]
    raise ArithmeticError("the rows contradict each other")


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
        found[place] = _value(_solved(program, wanted[place]))
    touched, wider = None, _lines(program, wanted)
    while waiting:
        single = wider == touched
        touched = wider
        failed: list[int] = []
        while waiting:
            batch = waiting[:1] if single else _apart(waiting, touched)
            done = _solved(program, np.sum([wanted[place] for place in batch], axis=0))
            proven = [0] if len(batch) == 1 else _proven(program, [wanted[place] for place in batch], done)
            found |= {batch[number]: float(wanted[batch[number]] @ done.x) for number in proven}
            failed += [place for place in batch if place not in found]
            tried = set(batch)
            waiting = [place for place in waiting if place not in tried]
        waiting = failed
        wider = _wider(program, touched) if waiting else touched
    return [found[place] for place in range(len(wanted))]


def _endless(program: Matrix) -> np.ndarray:
    """Return which cells can grow without end.

    A direction in which all rows stay fulfilled keeps doing so if it is lengthened or added to another.
    Hence one direction shows all such cells: it counts every cell up to 1.
    """
    count = len(program.cells)
    direction, counted = eye_array(count), eye_array(count)
    upper = block_array([[program.upper, None], [-direction, counted]], format="csr")
    equal = program.equal
    if equal is not None:
        equal = hstack([equal, csr_array((equal.shape[0], count))], format="csr")
    done = linprog(
        np.concatenate([np.zeros(count), -np.ones(count)]),
        A_ub=upper,
        b_ub=np.zeros(upper.shape[0]),
        A_eq=equal,
        b_eq=_zeros(program),
        bounds=[(0, None)] * count + [(0, 1)] * count,
        method="highs",
    )
    if done.status != 0:
        raise ArithmeticError(f"the linear program has no answer: {done.message}")
    return done.x[count:] > 1 / 2


def _lines(program: Matrix, wanted: Sequence[np.ndarray]) -> list[frozenset[int]]:
    """Return the numbers of the lines that speak of the cells of each sum."""
    columns = _every(program).tocsc()
    return [
        frozenset(
            int(line)
            for cell in np.flatnonzero(factors)
            for line in columns.indices[columns.indptr[cell] : columns.indptr[cell + 1]]
        )
        for factors in wanted
    ]


def _wider(program: Matrix, touched: Sequence[frozenset[int]]) -> list[frozenset[int]]:
    """Add to each set of lines all lines that share a cell with one of them."""
    every = abs(_every(program)).tocsr()
    near = (every @ every.T).tocsr()
    return [
        frozenset(int(n) for line in lines for n in near.indices[near.indptr[line] : near.indptr[line + 1]])
        for lines in touched
    ]


def _every(program: Matrix) -> csr_array:
    return program.upper if program.equal is None else vstack([program.upper, program.equal], format="csr")


def _apart(waiting: Sequence[int], touched: Sequence[frozenset[int]]) -> list[int]:
    """Return the first of those waiting and others that share no line with it or each other."""
    batch: list[int] = []
    taken: set[int] = set()
    for place in waiting:
        if not batch or taken.isdisjoint(touched[place]):
            batch.append(place)
            taken |= touched[place]
    return batch


def _proven(program: Matrix, wanted: Sequence[np.ndarray], done: OptimizeResult) -> list[int]:
    """Return the sums whose value in the solution of all of them is proven to be their own least.

    Rows with a price that hang together by cells form a part. The prices of a part prove the least value
    of what is wanted in it; if that is one sum, its own.
    """
    prices = done.ineqlin.marginals
    priced = np.flatnonzero(np.abs(prices) / program.units > DUST)
    tables = [program.upper[priced], csr_array(np.array(wanted))]
    if program.equal is not None:
        tables.append(program.equal[np.flatnonzero(np.abs(done.eqlin.marginals) > DUST)])
    joined = vstack(tables, format="csr")
    count = joined.shape[0]
    graph = vstack(
        [hstack([csr_array((count, count)), joined]), csr_array((joined.shape[1], count + joined.shape[1]))],
        format="csr",
    )
    part = connected_components(graph, directed=False)[1]
    worth = np.bincount(
        part[: len(priced)], weights=prices[priced] * program.limit[priced], minlength=part.max() + 1
    )
    mine = part[len(priced) : len(priced) + len(wanted)]
    company = np.bincount(mine, minlength=part.max() + 1)
    values = [float(factors @ done.x) for factors in wanted]
    return [
        number
        for number, value in enumerate(values)
        if company[mine[number]] == 1 and abs(worth[mine[number]] - value) <= _SAME * (1 + abs(value))
    ]


def _solved(program: Matrix, factors: np.ndarray) -> OptimizeResult:
    done = optimum(factors, program.upper, program.limit, program.equal, _zeros(program))
    if done is None:
        raise _UnfulfilledError
    return done


def _value(done: OptimizeResult | None) -> float:
    if done is None:
        raise _UnfulfilledError
    return -math.inf if done.status == 3 else float(done.fun)


def _zeros(program: Matrix) -> np.ndarray | None:
    return None if program.equal is None else np.zeros(program.equal.shape[0])
