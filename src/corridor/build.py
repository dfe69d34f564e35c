"""Build: the steps of each rendition in their order, then the site of them all."""

from __future__ import annotations

import fcntl
import json
import shutil
import time
from collections.abc import Collection, Generator, Iterable, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor import tools
from corridor.digests import Digests
from corridor.drive import Course, drive
from corridor.edition import Rendition, edition_of, editions, open_editions, pdf_name
from corridor.errors import Fault, PaperError, raise_any
from corridor.files import digest, hashed, replacing, stamp, tree, write_text
from corridor.paper import CONFIG, Paper, site_address
from corridor.plan import FORMATS, STAGE, Planner
from corridor.progress import Progress
from corridor.record import Made, Record, open_record, read_record, write_record
from corridor.steps import (
    SCRATCH,
    CheckFigures,
    CheckSources,
    CheckText,
    Outcome,
    Place,
    Render,
    RunNotebook,
    Stage,
    Step,
)
from corridor.store import Store
from corridor.trees import LostError, keep_files, listed, restore
from corridor.workers import Workers

if TYPE_CHECKING:
    from corridor.explain import Inputs

_SITE = "site.json"
_STAMPS = "stamps.json"
_TRIMMED = ".trimmed"
_TRIM_EVERY = 3600  # seconds
# What of the site's stamp hangs on whether renditions are up to date.
_STATES = "states"
# Folders of a paper in which nothing lies that a step reads.
_NOT_READ = frozenset({"_build", "_book", "site"})


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


