"""Plan and run: what is stale, and the four steps that make it fresh."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Collection, Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from corridor.compute.results import compute, inputs
from corridor.edition import Rendition
from corridor.errors import raise_any
from corridor.files import digest, replacing, restore, tree, write_text
from corridor.paper import CONFIG, Paper
from corridor.progress import Progress
from corridor.stage import pdf_name

# How the folders are called in which a rendition is rendered before it is published.
_SCRATCH = "rendered-"


@dataclass
class Record:
    """What the last build of a rendition was made of.

    Parameters
    ----------
    rendered
        Digest of everything that each format depends on.
    site
        Digest of what was published.
    """

    rendered: dict[str, str] = field(default_factory=dict)
    site: str = ""


@dataclass(frozen=True)
class Built:
    """What a build left.

    Parameters
    ----------
    folder
        The rendition's folder in the site.
    pdf
        Its PDF, if there is one.
    fresh
        Whether anything was done.
    """

    folder: Path
    pdf: Path | None
    fresh: bool


def build(
    paper: Paper, rendition: Rendition, formats: Collection[str], engine: str, progress: Progress
) -> Built:
    """Bring a rendition up to date.

    Parameters
    ----------
    paper, rendition
        What to build.
    formats
        Which formats: ``html``, ``pdf``.
    engine
        Name of the engine, or ``auto``.
    progress
        Where to report.

    Raises
    ------
    PaperError
        If the paper has faults; the site stays as it was.
    """
    with _alone(paper, progress):
        restore(paper.site / rendition.path)
        for left in paper.build.glob(f"{_SCRATCH}*"):  # by a build that was killed
            shutil.rmtree(left, ignore_errors=True)
        return _build(paper, rendition, formats, engine, progress)


def _build(
    paper: Paper, rendition: Rendition, formats: Collection[str], engine_name: str, progress: Progress
) -> Built:
    from corridor.render.engine import choose

    engine = choose(engine_name)
    site = paper.site / rendition.path
    staged = paper.build / rendition.path
    record_file = paper.build / rendition.edition.slug / f"{rendition.language}.json"
    record = _read(record_file)
    if record.site != _tree_digest(site):
        record.rendered = {}  # the pages and the PDF are not those that were built
    has_pdf = "pdf" in formats or (site / pdf_name(paper, rendition)).is_file()
    rendered = _digests(paper, rendition, engine.version, has_pdf=has_pdf)
    if (
        all(record.rendered.get(name) == rendered[name] for name in formats)
        and (paper.site / "index.html").is_file()
    ):
        progress.say(f"{rendition} is up to date: nothing has changed since the last build.")
        return _built(paper, rendition, fresh=False)

    from corridor.check import check_inputs, check_text

    with progress.step("check data, notebooks and chapters"):
        raise_any(check_inputs(paper, rendition).faults)
    results = compute(paper, rendition, progress)
    with progress.step("check facts and statements"):
        raise_any(check_text(paper, rendition, results))
    with progress.step("stage the Quarto project"):
        from corridor.stage import stage

        with replacing(staged) as fresh:
            stage(paper, rendition, results, fresh)

    from corridor.publish import publish
    from corridor.stage import open_project

    project = open_project(staged)
    with tempfile.TemporaryDirectory(prefix=_SCRATCH, dir=paper.build) as scratch:
        for name in formats:
            with progress.step(f"render {name} with {engine.name}"):
                engine.render(project, [name], Path(scratch), has_pdf=has_pdf)
        with progress.step("publish"):
            publish(paper, rendition, Path(scratch))
    # A format that was not rendered now is still that of its own inputs.
    record.rendered |= {name: rendered[name] for name in formats}
    record.site = _tree_digest(site)
    _write(record_file, record)
    return _built(paper, rendition, fresh=True)


def _digests(paper: Paper, rendition: Rendition, engine: str, *, has_pdf: bool) -> dict[str, str]:
    """Return digests of what each format depends on."""
    from corridor.stage import illustrations

    prose = {name: paper.root / name for name in (CONFIG, paper.bibliography, *paper.chapters)}
    prose |= {f"chapters/{name}": path for name, path in tree(paper.root / "chapters").items()}
    prose |= {name: paper.root / name for name in illustrations(paper)}
    rendered = [inputs(paper, rendition), digest(tree(paper.data)), digest(prose), engine]
    return {
        "html": _hash([rendered, has_pdf]),
        "pdf": _hash([rendered, os.environ.get("SOURCE_DATE_EPOCH")]),
    }


def _hash(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def _tree_digest(folder: Path) -> str:
    return _hash(digest(tree(folder))) if folder.is_dir() else ""


def _read(file: Path) -> Record:
    try:
        record = Record(**json.loads(file.read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return Record()  # none yet, or damaged: build again
    return record if isinstance(record.rendered, dict) else Record()


def _write(file: Path, record: Record) -> None:
    write_text(file, json.dumps(asdict(record), indent=1) + "\n")


def _built(paper: Paper, rendition: Rendition, *, fresh: bool) -> Built:
    folder = paper.site / rendition.path
    pdf = folder / pdf_name(paper, rendition)
    return Built(folder=folder, pdf=pdf if pdf.is_file() else None, fresh=fresh)


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
