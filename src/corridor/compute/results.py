"""What the notebooks of a rendition gave, kept until something that made it changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from corridor.edition import Rendition
from corridor.files import digest, tree, write_text
from corridor.messages import chain, files
from corridor.paper import Paper
from corridor.progress import Progress

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from corridor.facts import Fact

_RECORD = "record.json"


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


def compute(paper: Paper, rendition: Rendition, progress: Progress) -> Results:
    """Run the notebooks of a rendition, except those whose results of the last run still hold.

    Parameters
    ----------
    paper, rendition
        Whose notebooks; they and the data are checked before.
    progress
        Where to report.

    Raises
    ------
    PaperError
        If a cell fails, or two notebooks state the same fact.
    """
    folder = paper.build / rendition.edition.slug / f"computed-{rendition.language}"
    record = _read(folder / _RECORD)
    wanted = inputs(paper, rendition)
    notebooks: dict[str, NotebookNode] = {}
    for name in paper.notebooks:
        kept = folder / name
        if kept.is_file() and record.get(name) == [wanted[name], _digest_of(kept)]:
            import nbformat

            progress.detail(f"{name}, its data and parameters have not changed: its outputs are reused")
            notebooks[name] = nbformat.read(kept, as_version=4)
            continue
        from corridor.compute.notebook import written
        from corridor.compute.run import run_notebook

        with progress.step(f"run {name}"):
            parameters = rendition.edition.parameters(rendition.language)
            notebooks[name] = run_notebook(paper.root / name, paper.root, parameters)
        write_text(kept, written(notebooks[name]))
        record[name] = [wanted[name], _digest_of(kept)]
        write_text(folder / _RECORD, json.dumps(record, indent=1, sort_keys=True) + "\n")
    results = Results(notebooks=notebooks)
    _ = results.facts
    return results


def inputs(paper: Paper, rendition: Rendition) -> dict[str, str]:
    """Return a digest of everything that each notebook's results depend on."""
    from importlib.metadata import distributions

    framework = digest(tree(Path(__file__).parents[1]))
    environment = sorted({f"{d.name} {d.version}" for d in distributions()})
    data = digest(tree(paper.data))
    # What lies beside the notebooks can be read or imported by them.
    beside = digest({n: p for n, p in tree(paper.analysis).items() if f"analysis/{n}" not in paper.notebooks})
    spoken = {
        file.relative_to(paper.root).as_posix(): file
        for language in chain(rendition.language)
        for file in files(language, paper.root)
        if file.is_relative_to(paper.root)
    }
    parameters = rendition.edition.parameters(rendition.language)
    common = [framework, environment, data, beside, digest(spoken), parameters]
    return {
        name: hashlib.sha256(
            json.dumps([common, digest({name: paper.root / name})], sort_keys=True).encode()
        ).hexdigest()
        for name in paper.notebooks
    }


def _digest_of(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _read(file: Path) -> dict[str, list[str]]:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}  # none yet, or damaged: run again
    return content if isinstance(content, dict) else {}
