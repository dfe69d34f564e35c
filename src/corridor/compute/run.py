"""Run one notebook through papermill in a Jupyter kernel."""

from __future__ import annotations

import json
import logging
import os
import tempfile
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from corridor.compute import reads
from corridor.compute.notebook import declared, read_notebook, settle, strip
from corridor.compute.servers import SETTINGS
from corridor.errors import Fault, KernelError, PaperError, raise_any
from corridor.exhibits import MIME, cell_label

START = 300
"""Seconds that a kernel may take to start; more than any needs, even where all cores are busy."""

_ARGUMENTS = [
    "--IPKernelApp.log_level=50",
    f"--IPKernelApp.extra_extensions={reads.__name__}",
    "--HistoryManager.enabled=False",
]


def run_notebook(
    source: Path, root: Path, parameters: dict[str, Any], *, limit: float | None = None
) -> tuple[NotebookNode, list[str]]:
    """Run a notebook and return it with its outputs, and what it read.

    Parameters
    ----------
    source
        The notebook, checked before by `check_notebook`.
    root
        The paper's root, in which the notebook runs.
    parameters
        Values for those of its parameters that it declares.
    limit
        Seconds that its cells may take together; ``None`` for no limit.

    Returns
    -------
    tuple
        The executed notebook, as `settle` leaves it, and the files that it read, relative to the root and
        sorted; that of a folder whose names it listed ends with a slash.

    Raises
    ------
    PaperError
        If a cell fails or shows two exhibits, naming notebook, cell and message.
    KernelError
        If the kernel dies, or the cells take too long.
    """
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    from corridor.compute.kernel import QuietKernelManager, kernel_name

    name = source.relative_to(root).as_posix()
    clean = strip(read_notebook(source, root))  # it may hold the results of an earlier run
    for chatter in ("papermill", "traitlets"):  # what they log becomes a fault of ours
        logging.getLogger(chatter).setLevel(logging.CRITICAL)
    watch = _Watch(limit)
    with _environment(root) as read:
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        names = declared(clean)
        try:
            executed = papermill.execute_notebook(
                nbformat.from_dict({**clean, "metadata": {**clean.metadata, **kernel}}),
                None,
                parameters={key: value for key, value in parameters.items() if key in names},
                cwd=str(root),
                kernel_name=kernel_name(),
                progress_bar=False,
                autosave_cell_every=0,
                kernel_manager_class=QuietKernelManager,
                start_timeout=START,
                iopub_timeout=START,
                timeout_func=watch.left,
                extra_arguments=_ARGUMENTS,
            )
        except PapermillExecutionError as error:
            raise PaperError(_cell_fault(name, error)) from None
        except DeadKernelError:
            mend = "look for a cell that needs more memory than there is, or that ends its process"
            raise KernelError(Fault(file=name, what="the kernel died while it ran", mend=mend)) from None
        except CellTimeoutError:
            raise KernelError(watch.fault(name)) from None
        paths = json.loads(read.read_text(encoding="utf-8"))
    raise_any(_crowded_cells(name, executed))
    return settle(executed, clean), sorted(paths)


class _Watch:
    """Sees to it that the cells of a notebook end within a limit, in seconds."""

    def __init__(self, limit: float | None) -> None:
        self._limit = limit
        self._end = 0.0
        self._cell = ""

    def left(self, cell: NotebookNode) -> float | None:
        """Return the seconds that are left when a cell begins."""
        if self._limit is None:
            return None
        now = time.monotonic()
        self._end = self._end or now + self._limit
        self._cell = cell.source
        return max(self._end - now, 0.01)  # none at all would mean no limit

    def fault(self, name: str) -> Fault:
        """Return what to say once the limit has passed."""
        cell = cell_label(self._cell) or self._cell.strip().partition("\n")[0]
        return Fault(
            file=name,
            what=f'the notebook ran longer than {self._limit:g} s; it was ended in cell "{cell}"',
            mend="look for what never ends there, or make it quicker",
        )


def _cell_fault(name: str, error: Any) -> Fault:
    label = cell_label(error.source)
    cell = f'cell "{label}"' if label else f"code cell {error.exec_count}"
    message = str(error.evalue).strip().splitlines()
    what = f"{cell} failed: {error.ename}" + (f": {message[0]}" if message else "")
    return Fault(
        file=name, what=what, mend="run the notebook in Jupyter to find the cause, and mend the cell"
    )


def _crowded_cells(name: str, notebook: NotebookNode) -> Iterator[Fault]:
    for cell in notebook.cells:
        count = sum(MIME in output.get("data", {}) for output in cell.get("outputs", []))
        if count > 1:
            what = f'cell "{cell_label(cell.source) or ""}" shows {count} exhibits'
            yield Fault(file=name, what=what, mend="give each a labelled cell of its own")


@contextmanager
def _environment(root: Path) -> Generator[Path]:
    """Set what a kernel inherits so that a notebook's outputs depend on its inputs alone.

    Yields the file in which it tells what it read.
    """
    with tempfile.TemporaryDirectory(prefix="corridor-") as folder:
        read = Path(folder, "reads.json")
        environment = {
            **SETTINGS,
            "TZ": "UTC",
            "IPYTHONDIR": folder,  # nobody's own profile and start-up files
            reads.TARGET: str(read),
            reads.ROOT: str(root),
        }
        before = {key: os.environ.get(key) for key in environment}
        os.environ.update(environment)
        try:
            yield read
        finally:
            for key, value in before.items():
                if value is None:
                    del os.environ[key]
                else:
                    os.environ[key] = value
