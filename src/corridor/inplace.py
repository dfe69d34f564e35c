"""Results in the paper's own notebooks, for a plain ``quarto render`` at its root."""

from __future__ import annotations

import json
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4.rwbase import split_lines

from corridor.check import check_inputs, check_text
from corridor.compute.notebook import read_notebook, written
from corridor.compute.notebook import strip as stripped
from corridor.compute.results import compute as computed
from corridor.edition import Rendition
from corridor.errors import raise_any
from corridor.files import write_text
from corridor.paper import Paper
from corridor.progress import Progress


def compute(paper: Paper, rendition: Rendition, progress: Progress) -> None:
    """Write ``_variables.yml`` and put outputs into ``analysis/*.ipynb``."""
    import yaml

    from corridor.stage.variables import fact_variables, nested, shown, variables

    raise_any(check_inputs(paper, rendition).faults)
    results = computed(paper, rendition, progress)
    raise_any(check_text(paper, rendition, results))
    for name, executed in results.notebooks.items():
        _write(paper.root / name, executed)
    facts = fact_variables(results.facts, shown(paper), rendition.language, page=None)
    text = yaml.safe_dump(nested(variables(paper, rendition) | facts), allow_unicode=True, sort_keys=False)
    write_text(paper.root / "_variables.yml", text)


def strip(paper: Paper) -> None:
    """Remove outputs from ``analysis/*.ipynb``; a notebook without any is left as it is."""
    for name in paper.notebooks:
        path = paper.root / name
        before = written(read_notebook(path, paper.root))
        after = stripped(read_notebook(path, paper.root))
        if written(after) != before:
            _write(path, after)


def _write(path: Path, notebook: NotebookNode) -> None:
    """Write a notebook in the form that its file has: Jupyter saves text as lists of lines."""
    cells = json.loads(path.read_text(encoding="utf-8-sig"))["cells"]
    if any(isinstance(cell["source"], list) for cell in cells):
        notebook = split_lines(notebook)
    write_text(path, written(notebook))
