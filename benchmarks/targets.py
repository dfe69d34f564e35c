"""What is aimed at on two cores, mostly against the stock way in the same run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks import many_editions as many
from benchmarks import one_edition as alone
from benchmarks import others
from benchmarks.figures import STOCK, Figure, one


@dataclass(frozen=True, kw_only=True)
class Target:
    """What is aimed at, and what was found.

    Parameters
    ----------
    what
        In words.
    unit
        Of limit and finding, as of figures; ``times`` for a ratio.
    limit
        What passes at most, or at least.
    least
        Whether it is the least.
    found
        ``None`` where it was not measured.
    """

    what: str
    unit: str
    limit: float
    least: bool = False
    found: float | None

    @property
    def verdict(self) -> str:
        if self.found is None:
            return "not measured"
        return "pass" if (self.found >= self.limit if self.least else self.found <= self.limit) else "miss"


def targets(figures: Sequence[Figure]) -> list[Target]:
    """Return all targets with what was found."""

    def value(group: str, task: str, way: str) -> float | None:
        found = one(figures, group, task, way)
        return found.median if found else None

    def faster(what: str, limit: float, stock: float | None, ours: float | None) -> Target:
        ratio = stock / ours if stock and ours else None
        return Target(what=what, unit="times", limit=limit, least=True, found=ratio)

    def at_most(what: str, limit: float, unit: str, found: float | None) -> Target:
        return Target(what=what, unit=unit, limit=limit, found=found)

    edition = value(alone.GROUP, alone.STOCK_TASK, STOCK)
    cold, chapter, unchanged = (
        value(alone.GROUP, task, alone.BUILD) for task in (alone.COLD, alone.CHAPTER, alone.UNCHANGED)
    )
    crowd = value(many.GROUP, many.task(24), many.JOBS)
    throng = value(many.GROUP, many.task(200), many.JOBS)
    growth = (throng / 200) / (crowd / 24) if crowd and throng else None
    return [
        faster("one edition, nothing built before: faster than stock", 8, edition, cold),
        faster("one word in a chapter to fresh pages: faster than stock", 15, edition, chapter),
        faster("24 editions: faster than stock", 15, value(many.GROUP, many.task(24), STOCK), crowd),
        at_most("an edition of 200 against one of 24", 1.1, "times", growth),
        at_most("a build with nothing to do", 0.5, "s", unchanged),
        at_most("corridor --help", 0.3, "s", value(*others.HELP)),
        at_most("preview serves a saved edit", 0.5, "s", value(*others.PREVIEW)),
        at_most(
            "tables by product against a hand-written query", 1.2, "times", value(*others.PRODUCTS_RATIO)
        ),
        at_most("tables by product: memory", 4 * 2**30, "bytes", value(*others.PRODUCTS_MEMORY)),
    ]
