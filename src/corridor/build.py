"""Plan and run: which renditions are stale, the steps that make them fresh, and the site of them all."""

from __future__ import annotations

import fcntl
import hashlib
import json
import multiprocessing
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Collection, Generator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor.compose import compose, sources
from corridor.compute.results import compute, inputs
from corridor.edition import Rendition, edition_of, editions, open_editions
from corridor.errors import Fault, PaperError, raise_any
from corridor.files import digest, replacing, tree, write_text
from corridor.messages import FOLDER as LOCALES
from corridor.messages import chain
from corridor.paper import CONFIG, Paper, open_paper
from corridor.progress import Progress
from corridor.stage import pdf_name

if TYPE_CHECKING:
    from corridor.check import Sources

# How the folders are called in which a rendition is rendered before it takes the last one's place.
_SCRATCH = "rendering-"
_SITE = "site.json"


@dataclass
class Record:
    """What the last build of a rendition was made of.

    Parameters
    ----------
    rendered
        Digest of everything that each format depends on.
    pages
        Signature of what was rendered.
    missing
        Names of the facts and exhibits that the edition does not have.
    edition
        The edition as it was then: its file may have faults now.
    """

    rendered: dict[str, str] = field(default_factory=dict)
    pages: str = ""
    missing: list[str] = field(default_factory=list)
    edition: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Built:
    """What a build left of a rendition.

    Parameters
    ----------
    rendition
        Which.
    folder
        Its folder in the site.
    pdf
        Its PDF, if there is one.
    fresh
        Whether anything was done.
    faults
        Why it could not be built; the site keeps the last one.
    """

    rendition: Rendition
    folder: Path
    pdf: Path | None
    fresh: bool
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Task:
    """What a worker needs to make one rendition; it keeps what is there of other formats if that is whole."""

    rendition: Rendition
    formats: tuple[str, ...]
    engine: str
    has_pdf: bool
    keeps: bool
    digests: dict[str, str]


def build(
    paper: Paper,
    renditions: Sequence[Rendition],
    formats: Collection[str],
    engine: str,
    progress: Progress,
    *,
    jobs: int = 1,
) -> list[Built]:
    """Bring renditions up to date, and the site with them.

    A rendition with faults keeps its last pages; the others are built all the same.

    Parameters
    ----------
    paper, renditions
        What to build.
    formats
        Which formats: ``html``, ``pdf``.
    engine
        Name of the engine, or ``auto``.
    progress
        Where to report.
    jobs
        How many renditions are made at the same time.

    Raises
    ------
    PaperError
        If what all renditions share has faults; the site stays as it was.
    """
    from corridor.publish.site import site_address

    site_address(paper)  # what is wrong with it shows before anything is rendered
    with _alone(paper, progress):
        for left in paper.build.glob(f"*/{_SCRATCH}*"):  # by a build that was killed
            shutil.rmtree(left, ignore_errors=True)
        faults = _make_stale(paper, renditions, formats, engine, progress, jobs)
        published = _publish(paper, progress)
    found = []
    for rendition in renditions:
        folder = paper.site / rendition.path
        pdf = folder / pdf_name(paper, rendition)
        found.append(
            Built(
                rendition=rendition,
                folder=folder,
                pdf=pdf if pdf.is_file() else None,
                fresh=published or rendition in faults,
                faults=faults.get(rendition, ()),
            )
        )
    return found


def all_renditions(paper: Paper) -> tuple[list[Rendition], list[Fault]]:
    """Return every rendition of the paper, and the faults of editions that cannot be opened."""
    opened, faults = open_editions(paper)
    return [Rendition(edition=one, language=language) for one in opened for language in one.languages], faults


def is_fresh(paper: Paper, rendition: Rendition, engine: str = "auto") -> bool | None:
    """Return whether a rendition's pages are those of its inputs; ``None`` if it was never built."""
    from corridor.render.engine import choose

    folder = rendered_folder(paper, rendition)
    if not folder.is_dir():
        return None
    record = _read(paper, rendition)
    wanted = _digests(paper, rendition, choose(engine).version, has_pdf=_has_pdf(paper, rendition))
    return record.rendered.get("html") == wanted["html"]


def missing(paper: Paper, rendition: Rendition) -> list[str]:
    """Return what the last build of a rendition found that its edition does not have."""
    return _read(paper, rendition).missing


def rendered_folder(paper: Paper, rendition: Rendition) -> Path:
    """Return where a rendition's pages and PDF lie before they are published."""
    return paper.build / rendition.edition.slug / f"{rendition.language}-rendered"


