"""Notebooks that cannot be run, and cells that fail while they run."""

import json
import shutil
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conftest import edit, run_corridor
from corridor.build import open_store
from corridor.check import check, check_sources
from corridor.edition import Rendition, default_edition
from corridor.paper import open_paper
from corridor.progress import Progress

NOTEBOOK = "analysis/trade.ipynb"
RESTORE = "restore the notebook from the last good version"
RESAVE = "open it in Jupyter and save it again"
TAG = 'tag one cell "parameters": it sets countries, partner, first_year, last_year, language'

Content = dict[str, Any]


def faults(root: Path) -> list[str]:
    paper = open_paper(root)
    rendition = Rendition(edition=default_edition(paper), language="en")
    store = open_store(paper)
    shared = check_sources(paper, store)
    found = check(paper, rendition, shared, Progress(quiet=True), store)
    return [str(fault) for fault in (*shared.faults, *found)]


def change(root: Path, how: Callable[[Content], object]) -> None:
    """Change what a notebook holds."""
    content = json.loads((root / NOTEBOOK).read_text(encoding="utf-8"))
    how(content)
    (root / NOTEBOOK).write_text(json.dumps(content, indent=1), encoding="utf-8")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", f":1: the file is empty; {RESTORE}"),
        (b" \n\n", f":3: the file is empty; {RESTORE}"),
        (b"Not JSON.", f":1: not a notebook: Expecting value; {RESTORE}"),
        (b'{\n "cells": [\n', f":3: not a notebook: Expecting value; {RESTORE}"),
        ('{\n "\xe9": 1}'.encode("latin-1"), ":2: the text is not UTF-8; save the file as UTF-8"),
        (b"[]", f": not a notebook of format 4; {RESAVE}"),
        (b"{}", f": not a notebook of format 4; {RESAVE}"),
        (b'{"nbformat": 3, "nbformat_minor": 0}', f": not a notebook of format 4; {RESAVE}"),
        (
            b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}',
            f": not a notebook of format 4; {RESAVE}",
        ),
    ],
)
def test_unreadable(paper: Path, content: bytes, message: str) -> None:
    (paper / NOTEBOOK).write_bytes(content)
    edit(paper / "chapters/method.qmd", "@tbl-flows", "@tbl-flaws")
    # The embeds of its cells do not become faults as well; other faults are still found.
    assert faults(paper) == [
        NOTEBOOK + message,
        'chapters/method.qmd:19: there is no label "tbl-flaws"; did you mean "tbl-flows"?',
    ]


@pytest.mark.parametrize(
    ("how", "message"),
    [
        (lambda c: c["cells"][0]["metadata"].clear(), f'no cell tagged "parameters"; {TAG}'),
        (
            lambda c: c["cells"][1]["metadata"].update(tags=["parameters"]),
            f'2 cells tagged "parameters"; {TAG}',
        ),
        (
            lambda c: c["cells"].append({**c["cells"][2], "id": "again"}),
            'the cells 3 and 5 have the same label "flows"; rename one',
        ),
    ],
)
def test_cells(paper: Path, how: Callable[[Content], object], message: str) -> None:
    change(paper, how)
    assert faults(paper) == [f"{NOTEBOOK}: {message}"]


def test_label_of_a_float(paper: Path) -> None:
    edit(paper / NOTEBOOK, "#| label: volume", "#| label: fig-volume")
    edit(paper / "chapters/trade.qmd", "ipynb#volume", "ipynb#fig-volume")
    assert faults(paper) == [
        'analysis/trade.ipynb: the cell label "fig-volume" begins like that of a figure or table in a '
        "chapter; leave the prefix to the div around its embed"
    ]


def test_one_label_in_two_notebooks(paper: Path) -> None:
    shutil.copyfile(paper / NOTEBOOK, paper / "analysis/second.ipynb")
    assert faults(paper) == [
        'analysis/trade.ipynb: the cell label "flows" stands in analysis/second.ipynb as well; '
        "rename one of the cells",
        'analysis/trade.ipynb: the cell label "volume" stands in analysis/second.ipynb as well; '
        "rename one of the cells",
    ]


def test_missing(paper: Path) -> None:
    (paper / NOTEBOOK).unlink()
    missing = f'there is no notebook "{NOTEBOOK}"; put notebooks into analysis/'
    assert faults(paper) == [f"chapters/trade.qmd:10: {missing}", f"chapters/trade.qmd:20: {missing}"]


@pytest.mark.parametrize(
    "how",
    [
        pytest.param(lambda c: [cell.pop("id") for cell in c["cells"]], id="cells without ids"),
        pytest.param(
            lambda c: [c.update(nbformat_minor=2), *(cell.pop("id") for cell in c["cells"])],
            id="older minor format",
        ),
        pytest.param(
            lambda c: [cell.update(source=cell["source"].splitlines(True)) for cell in c["cells"]],
            id="saved by Jupyter, text as lists of lines",
        ),
    ],
)
def test_no_fault(paper: Path, how: Callable[[Content], object]) -> None:
    change(paper, how)
    with warnings.catch_warnings(action="error"):
        assert faults(paper) == []


@pytest.mark.parametrize(
    ("cell", "source", "message"),
    [
        (3, "#| label: volume\n1 / 0", 'cell "volume" failed: ZeroDivisionError: division by zero'),
        (1, "flows = nothing", "code cell 3 failed: NameError: name 'nothing' is not defined"),
    ],
)
def test_failing_cell_leaves_the_last_good_site(
    built: Path, tmp_path: Path, cell: int, source: str, message: str
) -> None:
    root = tmp_path / "paper"
    shutil.copytree(built, root)
    change(root, lambda c: c["cells"][cell].update(source=source))
    done = run_corridor(root, "build", "--engine", "pandoc", "--format", "html", "--quiet", expect=1)
    mend = "run the notebook in Jupyter to find the cause, and mend the cell"
    assert done.stderr.splitlines() == [f"{NOTEBOOK}: {message}; {mend}", "1 fault in the paper"]
    assert contents(root / "site") == contents(built / "site")


def test_kernel_that_dies(paper: Path) -> None:
    edit(paper / NOTEBOOK, "#| label: volume\\n", "#| label: volume\\nimport os\\nos.kill(os.getpid(), 9)\\n")
    done = run_corridor(paper, "build", "--quiet", expect=1)
    assert done.stderr.splitlines() == [
        "analysis/trade.ipynb: region/en: the kernel died while it ran; "
        "look for a cell that needs more memory than there is, or that ends its process",
        "1 fault in the paper",
    ]


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
