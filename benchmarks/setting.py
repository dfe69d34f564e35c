"""How much is measured."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.papers import REFERENCE, SMALL, Subject


@dataclass(frozen=True, kw_only=True)
class Setting:
    """How much is measured, on what, and where.

    Parameters
    ----------
    folder
        Where papers are copied to and built.
    subject
        The paper.
    runs
        How often each thing is measured.
    edits
        How many edits the preview has to show.
    counts
        How many editions are built at once; the largest number of them only once.
    stock_counts
        For which of these the stock way is run, once but for the first; for the others it is estimated.
    crowd
        The number of editions for which memory is measured.
    rows
        How many rows the data by product have.
    """

    folder: Path
    subject: Subject
    runs: int
    edits: int
    counts: tuple[int, ...]
    stock_counts: tuple[int, ...]
    crowd: int
    rows: int

    def at_most(self, editions: int) -> Setting:
        """Return the setting with fewer editions built at once, for those who have less time."""
        return replace(
            self,
            counts=tuple(count for count in self.counts if count <= editions),
            stock_counts=tuple(count for count in self.stock_counts if count <= editions),
            crowd=min(self.crowd, editions),
        )


def full(folder: Path, runs: int) -> Setting:
    """Return the setting of "make bench"."""
    return Setting(
        folder=folder,
        subject=REFERENCE,
        runs=runs,
        edits=10,
        counts=(1, 6, 24, 200),
        stock_counts=(1, 6),
        crowd=24,
        rows=250_000_000,
    )


def smoke(folder: Path, runs: int) -> Setting:
    """Return a setting that shows in a minute whether all can be measured; its figures mean nothing."""
    return Setting(
        folder=folder,
        subject=SMALL,
        runs=runs,
        edits=2,
        counts=(1, 2),
        stock_counts=(1,),
        crowd=2,
        rows=100_000,
    )
