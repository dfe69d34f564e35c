"""Growth: rates between amounts, and the amounts that rates imply."""

from __future__ import annotations

import math


def cagr(first: float, last: float, years: int) -> float:
    """Return the constant annual growth that leads from one value to another.

    Parameters
    ----------
    first, last
        Values of one unit.
    years
        Years between them.

    Returns
    -------
    float
        ((last / first) ** (1 / years) - 1) x 100; NaN unless both values are positive and `years` is.

    Examples
    --------
    >>> cagr(100.0, 121.0, 2)
    10.000000000000009
    """
    if not (first > 0 and last > 0 and years > 0):
        return math.nan
    return ((last / first) ** (1 / years) - 1) * 100


def before(last: float, rate: float, years: int = 1) -> float:
    """Return the value from which constant annual growth leads to another.

    Parameters
    ----------
    last
        Value at the end.
    rate
        Growth a year in percent, above -100.
    years
        Years between the two.

    Returns
    -------
    float
        last / (1 + rate / 100) ** years

    Examples
    --------
    4.5 million parcels after growth of 67 percent:

    >>> round(before(4.5, 67.0), 2)
    2.69
    """
    if rate <= -100:
        raise ValueError(f"growth of {rate:g} percent leaves nothing to start from")
    return last / (1 + rate / 100) ** years
