"""Builds whose steps run in other processes: a Dask cluster on this machine, workers that die or hang."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import psutil
import pytest
from benchmarks.cluster import Cluster, cluster

from conftest import Corridor, copy_paper, edit, run_corridor
from corridor.compute.servers import CHARTS, KERNELS
from test_build import edit_notebook, files, start, wait_for

BUILD = ("build", "--engine", "pandoc")


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Generator[Cluster]:
    with pytest.MonkeyPatch.context() as patch:
        for name in (KERNELS, CHARTS):  # what other tests keep ready is not there for workers elsewhere
            patch.delenv(name, raising=False)
        with cluster(2, tmp_path_factory.mktemp("dask") / "cluster") as running:
            yield running


@pytest.fixture
def several(tmp_path: Path) -> Path:
    """Return a paper with three editions, not built."""
    root = copy_paper(tmp_path)
    region = (root / "editions" / "region.yml").read_text(encoding="utf-8")
    for slug, country in (("one", "KAZ"), ("two", "KGZ")):
        text = region.replace("KAZ, KGZ", country)
        (root / "editions" / f"{slug}.yml").write_text(text, encoding="utf-8")
    return root


def test_a_cluster_gives_the_same_bytes(several: Path, dask: Cluster, tmp_path: Path) -> None:
    here = Path(shutil.copytree(several, tmp_path / "here"))
    run_corridor(here, *BUILD, "--all", "--jobs", "2", expect=0)
    cache = str(tmp_path / "cache")
    options = ("--all", "--scheduler", dask.address, "--cache", cache)
    said = run_corridor(several, *BUILD, *options, expect=0).stdout
    assert said.count("run analysis/trade.ipynb") == 3
    assert files(several / "site") == files(here / "site")
    again = run_corridor(several, *BUILD, *options, expect=0).stdout
    assert again.count("is up to date") == 3
    # As in a build on one machine, no kernel starts the renderer of charts for itself.
    below = [one for pid in dask.processes for one in psutil.Process(pid).children(recursive=True)]
    assert [one for one in below if "corridor.compute.drawer" in " ".join(one.cmdline())]


def test_one_process_gives_the_same_bytes(built: Path, paper: Path) -> None:
    run_corridor(paper, *BUILD, "--jobs", "1", expect=0)
    assert files(paper / "site") == files(built / "site")


def test_a_worker_of_the_cluster_is_killed(several: Path, tmp_path: Path) -> None:
    """A worker that ends while it runs a notebook costs a second try."""
    flag = tmp_path / "begun"
    edit_notebook(several, "exhibits.table(", hanging_once(flag))
    with cluster(2, tmp_path / "cluster") as running:
        build = start(several, "--all", "--scheduler", running.address, "--cache", str(tmp_path / "cache"))
        worker_of(flag).kill()
        said = build.communicate(timeout=300)[0]
    assert build.returncode == 0, said
    for slug in ("region", "one", "two"):
        assert (several / "site" / slug / "en" / "index.html").is_file()


def hanging_once(flag: Path) -> str:
    """Return code that tells the parent of its kernel and hangs, when it runs for the first time."""
    return (
        f"import os, time\nif not os.path.exists({str(flag)!r}):\n"
        f"    open({str(flag)!r}, 'w').write(str(os.getppid()))\n    time.sleep(600)\nexhibits.table("
    )


def worker_of(flag: Path) -> psutil.Process:
    """Return the worker whose kernel hangs: the kernel's parent is the process that it was forked from."""
    wait_for(lambda: flag.exists() and flag.read_text(), "the notebook to run")
    worker = psutil.Process(int(flag.read_text())).parent()
    assert worker is not None
    return worker


def test_a_scheduler_that_is_not_there(paper: Path, corridor: Corridor) -> None:
    done = corridor(paper, *BUILD, "--scheduler", "tcp://127.0.0.1:9", expect=1)
    assert "tcp://127.0.0.1:9" in done.stderr
    assert "start a scheduler" in done.stderr


def test_a_cache_that_the_workers_do_not_see(paper: Path, dask: Cluster, corridor: Corridor) -> None:
    done = corridor(paper, *BUILD, "--scheduler", dask.address, "--cache", "memory://own", expect=1)
    assert "--cache an address that all workers share" in done.stderr


