"""What the notebooks of a rendition gave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from corridor.compute.runs import find_run, notebook_of, parameters_of, run
from corridor.digests import Digests
from corridor.edition import Rendition
from corridor.paper import Paper
from corridor.progress import Progress
from corridor.store import Store

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
    notebooks: dict[str, NotebookNode] = {}
    for name in paper.notebooks:
        known = parameters_of(paper, name, given, digests, store)
        found = find_run(known, digests, store)
        executed = notebook_of(paper, name, found.output, store) if found else None
        if executed is None:
            with progress.step(f"run {name}"):
                output = run(paper, name, given, known, store).output
            executed = notebook_of(paper, name, output, store)
            assert executed is not None, "the store does not keep what is put into it"
        notebooks[name] = executed
    results = Results(notebooks=notebooks)
    _ = results.facts
    return results
