"""The benchmarks can be run; how fast anything is, they alone tell."""

import json
import os
import platform
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from benchmarks import many_editions as many
from benchmarks import one_edition as alone
from benchmarks import others
from benchmarks.cluster import cluster
from benchmarks.figures import STOCK, Figure, alternating
from benchmarks.page import browser, first_load
from benchmarks.papers import REFERENCE, SMALL, Subject, copied, with_editions
from benchmarks.processes import Command, memory, seconds
from benchmarks.run import BENCHMARKS
from benchmarks.setting import full
from benchmarks.targets import targets

from conftest import ROOT
from corridor.edition import default_edition, open_editions
from corridor.files import digest, tree
from corridor.paper import open_paper


def test_smoke(tmp_path: Path) -> None:
    """Everything is measured, on a tiny paper: every command of every way works."""
    before = digest(tree(ROOT / "tests" / "paper"))
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.run", "--smoke", "--results", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    [written] = tmp_path.glob("*.json")
    record = json.loads(written.read_text(encoding="utf-8"))
    assert record["failed"] == {}
    found = {(one["group"], one["task"], one["way"]): one for one in record["figures"]}
    assert len(found) == len(record["figures"])
    assert all(min(one["values"]) > 0 for one in record["figures"])
    for task in (alone.COLD, alone.CHAPTER, alone.TABLE, alone.WARM, alone.UNCHANGED):
        assert (alone.GROUP, task, alone.BUILD) in found
    for way in (STOCK, many.ONE_JOB, many.JOBS, many.DASK):
        assert not found[many.GROUP, many.task(1), way]["estimated"]
        assert found[many.GROUP, many.task(2), way]["estimated"] == (way == STOCK)
        assert found[many.MEMORY, many.task(1), way]["median"] > 20 * 2**20
    stock = [found[many.GROUP, many.task(count), STOCK]["median"] for count in (1, 2)]
    assert stock[1] == pytest.approx(2 * stock[0])
    if browser():
        parts = {task: one["median"] for (group, task, _), one in found.items() if group == others.FIRST_LOAD}
        assert parts.pop("all of it") == sum(parts.values())
        assert {"document", "stylesheet", "script"} <= set(parts)
    unmeasured = [one["what"] for one in record["targets"] if one["verdict"] == "not measured"]
    assert unmeasured == [
        "24 editions: faster than stock",
        "an edition of 200 against one of 24",
    ]
    [page] = [file.read_text(encoding="utf-8") for file in tmp_path.glob("*.md")]
    assert page.strip() == done.stdout.strip()
    assert "smoke run" in page
    groups = re.findall(r"^## (.+)$", page, re.M)
    assert groups == ["Targets", *dict.fromkeys(one["group"] for one in record["figures"])]
    if not record["quarto"]:
        assert "Quarto is not on PATH" in page
    for text in (page, written.read_text(encoding="utf-8")):
        assert not re.search(rf"(?<!\w)({re.escape(platform.node())}|/tmp|/home|/work)(?!\w)", text)
    assert digest(tree(ROOT / "tests" / "paper")) == before


