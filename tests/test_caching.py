"""What a build reuses and what it makes anew, and what it says of that."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from conftest import Corridor, copy_paper, edit, run_corridor

BUILD = ("build", "--engine", "pandoc")
STEPS = ("analysis/areas.ipynb", "analysis/trade.ipynb", "stage", "html", "pdf")

AREAS = """#| label: areas
from corridor import data, exhibits

areas = data.open_package().table("areas").assign(source="alpha2020", locator="sec. 1")
exhibits.table(areas, columns=[exhibits.Column("code", "Code")], data=areas, language=language)
"""


def add_notebook(root: Path) -> None:
    """Add a notebook that reads another table, and declares two parameters only."""
    notebook = nbformat.read(root / "analysis" / "trade.ipynb", as_version=4)
    cells = [notebook.cells[0], nbformat.v4.new_code_cell(AREAS, id="areas")]
    cells[0].source = 'countries: list[str] = ["KAZ"]\nlanguage: str = "en"'
    notebook.cells = cells
    nbformat.write(notebook, root / "analysis" / "areas.ipynb")


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a paper with two notebooks, built."""
    root = copy_paper(tmp_path_factory.mktemp("caching"))
    add_notebook(root)
    run_corridor(root, *BUILD, "--quiet", expect=0)
    return root


@pytest.fixture
def paper(once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(once, tmp_path / "paper"))


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def explained(root: Path, *options: str) -> dict[str, str]:
    """Build, and return what is said of each step of the default edition."""
    said = run_corridor(root, *BUILD, "--explain", *options, expect=0).stdout
    found = {}
    for line in said.splitlines():
        rendition, _, rest = line.partition("  ")
        if rendition == "region/en":
            step, _, verdict = rest.strip().partition("  ")
            found[step] = verdict.strip()
    return found


def runs(said: dict[str, str]) -> set[str]:
    return {step for step, verdict in said.items() if verdict.startswith("runs")}


def test_nothing_has_changed(paper: Path) -> None:
    assert explained(paper) == dict.fromkeys(STEPS, "reused")


def test_a_table_runs_the_notebooks_that_read_it(paper: Path) -> None:
    with (paper / "data" / "areas.csv").open("a", encoding="utf-8") as table:
        table.write("QQQ,Quarterland\n")
    rows = len((paper / "data" / "areas.csv").read_text(encoding="utf-8").splitlines()) - 1
    said = explained(paper)
    assert said["analysis/areas.ipynb"] == f"runs: data/areas.csv has {rows} rows instead of {rows - 1}"
    assert said["analysis/trade.ipynb"] == "reused"
    edit(paper / "data" / "flows.csv", "rounding is coarse", "rounding is fine")
    said = explained(paper)
    assert said["analysis/areas.ipynb"] == "reused"
    assert re.fullmatch(r"runs: data/flows.csv has changed \(\d+ rows\)", said["analysis/trade.ipynb"])


def test_a_parameter_runs_the_notebooks_that_declare_it(paper: Path) -> None:
    edit(paper / "editions" / "region.yml", "last: 2021", "last: 2020")
    said = explained(paper)
    assert said["analysis/areas.ipynb"] == "reused"
    assert said["analysis/trade.ipynb"] == "runs: the parameter last_year is 2020 instead of 2021"


def test_code_counts_and_the_rest_of_a_notebook_does_not(paper: Path) -> None:
    file = paper / "analysis" / "areas.ipynb"
    notebook = nbformat.read(file, as_version=4)
    notebook.metadata["toc"] = {"show": True}
    notebook.cells.insert(1, nbformat.v4.new_markdown_cell("Read first.", id="read"))
    notebook.cells[-1].metadata["collapsed"] = True
    nbformat.write(notebook, file)
    said = explained(paper)
    assert said["analysis/areas.ipynb"] == "reused"
    staged = nbformat.read(paper / "_build/region/en/analysis/areas.ipynb", as_version=4)
    kinds = [
        ("injected-parameters" in cell.metadata.get("tags", ()), cell.cell_type) for cell in staged.cells
    ]
    assert kinds == [(False, "code"), (True, "code"), (False, "markdown"), (False, "code")]
    assert "".join(staged.cells[2].source) == "Read first."
    notebook.cells[-1].source += "\n# a comment"
    nbformat.write(notebook, file)
    assert explained(paper)["analysis/areas.ipynb"] == "runs: its code has changed"


