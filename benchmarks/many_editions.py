"""Many editions at once: with one job, on all cores, on a Dask cluster; memory, and size of the site."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks import stock
from benchmarks.cluster import cluster
from benchmarks.figures import STOCK, Figure, alternating
from benchmarks.papers import copied, removed, with_editions
from benchmarks.processes import Command, corridor, memory, seconds
from benchmarks.setting import Setting

GROUP, MEMORY, SIZE = "Many editions", "Memory peak", "Size of the site"
WORKERS = 2
ONE_JOB, JOBS, DASK = "--jobs 1", f"--jobs {WORKERS}", f"Dask, {WORKERS} workers"


@dataclass(frozen=True, kw_only=True)
class _Place:
    """Where a build works: the options for it, and processes that were there before."""

    options: tuple[str, ...]
    processes: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Build:
    """A build about to begin: its command, and processes that take part in it."""

    command: Command
    processes: tuple[int, ...]


@contextmanager
def _here(jobs: int) -> Generator[_Place]:
    yield _Place(options=("--jobs", str(jobs)))


@contextmanager
def _on_cluster(folder: Path) -> Generator[_Place]:
    """Start a cluster for one build: workers that have built before would be quicker."""
    with cluster(WORKERS, folder) as running:
        yield _Place(options=("--scheduler", running.address), processes=running.processes)


def _places(folder: Path) -> dict[str, Callable[[], AbstractContextManager[_Place]]]:
    return {
        ONE_JOB: partial(_here, 1),
        JOBS: partial(_here, WORKERS),
        DASK: partial(_on_cluster, folder / "cluster"),
    }


def task(count: int) -> str:
    """Return the name of building so many editions."""
    return f"{count} edition{'s' if count > 1 else ''}"


def measure(setting: Setting) -> Iterator[Figure]:
    """Measure numbers of editions, all built from nothing, and how large their sites are."""
    own = list(_places(setting.folder))
    each = 0.0  # seconds of the stock way for an edition
    for count in setting.counts:
        figure = partial(Figure, task=task(count), editions=count)
        taken: dict[str, list[float]] = {}
        size = 0
        runs = 1 if count == max(setting.counts) else setting.runs
        measured = count in setting.stock_counts
        for way in alternating([STOCK, *own] if measured else own, runs):
            if way != STOCK:
                with _prepared(setting, way, count) as build:
                    taken.setdefault(way, []).append(seconds([build.command]))
                    size = _size(build.command.folder / "site")
            elif count == 1 or STOCK not in taken:
                taken.setdefault(STOCK, []).append(seconds(_stock(setting, count)))
        if measured:
            each = median(taken[STOCK]) / count
        else:
            taken[STOCK] = [each * count]
        for way in (STOCK, *own):
            estimated = way == STOCK and not measured
            yield figure(group=GROUP, way=way, unit="s", values=tuple(taken[way]), estimated=estimated)
        yield figure(group=SIZE, way="the whole site", unit="bytes", values=(size,))


def measure_memory(setting: Setting) -> Iterator[Figure]:
    """Measure the memory that the ways need; apart from the times, which looking at memory would change."""
    figure = partial(Figure, group=MEMORY, unit="bytes")
    commands = _stock(setting, 1)
    yield figure(task=task(1), way=STOCK, values=(memory(lambda: seconds(commands)),))
    for count in (1, setting.crowd):
        for way in _places(setting.folder):
            with _prepared(setting, way, count) as build:
                most = memory(partial(seconds, [build.command]), build.processes)
            yield figure(task=task(count), way=way, values=(most,))


@contextmanager
def _prepared(setting: Setting, way: str, count: int) -> Generator[_Build]:
    """Prepare a build from nothing; remove afterwards what it left."""
    folder = setting.folder / "many"
    try:
        root = copied(setting.subject, folder / "paper")
        with_editions(setting.subject, root, count)
        with _places(folder)[way]() as place:
            arguments = ("build", "--quiet", "--all", *place.options)
            command = corridor(root, *arguments, cache=folder / "cache")
            yield _Build(command=command, processes=place.processes)
    finally:
        removed(folder)


def _stock(setting: Setting, count: int) -> list[Command]:
    folder = setting.folder / "many-stock"
    removed(folder)
    root = copied(setting.subject, folder / "paper")
    slugs = with_editions(setting.subject, root, count)
    return [one for slug in slugs for one in stock.commands(root, slug, folder / "work" / slug)]


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
