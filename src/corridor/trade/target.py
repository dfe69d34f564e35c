"""Targets: whether an announced amount was reached, and what is still missing."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a flow has come towards a target.

    Parameters
    ----------
    target
        Amount to reach, in USD.
    due
        Year in which it is due.
    reached
        First year whose figure is at least the target; None if there is none yet.
    year, value
        The latest figure.
    ratio
        Latest figure / target.
    required
        Growth a year from the latest figure that would still meet the target in time, in percent. 0 if
        the latest figure has reached it; NaN if the target is due and missed.
    """

    target: float
    due: int
    reached: int | None
    year: int
    value: float
    ratio: float
    required: float


def progress(series: pd.Series, *, target: float, due: int) -> Progress:
    """Compare a series with a target.

    Parameters
    ----------
    series
        Values in USD, indexed by year; empty years are skipped.
    target
        Amount to reach, in USD.
    due
        Year in which it is due.

    Raises
    ------
    ValueError
        If the series has no figure, or the target is not positive.

    Examples
    --------
    50 in 2021 against 70 due in 2030 needs (70 / 50) ** (1 / 9) - 1 = 3.81 percent a year.
    """
    if target <= 0:
        raise ValueError(f"the target must be positive, not {target:g}")
    known = series.dropna().sort_index()
    if known.empty:
        raise ValueError("no figure to compare with the target")
    year, value = int(known.index[-1]), float(known.iloc[-1])
    over = known[known >= target]
    if value >= target:
        required = 0.0
    elif due > year and value > 0:
        required = ((target / value) ** (1 / (due - year)) - 1) * 100
    else:
        required = math.nan
    return Progress(
        target=float(target),
        due=int(due),
        reached=int(over.index[0]) if len(over) else None,
        year=year,
        value=value,
        ratio=value / target,
        required=required,
    )