def test_a_file_beside_the_notebooks_counts_where_it_is_read(paper: Path) -> None:
    (paper / "analysis" / "own.py").write_text("WIDTH = 1\n", encoding="utf-8")
    notebook = nbformat.read(paper / "analysis" / "areas.ipynb", as_version=4)
    notebook.cells[-1].source = (
        "#| label: areas\nimport sys\nsys.path.insert(0, 'analysis')\nimport own\n"
        + (notebook.cells[-1].source.partition("\n")[2])
    )
    nbformat.write(notebook, paper / "analysis" / "areas.ipynb")
    explained(paper)
    (paper / "analysis" / "own.py").write_text("WIDTH = 20\n", encoding="utf-8")
    said = explained(paper)
    assert said["analysis/areas.ipynb"] == "runs: analysis/own.py has changed"
    assert said["analysis/trade.ipynb"] == "reused"


def test_a_chapter_runs_no_notebook_and_writes_its_own_page(paper: Path, once: Path) -> None:
    edit(paper / "chapters" / "trade.qmd", "Exports rose", "Exports soared")
    said = explained(paper)
    assert runs(said) == {"stage", "html", "pdf"}
    assert said["stage"] == "runs: chapters/trade.qmd has changed"
    before, now = files(once / "site"), files(paper / "site")
    pages = {name for name in now if name.endswith(".html")}
    assert {name for name in pages if before[name] != now[name]} == {"region/en/chapters/trade.html"}


def test_going_back_takes_everything_from_the_cache(paper: Path, once: Path) -> None:
    edit(paper / "data" / "flows.csv", "rounding is coarse", "rounding is fine")
    explained(paper)
    edit(paper / "data" / "flows.csv", "rounding is fine", "rounding is coarse")
    said = explained(paper)
    assert runs(said) == set()
    assert "the cache holds" in said["analysis/trade.ipynb"]
    assert files(paper / "site") == files(once / "site")


def test_a_cache_elsewhere_serves_another_folder(paper: Path, once: Path, tmp_path: Path) -> None:
    cache = f"file://{tmp_path}/cache"
    run_corridor(paper, *BUILD, "--cache", cache, "--quiet", expect=0)
    shutil.rmtree(paper / "_build")
    shutil.rmtree(paper / "site")
    explained(paper, "--cache", cache)
    second = copy_paper(tmp_path / "second")
    add_notebook(second)
    said = explained(second, "--cache", cache)
    assert runs(said) == set()
    assert files(second / "site") == files(once / "site")
    assert not (second / "_build" / "store").exists()


def test_lost_folders_come_back_from_the_cache(paper: Path, once: Path) -> None:
    for name in ("_build/region/en", "_build/region/en-rendered", "site"):
        shutil.rmtree(paper / name)
    (paper / "_build" / "region" / "en.json").unlink()
    assert runs(explained(paper)) == set()
    assert files(paper / "site") == files(once / "site")
    # Besides what the engine leaves there for itself.
    staged = files(once / "_build" / "region" / "en")
    assert files(paper / "_build" / "region" / "en") == {
        k: v for k, v in staged.items() if ".typ" not in k[-5:]
    } | {name: content for name, content in staged.items() if name.startswith("typst/typst-")}


