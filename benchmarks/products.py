"""Time the product tables of one edition from customs data larger than memory, against SQL written by hand.

Run ``python -m benchmarks.products --rows 250000000``. It generates data (`benchmarks.baci`), makes the
tables by `corridor.trade.products` and by hand-written queries in turn, each time in a process of its own,
makes sure that both give the same, and prints medians of the times and the greatest memory of a process.
"""

from __future__ import annotations

import argparse
import json
import pickle
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import duckdb
import pandas as pd

from benchmarks.baci import YEARS
from corridor import parquet
from corridor.data import Resource
from corridor.trade import products

PARTNER, COUNTRIES = "CHN", ["KAZ", "KGZ", "TJK", "TKM", "UZB"]
AREAS = [PARTNER, *COUNTRIES]

COLUMNS = {"year": "year", **dict.fromkeys(("exporter", "importer", "product"), "string"), "value": "number"}

Tables = dict[str, pd.DataFrame]

_AREAS = ", ".join(f"'{area}'" for area in AREAS)

_HAND = {
    "shares": f"""
        SELECT * FROM (
            SELECT exporter, importer, year, product, row_number() OVER largest_first AS rank,
                   sold * 1000 AS value, 100 * sold / sum(sold) OVER flow AS share
            FROM (
                SELECT exporter, importer, year, left(product, 2) AS product, sum(value) AS sold FROM flows
                WHERE exporter IN ({_AREAS}) AND importer IN ({_AREAS}) GROUP BY ALL
            )
            WINDOW flow AS (PARTITION BY exporter, importer, year),
                   largest_first AS (PARTITION BY exporter, importer, year ORDER BY sold DESC, product)
        ) WHERE rank <= 5 ORDER BY exporter, importer, year, rank
    """,
    "concentration": f"""
        SELECT exporter, importer, year, count(*) AS products, max(product) FILTER (rank = 1) AS largest,
               100 * sum(sold) FILTER (rank <= 5) / sum(sold) AS top,
               10000 * sum(sold::DOUBLE * sold) / (sum(sold::DOUBLE) * sum(sold::DOUBLE)) AS hhi
        FROM (
            SELECT *, row_number() OVER largest_first AS rank
            FROM (
                SELECT exporter, importer, year, product, sum(value) AS sold FROM flows
                WHERE exporter IN ({_AREAS}) AND importer IN ({_AREAS}) GROUP BY ALL
            )
            WINDOW largest_first AS (PARTITION BY exporter, importer, year ORDER BY sold DESC, product)
        ) GROUP BY exporter, importer, year ORDER BY exporter, importer, year
    """,
    "partners": f"""
        SELECT * FROM (
            SELECT area, year, partner, row_number() OVER largest_first AS rank,
                   sold * 1000 AS value, 100 * sold / sum(sold) OVER (PARTITION BY area, year) AS share
            FROM (
                SELECT exporter AS area, year, importer AS partner, sum(value) AS sold FROM flows
                WHERE exporter IN ({_AREAS}) GROUP BY ALL
            )
            WINDOW largest_first AS (PARTITION BY area, year ORDER BY sold DESC, partner)
        ) WHERE rank <= 10 ORDER BY area, year, rank
    """,
    "growth": f"""
        WITH sales AS (
            SELECT exporter, importer, year, left(product, 2) AS product, sum(value) * 1000 AS sold FROM flows
            WHERE exporter IN ({_AREAS}) AND importer IN ({_AREAS}) GROUP BY ALL
        ), changes AS (
            SELECT exporter, importer, year, product,
                   coalesce(now.sold, 0) AS value, coalesce(before.sold, 0) AS before
            FROM sales AS now FULL JOIN (SELECT * REPLACE (year + 1 AS year) FROM sales) AS before
            USING (exporter, importer, year, product)
        )
        SELECT *, 100 * (value - before) / nullif(before, 0) AS growth,
               100 * (value - before) / nullif(sum(before) OVER flow, 0) AS contribution
        FROM changes WHERE year <= {YEARS[-1]}
        WINDOW flow AS (PARTITION BY exporter, importer, year)
        ORDER BY exporter, importer, year, product
    """,
    "advantage": f"""
        WITH sales AS (
            SELECT CASE WHEN exporter IN ({_AREAS}) THEN exporter END AS exporter,
                   year, left(product, 2) AS product, sum(value) AS sold
            FROM flows GROUP BY ALL
        ), parts AS (
            SELECT *, 100 * sold / sum(sold) OVER (PARTITION BY exporter, year) AS share,
                   100 * sum(sold) OVER (PARTITION BY year, product) / sum(sold) OVER (PARTITION BY year)
                       AS world_share
            FROM sales
        )
        SELECT exporter, year, product, sold * 1000 AS value, share, world_share,
               share / world_share AS advantage
        FROM parts WHERE exporter IS NOT NULL ORDER BY exporter, year, product
    """,
}


