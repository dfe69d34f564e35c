"""What was measured, and on which machine, as JSON and as Markdown."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil

from benchmarks.figures import STOCK, Figure
from benchmarks.stock import quarto
from benchmarks.targets import targets

_PACKAGES = (
    "corridor",
    "papermill",
    "nbclient",
    "jupyter_client",
    "ipykernel",
    "pandas",
    "altair",
    "vl-convert-python",
    "scipy",
    "duckdb",
    "pypandoc_binary",
    "typst",
    "pagefind_bin",
    "distributed",
)


_SIZES = (30, "GiB"), (20, "MiB"), (10, "KiB"), (0, "B")


def machine() -> dict[str, Any]:
    """Describe the machine, but for its name and places: cores, memory in bytes, versions of what counts."""
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory": psutil.virtual_memory().total,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "quarto": quarto(),
        "packages": {name: version(name) for name in _PACKAGES},
    }


def as_record(
    figures: Sequence[Figure], failed: Mapping[str, str], about: Mapping[str, Any]
) -> dict[str, Any]:
    """Return everything as JSON can hold it.

    Parameters
    ----------
    figures
        What was measured.
    failed
        What could not be measured, and why.
    about
        The machine and the setting.
    """
    return {
        **about,
        "figures": [{**asdict(one), "median": one.median} for one in figures],
        "targets": [{**asdict(one), "verdict": one.verdict} for one in targets(figures)],
        "failed": dict(failed),
    }


def markdown(figures: Sequence[Figure], failed: Mapping[str, str], about: Mapping[str, Any]) -> str:
    """Return everything as a page of tables; parameters as of `as_record`."""
    return "\n".join(_lines(figures, failed, about)) + "\n"


def _lines(figures: Sequence[Figure], failed: Mapping[str, str], about: Mapping[str, Any]) -> Iterator[str]:
    yield f"# Benchmarks of Corridor {about['packages']['corridor']}"
    yield ""
    if about["smoke"]:
        yield "**A smoke run on a tiny paper: these figures say nothing of speed.**"
        yield ""
    gigabytes = about["memory"] / 2**30
    yield (
        f"{about['processor']}, {about['cores']} cores, {gigabytes:.0f} GiB, {about['system']}, "
        f"Python {about['python']}; {', '.join(f'{name} {one}' for name, one in about['packages'].items())}."
    )
    yield ""
    runs = f"medians of up to {about['runs']} runs, with the lowest and the highest"
    yield f"Whole processes; {runs}. {_way(about)}"
    yield ""
    yield "## Targets"
    yield ""
    yield from _table(
        ["target", "wanted", "found", ""],
        (
            [
                one.what,
                ("at least " if one.least else "at most ") + _shown(one.limit, one.unit),
                "" if one.found is None else _shown(one.found, one.unit),
                one.verdict,
            ]
            for one in targets(figures)
        ),
    )
    groups: dict[str, list[Figure]] = {}
    for figure in figures:
        groups.setdefault(figure.group, []).append(figure)
    for group, found in groups.items():
        yield ""
        yield f"## {group}"
        yield ""
        yield from _group(found)
    for name, why in failed.items():
        yield ""
        yield f"## {name}: not measured"
        yield ""
        yield from (f"    {line}" for line in why.splitlines())


def _way(about: Mapping[str, Any]) -> str:
    loop = "The stock way is a loop of `papermill` commands with plain kernels"
    if about["quarto"]:
        return (
            f"{loop}, then `quarto render` (Quarto {about['quarto']}) for pages and PDF; "
            "Corridor renders with its embedded engine."
        )
    return (
        f"{loop}, and nothing else, for Quarto is not on PATH: it checks and renders nothing, "
        "while Corridor checks, renders and publishes."
    )


def _group(figures: Sequence[Figure]) -> Iterator[str]:
    stock = {one.editions: one.median for one in figures if one.way == STOCK and one.unit == "s"}
    rows = []
    for one in figures:
        middle, against = one.median, stock.get(one.editions)
        rows.append(
            [
                one.task,
                one.way,
                _shown(middle, one.unit) + (" (estimated)" if one.estimated else ""),
                " – ".join(_shown(f(one.values), one.unit) for f in (min, max))
                if len(one.values) > 1
                else "",
                _shown(middle / one.editions, one.unit) if one.editions > 1 else "",
                f"{against / middle:.1f}" if against and one.unit == "s" else "",
            ]
        )
    heads = ["what", "way", "median", "lowest – highest", "per edition", "stock ÷ this"]
    # A column without anything is left out.
    used = [n for n, _ in enumerate(heads) if any(row[n] for row in rows)]
    yield from _table([heads[n] for n in used], ([row[n] for n in used] for row in rows))


def _table(heads: Sequence[str], rows: Iterator[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{' --- |' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _shown(value: float, unit: str) -> str:
    """Return a value with its unit.

    Examples
    --------
    >>> _shown(0.4321, "s"), _shown(41.23, "s"), _shown(3 * 2**20, "bytes"), _shown(1.234, "times")
    ('0.43 s', '41.2 s', '3.0 MiB', '1.23 times')
    """
    if unit == "bytes":
        size, name = next((value / 2**n, name) for n, name in _SIZES if value >= 2**n or not n)
        return f"{size:.1f} {name}"
    return f"{value:.{2 if value < 10 else 1}f} {unit}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())