def _make_stale(
    paper: Paper,
    renditions: Sequence[Rendition],
    formats: Collection[str],
    engine_name: str,
    progress: Progress,
    jobs: int,
) -> dict[Rendition, tuple[Fault, ...]]:
    """Make what is not up to date; return the faults of what could not be made."""
    from corridor.render.engine import choose

    version = choose(engine_name).version
    tasks = []
    for rendition in renditions:
        has_pdf = "pdf" in formats or _has_pdf(paper, rendition)
        digests = _digests(paper, rendition, version, has_pdf=has_pdf)
        record = _read(paper, rendition)
        whole = record.pages == _signature(rendered_folder(paper, rendition))
        stale = tuple(name for name in formats if not whole or record.rendered.get(name) != digests[name])
        if stale:
            wanted = stale if whole else tuple(dict.fromkeys(formats))
            tasks.append(
                _Task(
                    rendition=rendition,
                    formats=wanted,
                    engine=engine_name,
                    has_pdf=has_pdf,
                    keeps=whole,
                    digests=digests,
                )
            )
        else:
            progress.say(f"{rendition} is up to date: nothing has changed since the last build.")
    if not tasks:
        return {}
    from corridor.check import check_sources

    with progress.step("check data and notebooks"):
        shared = check_sources(paper)
        raise_any(shared.faults)
    if jobs > 1 and len(tasks) > 1:
        return _make_in_processes(paper, tasks, shared, progress, jobs)
    faults = {}
    for task in tasks:
        if len(renditions) > 1:
            progress.say(str(task.rendition))
        try:
            _make(paper, task, shared, progress)
        except PaperError as error:
            faults[task.rendition] = error.faults
    return faults


def _make_in_processes(
    paper: Paper, tasks: Sequence[_Task], shared: Sources, progress: Progress, jobs: int
) -> dict[Rendition, tuple[Fault, ...]]:
    faults = {}
    # Spawned, not forked: threads of the libraries that check the data may be about.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(jobs, len(tasks)), mp_context=context, initializer=_follow) as pool:
        running = {pool.submit(_work, paper.root, task, shared): task for task in tasks}
        try:
            for done in as_completed(running):
                rendition = running[done].rendition
                found, took = done.result()
                progress.steps.append((str(rendition), took))
                if found:
                    faults[rendition] = found
                progress.say(f"{str(rendition) + (': faults' if found else ''):<44} {took:6.1f} s")
        except BaseException:  # Ctrl-C too: nothing more is begun, and what is at work ends
            workers = multiprocessing.active_children()
            pool.shutdown(wait=False, cancel_futures=True)
            for worker in workers:
                worker.terminate()
            raise
    return faults


