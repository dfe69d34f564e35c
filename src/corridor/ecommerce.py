"""E-commerce: how countries stand in rankings, and what a forecast implies."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from corridor.growth import before, cagr


def behind(rank: float, size: int) -> float:
    """Return the part of the other economies that stand behind a rank, in percent.

    (size - rank) / (size - 1) x 100: 100 for the first, 0 for the last. Makes ranks of rankings of different
    size comparable.

    Examples
    --------
    >>> behind(1, 152), behind(152, 152)
    (100.0, 0.0)
    """
    if not 1 <= rank <= size or size < 2:
        raise ValueError(f"there is no rank {rank:g} among {size} economies")
    return (size - rank) / (size - 1) * 100


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """What a forecast of two amounts and a rate implies.

    Parameters
    ----------
    first_year, last_year
        Years of the two amounts.
    first, last
        The amounts.
    stated
        Growth a year that the forecast states, in percent.
    stated_from
        Year from which it counts.
    """

    first_year: int
    last_year: int
    first: float
    last: float
    stated: float
    stated_from: int

    @property
    def implied(self) -> float:
        """Growth a year that leads from the first amount to the last, in percent."""
        return cagr(self.first, self.last, self.last_year - self.first_year)

    def implied_bounds(self, rounding: float) -> tuple[float, float]:
        """Return the lowest and highest `implied` growth that the rounding of the amounts leaves open."""
        half, years = rounding / 2, self.last_year - self.first_year
        return (
            cagr(self.first + half, self.last - half, years),
            cagr(self.first - half, self.last + half, years),
        )

    @property
    def at_stated(self) -> float:
        """Amount in the last year if the first grew at the stated rate."""
        return self.first * (1 + self.stated / 100) ** (self.last_year - self.first_year)

    @property
    def start(self) -> float:
        """Amount in `stated_from` from which the stated rate leads to the last amount."""
        return before(self.last, self.stated, self.last_year - self.stated_from)

    @property
    def jump(self) -> float:
        """Growth from the first amount to `start`, in percent."""
        return (self.start / self.first - 1) * 100

    def paths(self) -> pd.DataFrame:
        """Return the first amount as it grows: ``name`` (implied, stated), ``year``, ``value``."""
        return pd.DataFrame(
            [
                {"name": name, "year": self.first_year + n, "value": self.first * (1 + rate / 100) ** n}
                for name, rate in (("implied", self.implied), ("stated", self.stated))
                for n in range(self.last_year - self.first_year + 1)
            ]
        )
