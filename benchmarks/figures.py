"""What a benchmark gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from statistics import median

STOCK = "stock"
"""The way of doing it without Corridor, with which the others are compared."""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One thing that was measured, done in one way.

    Parameters
    ----------
    group
        The benchmark that it belongs to.
    task, way
        What was done, and how.
    unit
        ``s``, ``bytes``, or empty for a ratio.
    values
        The value of each run.
    editions
        How many editions were built; 0 where that is not what was measured.
    estimated
        Whether the value was multiplied up from that of fewer editions.
    """

    group: str
    task: str
    way: str
    unit: str
    values: tuple[float, ...]
    editions: int = 0
    estimated: bool = False

    @property
    def median(self) -> float:
        return median(self.values)


def one(figures: Iterable[Figure], group: str, task: str, way: str) -> Figure | None:
    """Return the figure of a task and way, if it was measured."""
    return next((f for f in figures if (f.group, f.task, f.way) == (group, task, way)), None)


def alternating(ways: Iterable[str], runs: int) -> Iterator[str]:
    """Return the ways of each run, every other time backwards, so that a disturbance meets all of them."""
    forwards = list(ways)
    for number in range(runs):
        yield from forwards if number % 2 == 0 else reversed(forwards)