def _follow() -> None:
    """Let a worker end with the build that it works for, however that ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the build ends its workers
    build = multiprocessing.parent_process()

    def wait() -> None:
        if build is not None:
            build.join()
            os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def _work(root: Path, task: _Task, shared: Sources) -> tuple[tuple[Fault, ...], float]:
    """Make a rendition in a process of its own; return its faults and the seconds it took."""
    progress = Progress(quiet=True)
    with progress.step(str(task.rendition)):
        try:
            _make(open_paper(root), task, shared, progress)
        except PaperError as error:
            return error.faults, sum(took for _, took in progress.steps)
    return (), progress.steps[-1][1]


def _make(paper: Paper, task: _Task, shared: Sources, progress: Progress) -> None:
    from corridor.check import check_edition, check_manuscript, check_text
    from corridor.missing import settled
    from corridor.render.engine import choose
    from corridor.stage import open_project, stage

    assert shared.package is not None
    rendition, engine = task.rendition, choose(task.engine)
    with progress.step("check chapters"):
        raise_any(check_edition(paper, rendition.edition, shared))
        manuscript = compose(paper, rendition, shared.package)
        raise_any(check_manuscript(paper, manuscript, shared))
    results = compute(paper, rendition, progress)
    with progress.step("check facts and statements"):
        whole = settled(manuscript, results)
        raise_any(check_text(paper, whole.manuscript, results, shared))
    with progress.step("stage the Quarto project"), replacing(paper.build / rendition.path) as fresh:
        stage(paper, whole.manuscript, results, shared.package, fresh)
    project = open_project(paper.build / rendition.path)
    folder = rendered_folder(paper, rendition)
    with tempfile.TemporaryDirectory(prefix=_SCRATCH, dir=folder.parent) as scratch:
        for name in task.formats:
            with progress.step(f"render {name} with {engine.name}"):
                engine.render(project, [name], Path(scratch), has_pdf=task.has_pdf)
        with replacing(folder) as fresh:
            shutil.copytree(scratch, fresh, dirs_exist_ok=True)
            fresh.chmod(0o755)  # it was rendered in a folder that only its owner can read
            if task.keeps and folder.exists():
                _keep(folder, fresh, project.pdf)
    record = _read(paper, rendition) if task.keeps else Record()
    # A format that was not rendered now is still that of its own inputs.
    record.rendered |= {name: task.digests[name] for name in task.formats}
    record.pages = _signature(folder)
    record.missing = list(dict.fromkeys(one.name for one in whole.left_out))
    record.edition = asdict(rendition.edition)
    write_text(_record_file(paper, rendition), json.dumps(asdict(record), indent=1) + "\n")


def _keep(old: Path, fresh: Path, pdf: str) -> None:
    """Keep of the last rendering what was not rendered now."""
    if not any(fresh.glob("*.html")):
        shutil.copytree(old, fresh, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.pdf"))
    if not (fresh / pdf).exists() and (old / pdf).exists():
        shutil.copyfile(old / pdf, fresh / pdf)


def _publish(paper: Paper, progress: Progress) -> bool:
    """Assemble the site of everything that is rendered, unless it is that already; return whether."""
    from corridor.publish import open_rendered, publish
    from corridor.states import states

    whole, _ = all_renditions(paper)
    renditions = [*whole, *_last_built(paper, {one.edition.slug for one in whole})]
    renditions.sort(key=lambda one: one.edition.slug)
    there = [one for one in renditions if rendered_folder(paper, one).is_dir()]
    if not there:
        return False
    signature = _hash(
        [
            inputs_of_site(paper),
            {str(one): _signature(rendered_folder(paper, one)) for one in there},
        ]
    )
    record = paper.build / _SITE
    try:
        last = json.loads(record.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        last = None
    if last == [signature, _signature(paper.site)]:
        return False
    with progress.step("publish"):
        published = [open_rendered(paper, one, rendered_folder(paper, one)) for one in there]
        rows, _ = states(paper, there)
        # What an edition's file says now, no page shows.
        known = [
            row if one in whole else replace(row, fresh=False) for one, row in zip(there, rows, strict=True)
        ]
        remarks = publish(paper, published, known)
    for remark in remarks:
        progress.detail(remark)
    write_text(record, json.dumps([signature, _signature(paper.site)]) + "\n")
    return True


def _last_built(paper: Paper, whole: Collection[str]) -> list[Rendition]:
    """Return the last renditions of the editions whose files have faults now; the site keeps them."""
    found = []
    for slug in editions(paper):
        records = () if slug in whole else sorted((paper.build / slug).glob("*.json"))
        for file in records:
            try:
                edition = edition_of(_record(file).edition)
            except (KeyError, TypeError):
                continue  # of a build before there were such records
            found.append(Rendition(edition=edition, language=file.stem))
    return found


def inputs_of_site(paper: Paper) -> object:
    """Return digests of what the site has besides its renditions."""
    framework = digest(tree(Path(__file__).parent))
    own = {name: paper.root / name for name in (CONFIG, "CHANGELOG.md", "data/basemap.geojson")}
    own |= {f"editions/{name}": path for name, path in tree(paper.root / "editions").items()}
    return [framework, digest(own)]


def _has_pdf(paper: Paper, rendition: Rendition) -> bool:
    return (rendered_folder(paper, rendition) / pdf_name(paper, rendition)).is_file()


def _digests(paper: Paper, rendition: Rendition, engine: str, *, has_pdf: bool) -> dict[str, str]:
    """Return digests of what each format depends on."""
    edition = rendition.edition
    own = (CONFIG, paper.bibliography, *sources(paper, edition), edition.publisher.logo)
    prose = {name: paper.root / name for name in own if name}
    for folder in ("chapters", *(f"{LOCALES}/{one}" for one in chain(rendition.language))):
        prose |= {f"{folder}/{name}": path for name, path in tree(paper.root / folder).items()}
    which = [asdict(edition), rendition.language]
    rendered = [inputs(paper, rendition), digest(tree(paper.data)), digest(prose), which, engine]
    return {
        "html": _hash([rendered, has_pdf]),
        "pdf": _hash([rendered, os.environ.get("SOURCE_DATE_EPOCH")]),
    }


def _hash(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def _signature(folder: Path) -> str:
    """Return a digest of everything in a folder; empty where there is nothing."""
    found = digest(tree(folder))
    return _hash(found) if found else ""


def _record_file(paper: Paper, rendition: Rendition) -> Path:
    return paper.build / rendition.edition.slug / f"{rendition.language}.json"


def _read(paper: Paper, rendition: Rendition) -> Record:
    return _record(_record_file(paper, rendition))


def _record(file: Path) -> Record:
    try:
        record = Record(**json.loads(file.read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return Record()  # none yet, or damaged: build again
    return record if isinstance(record.rendered, dict) else Record()


@contextmanager
def _alone(paper: Paper, progress: Progress) -> Generator[None]:
    """Wait until no other build works on the paper."""
    paper.build.mkdir(exist_ok=True)
    with open(paper.build / ".lock", "a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress.say("another build is at work here; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
