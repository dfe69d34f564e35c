"""Results in the paper's own notebooks, for a plain ``quarto render`` at its root."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Mapping
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4.rwbase import split_lines

from corridor.check import check_manuscript, check_sources, check_text
from corridor.compose import at_home, compose
from corridor.compute.notebook import read_notebook, written
from corridor.compute.notebook import strip as stripped
from corridor.compute.results import compute as computed
from corridor.edition import Rendition, home, profile
from corridor.errors import Fault, raise_any
from corridor.files import read_text, write_text
from corridor.missing import settled
from corridor.paper import Paper
from corridor.progress import Progress
from corridor.store import Store


def compute(paper: Paper, rendition: Rendition, store: Store, progress: Progress) -> None:
    """Write ``_variables.yml`` and put outputs into ``analysis/*.ipynb``."""
    import yaml

    from corridor.stage.variables import fact_variables, nested, shown, variables

    shared = check_sources(paper, store)
    raise_any(shared.faults)
    assert shared.package is not None
    raise_any(_check_metadata(paper, profile(rendition.edition, shared.package)))
    manuscript = compose(paper, rendition, shared.package)
    raise_any(check_manuscript(paper, manuscript, shared, store))
    results = computed(paper, rendition, store, progress)
    raise_any(check_text(paper, settled(manuscript, results).manuscript, results, shared, store))
    for name, executed in results.notebooks.items():
        _write(paper.root / name, executed)
    known = variables(paper, rendition, shared.package)
    # Here the chapters keep "home" in their names.
    area = (home(rendition.edition, shared.package) or "").lower()
    own = {name: at_home(name, area) for name in shown(_chapters(paper))}
    facts = fact_variables(results.facts, own.values(), rendition.language, page=None)
    values = {name: (known | facts).get(resolved) for name, resolved in own.items()}
    text = yaml.safe_dump(
        nested({name: value for name, value in values.items() if value is not None}),
        allow_unicode=True,
        sort_keys=False,
    )
    write_text(paper.root / "_variables.yml", text)


def _chapters(paper: Paper) -> dict[str, str]:
    return {chapter: read_text(paper.root / chapter, paper.root) for chapter in paper.chapters}


def _check_metadata(paper: Paper, wanted: Mapping[str, bool]) -> list[Fault]:
    """Return a fault where chapters hang on metadata that ``_quarto.yml`` does not give as they are."""
    given = paper.settings.values.get("edition") or {}
    asked = {m for text in _chapters(paper).values() for m in re.findall(r'-meta="edition\.([\w-]+)"', text)}
    wrong = [key for key in sorted(asked) if given.get(key) != wanted.get(key)]
    if not wrong:
        return []
    lines = ", ".join(f"{key}: {str(wanted.get(key)).lower()}" for key in sorted(asked))
    return [
        paper.settings.fault(
            "edition",
            what=f"the metadata of the default edition are not right: {', '.join(wrong)}",
            mend=f'write "edition: {{{lines}}}", by which "quarto render" shows the edition\'s own blocks',
        )
    ]


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
        notebook = split_lines(copy.deepcopy(notebook))
    write_text(path, written(notebook))
