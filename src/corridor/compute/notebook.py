"""Notebooks as files: reading, checking and stripping them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from corridor.errors import Fault, PaperError
from corridor.exhibits import cell_label
from corridor.files import read_text

# What compute writes into the source of an exhibit's cell, so that Quarto finds the alt text.
ALT_OPTION = "#| fig-alt: "


def read_notebook(path: Path, root: Path) -> NotebookNode:
    """Read a notebook.

    Raises
    ------
    PaperError
        If the file is missing or empty, is not JSON, or is no notebook of format 4.
    """
    name = path.relative_to(root).as_posix()
    text = read_text(path, root)
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        what = "the file is empty" if not text.strip() else f"not a notebook: {error.msg}"
        raise PaperError(
            Fault(
                file=name,
                line=error.lineno,
                what=what,
                mend="restore the notebook from the last good version",
            )
        ) from None
    try:
        notebook = nbformat.from_dict(content)
        nbformat.validate(notebook)
    except Exception as error:  # nbformat raises whatever its validator does
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise PaperError(
            Fault(file=name, what=f"not a notebook: {first}", mend="open it in Jupyter and save it again")
        ) from None
    return notebook


def check_notebook(notebook: NotebookNode, file: str) -> list[Fault]:
    """Return what keeps a notebook from being run: parameters and labels.

    Parameters
    ----------
    notebook
        The notebook.
    file
        Its path relative to the paper's root.
    """
    faults = []
    tagged = [c for c in notebook.cells if "parameters" in c.metadata.get("tags", ())]
    if len(tagged) != 1:
        count = "no cell" if not tagged else f"{len(tagged)} cells"
        faults.append(
            Fault(
                file=file,
                what=f'{count} tagged "parameters"',
                mend='tag one cell "parameters": it sets countries, partner, first_year, last_year, language',
            )
        )
    seen: set[str] = set()
    for cell in notebook.cells:
        label = cell_label(cell.source) if cell.cell_type == "code" else None
        if label is not None and label in seen:
            faults.append(Fault(file=file, what=f'two cells have the label "{label}"', mend="rename one"))
        seen.add(label or "")
    return faults


def labels(notebook: NotebookNode) -> set[str]:
    """Return the labels of a notebook's cells."""
    return {
        label for cell in notebook.cells if cell.cell_type == "code" and (label := cell_label(cell.source))
    }


def strip(notebook: NotebookNode) -> NotebookNode:
    """Remove what running a notebook adds: outputs, counts, times, injected parameters, alt texts."""
    cells = []
    for cell in notebook.cells:
        if "injected-parameters" in cell.metadata.get("tags", ()):
            continue
        if cell.cell_type == "code":
            cell.outputs = []
            cell.execution_count = None
            cell.source = re.sub(rf"^{re.escape(ALT_OPTION)}.*\n", "", cell.source, flags=re.MULTILINE)
        cell.metadata = _without_times(cell.metadata)
        cells.append(cell)
    notebook.cells = cells
    notebook.metadata = _without_times(notebook.metadata)
    return notebook


def settle(notebook: NotebookNode) -> NotebookNode:
    """Remove times and durations from an executed notebook: same inputs, same bytes."""
    for cell in notebook.cells:
        cell.metadata = _without_times(cell.metadata)
    notebook.metadata = _without_times(notebook.metadata)
    return notebook


def written(notebook: NotebookNode) -> str:
    """Return a notebook as the text of its file."""
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _without_times(metadata: Any) -> Any:
    return nbformat.from_dict({k: v for k, v in metadata.items() if k not in ("papermill", "execution")})