def test_damaged_cache_is_mended(paper: Path, once: Path) -> None:
    for number, file in enumerate(sorted((paper / "_build" / "store").rglob("*"))):
        if file.is_file() and number % 3:
            file.write_bytes(b"damaged" * (number % 2))
    shutil.rmtree(paper / "_build" / "region")
    shutil.rmtree(paper / "site")
    run_corridor(paper, *BUILD, expect=0)
    assert files(paper / "site") == files(once / "site")
    edit(paper / "chapters" / "trade.qmd", "Exports rose", "Exports soared")
    run_corridor(paper, *BUILD, expect=0)


def test_an_empty_cache_makes_what_is_missing_only(paper: Path) -> None:
    shutil.rmtree(paper / "_build" / "store")
    assert runs(explained(paper)) == set()  # everything lies in its place
    edit(paper / "chapters" / "trade.qmd", "Exports rose", "Exports soared")
    run_corridor(paper, *BUILD, expect=0)
    page = (paper / "site/region/en/chapters/trade.html").read_text(encoding="utf-8")
    assert "Exports soared" in page


def test_pages_link_no_pdf_that_is_lost(paper: Path) -> None:
    """Pages alone are built, and the PDF that was kept cannot be had any more."""
    shutil.rmtree(paper / "_build" / "store")
    edit(paper / "chapters" / "trade.qmd", "Exports rose", "Exports soared")
    run_corridor(paper, *BUILD, "--format", "html", expect=0)
    pages = paper / "site" / "region" / "en"
    assert "Exports soared" in (pages / "chapters" / "trade.html").read_text(encoding="utf-8")
    assert not list(pages.glob("*.pdf"))
    assert ".pdf" not in (pages / "index.html").read_text(encoding="utf-8")


def test_two_builds_of_two_folders_with_one_cache(once: Path, tmp_path: Path) -> None:
    roots = []
    for name in ("one", "two"):
        root = copy_paper(tmp_path / name)
        add_notebook(root)
        roots.append(root)
    command = [sys.executable, "-m", "corridor", *BUILD, "--cache", str(tmp_path / "cache")]
    running = [subprocess.Popen(command, cwd=root, stderr=subprocess.PIPE) for root in roots]
    for one in running:
        _, errors = one.communicate(timeout=300)
        assert one.returncode == 0, errors.decode()
    for root in roots:
        assert files(root / "site") == files(once / "site")


def test_address_of_a_cache_that_cannot_be_opened(paper: Path, corridor: Corridor) -> None:
    done = corridor(paper, *BUILD, "--cache", "s3://bucket/cache", expect=1)
    assert 'the address "s3://bucket/cache" cannot be opened' in done.stderr


def test_versions_of_packages_are_told(paper: Path) -> None:
    (known,) = (paper / "_build" / "packages").glob("*.json")
    versions = json.loads(known.read_text(encoding="utf-8"))
    versions["pandas"] = "1.0"
    other = "0" * 64
    known.with_name(f"{other[:16]}.json").write_text(json.dumps(versions), encoding="utf-8")
    record = paper / "_build" / "region" / "en.json"
    content = json.loads(record.read_text(encoding="utf-8"))
    made = content["steps"]["analysis/trade.ipynb"]["inputs"]
    made["packages"] = other
    record.write_text(json.dumps(content), encoding="utf-8")
    said = explained(paper)["analysis/trade.ipynb"]
    assert re.match(r"reused: pandas is [\d.]+ instead of 1\.0; the cache holds", said)


def test_log_of_a_build(paper: Path, tmp_path: Path) -> None:
    edit(paper / "chapters" / "trade.qmd", "Exports rose", "Exports soared")
    run_corridor(paper, *BUILD, "--quiet", "--log", str(tmp_path / "log.jsonl"), expect=0)
    events = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    ended = [(event["rendition"], event["step"]) for event in events if event["event"] == "end"]
    assert ("region/en", "stage the Quarto project") in ended
    why = {event["step"]: event["reasons"] for event in events if event["event"] == "explain"}
    assert why["stage"] == ["chapters/trade.qmd has changed"]
    assert os.path.getsize(tmp_path / "log.jsonl") > 0