def tables(files: Path) -> Tables:
    """Return the product tables of one edition."""
    fields = [{"name": name, "type": kind} for name, kind in COLUMNS.items()]
    customs = Resource(name="customs", path=files, schema={"fields": fields})
    flows = parquet.relation(customs, files.parent)
    pairs: dict[str, Any] = {"exporters": AREAS, "importers": AREAS, "years": YEARS}
    return {
        "shares": products.shares(flows, **pairs, most=5),
        "concentration": products.concentration(flows, **pairs, digits=products.SUBHEADING),
        "partners": products.partners(flows, areas=AREAS, years=YEARS, flow="export", most=10),
        "growth": products.growth(flows, **pairs),
        "advantage": products.advantage(flows, exporters=AREAS, years=YEARS),
    }


def tables_by_hand(files: Path) -> Tables:
    """Return the same tables from SQL as one writes it for these tables alone."""
    connection = duckdb.connect(
        config={"memory_limit": parquet.MEMORY, "temp_directory": tempfile.gettempdir()}
    )
    connection.execute(f"CREATE VIEW flows AS FROM read_parquet('{files}')")
    return {name: connection.sql(query).df() for name, query in _HAND.items()}


WAYS: dict[str, Callable[[Path], Tables]] = {"corridor": tables, "hand": tables_by_hand}


def measure(rows: int, runs: int, folder: Path | None = None) -> dict[str, Any]:
    """Time both ways in turn.

    Parameters
    ----------
    rows
        Size of the data.
    runs
        How often each way is timed.
    folder
        Where the data lie meanwhile (about 7 bytes a row); the temporary folder by default.

    Returns
    -------
    dict
        rows; ``seconds`` and ``hand_seconds``, medians of the times from opening the files to the last table;
        their ``ratio``; ``cpu`` and ``hand_cpu``, medians of the seconds that all cores worked; what each run
        took under the same names after ``all_``; ``peak_rss``, the greatest memory of a process that made the
        tables by Corridor, and ``file_bytes``, both in bytes.

    Raises
    ------
    AssertionError
        If both ways do not give the same tables.
    """
    with tempfile.TemporaryDirectory(prefix="corridor-baci-", dir=folder) as place:
        # In a process of its own: a process reports at least the memory of the one that started it.
        _run("benchmarks.baci", place, "--rows", str(rows))
        files, kept = Path(place, "*.parquet"), Path(place, "tables.pickle")
        found: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS}
        made: dict[str, Tables] = {}
        for _ in range(runs):
            for way in WAYS:
                found[way].append(
                    json.loads(_run("benchmarks.products", "--one", way, str(files), str(kept)))
                )
                made[way] = pickle.loads(kept.read_bytes())
        for name, table in made["corridor"].items():
            pd.testing.assert_frame_equal(table, made["hand"][name], check_dtype=False, rtol=1e-9, obj=name)
        size = sum(path.stat().st_size for path in Path(place).glob(files.name))
    times = {
        f"{start}{kind}": [one[kind] for one in found[way]]
        for way, start in (("corridor", ""), ("hand", "hand_"))
        for kind in ("seconds", "cpu")
    }
    return {
        "rows": rows,
        **{name: median(values) for name, values in times.items()},
        **{f"all_{name}": values for name, values in times.items()},
        "ratio": median(times["seconds"]) / median(times["hand_seconds"]),
        "peak_rss": max(int(one["peak_rss"]) for one in found["corridor"]),
        "file_bytes": size,
    }


def _run(module: str, *arguments: str) -> str:
    command = [sys.executable, "-m", module, *arguments]
    root = Path(__file__).parents[1]
    return subprocess.run(command, cwd=root, check=True, stdout=subprocess.PIPE, text=True).stdout


def _one(way: str, files: Path, kept: Path) -> None:
    start, start_cpu = time.perf_counter(), time.process_time()
    made = WAYS[way](files)
    seconds, cpu = time.perf_counter() - start, time.process_time() - start_cpu
    unit = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    kept.write_bytes(pickle.dumps(made))
    print(json.dumps({"seconds": seconds, "cpu": cpu, "peak_rss": peak}))


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the product tables of one edition.")
    parser.add_argument("--rows", type=int, default=250_000_000)
    parser.add_argument("--runs", type=int, default=3, help="how often each way is timed")
    parser.add_argument("--folder", type=Path, help="where the data lie meanwhile")
    parser.add_argument("--one", nargs=3, metavar=("WAY", "FILES", "KEPT"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        way, files, kept = options.one
        _one(way, Path(files), Path(kept))
    else:
        print(json.dumps(measure(options.rows, options.runs, options.folder), indent=2))


if __name__ == "__main__":
    main()
