"""Run one notebook through papermill in a Jupyter kernel."""

from __future__ import annotations

import json
import logging
import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from corridor.compute.notebook import ALT_OPTION, settle
from corridor.errors import Fault, PaperError
from corridor.exhibits import MIME, cell_label

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
        The executed notebook without any trace of time; cells that show a figure carry its alt text
        as ``#| fig-alt:``, where Quarto looks for it.

    Raises
    ------
    PaperError
        If a cell fails, naming notebook, cell and message.
    """
    import papermill
    from papermill.exceptions import PapermillExecutionError

    name = source.relative_to(root).as_posix()
    declared = papermill.inspect_notebook(str(source))
    given = {key: value for key, value in parameters.items() if key in declared}
    logging.getLogger("papermill").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory(prefix="corridor-") as scratch, _plain_environment():
        target = Path(scratch, "executed.ipynb")
        try:
            papermill.execute_notebook(
                str(source),
                str(target),
                parameters=given,
                cwd=str(root),
                kernel_name="python3",
                progress_bar=False,
                log_output=False,
                extra_arguments=["--IPKernelApp.log_level=40"],
            )
        except PapermillExecutionError as error:
            raise PaperError(_cell_fault(name, error)) from None
        notebook = nbformat.read(target, as_version=4)
    return _with_alt_texts(settle(notebook))


def _cell_fault(name: str, error: Any) -> Fault:
    label = cell_label(error.source)
    cell = f'cell "{label}"' if label else f"code cell {error.exec_count}"
    message = str(error.evalue).strip().splitlines()
    what = f"{cell} failed: {error.ename}" + (f": {message[0]}" if message else "")
    return Fault(
        file=name, what=what, mend="run the notebook in Jupyter to find the cause, and mend the cell"
    )


def _with_alt_texts(notebook: NotebookNode) -> NotebookNode:
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            alt = output.get("data", {}).get(MIME, {}).get("alt")
            if alt:
                label, _, rest = cell.source.partition("\n")
                cell.source = f"{label}\n{ALT_OPTION}{json.dumps(alt, ensure_ascii=False)}\n{rest}"
    return notebook


@contextmanager
def _plain_environment() -> Generator[None]:
    """Set what a kernel inherits so that a notebook's outputs depend on its inputs alone."""
    before = {key: os.environ.get(key) for key in _ENVIRONMENT}
    os.environ.update(_ENVIRONMENT)
    try:
        yield
    finally:
        for key, value in before.items():
            if value is None:
                del os.environ[key]
            else:
                os.environ[key] = value