def test_a_kernel_that_dies_is_tried_again(paper: Path, corridor: Corridor, tmp_path: Path) -> None:
    flag = tmp_path / "died"
    edit_notebook(
        paper,
        "exhibits.table(",
        f"import os\nif not os.path.exists({str(flag)!r}):\n"
        f"    open({str(flag)!r}, 'w').close()\n    os._exit(9)\nexhibits.table(",
    )
    done = corridor(paper, *BUILD, expect=0)
    assert "it is tried again" in done.stdout
    assert (paper / "site" / "index.html").is_file()


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_kernel_that_always_dies(jobs: str, several: Path, corridor: Corridor) -> None:
    edit_notebook(
        several, "exhibits.table(", "import os\nif countries == ['KGZ']:\n    os._exit(9)\nexhibits.table("
    )
    done = corridor(several, *BUILD, "--all", "--format", "html", "--jobs", jobs, expect=1)
    assert "analysis/trade.ipynb: two/en: the kernel died" in done.stderr
    assert (several / "site" / "one" / "en" / "index.html").is_file()
    assert not (several / "site" / "two").exists()


def test_a_notebook_that_hangs(several: Path, corridor: Corridor) -> None:
    edit_notebook(
        several,
        "exhibits.table(",
        "import time\nif countries == ['KGZ']:\n    time.sleep(600)\nexhibits.table(",
    )
    done = corridor(several, *BUILD, "--all", "--format", "html", "--limit", "20", expect=1)
    assert re.search(r"analysis/trade.ipynb: .*longer than 20 s", done.stderr)
    assert "two/en" in done.stderr
    assert (several / "site" / "region" / "en" / "index.html").is_file()
    wait_for(lambda: not _processes_in(several), "all processes to end", 30)


def test_a_worker_that_is_killed_costs_a_second_try(several: Path, tmp_path: Path) -> None:
    flag = tmp_path / "begun"
    edit_notebook(several, "exhibits.table(", hanging_once(flag))
    build = start(several, "--all", "--jobs", "2", "--format", "html")
    wait_for(flag.exists, "the notebook to run")
    for worker in _forked_workers(build.pid):
        worker.kill()
    said = build.communicate(timeout=300)[0]
    assert build.returncode == 0, said
    assert "it is tried again" in said
    assert (several / "site" / "two" / "en" / "index.html").is_file()
    wait_for(lambda: not _processes_in(several), "all processes to end", 30)


def _forked_workers(build: int) -> list[psutil.Process]:
    """Return the workers of a build: children of the process that they are forked from."""
    below = psutil.Process(build).children()
    servers = [one for one in below if "multiprocessing.forkserver" in " ".join(one.cmdline())]
    return [worker for server in servers for worker in server.children()]


def _processes_in(root: Path) -> list[int]:
    found = []
    for process in psutil.process_iter(["pid", "cwd"]):
        if process.info["cwd"] == str(root):
            found.append(process.info["pid"])
    return found


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_build_that_is_stopped_leaves_no_process(
    sign: signal.Signals, several: Path, tmp_path: Path
) -> None:
    before = {one.pid for one in psutil.process_iter()}
    flag = tmp_path / "begun"
    edit_notebook(
        several,
        "exhibits.table(",
        f"open({str(flag)!r}, 'w').close()\nimport time; time.sleep(600)\nexhibits.table(",
    )
    build = start(several, "--all", "--jobs", "2")
    wait_for(flag.exists, "the notebook to run")
    build.send_signal(sign)
    said = build.communicate(timeout=60)[0]
    assert build.returncode != 0
    assert "Traceback" not in said

    def left() -> list[str]:
        lines = []
        for one in psutil.process_iter(["pid", "cmdline"]):
            line = " ".join(one.info["cmdline"] or [])
            if one.info["pid"] not in before and re.search("corridor|multiprocessing|ipykernel", line):
                lines.append(line)
        return lines

    wait_for(lambda: not left(), "all processes to end", 30)


def test_a_defect_in_one_rendition_leaves_the_others(several: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is no fault of the user's shows as what it is, after the others are done."""
    (several / "sitecustomize.py").write_text(
        "import corridor.missing as m\nold = m.settled\n"
        "def settled(manuscript, results):\n"
        "    if manuscript.rendition.edition.slug == 'two':\n        raise ZeroDivisionError('a defect')\n"
        "    return old(manuscript, results)\nm.settled = settled\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-m", "corridor", *BUILD, "--all", "--format", "html", "--jobs", "1"],
        cwd=several,
        env={**os.environ, "PYTHONPATH": str(several)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "ZeroDivisionError: a defect" in done.stderr
    assert (several / "site" / "region" / "en" / "index.html").is_file()
    assert not (several / "site" / "two").exists()


def test_the_same_run_of_two_renditions_is_done_once(paper: Path) -> None:
    """Two editions with the same parameters share what their notebooks give."""
    shutil.copyfile(paper / "editions" / "region.yml", paper / "editions" / "twin.yml")
    edit(paper / "editions" / "twin.yml", "title: Two Lands", "title: Twin Lands")
    said = run_corridor(paper, *BUILD, "--all", "--format", "html", "--jobs", "2", expect=0).stdout
    assert said.count("run analysis/trade.ipynb") == 1