def build(
    paper: Paper,
    renditions: Sequence[Rendition],
    formats: Collection[str],
    engine: str,
    progress: Progress,
    *,
    store: Store,
    workers: Workers,
    draft: bool = False,
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
    store
        Where results are kept.
    workers
        What runs the steps.
    draft
        Whether the pages are wanted as soon as they can be had: what else the site has follows with the next
        build.

    Raises
    ------
    PaperError
        If the address of the site is none; the site stays as it was.
    """
    from corridor.render.engine import QUARTO, choose

    site_address(paper)  # what is wrong with it shows before anything is rendered
    with _alone(paper, progress), progress.renditions([str(one) for one in renditions]), ExitStack() as stack:
        for left in paper.build.glob(f"*/{SCRATCH}*"):  # by a build that was killed
            shutil.rmtree(left, ignore_errors=True)
        digests = Digests(paper.root, paper.build / "digests.json")
        planner = Planner(
            paper=paper, store=store, digests=digests, engine=choose(engine).version, progress=progress
        )
        builder = _Builder(
            planner=planner,
            formats=tuple(formats),
            engine=engine,
            workers=workers,
            stack=stack,
            draft=draft and choose(engine).name != QUARTO,
        )
        faults, defects = drive({one: builder.course(one) for one in renditions}, workers, progress)
        for one in renditions:
            if one not in builder.touched and one not in faults:
                progress.say(f"{one} is up to date: nothing has changed since the last build.")
        digests.save()
        if builder.draft and paper.site.is_dir():
            published = _publish_pages(builder, [one for one in renditions if one not in faults])
        else:
            published = _publish(builder, set(faults))
        builder.save()
    if defects:
        raise defects[0]
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


def open_store(paper: Paper, address: str | None = None) -> Store:
    """Return the store of a paper: at an address, or below its own ``_build/``."""
    if address is None:
        return Store(paper.build / "store")
    return Store(address if "://" in address else Path(address).resolve())


def all_renditions(paper: Paper) -> tuple[list[Rendition], list[Fault]]:
    """Return every rendition of the paper, and the faults of editions that cannot be opened."""
    opened, faults = open_editions(paper)
    return [Rendition(edition=one, language=language) for one in opened for language in one.languages], faults


def freshness(
    paper: Paper, renditions: Iterable[Rendition], store: Store, engine: str = "auto"
) -> dict[Rendition, bool | None]:
    """Return whether renditions' pages are those of their inputs; ``None`` for one that was never built."""
    from corridor.render.engine import choose

    digests = Digests(paper.root, paper.build / "digests.json")
    planner = Planner(
        paper=paper,
        store=store,
        digests=digests,
        engine=choose(engine).version,
        progress=Progress(quiet=True),
    )
    return {one: _is_fresh(planner, one) for one in renditions}


def missing(paper: Paper, rendition: Rendition) -> list[str]:
    """Return what the last build of a rendition found that its edition does not have."""
    return read_record(paper, rendition).missing


def rendered_folder(paper: Paper, rendition: Rendition) -> Path:
    """Return where a rendition's pages and PDF lie before they are published."""
    return paper.build / rendition.edition.slug / f"{rendition.language}-rendered"


def _is_fresh(planner: Planner, rendition: Rendition) -> bool | None:
    if not rendered_folder(planner.paper, rendition).is_dir():
        return None
    try:
        return planner.is_fresh(rendition, read_record(planner.paper, rendition))
    except PaperError:
        return False


@dataclass(kw_only=True)
class _Builder:
    """One build.

    Parameters
    ----------
    planner
        What it knows of the inputs.
    formats
        Which formats are wanted.
    engine
        Name of the engine.
    workers
        What runs the steps.
    stack
        Ends with the build.
    draft
        Whether pages may lack what makes no difference to their text.
    touched
        The renditions for which anything was done.
    """

    planner: Planner
    formats: tuple[str, ...]
    engine: str
    workers: Workers
    stack: ExitStack
    draft: bool
    touched: set[Rendition] = field(default_factory=set)

    @property
    def paper(self) -> Paper:
        return self.planner.paper

    @property
    def store(self) -> Store:
        return self.planner.store

    @cached_property
    def place(self) -> Place:
        """Where steps find the paper."""
        if self.workers.local:
            return Place(store=self.store, root=self.paper.root)
        return Place(store=self.store, snapshot=keep_files(self.store, _files(self.paper.root)))

    @cached_property
    def stamps(self) -> dict[str, Any]:
        """What lay in folders that the last build has left, to see whether it still does."""
        try:
            found = json.loads((self.paper.build / _STAMPS).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def save(self) -> None:
        """Keep what the next build needs to know, and no more than the store may hold."""
        text = json.dumps(self.stamps, indent=1, sort_keys=True) + "\n"
        file = self.paper.build / _STAMPS
        if not file.is_file() or file.read_text(encoding="utf-8") != text:
            write_text(file, text)
            self.planner.note_tools()
            self._trim()

    def _trim(self) -> None:
        """Trim the store, now and then: it takes a look at each object."""
        mark = self.paper.build / _TRIMMED
        if not mark.exists() or time.time() - mark.stat().st_mtime > _TRIM_EVERY:
            self.store.trim()
            mark.touch()

    def is_whole(self, folder: Path, made: Sequence[str]) -> bool:
        """Return whether a folder is as it was left when what has these digests was put into it."""
        return self.stamps.get(self._name(folder)) == [list(made), stamp(folder)]

    def note(self, folder: Path, made: Sequence[str]) -> None:
        """Remember how a folder was left."""
        self.stamps[self._name(folder)] = [list(made), stamp(folder)]

    def _held(self, folder: Path) -> dict[str, str]:
        """Return the digests of the files in a folder that is as the last build has put it together."""
        made, left = self.stamps.get(self._name(folder), ([], ""))
        try:
            if left and left == stamp(folder):
                return {path: one for name in made for path, one in listed(self.store, name).items()}
        except LostError:
            pass
        return {}

    def _name(self, folder: Path) -> str:
        return folder.relative_to(self.paper.root).as_posix()

    def course(self, rendition: Rendition) -> Course:
        """Yield the steps of a rendition that have to run, as far as they can run at the same time."""
        record = read_record(self.paper, rendition)
        try:
            outputs = yield from self._computed(rendition, record)
            project = yield from self._staged(rendition, record, outputs)
            yield from self._rendered(rendition, record, project)
            record.edition = json.loads(json.dumps(asdict(rendition.edition)))
        finally:
            if record.steps:
                write_record(self.paper, rendition, record)

    def _computed(
        self, rendition: Rendition, record: Record, lost: Collection[str] = ()
    ) -> Generator[list[Step], list[Outcome], dict[str, str]]:
        """Run the notebooks; return digests of what they gave."""
        outputs: dict[str, str] = {}
        waiting: dict[str, Inputs] = {}
        for name in self.paper.notebooks:
            known, made = self.planner.notebook(rendition, name, record)
            if made is None or name in lost:
                waiting[name] = known
            else:
                outputs[name] = made.output
                record.steps[name] = made
        if waiting:
            _ = self._warm
            yield from self._checked(rendition, CheckText(place=self.place, rendition=rendition))
            limit = self.workers.limit
            # The longest first: it is the one that the others must not wait for.
            longest = sorted(waiting, key=lambda one: (-(self.paper.root / one).stat().st_size, one))
            steps = [
                RunNotebook(
                    place=self.place,
                    rendition=rendition,
                    notebook=one,
                    known=waiting[one],
                    limit=limit,
                    lost=one in lost,
                )
                for one in longest
            ]
            outcomes = yield from self._sound(rendition, steps)
            for name, outcome in zip(longest, outcomes, strict=True):
                record.steps[name] = Made(inputs=outcome.made["inputs"], output=outcome.made["output"])
                outputs[name] = outcome.made["output"]
        return {name: outputs[name] for name in self.paper.notebooks}

    def _checked(self, rendition: Rendition, *others: Step) -> Generator[list[Step], list[Outcome], None]:
        """Check what all renditions share, and beside the last part of it what needs sound data only."""
        yield from self._sound(rendition, [CheckSources(place=self.place, rendition=None)])
        yield from self._sound(rendition, [CheckFigures(place=self.place, rendition=None), *others])

    def _staged(
        self, rendition: Rendition, record: Record, outputs: dict[str, str]
    ) -> Generator[list[Step], list[Outcome], str]:
        """Stage the project, unless it lies there; return the digest of its files."""
        inputs = self.planner.stage(rendition, record, outputs)
        made = self.planner.made(rendition, STAGE, inputs, record)
        folder = self.paper.build / rendition.path
        if made is not None:
            try:
                self._put(rendition, folder, [made.output])
            except LostError:
                made = None
        if made is None:
            yield from self._checked(rendition)
            step = Stage(place=self.place, rendition=rendition, results=outputs)
            self.touched.add(rendition)
            (outcome,) = yield [step]
            if outcome.lost:  # what the notebooks gave: they run again
                gone = [name for name, output in outputs.items() if self.store.get(output) is None]
                outputs = yield from self._computed(rendition, record, gone)
                step = replace(step, results=outputs)
                (outcome,) = yield from self._sound(rendition, [step])
            raise_any(outcome.faults)
            record.missing, record.shown = outcome.made["missing"], outcome.made["shown"]
            # Which images there are to watch is known only now.
            inputs = self.planner.stage(rendition, record, outputs)
            made = Made(inputs=inputs, output=outcome.made["output"])
            self.store.write(STAGE, hashed(inputs), dict(outcome.made))
            if self.workers.local:
                self.note(folder, [made.output])
            else:
                self._put(rendition, folder, [made.output])
        record.steps[STAGE] = made
        return made.output

    def _rendered(
        self, rendition: Rendition, record: Record, project: str
    ) -> Generator[list[Step], list[Outcome], None]:
        """Render the formats that are wanted, and put them together with one that is only kept."""
        folder = rendered_folder(self.paper, rendition)
        if not (folder / pdf_name(self.paper, rendition)).is_file() and "pdf" not in self.formats:
            record.steps.pop("pdf", None)  # removed, or called otherwise now
        lost: set[str] = set()
        while True:
            has_pdf = "pdf" in self.formats or "pdf" in record.steps
            stale = {}
            for name in (name for name in FORMATS if name in self.formats):
                inputs = self.planner.rendered(name, project, has_pdf=has_pdf)
                made = None if name in lost else self.planner.made(rendition, name, inputs, record)
                if made is None and self.draft:
                    inputs = self.planner.rendered(name, project, has_pdf=has_pdf, draft=True)
                    made = None if name in lost else self.planner.made(rendition, name, inputs, record)
                if made is None:
                    stale[name] = inputs
                else:
                    record.steps[name] = made
            if stale:
                outcomes = yield from self._sound(
                    rendition,
                    [
                        Render(
                            place=self.place,
                            rendition=rendition,
                            project=project,
                            formats=names,
                            engine=self.engine,
                            has_pdf=has_pdf,
                            draft=self.draft,
                            lost=bool(lost),
                        )
                        for names in self._apart(list(stale))
                    ],
                )
                for outcome in outcomes:
                    for name, output in outcome.made.items():
                        record.steps[name] = Made(inputs=stale[name], output=output)
                        self.store.write(name, hashed(stale[name]), {"output": output})
                self.note(self.paper.build / rendition.path, [project])  # engines leave their own files there
            there = [name for name in FORMATS if name in record.steps]
            try:
                self._put(rendition, folder, [record.steps[name].output for name in there])
                return
            except LostError:
                if lost:
                    raise PaperError(self._full(rendition)) from None
                lost = set(self.formats)
                for name in set(there) - lost:
                    del record.steps[name]  # only kept: it comes back when it is wanted

    def _apart(self, formats: Sequence[str]) -> list[tuple[str, ...]]:
        """Return the formats that are rendered at the same time: Quarto needs the project for itself."""
        from corridor.render.engine import QUARTO, choose

        return [tuple(formats)] if choose(self.engine).name == QUARTO else [(name,) for name in formats]

    def _sound(
        self, rendition: Rendition, steps: Sequence[Step]
    ) -> Generator[list[Step], list[Outcome], list[Outcome]]:
        """Yield steps and return their outcomes, none of which has faults."""
        self.touched.add(rendition)
        outcomes = yield list(steps)
        raise_any(fault for outcome in outcomes for fault in outcome.faults)
        if any(outcome.lost for outcome in outcomes):
            raise PaperError(self._full(rendition))
        return outcomes

    def _full(self, rendition: Rendition) -> Fault:
        what = f"{rendition}: the cache {self.store.address} does not hold what was put into it"
        mend = "give with --cache an address that all workers share, with room enough"
        return Fault(file="cache", what=what, mend=mend)

    def _put(self, rendition: Rendition, folder: Path, outputs: Sequence[str]) -> None:
        """Write what was made into a folder, unless it lies there already."""
        if self.is_whole(folder, outputs):
            return
        self.touched.add(rendition)
        held = self._held(folder)
        with replacing(folder) as fresh:
            for output in outputs:
                restore(self.store, output, fresh, before=folder, held=held)
        self.note(folder, outputs)

    @cached_property
    def _warm(self) -> None:
        """Have warm kernels ready for the notebooks, on this machine."""
        if self.workers.local:
            from corridor.compute.servers import serving

            self.stack.enter_context(serving())


def _publish(builder: _Builder, faulty: Collection[Rendition]) -> bool:
    """Assemble the site of everything that is rendered, unless it is that already; return whether."""
    paper, progress = builder.paper, builder.planner.progress
    whole, _ = all_renditions(paper)
    there = _on_site(paper, whole)
    if not there:
        return False
    fresh = {
        one: one in whole and one not in faulty and _is_fresh(builder.planner, one) is not False
        for one in there
    }
    rendered = {str(one): builder.stamps.get(_name(paper, one)) for one in there}
    content = [hashed([inputs_of_site(paper), rendered])]
    states_now = [hashed({str(one): fresh[one] for one in there})]
    # After a build with faults alone the last good site stays as it is.
    if builder.is_whole(paper.site, content) and (faulty or builder.stamps.get(_STATES) == states_now):
        return False
    from corridor.publish import open_rendered, publish
    from corridor.states import states

    with progress.step("publish"):
        published = [open_rendered(paper, one, rendered_folder(paper, one)) for one in there]
        rows, _ = states(paper, there, fresh, builder.store)
        remarks = publish(paper, published, rows, builder.store)
    for remark in remarks:
        progress.detail(remark)
    builder.note(paper.site, content)
    builder.stamps[_STATES] = states_now
    return True


def _publish_pages(builder: _Builder, renditions: Sequence[Rendition]) -> bool:
    """Put the pages of renditions into the site that is there; return whether they are others."""
    from corridor.publish import open_rendered, publish_pages

    paper = builder.paper
    built = [one for one in renditions if one in builder.touched]
    if built:
        there = _on_site(paper, all_renditions(paper)[0])
        published = {one: open_rendered(paper, one, rendered_folder(paper, one)) for one in there}
        publish_pages(paper, [published[one] for one in built], [*published.values()])
    return bool(built)


def _on_site(paper: Paper, whole: Sequence[Rendition]) -> list[Rendition]:
    """Return the renditions that the site has, given those whose editions can be opened."""
    renditions = [*whole, *_last_built(paper, {one.edition.slug for one in whole})]
    there = [one for one in renditions if rendered_folder(paper, one).is_dir()]
    return sorted(there, key=lambda one: one.edition.slug)


def _name(paper: Paper, rendition: Rendition) -> str:
    return rendered_folder(paper, rendition).relative_to(paper.root).as_posix()


def _last_built(paper: Paper, whole: Collection[str]) -> list[Rendition]:
    """Return the last renditions of the editions whose files have faults now; the site keeps them."""
    found = []
    for slug in editions(paper):
        for file in () if slug in whole else sorted((paper.build / slug).glob("*.json")):
            try:
                edition = edition_of(open_record(file).edition)
            except (KeyError, TypeError):
                continue  # of a build before there were such records
            found.append(Rendition(edition=edition, language=file.stem))
    return found


def inputs_of_site(paper: Paper) -> object:
    """Return digests of what the site has besides its renditions."""
    own = {name: paper.root / name for name in (CONFIG, "CHANGELOG.md", "data/basemap.geojson")}
    own |= {f"editions/{name}": path for name, path in tree(paper.root / "editions").items()}
    own |= {f"locales/{name}": path for name, path in tree(paper.root / "locales").items()}
    return [tools.signature(), digest(own)]


def _files(root: Path) -> Mapping[str, Path]:
    """Return the paper's own files, for workers that do not see its folder."""
    framework = Path(__file__).parent
    found = {}
    for name, path in tree(root).items():
        if name.split("/", 1)[0] not in _NOT_READ and framework not in path.parents:
            found[name] = path
    return found


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
