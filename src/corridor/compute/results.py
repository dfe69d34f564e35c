"""What the notebooks of a rendition gave."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from corridor.compute.notebook import carried, read_notebook
from corridor.compute.runs import find_run, parameters_of, run
from corridor.digests import Digests
from corridor.edition import Rendition
from corridor.files import hashed, read_text
from corridor.paper import Paper
from corridor.progress import Progress
from corridor.store import Store
from corridor.trees import LostError

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from corridor.facts import Fact


@dataclass(frozen=True, kw_only=True)
class Results:
    """What the notebooks of a rendition gave.

    Parameters
    ----------
    notebooks
        The executed notebooks, by path relative to the paper's root.
    """

    notebooks: Mapping[str, NotebookNode]

    @cached_property
    def facts(self) -> dict[str, Fact]:
        """The facts that they state, by key."""
        from corridor.facts import collect

        return collect(self.notebooks)

    @cached_property
    def states(self) -> dict[str, str]:
        """Digests of the notebooks, by path."""
        return {name: hashed(notebook) for name, notebook in self.notebooks.items()}


def open_results(paper: Paper, outputs: Mapping[str, str], store: Store) -> Results:
    """Return what runs gave; nobody may change it, since the next caller gets the same.

    Text and metadata of the notebooks are those that they have now: they do not make a run another.

    Parameters
    ----------
    paper
        The paper.
    outputs
        Digests of the runs, by path of the notebook.
    store
        Where runs are kept.

    Raises
    ------
    LostError
        If the store does not hold one any more.
    PaperError
        If two notebooks state the same fact.
    """
    runs = []
    for name, output in outputs.items():
        content = store.get(output)
        if content is None:
            raise LostError(name)
        runs.append((name, content, read_text(paper.root / name, paper.root)))
    return _opened(paper.root, tuple(runs))


@lru_cache(maxsize=2)  # a preview opens the same at every save
def _opened(root: Path, runs: tuple[tuple[str, bytes, str], ...]) -> Results:
    """Return notebooks by path, what running each gave, and its text as it is now."""
    from nbformat import from_dict

    return Results(
        notebooks={
            name: carried(from_dict(json.loads(content)), read_notebook(root / name, root))
            for name, content, _ in runs
        }
    )


def compute(paper: Paper, rendition: Rendition, store: Store, progress: Progress) -> Results:
    """Return what the notebooks of a rendition give; those whose last run does not hold run one by one.

    Parameters
    ----------
    paper, rendition
        Whose notebooks; they and the data are checked before.
    store
        Where runs are kept.
    progress
        Where to report.

    Raises
    ------
    PaperError
        If a cell fails, or two notebooks state the same fact.
    """
    given = rendition.edition.parameters(rendition.language)
    digests = Digests(paper.root, None)
    outputs: dict[str, str] = {}
    for name in paper.notebooks:
        known = parameters_of(paper, name, given, digests, store)
        found = find_run(known, digests, store)
        if found is None or store.get(found.output) is None:
            with progress.step(f"run {name}"):
                found = run(paper, name, given, known, store)
        outputs[name] = found.output
    results = open_results(paper, outputs, store)
    _ = results.facts
    return results
