"""Run one notebook through papermill in a Jupyter kernel."""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from corridor.compute.notebook import read_notebook, settle, strip, written
from corridor.errors import Fault, PaperError, raise_any
from corridor.exhibits import MIME, cell_label

START = 300
"""Seconds that a kernel may take to start; more than any needs, even where all cores are busy."""

_ENVIRONMENT = {"PYTHONHASHSEED": "0", "TZ": "UTC", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}


def run_notebook(source: Path, root: Path, parameters: dict[str, Any]) -> NotebookNode:
    """Run a notebook and return it with its outputs.

    Parameters
    ----------
    source
        The notebook, checked before by `check_notebook`.
    root
        The paper's root, in which the notebook runs.
    parameters
        Values for those of its parameters that it declares.

    Returns
    -------
    NotebookNode
        The executed notebook, as `settle` leaves it.

    Raises
    ------
    PaperError
        If a cell fails or shows two exhibits, naming notebook, cell and message; if the kernel dies.
    """
    import papermill
    from nbclient.exceptions import DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    from corridor.compute.kernel import QuietKernelManager

    name = source.relative_to(root).as_posix()
    clean = strip(read_notebook(source, root))  # it may hold the results of an earlier run
    for chatter in ("papermill", "traitlets"):  # what they log becomes a fault of ours
        logging.getLogger(chatter).setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory(prefix="corridor-") as folder, _plain_environment(folder):
        plain, target = Path(folder, "source.ipynb"), Path(folder, "executed.ipynb")
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        runnable = nbformat.from_dict({**clean, "metadata": {**clean.metadata, **kernel}})
        plain.write_text(written(runnable), encoding="utf-8")
        declared = papermill.inspect_notebook(str(plain))
        given = {key: value for key, value in parameters.items() if key in declared}
        try:
            papermill.execute_notebook(
                str(plain),
                str(target),
                parameters=given,
                cwd=str(root),
                kernel_name="python3",
                progress_bar=False,
                log_output=False,
                kernel_manager_class=QuietKernelManager,
                start_timeout=START,
                extra_arguments=["--IPKernelApp.log_level=50"],
            )
        except PapermillExecutionError as error:
            raise PaperError(_cell_fault(name, error)) from None
        except DeadKernelError:
            mend = "look for a cell that needs more memory than there is, or that ends its process"
            raise PaperError(Fault(file=name, what="the kernel died while it ran", mend=mend)) from None
        executed = nbformat.read(target, as_version=4)
    raise_any(_crowded_cells(name, executed))
    return settle(executed, clean)


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
def _plain_environment(folder: str) -> Generator[None]:
    """Set what a kernel inherits so that a notebook's outputs depend on its inputs alone."""
    environment = {**_ENVIRONMENT, "IPYTHONDIR": folder}  # nobody's own profile and start-up files
    before = {key: os.environ.get(key) for key in environment}
    os.environ.update(environment)
    try:
        yield
    finally:
        for key, value in before.items():
            if value is None:
                del os.environ[key]
            else:
                os.environ[key] = value
