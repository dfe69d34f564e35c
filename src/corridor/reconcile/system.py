"""The linear system: cells of trade, and the rows that figures and identities write on them."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

BILLION = 1e9
"""Amounts are counted in billions, so that the tolerances of the solver fit them."""

LEAST = 1e-3
"""The whole of a share and the base of a growth rate are at least this, a million dollars: a part of nothing
fits every share."""

# Every flow as times exports, times imports.
DIRECTIONS = {
    "export": {"export": 1.0},
    "import": {"import": 1.0},
    "balance": {"export": 1.0, "import": -1.0},
    "turnover": {"export": 1.0, "import": 1.0},
}


@dataclass(frozen=True, kw_only=True, order=True)
class Cell:
    """One unknown amount, in USD billion, never negative.

    Parameters
    ----------
    reporter, partner
        Codes of areas; the direction is told from the reporter's side.
    direction
        ``export`` or ``import``.
    period
        A year (``2017``) or an ISO 8601 interval of months.
    product
        ``all`` or the name of a part of the trade.
    """

    reporter: str
    partner: str
    period: str
    direction: str
    product: str = "all"


Terms = Mapping[Cell, float]
"""A sum of cells, each times a factor."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One constraint: ``low <= part / whole <= high``, and ``whole`` not negative.

    Parameters
    ----------
    name
        Unique name.
    keys
        The published figures that it states; empty for an identity, which always holds.
    part, whole
        Sums of cells; an empty whole is 1, so that the row is about an amount in USD billion.
    low, high
        Between which values the figure may lie; infinite on an open side.
    unit
        Half the rounding of the figure, by which contradictions are measured.
    kind
        ``amount``, ``share``, ``growth``, ``order``, ``base`` (the whole of a share or growth is not
        empty) or the name of an identity (``region``, ``part``).
    source
        Who prints the figure.
    scale, start
        The figure in its own unit is ``(part / whole - start) * scale``: USD are billionths of the amount,
        growth in percent is 100 times what a ratio has above 1.
    """

    name: str
    keys: tuple[str, ...] = ()
    part: Terms
    whole: Terms = field(default_factory=dict)
    low: float
    high: float
    unit: float = 1.0
    kind: str
    source: str = ""
    scale: float = BILLION
    start: float = 0.0

    @property
    def hard(self) -> bool:
        """Whether it is an identity, which no figure can overrule."""
        return not self.keys

    def cells(self) -> Iterator[Cell]:
        """Return the cells that it speaks of."""
        yield from self.part
        yield from self.whole


def flow(reporter: str, partner: str, name: str, period: str, product: str = "all") -> dict[Cell, float]:
    """Return a flow as a sum of cells: balance = exports - imports, turnover = exports + imports.

    Raises
    ------
    KeyError
        If there is no flow of that name.
    """
    return {
        Cell(reporter=reporter, partner=partner, direction=direction, period=period, product=product): factor
        for direction, factor in DIRECTIONS[name].items()
    }


def combined(first: Terms, second: Terms, times: float = 1.0) -> dict[Cell, float]:
    """Return ``first + times * second`` without empty terms."""
    total = dict(first)
    for cell, factor in second.items():
        total[cell] = total.get(cell, 0.0) + times * factor
    return {cell: factor for cell, factor in total.items() if factor}


def without(rows: Iterable[Row], keys: Container[str]) -> list[Row]:
    """Return the rows that state none of the figures."""
    return [row for row in rows if not any(key in keys for key in row.keys)]


def stating(rows: Iterable[Row], keys: Container[str]) -> list[Row]:
    """Return the rows that state one of the figures."""
    return [row for row in rows if any(key in keys for key in row.keys)]


def around(rows: Iterable[Row], some: Iterable[Row]) -> list[Row]:
    """Return the rows that share a cell with one of some rows, these included."""
    cells = {cell for row in some for cell in row.cells()}
    return [row for row in rows if any(cell in cells for cell in row.cells())]


def figures(rows: Iterable[Row]) -> list[str]:
    """Return the keys of the figures in the rows, each once, in their order."""
    return list(dict.fromkeys(key for row in rows for key in row.keys))


def blocks(rows: Iterable[Row], *, by_figure: bool = False) -> list[list[Row]]:
    """Split rows into independent blocks.

    Parameters
    ----------
    rows
        Rows in any order.
    by_figure
        Whether rows of one figure belong together even if they share no cell: a rank that is claimed for
        several years stands or falls as one.

    Returns
    -------
    list
        Rows in their order, blocks in the order of their first rows. No cell stands in two blocks.
    """
    rows = list(rows)
    root = list(range(len(rows)))

    def find(place: int) -> int:
        while root[place] != place:
            root[place] = root[root[place]]
            place = root[place]
        return place

    first: dict[Cell | str, int] = {}
    for place, row in enumerate(rows):
        for item in (*row.cells(), *(row.keys if by_figure else ())):
            one, other = find(place), find(first.setdefault(item, place))
            root[max(one, other)] = min(one, other)
    found: dict[int, list[Row]] = {}
    for place, row in enumerate(rows):
        found.setdefault(find(place), []).append(row)
    return list(found.values())


def connected(rows: Iterable[Row], cells: Collection[Cell]) -> list[Row]:
    """Return the rows that have to do with some cells, directly or through other rows."""
    return [
        row
        for block in blocks(rows)
        if any(cell in cells for other in block for cell in other.cells())
        for row in block
    ]
