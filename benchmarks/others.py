"""Short measurements: the command line, the preview, the first page of a reader, tables by product."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from benchmarks import page, preview
from benchmarks.figures import Figure
from benchmarks.papers import copied, removed
from benchmarks.processes import corridor, seconds
from benchmarks.setting import Setting

HELP = ("Command line", "corridor --help", "corridor")
PREVIEW = ("Preview", "a saved edit is served", "corridor preview")
FIRST_LOAD = "First load of a page"
_PRODUCTS = "Tables by product"
PRODUCTS_RATIO = (_PRODUCTS, "time against a hand-written query", "corridor")
PRODUCTS_MEMORY = (_PRODUCTS, "memory peak", "corridor")


def _figure(which: tuple[str, str, str], unit: str, *values: float) -> Figure:
    group, task, way = which
    return Figure(group=group, task=task, way=way, unit=unit, values=values)


def measure_help(setting: Setting) -> Iterator[Figure]:
    """Measure how long the command line takes to say what it can do."""
    command = corridor(setting.folder, "--help")
    seconds([command])  # from now on its files are in memory
    yield _figure(HELP, "s", *(seconds([command]) for _ in range(2 * setting.runs)))


def measure_preview(setting: Setting) -> Iterator[Figure]:
    """Measure the preview of the default edition."""
    folder = setting.folder / "preview"
    root = copied(setting.subject, folder / "paper")
    yield _figure(PREVIEW, "s", *preview.edits(setting.subject, root, folder / "cache", setting.edits))
    removed(folder)


def measure_page(setting: Setting) -> Iterator[Figure]:
    """Measure what a browser fetches for the first page of the default edition, if there is a browser."""
    if page.browser() is None:
        print("no browser on PATH: what it fetches is not measured", file=sys.stderr)
        return
    folder = setting.folder / "page"
    root = copied(setting.subject, folder / "paper")
    seconds([corridor(root, "build", "--quiet", cache=folder / "cache")])
    found = page.first_load(root / "site", f"{setting.subject.default}/en/index.html")
    for kind, size in [("all of it", sum(found.values())), *sorted(found.items())]:
        yield _figure((FIRST_LOAD, kind, "in a browser, uncompressed"), "bytes", size)
    removed(folder)


def measure_products(setting: Setting) -> Iterator[Figure]:
    """Measure the tables by product of one edition, from so many rows."""
    from benchmarks.products import measure

    found = measure(setting.rows, setting.runs, setting.folder)
    task = f"{found['rows']:,} rows"
    yield _figure((_PRODUCTS, task, "corridor"), "s", *found["all_seconds"])
    yield _figure((_PRODUCTS, task, "hand-written query"), "s", *found["all_hand_seconds"])
    yield _figure(PRODUCTS_RATIO, "times", found["ratio"])
    yield _figure(PRODUCTS_MEMORY, "bytes", found["peak_rss"])
    yield _figure((_PRODUCTS, "size of the data", "Parquet"), "bytes", found["file_bytes"])
