"""Concentration: how much of a total falls to its largest parts, when only some parts are printed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd


def top(shares: Iterable[float], n: int) -> float:
    """Return the sum of the `n` largest shares, in percent; NaN if fewer than `n` are known."""
    ordered = sorted(shares, reverse=True)
    return sum(ordered[:n]) if len(ordered) >= n else float("nan")


def herfindahl(shares: Iterable[float]) -> float:
    """Return the Herfindahl-Hirschman index of a complete list of shares.

    The sum of the squared shares [1]_, on the scale of competition authorities: 10 000 if one part is
    everything, 10 000 / n for n equal parts.

    Parameters
    ----------
    shares
        Percent of the total.

    References
    ----------
    .. [1] A. O. Hirschman, "The paternity of an index", American Economic Review 54 (1964), 761-762.
    """
    return float(sum(share**2 for share in shares))


def herfindahl_bounds(shares: Sequence[float], groups: int | None = None) -> tuple[float, float]:
    """Return between which values the Herfindahl-Hirschman index lies if only the largest shares are known.

    What is not printed is at most the smallest printed share each. The index is lowest if the rest is
    spread evenly over the unprinted parts, and highest if as many as possible are as large as the
    smallest printed one: a sum of squares grows when shares move to the larger part.

    Parameters
    ----------
    shares
        The largest shares, in percent.
    groups
        Number of all parts, printed or not; None if unknown, then the rest may be spread without limit.

    Returns
    -------
    tuple of float
        Lower and upper bound, from 0 to 10 000.

    Raises
    ------
    ValueError
        If there are no shares, a share is negative, they add up to more than 100 (beyond half a unit of
        the second decimal each), there are more than `groups`, or `groups` parts of that size cannot add
        up to 100.

    Examples
    --------
    >>> herfindahl_bounds([50, 30], groups=4)
    (3600.0, 3800.0)
    """
    if not len(shares):
        raise ValueError("no shares: nothing is known about the concentration")
    smallest = min(shares)
    if smallest < 0:
        raise ValueError(f"a share is negative: {smallest}")
    # Shares rounded to two decimals may exceed 100 by half of the last digit each.
    tolerance = 0.005 * len(shares) + 1e-9
    rest = 100 - sum(shares)
    if rest < -tolerance:
        raise ValueError(f"the shares add up to {sum(shares):g} percent, more than 100")
    rest = max(rest, 0.0)
    known = herfindahl(shares)
    if groups is None:
        if rest and not smallest:
            raise ValueError("the smallest printed share is 0, but the shares do not add up to 100")
        return known, known + _packed(rest, smallest)
    unprinted = groups - len(shares)
    if unprinted < 0:
        raise ValueError(f"{len(shares)} shares are printed, but there are only {groups} groups")
    if rest > unprinted * smallest + tolerance:
        raise ValueError(
            f"{rest:g} percent are left: too much for {unprinted} groups of at most {smallest:g} percent"
        )
    if not unprinted:
        return known, known
    return known + rest**2 / unprinted, known + _packed(rest, smallest)


def table(
    products: pd.DataFrame, *, by: Sequence[str] = ("reporter", "partner"), groups: int | None = None
) -> pd.DataFrame:
    """Return the concentration of each flow of products.

    Parameters
    ----------
    products
        One share a row, as in ``data/product_shares.csv``: `by`, product, value in percent.
    by
        Columns that tell the flows apart.
    groups
        Number of product groups in the classification, see `herfindahl_bounds`.

    Returns
    -------
    DataFrame
        `by` (in the order of first appearance), ``printed`` (number of shares), ``top5`` in percent,
        ``largest`` (the product), ``hhi_low`` and ``hhi_high``.
    """
    rows = []
    for _, group in products.groupby(list(by), sort=False):
        key = group.iloc[0][list(by)]
        shares = group["value"].astype("float64").tolist()
        low, high = herfindahl_bounds(shares, groups)
        largest = group.loc[group["value"].idxmax(), "product"]
        rows.append((*key, len(shares), top(shares, 5), largest, low, high))
    return pd.DataFrame(rows, columns=[*by, "printed", "top5", "largest", "hhi_low", "hhi_high"])


def _packed(rest: float, size: float) -> float:
    if not size:
        return 0.0
    full = int(rest / size + 1e-9)
    return full * size**2 + max(rest - full * size, 0.0) ** 2
