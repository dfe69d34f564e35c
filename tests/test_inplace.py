"""`corridor compute` and `corridor strip`: what a plain `quarto render` at the root needs."""

import json
import shutil
from pathlib import Path

import nbformat
import pytest
import yaml
from nbformat.v4.rwbase import split_lines

from conftest import Corridor, copy_paper, edit, run_corridor
from corridor.exhibits import collect

NOTEBOOK = Path("analysis/trade.ipynb")


def form(notebook: dict, *, split: bool) -> bytes:
    """Return a notebook with its texts whole, or as lists of lines, as Jupyter writes them."""
    parsed = nbformat.v4.reads_json(json.dumps(notebook))
    content = split_lines(parsed) if split else parsed
    return (json.dumps(content, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()


@pytest.fixture(scope="module")
def computed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """Return a paper with results in its notebook, and the notebook as it was: saved by Jupyter."""
    root = copy_paper(tmp_path_factory.mktemp("inplace"))
    file = root / NOTEBOOK
    notebook = json.loads(file.read_text(encoding="utf-8"))
    notebook["cells"][1]["source"] = '#| label: own\n#| fig-alt: "By hand"\n' + notebook["cells"][1]["source"]
    before = form(notebook, split=True)
    file.write_bytes(before)
    run_corridor(root, "compute", "--quiet", expect=0)
    return root, before


def test_results(computed: tuple[Path, bytes]) -> None:
    root, _ = computed
    notebook = nbformat.read(root / NOTEBOOK, as_version=4)
    assert {label: exhibit.kind for label, exhibit in collect(notebook).items()} == {
        "flows": "table",
        "volume": "figure",
    }
    assert [cell.source.count("#| fig-alt: ") for cell in notebook.cells] == [0, 0, 1, 0, 1]
    variables = yaml.safe_load((root / "_variables.yml").read_text(encoding="utf-8"))
    assert variables["years"]["span"] == "2019–2021"


def test_strip_restores_it(computed: tuple[Path, bytes], tmp_path: Path, corridor: Corridor) -> None:
    root, before = computed
    copy = Path(shutil.copytree(root, tmp_path / "paper"))
    assert (copy / NOTEBOOK).read_bytes() != before
    corridor(copy, "strip", expect=0)
    assert (copy / NOTEBOOK).read_bytes() == before


def test_strip_leaves_a_clean_notebook_alone(paper: Path, corridor: Corridor) -> None:
    file = paper / NOTEBOOK
    file.write_text(json.dumps(json.loads(file.read_text(encoding="utf-8")), indent=4), encoding="utf-8")
    before, stamp = file.read_bytes(), file.stat().st_mtime_ns
    assert corridor(paper, "strip", expect=0).stdout == ""
    assert (file.read_bytes(), file.stat().st_mtime_ns) == (before, stamp)


def test_computing_again_and_texts_written_whole(
    computed: tuple[Path, bytes], tmp_path: Path, corridor: Corridor
) -> None:
    root, before = computed
    copy = Path(shutil.copytree(root, tmp_path / "paper"))
    results = form(json.loads((root / NOTEBOOK).read_bytes()), split=False)
    (copy / NOTEBOOK).write_bytes(results)
    assert "run analysis/trade.ipynb" in corridor(copy, "compute", expect=0).stdout
    assert (copy / NOTEBOOK).read_bytes() == results
    corridor(copy, "strip", expect=0)
    assert (copy / NOTEBOOK).read_bytes() == form(json.loads(before), split=False)


def test_fault_leaves_everything(paper: Path, corridor: Corridor) -> None:
    edit(paper / "index.qmd", "years.span", "years.spam")
    before = (paper / NOTEBOOK).read_bytes()
    assert 'index.qmd:3: unknown variable "years.spam"' in corridor(paper, "compute", expect=1).stderr
    assert (paper / NOTEBOOK).read_bytes() == before
    assert not (paper / "_variables.yml").exists()
