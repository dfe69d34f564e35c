"""Cells: the bounds of amounts beside the figures, as tables and charts need them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from corridor.reconcile.system import DIRECTIONS

WIDE = 2
"""Bounds tell something of an amount if the farther from zero is at most so many times the nearer."""

KEYS = ["reporter", "partner", "flow", "year"]


def telling(cube: pd.DataFrame) -> pd.DataFrame:
    """Return the rows whose bounds are narrow enough to tell something of the amount.

    Parameters
    ----------
    cube
        Rows of `corridor.reconcile.bounds.bounds`. Kept are those with finite bounds of one sign, of which
        the farther from zero is at most `WIDE` times the nearer.

    Examples
    --------
    5 to 10 is kept; 5 to 11 is not, nor is -5 to 10.
    """
    sizes = cube[["low", "high"]].abs()
    one_sign = (cube["low"] > 0) | (cube["high"] < 0)
    near = sizes.max(axis=1) <= WIDE * sizes.min(axis=1)
    return cube[one_sign & near & np.isfinite(sizes).all(axis=1)].reset_index(drop=True)


def beside(table: pd.DataFrame, cube: pd.DataFrame) -> pd.DataFrame:
    """Add bounds to the flows of one reporter side by side.

    Parameters
    ----------
    table
        A table of `corridor.trade.flows.wide`.
    cube
        Rows of `corridor.reconcile.bounds.bounds` of the same reporter.

    Returns
    -------
    DataFrame
        The table with ``<flow>_low`` and ``<flow>_high`` in USD, NaN where there is no row.
    """
    for flow in DIRECTIONS:
        rows = cube.loc[cube["flow"] == flow, ["partner", "year", "low", "high"]]
        rows = rows.rename(columns={side: f"{flow}_{side}" for side in ("low", "high")})
        table = table.merge(rows, on=["partner", "year"], how="left", validate="one_to_one")
    return table


def untold(cube: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """Return the bounds that no figure tells.

    Parameters
    ----------
    cube
        Rows of `corridor.reconcile.bounds.bounds`.
    figures
        One row each, as `corridor.trade.flows.best` gives them: ``value`` and ``error`` in USD.

    Returns
    -------
    DataFrame
        Rows without a figure, and those whose figure lies outside its bounds by more than its error.
    """
    both = cube.merge(figures[[*KEYS, "value", "error"]], on=KEYS, how="left", validate="one_to_one")
    error = both["error"].fillna(0.0)
    outside = (both["value"] + error < both["low"]) | (both["value"] - error > both["high"])
    return cube[(both["value"].isna() | outside).to_numpy()].reset_index(drop=True)
