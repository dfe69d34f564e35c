"""The small paper of the tests, and the command line run on it as a user would."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

# How fast an example runs says more of the machine than of the code.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

PAPER = Path(__file__).parent / "paper"
ROOT = Path(__file__).parents[1]
"""The reference paper."""

Corridor = Callable[..., "subprocess.CompletedProcess[str]"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let one process run what shares costly fixtures: a file, and all that looks at the reference paper."""
    for item in items:
        shares = "reference" in getattr(item, "fixturenames", ())
        item.add_marker(pytest.mark.xdist_group("reference" if shares else str(item.path)))


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """Return the root of a fresh copy of the small paper."""
    return copy_paper(tmp_path)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the root of the small paper, built once for all tests that only look at it."""
    root = copy_paper(tmp_path_factory.mktemp("built"))
    run_corridor(root, "build", "--engine", "pandoc", "--quiet", expect=0)
    return root


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the root of the reference paper, all of its editions built once as pages."""
    root = tmp_path_factory.mktemp("reference") / "paper"
    left = shutil.ignore_patterns(".*", "_build", "site", "src", "tests", "benchmarks", "__pycache__")
    shutil.copytree(ROOT, root, ignore=left)
    run_corridor(root, "build", "--all", "--format", "html", "--engine", "pandoc", "--quiet", expect=0)
    return root


@pytest.fixture(scope="session")
def whole_site(reference: Path) -> Path:
    """Return the site of all editions of the reference paper."""
    return reference / "site"


@pytest.fixture
def corridor() -> Corridor:
    """Return a function that runs ``corridor`` in a folder and checks its exit code."""
    return run_corridor


def copy_paper(folder: Path) -> Path:
    root = folder / "paper"
    shutil.copytree(PAPER, root)
    return root


def run_corridor(root: Path, *arguments: str, expect: int | None = None) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "corridor", *arguments],
        cwd=root,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        check=False,
    )
    if expect is not None:
        assert done.returncode == expect, done.stdout + done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    return done


def edit(file: Path, old: str, new: str) -> None:
    """Replace the one place where a text stands in a file."""
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file.name}"
    file.write_text(text.replace(old, new), encoding="utf-8")


FACTS_CELL = """#| label: stated
from corridor import facts

rows = flows.assign(unit="USD", qualifier="", status="reported")
facts.quote(rows, "flows", [f"{flow} to {code}" for flow, code in zip(rows["flow"], rows["partner"])])
facts.derive("growth.kaz.exports", "100 * (a.kaz.export_2020 / a.kaz.export_2019 - 1)",
             title="Growth of exports", unit="percent", rounding=1)
facts.fact("count.years", rows["year"].nunique(), title="Years with figures", unit="years", rounding=1,
           how="Counted in the table of flows.", rows=rows)
"""


@pytest.fixture
def fact_paper(tmp_path: Path) -> Path:
    """Return the root of a copy of the small paper whose data, notebook and text have facts."""
    return with_facts(copy_paper(tmp_path))


def with_facts(root: Path) -> Path:
    """Give the data of a small paper keys, its notebook a cell that states facts, its text their names."""
    table = root / "data" / "flows.csv"
    head, *rows = table.read_text(encoding="utf-8").splitlines()
    keyed = [f"key,{head}"]
    for row in rows:
        _, partner, flow, year, *_ = row.split(",")
        keyed.append(f"a.{partner.lower()}.{flow}_{year},{row}")
    table.write_text("\n".join(keyed) + "\n", encoding="utf-8")
    described = root / "data" / "datapackage.json"
    package = json.loads(described.read_text(encoding="utf-8"))
    [schema] = [r["schema"] for r in package["resources"] if r["name"] == "flows"]
    schema["fields"].insert(0, {"name": "key", "type": "string", "constraints": {"required": True}})
    described.write_text(json.dumps(package, indent=1), encoding="utf-8")
    add_cell(root, "stated", FACTS_CELL)
    text = root / "chapters" / "trade.qmd"
    text.write_text(
        text.read_text(encoding="utf-8")
        + "\n## Facts {#sec-of-facts}\n\n"
        + "They rose by {{< var growth.kaz.exports >}} to {{< var a.kaz.export_2020 >}} in\n"
        + "{{< var count.years-words >}} years, "
        + '[more than half]{.claim if="growth.kaz.exports > 50"} in one.\n',
        encoding="utf-8",
    )
    return root


def add_cell(root: Path, name: str, source: str) -> None:
    """Put a code cell at the end of the small paper's notebook, in place of one of that name."""
    file = root / "analysis" / "trade.ipynb"
    notebook = json.loads(file.read_text(encoding="utf-8"))
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] != name]
    notebook["cells"].append(
        {
            "cell_type": "code",
            "execution_count": None,
            "id": name,
            "metadata": {},
            "outputs": [],
            "source": source,
        }
    )
    file.write_text(json.dumps(notebook, indent=1), encoding="utf-8")
