"""Invented customs data in the shape of BACI, of any size: Parquet, one file a year.

Run ``python -m benchmarks.baci FOLDER --rows 1000000``. As in BACI, a row is what one exporter sold to one
importer of one product in one year. Large traders trade nearly all products, others mostly those that all
trade; values are log-normal. Rows are sorted by year, exporter and importer, so that the statistics of row
groups tell where a country's trade lies. The same seed and number of rows give the same data.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

YEARS = range(2000, 2025)

# ISO 3166-1 alpha-3, the larger traders first, roughly.
COUNTRIES = """
    CHN USA DEU JPN NLD KOR ITA FRA GBR BEL HKG MEX CAN SGP TWN ARE RUS IND ESP CHE VNM AUS POL MYS
    THA SAU BRA IDN TUR CZE SWE AUT IRL HUN NOR DNK SVK ROU PHL ZAF PRT FIN CHL ISR ARG IRQ QAT KWT
    KAZ GRC UKR NGA NZL SVN PER COL EGY IRN LTU BGR BGD PAK MAR DZA HRV LUX OMN BLR ECU SRB EST LVA
    UZB TUN AGO LBY LKA AZE DOM CRI KEN GHA PAN GTM KHM JOR URY PRY BOL CIV LBN MMR BHR ISL TZA CMR
    ETH HND SLV GEO TKM MKD BIH CYP MLT SEN COD ZMB UGA MNG ALB LAO NPL BWA NAM MOZ KGZ PNG ARM MDA
    TTO JAM NIC SDN YEM ZWE MUS GAB GIN COG MDG BRN MAC BFA MLI AFG TJK BHS HTI MRT MNE SYR PRK CUB
    VEN BEN TGO NER GNQ TCD RWA MWI SLE LBR FJI GUY SUR BRB MDV SWZ LSO BLZ SYC CPV BTN DJI SOM ERI
    SSD BDI GMB GNB CAF COM WSM VUT SLB TON KIR TUV NRU PLW FSM MHL TLS LCA VCT GRD ATG DMA KNA CYM
    BMU ABW CUW SXM NCL PYF GIB GRL FRO AND SMR VGB TCA MSR AIA FLK SHN SPM WLF COK NIU TKL NFK CXR
    CCK GUM ASM MNP VIR IOT ATF PSE BLM BES
""".split()  # noqa: SIM905

# Subheadings: about as many as the Harmonised System has, none in chapter 77, which it leaves free.
CHAPTERS = [chapter for chapter in range(1, 98) if chapter != 77]
PRODUCTS = [
    f"{chapter:02}{heading:02}{sub:02}"
    for chapter in CHAPTERS
    for heading in range(1, 14)
    for sub in (10, 20, 40, 90)
]

# Shuffles the products, so that what most countries trade is spread over the chapters; prime to their number.
_STEP = 2017

_ROWS = """
    SELECT year, exporter, importer, product,
           greatest(exp(1.5 + weight + 2.2 * drawn), 0.001)::DECIMAL(18, 3) AS value,
           CASE WHEN draw % 32 > 0 THEN greatest(value * tons, 0.001)::DECIMAL(18, 3) END AS quantity
    FROM (
        SELECT *, hash({seed}, year, exporter, importer, place) AS draw,
               -- The sum of four even draws, less its mean, over its deviation: nearly a normal draw.
               ((draw & 65535) + ((draw >> 16) & 65535)
                   + ((draw >> 32) & 65535) + (draw >> 48) - 131070::DOUBLE)
                   / 37837.2 AS drawn
        FROM (
            -- Rises with every step, so no product comes twice; ever faster, so the first ones come oftest.
            SELECT *, step + floor(({products} - many) * pow(step / many, 1.5))::INTEGER AS place
            FROM (SELECT *, unnest(range(many)) AS step FROM pairs)
        )
    ) JOIN products USING (place)
"""


def generate(folder: Path, rows: int, *, years: Sequence[int] = YEARS, seed: int = 0) -> list[Path]:
    """Write data of so many rows, and return the files.

    Parameters
    ----------
    folder
        Where to; it is made.
    rows
        Number of rows in all, spread evenly over the years.
    years
        One file is written for each.
    seed
        Another seed, other values.

    Returns
    -------
    list of Path
        ``baci-<year>.parquet`` with the columns year, exporter and importer (ISO 3166-1 alpha-3), product
        (six digits), value (thousand US dollars) and quantity (metric tons, not always known).

    Raises
    ------
    ValueError
        If there are more rows than pairs of countries, products and years.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ends = np.linspace(0, rows, len(years) + 1).astype(int)
    sizes = [int(size) for size in np.diff(ends)]
    traded = {size: pairs(size) for size in set(sizes)}

    def write(year: int, size: int) -> Path:
        path = folder / f"baci-{year}.parquet"
        _write(path, traded[size].assign(year=np.int16(year)), seed)
        return path

    with ThreadPoolExecutor(os.cpu_count()) as pool:  # DuckDB works outside the interpreter's lock
        return list(pool.map(write, years, sizes))


def pairs(rows: int) -> pd.DataFrame:
    """Return how many products each country sells to each other one, sorted by their codes.

    Larger traders trade more of them, after a power law, at most all.
    """
    size = 1 / np.arange(1, len(COUNTRIES) + 1) ** 0.9
    weight = np.outer(size, size)
    np.fill_diagonal(weight, 0)
    seller, buyer = np.nonzero(weight)
    weight = weight[seller, buyer]
    if rows > len(weight) * len(PRODUCTS):
        raise ValueError(f"{rows} rows a year are more than there are pairs and products")
    frame = pd.DataFrame(
        {
            "exporter": np.array(COUNTRIES)[seller],
            "importer": np.array(COUNTRIES)[buyer],
            "many": _spread(rows, weight, len(PRODUCTS)),
            "weight": np.log(weight) / 4 + 2,
        }
    )
    return frame[frame["many"] > 0].sort_values(["exporter", "importer"], ignore_index=True)


def products() -> pd.DataFrame:
    """Return the products from that which most countries trade to the rarest, with tons for 1000 dollars."""
    order = np.arange(len(PRODUCTS))
    shuffled = order * _STEP % len(PRODUCTS)
    tons = np.exp(6 * np.sin(shuffled.astype(float)) - 2)
    return pd.DataFrame({"place": order, "product": np.array(PRODUCTS)[shuffled], "tons": tons})


def _spread(total: int, weight: NDArray[np.float64], most: int) -> NDArray[np.int64]:
    """Return whole numbers in proportion to weights, none above `most`, that add up to the total."""
    low, high = 0.0, total / weight.min()
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if np.minimum(weight * middle, most).sum() < total else (low, middle)
    exact = np.minimum(weight * high, most)
    whole = np.floor(exact).astype(np.int64)
    short = total - int(whole.sum())
    whole[np.argsort(whole - exact, kind="stable")[:short]] += 1
    return whole


def _write(path: Path, pairs: pd.DataFrame, seed: int) -> None:
    # A thread a file: unnesting a small table runs on one core, and its order is the file's.
    connection = duckdb.connect(config={"threads": 1})
    connection.register("pairs", pairs)
    connection.register("products", products())
    query = _ROWS.format(seed=int(seed), products=len(PRODUCTS))
    connection.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)")
    connection.close()


def main() -> None:
    parser = argparse.ArgumentParser(description="Write invented customs data in the shape of BACI.")
    parser.add_argument("folder", type=Path, help="where to")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    files = generate(options.folder, options.rows, seed=options.seed)
    print(f"{len(files)} files, {sum(file.stat().st_size for file in files):,} bytes")


if __name__ == "__main__":
    main()
