"""The gates that a paper passes before anything is rendered."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from yaml import YAMLError

from corridor.check.bibliography import read_keys
from corridor.check.chapters import check_chapters
from corridor.check.coverage import check_coverage
from corridor.check.descriptor import check_descriptor
from corridor.check.documents import check_documents
from corridor.check.ledger import check_conflicts
from corridor.check.tables import check_tables
from corridor.compose import compose, sources
from corridor.compute.notebook import check_notebook, labels, read_notebook
from corridor.data import Package, open_package
from corridor.edition import Edition, Rendition
from corridor.errors import Fault, PaperError
from corridor.manuscript import Manuscript
from corridor.messages import SOURCE
from corridor.paper import Paper
from corridor.stage.variables import variables

if TYPE_CHECKING:
    from corridor.compute.results import Results
    from corridor.progress import Progress


@dataclass(frozen=True, kw_only=True)
class Sources:
    """What all renditions of a paper share, checked.

    Parameters
    ----------
    faults
        Everything wrong with bibliography, data and notebooks.
    computable
        Whether data and notebooks are whole, so that the notebooks can run.
    package
        The data, where they are whole.
    works
        Keys of the bibliography; ``None`` where it cannot be read.
    cells
        Labels of the cells by notebook; ``None`` for a notebook that cannot be read.
    """

    faults: list[Fault] = field(default_factory=list)
    computable: bool = True
    package: Package | None = None
    works: set[str] | None = None
    cells: dict[str, set[str] | None] = field(default_factory=dict)


def check(paper: Paper, rendition: Rendition, shared: Sources, progress: Progress) -> list[Fault]:
    """Return every fault of a rendition but those of the sources.

    The notebooks run if the text shows anything that they state.
    """
    from corridor.check.facts import needs_facts
    from corridor.compute.results import compute
    from corridor.missing import settled

    if shared.package is None:
        return []  # what the text shows hangs on the data
    try:
        if faults := check_edition(paper, rendition.edition, shared):
            return faults
        manuscript = compose(paper, rendition, shared.package)
    except PaperError as error:
        # What hangs on damaged data is told of the data alone.
        told = {fault.file for fault in shared.faults}
        return [fault for fault in error.faults if fault.file not in told]
    except (KeyError, ValueError, YAMLError):
        if shared.computable:
            raise
        return []
    faults = check_manuscript(paper, manuscript, shared)
    known = variables(paper, rendition, shared.package)
    if not shared.computable or not needs_facts(manuscript, known):
        return faults
    try:
        results = compute(paper, rendition, progress)
        return [*faults, *check_text(paper, settled(manuscript, results).manuscript, results, shared)]
    except PaperError as error:
        return [*faults, *error.faults]


def check_sources(paper: Paper) -> Sources:
    """Check what all renditions share: bibliography, data, notebooks."""
    faults: list[Fault] = []
    works: set[str] | None = None
    try:
        works = read_keys(paper.root / paper.bibliography, paper.root)
    except PaperError as error:
        faults += error.faults
    in_data = _check_data(paper, works)
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
    return Sources(
        faults=[*faults, *in_data, *in_notebooks],
        computable=not in_data and not in_notebooks,
        package=_open_package(paper),
        works=works,
        cells=cells,
    )


def check_edition(paper: Paper, edition: Edition, shared: Sources) -> list[Fault]:
    """Return the faults of an edition's file that the data show: unknown countries, years without figures."""
    assert shared.package is not None
    return check_coverage(paper, edition, shared.package)


def check_manuscript(paper: Paper, manuscript: Manuscript, shared: Sources) -> list[Fault]:
    """Return the faults of a rendition's text that show before anything is computed."""
    assert shared.package is not None
    rendition, texts = manuscript.rendition, manuscript.markdown
    known = variables(paper, rendition, shared.package)
    faults = check_chapters(paper, texts, variables=known, cells=shared.cells, works=shared.works)
    for chapter, text in texts.items():
        faults += _check_numbers(chapter, text, manuscript.language)
    in_catalogues = _check_translations(paper, rendition)
    told = {(fault.file, fault.line) for fault in in_catalogues}
    found = (_for_translators(fault) for fault in manuscript.relocated(faults))
    return [*in_catalogues, *(fault for fault in found if (fault.file, fault.line) not in told)]


def check_text(paper: Paper, manuscript: Manuscript, results: Results, shared: Sources) -> list[Fault]:
    """Return the faults that only the results show: unknown facts, statements that do not hold.

    The manuscript is the one that `corridor.missing.settled` leaves.
    """
    from corridor.check.facts import check_facts

    assert shared.package is not None
    known = variables(paper, manuscript.rendition, shared.package)
    return manuscript.relocated(check_facts(manuscript, known, results.facts, shared.works or set()))


def _check_translations(paper: Paper, rendition: Rendition) -> list[Fault]:
    """Return the faults of the catalogues that an edition speaks with."""
    if rendition.language == SOURCE:
        return []
    from corridor.translate.catalogues import domain, domains, is_prose
    from corridor.translate.parity import check_parity, staleness

    edition, language = rendition.edition, rendition.language
    own = {domain(file) for file in sources(paper, edition)}
    names = [name for name in domains(paper.root, language) if name in own or not is_prose(name)]
    faults = check_parity(paper.root, language, names)
    if edition.stale_translations == "refuse":
        faults += staleness(paper.root, language, names)
    return faults


def _open_package(paper: Paper) -> Package | None:
    try:
        return open_package(paper.data)
    except PaperError:
        return None  # told already


def _for_translators(fault: Fault) -> Fault:
    """Return a fault of a number with what a translator can do, where it stands in a catalogue."""
    if not (fault.file.endswith(".po") and "typed by hand" in fault.what):
        return fault
    return replace(fault, mend="say it by a placeholder of the English text, or take the number out")


def _check_numbers(chapter: str, text: str, language: str) -> list[Fault]:
    from corridor.check.numbers import check_numbers
    from corridor.pandoc import PandocError

    try:
        return check_numbers(chapter, text, language)[0]
    except (PaperError, PandocError):
        return []  # a fault of the chapter that is told already


def _check_data(paper: Paper, works: set[str] | None) -> list[Fault]:
    try:
        if faults := check_descriptor(paper.data, paper.root):
            return faults
        package = open_package(paper.data)
        if faults := check_tables(package, paper.root, works):
            return faults
        areas = set(package.table("areas")["code"]) if "areas" in package.resources else set()
        faults = check_documents(package, paper.root, works=works, areas=areas)
        return faults or check_conflicts(package, paper.root, kept=paper.build / "conflicts.sha256")
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
