"""The steps that make a rendition: each takes digests of what the store holds, and gives such.

A step can run in this process, in another, or on another machine. What it needs of the paper it reads from
the paper's folder or, away from it, from a snapshot in the store.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from corridor.edition import Rendition
from corridor.errors import Fault, KernelError, PaperError, raise_any
from corridor.explain import Inputs
from corridor.files import replacing
from corridor.paper import Paper, open_paper
from corridor.store import Store
from corridor.trees import LostError, keep, restore

SCRATCH = "rendering-"
"""How the folders are called in which pages are rendered."""

SNAPSHOTS = "corridor-paper-"
"""How the folders are called in which a worker keeps papers of other machines, in its temporary folder."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a step finds the paper and leaves what it makes.

    Parameters
    ----------
    store
        The store.
    root
        The paper's root; ``None`` where it lies on another machine.
    snapshot
        The paper's files in the store, where there is no root.
    """

    store: Store
    root: Path | None = None
    snapshot: str = ""

    def open(self) -> Paper:
        """Open the paper, out of the snapshot if need be."""
        return open_paper(self.root or self._restored())

    def _restored(self) -> Path:
        folder = Path(tempfile.gettempdir(), f"{SNAPSHOTS}{os.getuid()}", self.snapshot)
        if not folder.is_dir():
            with replacing(folder) as fresh:
                restore(self.store, self.snapshot, fresh)
        return folder


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of a step.

    Parameters
    ----------
    made
        What it made: digests in the store, and what the record of the rendition keeps.
    faults
        Why it made nothing.
    lost
        Whether something that should be in the store is not there any more.
    again
        Whether another worker may fare better.
    took
        Seconds.
    """

    made: Mapping[str, Any] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    lost: bool = False
    again: bool = False
    took: float = 0


@dataclass(frozen=True, kw_only=True)
class Step:
    """A step of a rendition.

    Parameters
    ----------
    place
        Where it works.
    rendition
        Of which; ``None`` for what all renditions share.
    """

    place: Place
    rendition: Rendition | None

    @property
    def name(self) -> str:
        """What it does, as readers of the progress see it."""
        raise NotImplementedError

    @property
    def key(self) -> object:
        """What makes it the same step: two with the same key run once."""
        return self

    def make(self) -> dict[str, Any]:
        """Do it."""
        raise NotImplementedError


def attempt(step: Step) -> Outcome:
    """Do a step; what the user can mend is told in the outcome."""
    began = time.perf_counter()
    try:
        made = step.make()
    except KernelError as error:
        return Outcome(faults=error.faults, again=True, took=time.perf_counter() - began)
    except PaperError as error:
        return Outcome(faults=error.faults, took=time.perf_counter() - began)
    except LostError:
        return Outcome(lost=True, took=time.perf_counter() - began)
    return Outcome(made=made, took=time.perf_counter() - began)


@dataclass(frozen=True, kw_only=True)
class CheckSources(Step):
    """Check data, bibliography and notebooks, which all renditions share."""

    @property
    def name(self) -> str:
        return "check data and notebooks"

    def make(self) -> dict[str, Any]:
        from corridor.check import check_sources

        raise_any(check_sources(self.place.open(), self.place.store, reconciled=False).faults)
        return {}


@dataclass(frozen=True, kw_only=True)
class CheckFigures(Step):
    """Hold the figures against each other; data and notebooks have been checked."""

    @property
    def name(self) -> str:
        return "check figures against each other"

    def make(self) -> dict[str, Any]:
        from corridor.check import check_sources

        raise_any(check_sources(self.place.open(), self.place.store).faults)
        return {}


@dataclass(frozen=True, kw_only=True)
class CheckText(Step):
    """Check a rendition's text as far as it goes before the notebooks have run."""

    rendition: Rendition

    @property
    def name(self) -> str:
        return "check chapters"

    def make(self) -> dict[str, Any]:
        from corridor.check import check_edition, check_manuscript, check_sources
        from corridor.compose import compose

        paper, store = self.place.open(), self.place.store
        shared = check_sources(paper, store, reconciled=False)
        assert shared.package is not None
        raise_any(check_edition(paper, self.rendition.edition, shared))
        manuscript = compose(paper, self.rendition, shared.package)
        raise_any(check_manuscript(paper, manuscript, shared, store))
        return {}


