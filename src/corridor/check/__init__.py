"""The gates that a paper passes before anything is computed or rendered."""

from __future__ import annotations

from corridor.check.bibliography import read_keys
from corridor.check.chapters import check_chapters
from corridor.check.descriptor import check_descriptor
from corridor.check.documents import check_documents
from corridor.check.tables import check_tables
from corridor.compute.notebook import check_notebook, labels, read_notebook
from corridor.data import open_package
from corridor.edition import Rendition, check_areas
from corridor.errors import Fault, PaperError
from corridor.paper import Paper
from corridor.stage.variables import flatten, variables


def check(paper: Paper, rendition: Rendition) -> list[Fault]:
    """Return every fault of a rendition's inputs: bibliography, data, notebooks, chapters."""
    faults: list[Fault] = []
    works: set[str] | None = None
    try:
        works = read_keys(paper.root / paper.bibliography, paper.root)
    except PaperError as error:
        faults += error.faults
    try:
        in_data = check_descriptor(paper.data, paper.root)
        if not in_data:
            package = open_package(paper.data)
            in_data = check_tables(package, paper.root, works)
            if not in_data:
                areas = set(package.table("areas")["code"]) if "areas" in package.resources else set()
                in_data = check_documents(package, paper.root, works=works, areas=areas)
                if areas:
                    in_data += check_areas(paper, rendition.edition, areas)
        faults += in_data
    except PaperError as error:
        faults += error.faults
    cells: dict[str, set[str] | None] = {}
    for name in paper.notebooks:
        try:
            notebook = read_notebook(paper.root / name, paper.root)
        except PaperError as error:
            faults += error.faults
            cells[name] = None
        else:
            faults += check_notebook(notebook, name)
            cells[name] = labels(notebook)
    faults += _shared_labels(cells)
    shown = flatten(variables(paper, rendition))
    try:
        faults += check_chapters(paper, variables=shown, cells=cells, works=works)
    except PaperError as error:
        faults += error.faults
    return faults


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