def test_a_failure_is_told_and_the_others_go_on(tmp_path: Path) -> None:
    """Here nothing has a program "papermill" to call, so that the edition cannot be measured."""
    bare = tmp_path / "bare"
    bare.symlink_to(sys.executable)
    done = subprocess.run(
        [
            str(bare),
            "-m",
            "benchmarks.run",
            "--smoke",
            "--only",
            "edition",
            "help",
            "--results",
            str(tmp_path),
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "## edition: not measured" in done.stdout
    assert "## help: not measured" in done.stdout


def test_papers_of_a_crowd_are_all_different(tmp_path: Path) -> None:
    count = max(full(tmp_path, 1).counts)
    root = copied(REFERENCE, tmp_path / "paper")
    slugs = with_editions(REFERENCE, root, count)
    opened, faults = open_editions(open_paper(root))
    assert faults == []
    assert {one.slug for one in opened} == set(slugs)
    assert len(opened) == count
    assert len({str(one.parameters("en")) for one in opened}) == count
    assert len({one.book.title for one in opened}) == count
    assert all(one.languages == ("en",) for one in opened)
    assert default_edition(open_paper(root)).slug == slugs[0]


@pytest.mark.parametrize("subject", [REFERENCE, SMALL], ids=["reference", "small"])
def test_edits_change_one_line_and_differ(subject: Subject, tmp_path: Path) -> None:
    root = copied(subject, tmp_path / "paper")
    for edit in (subject.word, subject.value):
        before = (subject.source / edit.file).read_text(encoding="utf-8").splitlines()
        seen = set()
        for number in range(12):
            edit.make(subject.source, root, number)
            after = (root / edit.file).read_text(encoding="utf-8").splitlines()
            assert sum(old != new for old, new in zip(before, after, strict=True)) == 1
            seen.add(tuple(after))
        assert len(seen) == 12
    with pytest.raises(ValueError, match="no such change"):
        replace(subject.word, old="not there").make(subject.source, root, 0)


def test_targets_are_judged() -> None:
    assert {one.verdict for one in targets([])} == {"not measured"}

    def figure(group: str, task: str, way: str, *values: float) -> Figure:
        return Figure(group=group, task=task, way=way, unit="s", values=values)

    measured = [
        figure(alone.GROUP, alone.STOCK_TASK, STOCK, 79.0, 80.0, 500.0),
        figure(alone.GROUP, alone.COLD, alone.BUILD, 1.0, 10.0, 11.0),
        figure(alone.GROUP, alone.CHAPTER, alone.BUILD, 5.4),
        figure(alone.GROUP, alone.UNCHANGED, alone.BUILD, 0.6),
        figure(*others.HELP, 0.3),
    ]
    found = {one.what: (one.found, one.verdict) for one in targets(measured) if one.found is not None}
    assert list(found.values()) == [
        (8.0, "pass"),
        (pytest.approx(14.8, abs=0.1), "miss"),
        (0.6, "miss"),
        (0.3, "pass"),
    ]


def test_growth_is_of_an_edition() -> None:
    measured = [
        Figure(group=many.GROUP, task=many.task(n), way=many.JOBS, unit="s", values=(took,), editions=n)
        for n, took in ((24, 24.0), (200, 300.0))
    ]
    [growth] = [one for one in targets(measured) if one.found is not None]
    assert (growth.found, growth.verdict) == (1.5, "miss")


def test_order_alternates() -> None:
    assert list(alternating("ab", 3)) == list("abbaab")


def test_memory_counts_processes_below_and_beside(tmp_path: Path) -> None:
    takes = "import time; held = b'x' * 2**27; time.sleep(2)"
    below = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {takes!r}], check=True)"
    command = Command(arguments=(sys.executable, "-c", below), folder=tmp_path)
    with Command(arguments=(sys.executable, "-c", takes), folder=tmp_path).start(subprocess.PIPE):
        assert 2**27 < memory(lambda: seconds([command])) < 2**28
    with Command(arguments=(sys.executable, "-c", takes), folder=tmp_path).start(subprocess.PIPE) as beside:
        assert memory(beside.wait, (beside.pid,)) > 2**27


def test_a_command_that_fails_says_why(tmp_path: Path) -> None:
    command = Command(arguments=(sys.executable, "-c", "raise SystemExit('no luck')"), folder=tmp_path)
    with pytest.raises(RuntimeError, match="no luck"):
        seconds([command])


def test_cluster_works_and_ends(tmp_path: Path) -> None:
    from distributed import Client

    with cluster(2, tmp_path / "cluster") as running:
        with Client(running.address) as client:
            asked = [client.submit(os.getpid, workers=[one], pure=False) for one in client.nthreads()]
            places = {one.result() for one in asked}
        assert len(places) == 2
        assert os.getpid() not in places
        there = [*running.processes, *places]
    for number in there:
        with pytest.raises(ProcessLookupError):
            os.kill(number, 0)


@pytest.mark.browser
@pytest.mark.skipif(browser() is None, reason="no browser on PATH")
def test_first_load_is_what_the_page_needs(tmp_path: Path) -> None:
    page = '<!doctype html><link rel="stylesheet" href="a.css"><link rel="stylesheet" href="b.css"><p>Words'
    files = {
        "index.html": page,
        "a.css": "p { color: red }",
        "b.css": "p { margin: 0 }",
        "not-used.css": "p {}",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = first_load(tmp_path, "index.html")
    assert found == {"document": len(page), "stylesheet": len(files["a.css"]) + len(files["b.css"])}


def test_every_benchmark_can_be_named() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.run", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in BENCHMARKS:
        assert name in done.stdout
