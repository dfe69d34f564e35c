"""Runs of notebooks, kept with everything that made them: what was known before, and what each run read."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corridor import tools
from corridor.compute.notebook import code_of, declared, packed, read_notebook
from corridor.digests import Digests
from corridor.explain import Inputs
from corridor.files import hashed
from corridor.paper import Paper
from corridor.store import Store

_KIND = "runs"


@dataclass(frozen=True, kw_only=True)
class Run:
    """A run of a notebook.

    Parameters
    ----------
    inputs
        Everything that made it.
    output
        Digest of the executed notebook in the store.
    """

    inputs: Inputs
    output: str


def parameters_of(paper: Paper, name: str, given: dict[str, Any], digests: Digests, store: Store) -> Inputs:
    """Return what is known of a run before it begins: the notebook's code, its parameters, the tools.

    Parameters
    ----------
    paper
        The paper.
    name
        The notebook, relative to the paper's root.
    given
        All parameters of the rendition; those that the notebook does not declare do not count.
    digests
        Of the paper's files.
    store
        Where it is kept what a notebook's file holds.
    """

    def read() -> dict[str, Any]:
        notebook = read_notebook(paper.root / name, paper.root)
        return {"code": hashed(code_of(notebook)), "parameters": sorted(declared(notebook))}

    held = store.remembered("code", digests.file(name), read)
    own = {f"parameter {key}": json.dumps(given[key]) for key in held["parameters"] if key in given}
    return {"code": held["code"], **own, **tool_inputs()}


def tool_inputs() -> Inputs:
    """Return the inputs that every step has."""
    return {"framework": tools.framework(), "packages": hashed(tools.environment())}


def find_run(known: Inputs, digests: Digests, store: Store) -> Run | None:
    """Return a run of the same code with the same parameters that read what the files hold now."""
    for record in store.records(f"{_KIND}/{hashed(known)}"):
        read = record["read"]
        if all(digests.read(path) == state for path, state in read.items()):
            return Run(inputs={**known, **_as_inputs(read)}, output=record["output"])
    return None


def run(
    paper: Paper,
    name: str,
    given: dict[str, Any],
    known: Inputs,
    store: Store,
    *,
    limit: float | None = None,
) -> Run:
    """Run a notebook and keep the run.

    Parameters
    ----------
    paper, name, given
        As for `parameters_of`.
    known
        What it returned.
    store
        Where to keep it.
    limit
        Seconds that it may take.

    Raises
    ------
    PaperError
        If a cell fails, or the run takes longer.
    """
    from corridor.compute.run import run_notebook

    began = time.time_ns()
    executed, paths = run_notebook(paper.root / name, paper.root, given, limit=limit)
    output = store.put(packed(executed).encode())
    digests = Digests(paper.root, None)
    read = {path: digests.read(path) for path in paths if not _is_ours(paper, path)}
    # What was written meanwhile may not be what the run read: then it is of use for this build alone.
    if not any(_is_newer(paper, path, began) for path in paths):
        store.write(f"{_KIND}/{hashed(known)}", hashed([read, output]), {"read": read, "output": output})
    return Run(inputs={**known, **_as_inputs(read)}, output=output)


def _as_inputs(read: dict[str, str]) -> Inputs:
    return {f"file {path}": state for path, state in read.items()}


def _is_ours(paper: Paper, path: str) -> bool:
    """Return whether a file is the framework's, which has a digest of its own."""
    return (paper.root / path).is_relative_to(Path(__file__).parents[1])


def _is_newer(paper: Paper, path: str, began: int) -> bool:
    try:
        return (paper.root / path).stat().st_mtime_ns >= began
    except OSError:
        return False
