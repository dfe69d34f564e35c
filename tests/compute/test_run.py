"""Notebooks in the kernels that builds use: the same bytes, what was read, and a limit."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from compute.conftest import notebook, server
from corridor.compute import servers
from corridor.compute.kernel import kernel_name
from corridor.compute.notebook import written
from corridor.compute.run import run_notebook
from corridor.errors import PaperError

CHART = """#| label: shown
import altair, pandas
from corridor.exhibits import figure
rows = pandas.DataFrame({"year": [2020, 2021], "value": [1.5, last], "source": "one"})
chart = altair.Chart(rows).mark_line(point=True).encode(x="year:O", y="value:Q")
figure(chart, data=rows, alt="A line.")
"""

SETS = """import numpy
print({"Kazakhstan", "Kyrgyzstan", "Tajikistan"}, set("corridor"), hash("x"))
numpy.linalg.inv(numpy.vander(numpy.arange(1.0, 30.0)))
"""


def plain(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Hide our kernelspec: Jupyter looks into no other environment than this one."""
    monkeypatch.setattr("jupyter_client.kernelspec.jupyter_path", lambda *_: [str(tmp_path / "none")])


@pytest.mark.usefixtures("served")
def test_the_same_bytes_as_in_a_plain_kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = notebook(tmp_path / "n.ipynb", "last = 1", CHART, SETS, "import os; parent = os.getppid()")
    asked = notebook(tmp_path / "asked.ipynb", "last = 1", "import os; print(os.getppid())")
    assert kernel_name() == "corridor"
    warm = [written(run_notebook(file, tmp_path, {"last": 2})[0]) for _ in range(2)]
    assert f'"{server()}\\n"' in written(run_notebook(asked, tmp_path, {})[0]).replace("\\\\", "\\")
    with monkeypatch.context() as patched:
        plain(patched, tmp_path)
        patched.delenv(servers.CHARTS)
        assert kernel_name() == "python3"
        assert f'"{os.getpid()}\\n"' in written(run_notebook(asked, tmp_path, {})[0])
        assert warm == [written(run_notebook(file, tmp_path, {"last": 2})[0])] * 2
    assert "<svg" in warm[0]
    assert "Tajikistan" in warm[0]


READS = """
import glob, os, pathlib
from analysis import helper
open("data/table.csv").read()
pathlib.Path(os.getcwd(), "data", "more.yml").read_bytes()
os.close(os.open("data/low.bin", os.O_RDONLY))
try: open("data/absent.csv")
except FileNotFoundError: pass
os.listdir("data/folder"); list(pathlib.Path("data/walked").glob("*"))
from corridor.compute.reads import note; note("data/large.parquet")
open("data/made.txt", "w").write("x"); open("data/grown.txt", "a").write("x")
open("_build/x").read(); open(".hidden/x").read(); open("/etc/hostname").read(); open("site/x").read()
import pandas, altair, json, wave
"""

READ = [
    *("analysis/helper.py", "data/absent.csv", "data/folder/", "data/large.parquet", "data/low.bin"),
    *("data/more.yml", "data/table.csv", "data/walked/"),
]


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("kind", ["corridor", "python3"])
def test_what_a_notebook_reads(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "paper"
    for name in (
        *("analysis/helper.py", "data/table.csv", "data/more.yml", "data/low.bin", "data/folder/a"),
        *("data/walked/b", "_build/x", "site/x", ".hidden/x", "data/unread.csv"),
    ):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("")
    if kind == "python3":
        plain(monkeypatch, tmp_path)
    assert kernel_name() == kind
    file = notebook(root / "analysis" / "n.ipynb", "", READS, "open('data/unread.csv') if 0 else None")
    assert run_notebook(file, root, {})[1] == READ
    assert list(root.glob("analysis/__pycache__/helper*")) or os.environ.get("PYTHONDONTWRITEBYTECODE")
    assert run_notebook(file, root, {})[1] == READ, "its byte code counts as the module"
    # A folder may be reached by another name.
    (tmp_path / "link").symlink_to(root)
    link = tmp_path / "link"
    assert run_notebook(link / "analysis" / "n.ipynb", link, {})[1] == READ


@pytest.mark.usefixtures("served")
def test_a_limit(tmp_path: Path) -> None:
    ignores = "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN)"
    hangs = f"#| label: waits\n{ignores}\ntime.sleep(600)"
    file = notebook(
        tmp_path / "n.ipynb", "year = 1", "open('pid', 'w').write(str(__import__('os').getpid()))", hangs
    )
    with pytest.raises(PaperError) as caught:
        run_notebook(file, tmp_path, {}, limit=1.5)
    assert str(caught.value) == (
        'n.ipynb: the notebook ran longer than 1.5 s; it was ended in cell "waits"; '
        "look for what never ends there, or make it quicker"
    )
    assert not Path("/proc", (tmp_path / "pid").read_text()).exists()


@pytest.mark.usefixtures("served")
def test_a_limit_holds_for_all_cells_together(tmp_path: Path) -> None:
    file = notebook(tmp_path / "n.ipynb", "", *["import time; time.sleep(0.6)"] * 4)
    with pytest.raises(PaperError, match=r'longer than 2 s; it was ended in cell "import time; time.sleep'):
        run_notebook(file, tmp_path, {}, limit=2)
    run_notebook(file, tmp_path, {}, limit=100)


@pytest.mark.usefixtures("served")
def test_a_kernel_that_a_cell_kills(tmp_path: Path) -> None:
    file = notebook(tmp_path / "n.ipynb", "", f"import os; os.kill(os.getpid(), {signal.SIGKILL:d})")
    with pytest.raises(PaperError, match=r"n\.ipynb: the kernel died while it ran"):
        run_notebook(file, tmp_path, {})


@pytest.mark.usefixtures("own_servers")
def test_a_server_that_was_killed(tmp_path: Path) -> None:
    file = notebook(tmp_path / "n.ipynb", "", "print(1)")
    with servers.serving():
        run_notebook(file, tmp_path, {})
        os.kill(server(), signal.SIGKILL)
        executed, _ = run_notebook(file, tmp_path, {})
    assert executed.cells[1].outputs[0].text == "1\n"
