"""Which steps of a rendition have to run: those whose inputs are not those of their last result."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path

from corridor import tools
from corridor.compose import sources
from corridor.compute.runs import find_run, parameters_of, tool_inputs
from corridor.digests import Digests
from corridor.edition import Rendition
from corridor.explain import Inputs, reasons
from corridor.files import hashed, write_text
from corridor.messages import FOLDER as LOCALES
from corridor.messages import chain
from corridor.paper import CONFIG, Paper
from corridor.progress import Progress
from corridor.record import Made, Record
from corridor.store import Store

STAGE = "stage"
FORMATS = ("html", "pdf")


@dataclass(frozen=True, kw_only=True)
class Planner:
    """What is known of a paper's inputs during one build.

    Parameters
    ----------
    paper
        The paper.
    store
        Where results are kept.
    digests
        Of the paper's files.
    engine
        Everything about the engine that can change its output.
    progress
        Where to tell why steps run.
    """

    paper: Paper
    store: Store
    digests: Digests
    engine: str
    progress: Progress

    def notebook(self, rendition: Rendition, name: str, record: Record) -> tuple[Inputs, Made | None]:
        """Return what is known of a notebook's run before it begins, and its result if that is there."""
        given = rendition.edition.parameters(rendition.language)
        known = parameters_of(self.paper, name, given, self.digests, self.store)
        last = record.steps.get(name)
        now = dict(known)
        for one in last.inputs if last else ():
            kind, _, path = one.partition(" ")
            if kind == "file":
                now[one] = self.digests.read(path)
        if last and last.inputs == now:
            self._explain(rendition, name, [], runs=False)
            return known, last
        why = reasons(last.inputs if last else None, now, self._packages(last))
        if found := find_run(known, self.digests, self.store):
            self._explain(rendition, name, [*why, "the cache holds a run with these inputs"], runs=False)
            return known, Made(inputs=dict(found.inputs), output=found.output)
        self._explain(rendition, name, why, runs=True)
        return known, None

    def stage(self, rendition: Rendition, record: Record, results: Mapping[str, str]) -> dict[str, str]:
        """Return everything that the staged project hangs on.

        Parameters
        ----------
        rendition
            Which.
        record
            Its last build, which knows of the images that its text shows.
        results
            Digests of the executed notebooks by path.
        """
        edition = rendition.edition
        own = (CONFIG, self.paper.bibliography, *sources(self.paper, edition), edition.publisher.logo)
        own += self.paper.notebooks  # their text goes with the outputs
        files = {name: self.digests.file(name) for name in (*own, *record.shown) if name}
        spoken = (f"{LOCALES}/{one}" for one in chain(rendition.language))
        for folder in ("chapters", *spoken, self.paper.data.name):
            files |= self._below[folder]
        return {
            **{f"file {name}": state for name, state in files.items()},
            **{f"result {name}": output for name, output in results.items()},
            "edition": hashed([asdict(edition), rendition.language]),
            **tool_inputs(),
        }

    def rendered(self, name: str, project: str, *, has_pdf: bool, draft: bool = False) -> dict[str, str]:
        """Return everything that the pages or the PDF of a staged project hang on."""
        own = {"pdf": "yes" if has_pdf else ""} if name == "html" else {"epoch": _epoch()}
        kind = {"draft": "yes"} if draft else {}
        return {"project": project, "engine": self.engine, **own, **kind, **tool_inputs()}

    def made(self, rendition: Rendition, step: str, inputs: dict[str, str], record: Record) -> Made | None:
        """Return the result of a step of these inputs, if it is there, and tell why it runs or why not."""
        last = record.steps.get(step)
        if last and last.inputs == inputs:
            self._explain(rendition, step, [], runs=False)
            return last
        why = reasons(last.inputs if last else None, inputs, self._packages(last))
        if (kept := self.store.read(step, hashed(inputs))) is not None:
            self._explain(rendition, step, [*why, "the cache holds what these inputs give"], runs=False)
            if step == STAGE:
                record.missing, record.shown = kept["missing"], kept["shown"]
            return Made(inputs=inputs, output=kept["output"])
        self._explain(rendition, step, why, runs=True)
        return None

    def is_fresh(self, rendition: Rendition, record: Record) -> bool:
        """Return whether the pages of the last build are those of the inputs now; nothing is told."""
        results = {}
        for name in self.paper.notebooks:
            _, made = self._silent.notebook(rendition, name, record)
            if made is None or record.steps.get(name) != made:
                return False
            results[name] = made.output
        staged, pages = record.steps.get(STAGE), record.steps.get("html")
        if not staged or not pages or staged.inputs != self._silent.stage(rendition, record, results):
            return False
        return pages.inputs == self.rendered("html", staged.output, has_pdf="pdf" in record.steps)

    @cached_property
    def _silent(self) -> Planner:
        return replace(self, progress=Progress(quiet=True))

    def note_tools(self) -> None:
        """Keep the versions of all packages, to tell later which of them have changed."""
        file = self._packages_file(hashed(tools.environment()))
        if not file.is_file():
            write_text(file, json.dumps(tools.environment(), indent=1) + "\n")

    @cached_property
    def _below(self) -> Mapping[str, dict[str, str]]:
        return _Folders(self.digests)

    def _packages(self, last: Made | None) -> tuple[dict[str, str], dict[str, str]] | None:
        file = self._packages_file(last.inputs.get("packages", "")) if last else None
        try:
            return (json.loads(file.read_text(encoding="utf-8")), tools.environment()) if file else None
        except (OSError, ValueError):
            return None

    def _packages_file(self, digest: str) -> Path:
        return self.paper.build / "packages" / f"{digest[:16]}.json"

    def _explain(self, rendition: Rendition, step: str, why: list[str], *, runs: bool) -> None:
        self.progress.explain(str(rendition), step, why, runs)
        if not runs:
            self.progress.end(str(rendition), step, 0, outcome="reused", why="; ".join(why))


class _Folders(dict[str, dict[str, str]]):
    """The states of all files below a folder, looked up once a build."""

    def __init__(self, digests: Digests) -> None:
        super().__init__()
        self._digests = digests

    def __missing__(self, folder: str) -> dict[str, str]:
        self[folder] = self._digests.below(folder)
        return self[folder]


def _epoch() -> str:
    return os.environ.get("SOURCE_DATE_EPOCH", "")
