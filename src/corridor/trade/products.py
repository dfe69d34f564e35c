"""Flows by product: shares, ranks and concentration of customs data that may be larger than memory.

A table of flows has a row for what one exporter sold to one importer of one product in one year, as BACI has:
the columns ``year``, ``exporter``, ``importer``, ``product`` (code of the Harmonised System, six digits) and
``value`` (thousand US dollars). It is a DataFrame, or a DuckDB relation such as `corridor.parquet.relation`
gives. DuckDB computes in both cases: it reads only the rows and columns asked for, and returns small frames.

Sums are of whole dollars, hence exact: neither the order of the rows nor the number of threads changes
a digit.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeAlias

import pandas as pd

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

    Flows: TypeAlias = pd.DataFrame | DuckDBPyRelation

CHAPTER, HEADING, SUBHEADING = 2, 4, 6
"""Digits of the levels of the Harmonised System."""


def shares(
    flows: Flows,
    *,
    exporters: Iterable[str],
    importers: Iterable[str],
    years: Iterable[int],
    digits: int = CHAPTER,
    most: int | None = None,
) -> pd.DataFrame:
    """Return what part of each flow falls to each product.

    Parameters
    ----------
    flows
        Flows by product, see the module.
    exporters, importers, years
        The flows wanted: every exporter with every importer in every year.
    digits
        Digits of the product codes in the result.
    most
        How many products to keep of each flow, the largest; all by default.

    Returns
    -------
    DataFrame
        exporter, importer, year, product, ``rank`` (1 is the largest; of equal ones the lower code comes
        first), ``value`` in US dollars, ``share`` in percent of the flow; sorted by flow and rank.
    """
    sums = _by_product(flows, digits, year=years, exporter=exporters, importer=importers)
    return _ranked(sums, _FLOW, "product", most)


def concentration(
    flows: Flows,
    *,
    exporters: Iterable[str],
    importers: Iterable[str],
    years: Iterable[int],
    digits: int = CHAPTER,
    most: int = 5,
) -> pd.DataFrame:
    """Return how much of each flow falls to few products.

    Parameters
    ----------
    flows, exporters, importers, years, digits
        As for `shares`.
    most
        How many products count as the largest.

    Returns
    -------
    DataFrame
        exporter, importer, year, ``products`` (their number), ``largest`` (the largest one), ``top``
        (percent of the flow that the largest ones make up), ``hhi``: the Herfindahl-Hirschman index from 0 to
        10 000, see `corridor.trade.concentration.herfindahl`; sorted by flow.
    """
    sums = _by_product(flows, digits, year=years, exporter=exporters, importer=importers)
    summed = _placed(sums, _FLOW, "product").aggregate(
        f"{_FLOW}, count(*) AS products, max(product) FILTER (rank = 1) AS largest, sum(dollars) AS whole,"
        f" sum(dollars) FILTER (rank <= {int(most)}) AS top, sum(dollars * dollars) AS squares",
        _FLOW,
    )
    return _frame(
        summed,
        f"{_FLOW}, products, largest, {_percent('top', 'whole')} AS top,"
        " 10000 * squares::DOUBLE / (whole::DOUBLE * whole::DOUBLE) AS hhi",
        _FLOW,
    )


def partners(
    flows: Flows, *, areas: Iterable[str], years: Iterable[int], flow: str, most: int | None = None
) -> pd.DataFrame:
    """Return what part of the trade of each area falls to each partner.

    Parameters
    ----------
    flows
        Flows by product, see the module.
    areas, years
        Whose trade, and when.
    flow
        ``export`` or ``import``.
    most
        How many partners to keep of each area and year, the largest; all by default.

    Returns
    -------
    DataFrame
        area, year, partner, ``rank`` (1 is the largest), ``value`` in US dollars, ``share`` in percent of the
        area's flow with the world; sorted by area, year and rank.
    """
    area, partner = _SIDES[flow]
    rows = _relation(flows).project(f"{area} AS area, year, {partner} AS partner, value")
    sums = _sums(rows, "area, year, partner", year=years, area=areas)
    return _ranked(sums, "area, year", "partner", most)


def growth(
    flows: Flows,
    *,
    exporters: Iterable[str],
    importers: Iterable[str],
    years: Iterable[int],
    digits: int = CHAPTER,
) -> pd.DataFrame:
    """Return the growth of each product on the year before, and what it adds to the growth of the flow.

    Parameters
    ----------
    flows, exporters, importers, digits
        As for `shares`.
    years
        The years grown to.

    Returns
    -------
    DataFrame
        exporter, importer, year, product; ``value`` and ``before`` in US dollars, 0 where there was no trade;
        ``growth`` in percent, NaN on nothing; ``contribution`` to the growth of the whole flow in percentage
        points, NaN where there was no flow before; sorted by flow and product. A flow that is missing
        in both years has no rows.
    """
    wanted = sorted(set(years))
    needed = {*wanted, *(year - 1 for year in wanted)}
    sums = _by_product(flows, digits, year=needed, exporter=exporters, importer=importers)
    keys = f"{_FLOW}, product"
    # Each sum stands in its own year and in the next.
    twice = sums.project("*, unnest([0, 1]) AS later").project("* REPLACE (year + later AS year)")
    both = twice.aggregate(
        f"{keys}, coalesce(sum(dollars) FILTER (later = 0), 0) AS now,"
        " coalesce(sum(dollars) FILTER (later = 1), 0) AS before",
        keys,
    )
    both = _where(both, year=wanted).project(f"*, sum(before) OVER (PARTITION BY {_FLOW}) AS whole")
    return _frame(
        both,
        f"{keys}, now::DOUBLE AS value, before::DOUBLE AS before,"
        f" {_percent('now - before', 'before')} AS growth,"
        f" {_percent('now - before', 'whole')} AS contribution",
        keys,
    )


def advantage(
    flows: Flows, *, exporters: Iterable[str], years: Iterable[int], digits: int = CHAPTER
) -> pd.DataFrame:
    """Return the revealed comparative advantage of exporters.

    The share of a product in the exports of a country over its share in the exports of the world [1]_: above
    1 the country exports more of it than the world on average. The world is all exporters in `flows`.

    Parameters
    ----------
    flows
        Flows by product, see the module, of all exporters.
    exporters, years, digits
        As for `shares`.

    Returns
    -------
    DataFrame
        exporter, year, product, ``value`` in US dollars, ``share`` and ``world_share`` in percent,
        ``advantage``; sorted by the first three.

    References
    ----------
    .. [1] B. Balassa, "Trade liberalisation and 'revealed' comparative advantage", The Manchester School 33
       (1965), 99-123.
    """
    # One scan: all other exporters together are the one without a name.
    named = f"CASE WHEN {_among('exporter', exporters)} THEN exporter END AS exporter"
    rows = _relation(flows).project(f"{named}, year, {_code(digits)}, value")
    sums = _sums(rows, "exporter, year, product", year=years)
    beside = sums.project(
        "*, sum(dollars) OVER (PARTITION BY exporter, year) AS own,"
        " sum(dollars) OVER (PARTITION BY year, product) AS of_product,"
        " sum(dollars) OVER (PARTITION BY year) AS world"
    )
    share, of_world = _percent("dollars", "own"), _percent("of_product", "world")
    return _frame(
        beside.filter("exporter IS NOT NULL"),
        f"exporter, year, product, dollars::DOUBLE AS value, {share} AS share, {of_world} AS world_share,"
        f" {share} / nullif({of_world}, 0) AS advantage",
        "exporter, year, product",
    )


def totals(flows: Flows, *, reporter: str, partners: Iterable[str], years: Iterable[int]) -> pd.DataFrame:
    """Return exports and imports of one area side by side, a row for every partner and year.

    Parameters
    ----------
    flows
        Flows by product, see the module.
    reporter
        Area whose viewpoint is taken.
    partners, years
        The rows wanted, in this order; a row without trade is there too, empty.

    Returns
    -------
    DataFrame
        partner, year, ``export``, ``import``, ``balance`` and ``turnover`` in US dollars, NaN where a flow is
        missing; as `corridor.trade.dependence.table` takes it.
    """
    partners, years = list(partners), list(years)
    grid = pd.DataFrame(
        [(partner, year) for partner in partners for year in years], columns=["partner", "year"]
    ).astype({"partner": "str", "year": "Int64"})
    for flow, (area, partner) in _SIDES.items():
        rows = _relation(flows).project(f"{area} AS area, {partner} AS partner, year, value")
        sums = _sums(rows, "partner, year", year=years, area=[reporter], partner=partners)
        part = _frame(sums, f'partner, year, dollars::DOUBLE AS "{flow}"', "partner, year")
        grid = grid.merge(
            part.astype({"partner": "str", "year": "Int64"}), on=["partner", "year"], how="left"
        )
    return grid.assign(balance=grid["export"] - grid["import"], turnover=grid["export"] + grid["import"])


_FLOW = "exporter, importer, year"

# The column of the area whose flow it is, and that of its partner.
_SIDES = {"export": ("exporter", "importer"), "import": ("importer", "exporter")}


def _relation(flows: Flows) -> DuckDBPyRelation:
    from corridor.parquet import connection

    return connection().from_df(flows) if isinstance(flows, pd.DataFrame) else flows


def _sums(
    rows: DuckDBPyRelation, keys: str, *, year: Iterable[int], **codes: Iterable[str]
) -> DuckDBPyRelation:
    """Return the keys and ``dollars``, their sum over the rows that have the values wanted."""
    # BACI counts thousands of dollars with three decimals: as decimals, dollars add up exactly in any order.
    dollars = "(sum(value::DECIMAL(18, 3)) * 1000)::HUGEINT AS dollars"
    return (
        _where(rows, year=year, **codes).aggregate(f"{keys}, {dollars}", keys).filter("dollars IS NOT NULL")
    )


def _by_product(
    flows: Flows, digits: int, *, year: Iterable[int], **codes: Iterable[str]
) -> DuckDBPyRelation:
    rows = _relation(flows).project(f"{_FLOW}, {_code(digits)}, value")
    return _sums(rows, f"{_FLOW}, product", year=year, **codes)


def _where(rows: DuckDBPyRelation, *, year: Iterable[int], **codes: Iterable[str]) -> DuckDBPyRelation:
    for column, values in codes.items():
        rows = rows.filter(_among(column, values))
    return rows.filter(_during(year))


def _during(years: Iterable[int]) -> str:
    """Return the condition that the year is one of these."""
    wanted = sorted({int(year) for year in years})
    if wanted and wanted[-1] - wanted[0] + 1 == len(wanted):
        # The statistics of a file settle a range for many rows at once, a list only row by row.
        return f"year BETWEEN {wanted[0]} AND {wanted[-1]}"
    return f"year IN ({', '.join(map(str, wanted))})" if wanted else "false"


def _among(column: str, codes: Iterable[str]) -> str:
    """Return the condition that a column has one of these codes."""
    listed = ", ".join("'{}'".format(code.replace("'", "''")) for code in codes)
    return f"{column} IN ({listed})" if listed else "false"


def _code(digits: int) -> str:
    return f"left(product, {int(digits)}) AS product"


def _placed(sums: DuckDBPyRelation, flow: str, part: str) -> DuckDBPyRelation:
    """Add the rank of each part in its flow."""
    return sums.project(f"*, row_number() OVER (PARTITION BY {flow} ORDER BY dollars DESC, {part}) AS rank")


def _ranked(sums: DuckDBPyRelation, flow: str, part: str, most: int | None) -> pd.DataFrame:
    """Return the largest parts of each flow with rank, value and share."""
    placed = _placed(sums, flow, part).project(f"*, sum(dollars) OVER (PARTITION BY {flow}) AS whole")
    kept = placed if most is None else placed.filter(f"rank <= {int(most)}")
    return _frame(
        kept,
        f"{flow}, {part}, rank, dollars::DOUBLE AS value, {_percent('dollars', 'whole')} AS share",
        f"{flow}, rank",
    )


def _percent(part: str, whole: str) -> str:
    return f"100 * ({part})::DOUBLE / nullif({whole}, 0)::DOUBLE"


def _frame(rows: DuckDBPyRelation, columns: str, order: str) -> pd.DataFrame:
    """Return a query's rows in order, whole numbers as int64 whatever their width in the file."""
    frame = rows.project(columns).order(order).df()
    return frame.astype(dict.fromkeys(frame.select_dtypes("integer").columns, "int64"))
