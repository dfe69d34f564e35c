"""The gates that a paper passes before anything is rendered."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from yaml import YAMLError

from corridor import parquet
from corridor.check.bibliography import read_keys
from corridor.check.chapters import check_chapters
from corridor.check.coverage import check_coverage
from corridor.check.descriptor import check_descriptor
from corridor.check.documents import check_documents
from corridor.check.ledger import check_conflicts
from corridor.check.memory import contents, remembered
from corridor.check.readings import readings
from corridor.check.tables import check_tables
from corridor.compose import compose, sources
from corridor.data import Package, open_package
from corridor.edition import Edition, Rendition
from corridor.errors import Fault, PaperError
from corridor.files import tree
from corridor.manuscript import Manuscript
from corridor.mentions import areas
from corridor.messages import SOURCE
from corridor.paper import Paper
from corridor.stage.variables import variables
from corridor.store import Store

if TYPE_CHECKING:
    from corridor.compute.results import Results
    from corridor.progress import Progress

# Files of the data of which the checks only see that they are there.
_NOT_READ = (".geojson", ".parquet")


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


def check(
    paper: Paper, rendition: Rendition, shared: Sources, progress: Progress, store: Store
) -> list[Fault]:
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
    faults = check_manuscript(paper, manuscript, shared, store)
    known = variables(paper, rendition, shared.package)
    if not shared.computable or not needs_facts(manuscript, known, store):
        return faults
    try:
        results = compute(paper, rendition, store, progress)
        return [*faults, *check_text(paper, settled(manuscript, results).manuscript, results, shared, store)]
    except PaperError as error:
        return [*faults, *error.faults]


def check_sources(paper: Paper, store: Store, *, reconciled: bool = True) -> Sources:
    """Check what all renditions share: bibliography, data, notebooks.

    Parameters
    ----------
    paper, store
        The paper, and where is kept what was checked before.
    reconciled
        Whether to hold the figures against each other too, which takes longest.
    """
    faults: list[Fault] = []
    works: set[str] | None = None
    try:
        works = read_keys(paper.root / paper.bibliography, paper.root, store)
    except PaperError as error:
        faults += error.faults
    in_data = _check_data(paper, works, store)
    if reconciled and not in_data:
        in_data = _check_conflicts(paper, store)
    cells: dict[str, set[str] | None] = {}
    in_notebooks: list[Fault] = []
    for name in paper.notebooks:
        wrong, cells[name] = _check_notebook(paper, name, store)
        in_notebooks += wrong
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


def check_manuscript(paper: Paper, manuscript: Manuscript, shared: Sources, store: Store) -> list[Fault]:
    """Return the faults of a rendition's text that show before anything is computed."""
    assert shared.package is not None
    rendition = manuscript.rendition
    known = variables(paper, rendition, shared.package)
    read = readings(manuscript, store)
    outlines = {chapter: reading.outline for chapter, reading in read.items()}
    faults = check_chapters(paper, outlines, variables=known, cells=shared.cells, works=shared.works)
    for reading in read.values():
        faults += reading.typed
    in_catalogues = _check_translations(paper, rendition, store)
    told = {(fault.file, fault.line) for fault in in_catalogues}
    found = (_for_translators(fault) for fault in manuscript.relocated(faults))
    return [*in_catalogues, *(fault for fault in found if (fault.file, fault.line) not in told)]


def check_text(
    paper: Paper, manuscript: Manuscript, results: Results, shared: Sources, store: Store
) -> list[Fault]:
    """Return the faults that only the results show: unknown facts, statements that do not hold.

    The manuscript is the one that `corridor.missing.settled` leaves.
    """
    from corridor.check.facts import check_facts

    assert shared.package is not None
    known = variables(paper, manuscript.rendition, shared.package)
    works = shared.works or set()
    return manuscript.relocated(check_facts(manuscript, known, results.facts, works, store))


def _check_translations(paper: Paper, rendition: Rendition, store: Store) -> list[Fault]:
    """Return the faults of the catalogues that an edition speaks with."""
    if rendition.language == SOURCE:
        return []
    from corridor.translate.catalogues import domain, domains, is_prose, place
    from corridor.translate.parity import check_parity, staleness

    edition, language = rendition.edition, rendition.language
    own = {domain(file) for file in sources(paper, edition)}
    names = [name for name in domains(paper.root, language) if name in own or not is_prose(name)]
    faults = []
    for name in names:
        state = [language, contents({name: place(paper.root, language, name)})]
        check = partial(check_parity, paper.root, language, [name])
        faults += remembered(store, "parity", state, check)
        if edition.stale_translations == "refuse":
            check = partial(staleness, paper.root, language, [name])
            faults += remembered(store, "staleness", state, check)
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


def _check_data(paper: Paper, works: set[str] | None, store: Store) -> list[Fault]:
    """Return the faults of the data; they are looked at again where any of their files has changed."""
    files = tree(paper.data)
    state = [sorted(files), contents({n: p for n, p in files.items() if p.suffix not in _NOT_READ})]
    # These are too large to be read for that.
    times = [[p.stat().st_size, p.stat().st_mtime_ns] for p in files.values() if p.suffix == parquet.SUFFIX]
    known = None if works is None else sorted(works)
    return remembered(store, "data", [state, times, known], lambda: _faults_of_data(paper, works, store))


def _faults_of_data(paper: Paper, works: set[str] | None, store: Store) -> list[Fault]:
    try:
        if faults := check_descriptor(paper.data, paper.root):
            return faults
        package = open_package(paper.data)
        if faults := check_tables(package, paper.root, works, store):
            return faults
        return check_documents(package, paper.root, store, works=works, areas=set(areas(package)))
    except PaperError as error:
        return list(error.faults)


def _check_conflicts(paper: Paper, store: Store) -> list[Fault]:
    try:
        return check_conflicts(open_package(paper.data), paper.root, store)
    except PaperError as error:
        return list(error.faults)


def _check_notebook(paper: Paper, name: str, store: Store) -> tuple[list[Fault], set[str] | None]:
    """Return the faults of a notebook, and the labels of its cells; ``None`` if it cannot be read."""

    def check() -> dict[str, Any]:
        from corridor.compute.notebook import check_notebook, labels, read_notebook

        try:
            notebook = read_notebook(paper.root / name, paper.root)
        except PaperError as error:
            return {"faults": [asdict(fault) for fault in error.faults], "labels": None}
        faults = [asdict(fault) for fault in check_notebook(notebook, name)]
        return {"faults": faults, "labels": sorted(labels(notebook))}

    found = store.remembered("notebook", contents({name: paper.root / name}), check)
    known = found["labels"]
    return [Fault(**fault) for fault in found["faults"]], None if known is None else set(known)


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
