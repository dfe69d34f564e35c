"""One edition in its languages, as pages and PDFs: from nothing, after a change, with nothing to do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks import stock
from benchmarks.figures import STOCK, Figure, alternating
from benchmarks.papers import copied, removed, unbuilt
from benchmarks.processes import corridor, seconds
from benchmarks.setting import Setting

GROUP = "One edition"
BUILD = "corridor build"

STOCK_TASK = "notebooks and pages anew"
COLD = "nothing built before"
UNCHANGED = "nothing changed"
CHAPTER = "one word in a chapter, pages only"
TABLE = "one value in a table"
WARM = "site removed, cache kept"


def measure(setting: Setting) -> Iterator[Figure]:
    """Measure what an author waits for, and the stock way, which does all of it anew at each change."""
    taken: dict[str, list[float]] = {}
    for way in alternating((STOCK, BUILD), setting.runs):
        if way == STOCK:
            found = {STOCK_TASK: _stock(setting, setting.folder / "one-stock")}
        else:
            found = _corridor(setting, setting.folder / "one", len(taken.get(COLD, ())))
        for task, value in found.items():
            taken.setdefault(task, []).append(value)
    for task in (STOCK_TASK, COLD, CHAPTER, TABLE, WARM, UNCHANGED):
        way = STOCK if task == STOCK_TASK else BUILD
        yield Figure(group=GROUP, task=task, way=way, unit="s", values=tuple(taken[task]), editions=1)


def _stock(setting: Setting, folder: Path) -> float:
    removed(folder)
    root = copied(setting.subject, folder / "paper")
    return seconds(stock.commands(root, setting.subject.default, folder / "work"))


def _corridor(setting: Setting, folder: Path, number: int) -> dict[str, float]:
    removed(folder)
    subject, cache = setting.subject, folder / "cache"
    root = copied(subject, folder / "paper")
    build = [corridor(root, "build", "--quiet", cache=cache)]
    found = {COLD: seconds(build), UNCHANGED: seconds(build)}
    subject.word.make(subject.source, root, number)
    found[CHAPTER] = seconds([corridor(root, "build", "--quiet", "--format", "html", cache=cache)])
    seconds(build)  # the PDFs, which that left out
    subject.value.make(subject.source, root, number)
    found[TABLE] = seconds(build)
    unbuilt(root)
    found[WARM] = seconds(build)
    return found