@dataclass(frozen=True, kw_only=True)
class RunNotebook(Step):
    """Run a notebook.

    Parameters
    ----------
    notebook
        Its path, relative to the paper's root.
    known
        What is known of the run before it begins.
    limit
        Seconds that it may take.
    lost
        Whether what it gave before, in this build, is not there any more.
    """

    rendition: Rendition
    notebook: str
    known: Inputs = field(hash=False)
    limit: float | None = None
    lost: bool = False

    @property
    def name(self) -> str:
        return f"run {self.notebook}"

    @property
    def key(self) -> object:
        return self.notebook, tuple(sorted(self.known.items())), self.lost

    def make(self) -> dict[str, Any]:
        from corridor.compute.runs import run
        from corridor.compute.servers import serve

        if self.place.root is None:  # a worker on another machine: it lives longer than the build
            serve()
        given = self.rendition.edition.parameters(self.rendition.language)
        paper = self.place.open()
        try:
            done = run(paper, self.notebook, given, self.known, self.place.store, limit=self.limit)
        except KernelError as error:
            named = (replace(fault, what=f"{self.rendition}: {fault.what}") for fault in error.faults)
            raise KernelError(*named) from None
        return {"inputs": dict(done.inputs), "output": done.output}


@dataclass(frozen=True, kw_only=True)
class Stage(Step):
    """Check a rendition as a whole, and stage its Quarto project.

    Parameters
    ----------
    results
        Digests of the executed notebooks by path.
    """

    rendition: Rendition
    results: Mapping[str, str] = field(hash=False)

    @property
    def name(self) -> str:
        return "stage the Quarto project"

    def make(self) -> dict[str, Any]:
        from corridor.check import check_edition, check_manuscript, check_sources, check_text
        from corridor.compose import compose
        from corridor.compute.results import open_results
        from corridor.missing import settled
        from corridor.stage import illustrations, stage

        paper, store, rendition = self.place.open(), self.place.store, self.rendition
        shared = check_sources(paper, store, reconciled=False)
        assert shared.package is not None
        raise_any(check_edition(paper, rendition.edition, shared))
        manuscript = compose(paper, rendition, shared.package)
        raise_any(check_manuscript(paper, manuscript, shared, store))
        results = open_results(paper, self.results, store)
        whole = settled(manuscript, results)
        raise_any(check_text(paper, whole.manuscript, results, shared, store))
        with _folder(self.place, rendition.path) as folder:
            stage(paper, whole.manuscript, results, shared.package, folder, store)
            files = keep(store, folder)
        return {
            "output": files,
            "missing": list(dict.fromkeys(one.name for one in whole.left_out)),
            "shown": illustrations(paper.root, whole.manuscript.markdown),
        }


@dataclass(frozen=True, kw_only=True)
class Render(Step):
    """Render a staged project.

    Parameters
    ----------
    project
        Digest of its files.
    formats
        Which: ``html``, ``pdf``.
    engine
        Name of the engine, or ``auto``.
    has_pdf
        Whether the pages can link a PDF.
    draft
        Whether the pages may lack what makes no difference to their text.
    lost
        Whether what it gave before, in this build, is not there any more.
    """

    rendition: Rendition
    project: str
    formats: tuple[str, ...]
    engine: str
    has_pdf: bool
    draft: bool = False
    lost: bool = False

    @property
    def name(self) -> str:
        return f"render {' and '.join(self.formats)}"

    def make(self) -> dict[str, Any]:
        from corridor.render.engine import choose
        from corridor.stage import open_project

        store, path = self.place.store, self.rendition.path
        made: dict[str, Any] = {}
        with _project(self.place, self.project, path) as root, _scratch(self.place, path) as scratch:
            project = open_project(root)
            for name in self.formats:
                target = scratch / name
                target.mkdir()
                engine = choose(self.engine)
                engine.render(project, [name], target, has_pdf=self.has_pdf, draft=self.draft, store=store)
                made[name] = keep(store, target)
        return made


@contextmanager
def _folder(place: Place, path: str) -> Generator[Path]:
    """Yield an empty folder that becomes the staged project, where the paper is here."""
    if place.root:
        with replacing(place.root / "_build" / path) as fresh:
            yield fresh
    else:
        with tempfile.TemporaryDirectory(prefix=SCRATCH) as fresh:
            yield Path(fresh)


@contextmanager
def _project(place: Place, files: str, path: str) -> Generator[Path]:
    """Yield the folder of a staged project."""
    if place.root:
        yield place.root / "_build" / path
    else:
        with tempfile.TemporaryDirectory(prefix=SCRATCH) as fresh:
            restore(place.store, files, Path(fresh))
            yield Path(fresh)


@contextmanager
def _scratch(place: Place, path: str) -> Generator[Path]:
    """Yield a folder to render in."""
    beside = (place.root / "_build" / path).parent if place.root else None
    scratch = Path(tempfile.mkdtemp(prefix=SCRATCH, dir=beside))
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
