"""The gates that a paper passes before anything is rendered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from corridor.check.bibliography import read_keys
from corridor.check.chapters import check_chapters
from corridor.check.descriptor import check_descriptor
from corridor.check.documents import check_documents
from corridor.check.ledger import check_conflicts
from corridor.check.tables import check_tables
from corridor.compute.notebook import check_notebook, labels, read_notebook
from corridor.data import open_package
from corridor.edition import Rendition, check_areas
from corridor.errors import Fault, PaperError
from corridor.files import read_text
from corridor.paper import Paper
from corridor.stage.variables import variables

if TYPE_CHECKING:
    from corridor.compute.results import Results
    from corridor.progress import Progress


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """What is known of a rendition's inputs before anything is computed.

    Parameters
    ----------
    faults
        Everything wrong with bibliography, data, notebooks and chapters.
    computable
        Whether data and notebooks are whole, so that the notebooks can run.
    """

    faults: list[Fault] = field(default_factory=list)
    computable: bool = True


def check(paper: Paper, rendition: Rendition, progress: Progress) -> list[Fault]:
    """Return every fault of a rendition; the notebooks run if the text shows anything that they state."""
    from corridor.check.facts import needs_facts
    from corridor.compute.results import compute

    inputs = check_inputs(paper, rendition)
    if not inputs.computable or not needs_facts(paper, rendition):
        return inputs.faults
    try:
        results = compute(paper, rendition, progress)
    except PaperError as error:
        return [*inputs.faults, *error.faults]
    return [*inputs.faults, *check_text(paper, rendition, results)]


def check_inputs(paper: Paper, rendition: Rendition) -> Inputs:
    """Return the faults of a rendition's inputs: bibliography, data, notebooks, chapters."""
    faults: list[Fault] = []
    works: set[str] | None = None
    try:
        works = read_keys(paper.root / paper.bibliography, paper.root)
    except PaperError as error:
        faults += error.faults
    in_data = _check_data(paper, rendition, works)
    cells: dict[str, set[str] | None] = {}
    in_notebooks: list[Fault] = []
    for name in paper.notebooks:
        try:
            notebook = read_notebook(paper.root / name, paper.root)
        except PaperError as error:
            in_notebooks += error.faults
            cells[name] = None
        else:
            in_notebooks += check_notebook(notebook, name)
            cells[name] = labels(notebook)
    in_notebooks += _shared_labels(cells)
    faults += [*in_data, *in_notebooks]
    try:
        faults += check_chapters(paper, variables=variables(paper, rendition), cells=cells, works=works)
        faults += [fault for chapter in paper.chapters for fault in _check_numbers(paper, chapter, rendition)]
    except PaperError as error:
        faults += error.faults
    return Inputs(faults=faults, computable=not in_data and not in_notebooks)


def check_text(paper: Paper, rendition: Rendition, results: Results) -> list[Fault]:
    """Return the faults that only the results show: unknown facts, statements that do not hold."""
    from corridor.check.facts import check_facts

    works = read_keys(paper.root / paper.bibliography, paper.root)
    return check_facts(paper, rendition, results.facts, works)


def _check_numbers(paper: Paper, chapter: str, rendition: Rendition) -> list[Fault]:
    from corridor.check.numbers import check_numbers
    from corridor.pandoc import PandocError

    try:
        text = read_text(paper.root / chapter, paper.root)
        return check_numbers(chapter, text, rendition.language)[0]
    except (PaperError, PandocError):
        return []  # a fault of the chapter that is told already


def _check_data(paper: Paper, rendition: Rendition, works: set[str] | None) -> list[Fault]:
    try:
        if faults := check_descriptor(paper.data, paper.root):
            return faults
        package = open_package(paper.data)
        if faults := check_tables(package, paper.root, works):
            return faults
        areas = set(package.table("areas")["code"]) if "areas" in package.resources else set()
        faults = check_documents(package, paper.root, works=works, areas=areas)
        faults = faults or check_conflicts(package, paper.root, kept=paper.build / "conflicts.sha256")
        return faults + (check_areas(paper, rendition.edition, areas) if areas else [])
    except PaperError as error:
        return list(error.faults)


def _shared_labels(cells: dict[str, set[str] | None]) -> list[Fault]:
    """Return a fault for each label that two notebooks use: their exhibits would share a file."""
    owner: dict[str, str] = {}
    faults = []
    for name, known in cells.items():
        for label in sorted(known or ()):
            if label in owner:
                what = f'the cell label "{label}" stands in {owner[label]} as well'
                faults.append(Fault(file=name, what=what, mend="rename one of the cells"))
            owner.setdefault(label, name)
    return faults
