"""Notebooks as files: reading, checking and stripping them."""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor.errors import Fault, PaperError
from corridor.exhibits import MIME, cell_label
from corridor.files import read_text

if TYPE_CHECKING:
    from nbformat import NotebookNode

_ALT_OPTION = "#| fig-alt: "

INJECTED = "injected-parameters"
"""Tag of the cell in which papermill sets the parameters."""


# With such a label Quarto makes the cell's outputs a float of their own.
_FLOAT = re.compile(r"(fig|tbl|lst|tip|nte|wrn|imp|cau|sec|eq)-")


def read_notebook(path: Path, root: Path) -> NotebookNode:
    """Read a notebook.

    Raises
    ------
    PaperError
        If the file is missing or empty, is not JSON, or is no notebook of format 4.
    """
    import nbformat
    from nbformat.v4.rwbase import rejoin_lines

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
    if not isinstance(content, dict) or content.get("nbformat") != 4 or "cells" not in content:
        raise PaperError(
            Fault(
                file=name,
                what="not a notebook of format 4",
                mend="open it in Jupyter and save it again",
            )
        )
    try:
        notebook = nbformat.from_dict(content)
        with warnings.catch_warnings(action="ignore"):  # cells without ids are no fault
            nbformat.validate(notebook)
    except Exception as error:  # nbformat raises whatever its validator does
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise PaperError(
            Fault(file=name, what=f"not a notebook: {first}", mend="open it in Jupyter and save it again")
        ) from None
    return rejoin_lines(notebook)  # Jupyter saves text as lists of lines


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
    seen: dict[str, int] = {}
    for number, cell in enumerate(notebook.cells, start=1):
        label = cell_label(cell.source) if cell.cell_type == "code" else None
        if label and seen.setdefault(label, number) != number:
            what = f'the cells {seen[label]} and {number} have the same label "{label}"'
            faults.append(Fault(file=file, what=what, mend="rename one"))
        if label and _FLOAT.match(label):
            what = f'the cell label "{label}" begins like that of a figure or table in a chapter'
            faults.append(Fault(file=file, what=what, mend="leave the prefix to the div around its embed"))
    return faults


def code_of(notebook: NotebookNode) -> list[list[Any]]:
    """Return what of a notebook decides what it gives: source and tags of its code cells, nothing else."""
    return [
        [cell.source, sorted(cell.metadata.get("tags", ()))]
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


def declared(notebook: NotebookNode) -> set[str]:
    """Return the names that the notebook's parameters cell sets."""
    names: set[str] = set()
    for cell in notebook.cells:
        if "parameters" in cell.metadata.get("tags", ()):
            try:
                statements = ast.parse(cell.source).body
            except SyntaxError:
                return names  # running it tells
            for one in statements:
                targets = one.targets if isinstance(one, ast.Assign) else [getattr(one, "target", None)]
                names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return names


def labels(notebook: NotebookNode) -> set[str]:
    """Return the labels of a notebook's cells."""
    return {
        label for cell in notebook.cells if cell.cell_type == "code" and (label := cell_label(cell.source))
    }


def strip(notebook: NotebookNode) -> NotebookNode:
    """Remove what running a notebook adds: outputs, counts, times, injected parameters, alt texts."""
    cells = []
    for cell in notebook.cells:
        if is_injected(cell):
            continue
        if cell.cell_type == "code":
            for line in _alt_lines(cell):
                cell.source = cell.source.replace(line, "", 1)
            cell.outputs = []
            cell.execution_count = None
        cell.metadata = _without_times(cell.metadata)
        cells.append(cell)
    notebook.cells = cells
    notebook.metadata = _without_times(notebook.metadata)
    return notebook


def settle(executed: NotebookNode, source: NotebookNode) -> NotebookNode:
    """Leave of an executed notebook what its inputs alone decide: same inputs, same bytes.

    Parameters
    ----------
    executed
        The notebook as papermill leaves it, with times, ids of its own and what a cell warned of, which
        names temporary files.
    source
        The notebook that was run, without results.

    Returns
    -------
    NotebookNode
        The source with parameters and outputs; cells that show a figure carry its alt text as
        ``#| fig-alt:``, where Quarto looks for it.
    """
    from nbformat import from_dict

    executed.metadata = source.metadata
    executed.nbformat_minor = source.nbformat_minor
    own = iter(source.cells)
    for cell in executed.cells:
        if is_injected(cell):
            cell.id = INJECTED
            cell.metadata = from_dict({"tags": [INJECTED]})
        else:
            original = next(own)
            cell.metadata = original.metadata
            cell.id = original.get("id", "")
        if source.nbformat_minor < 5:
            del cell["id"]
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
            if cell_label(cell.source) and not re.search(
                rf"^{re.escape(_ALT_OPTION)}", cell.source, re.MULTILINE
            ):
                label, end, rest = cell.source.partition("\n")
                cell.source = "".join([label, end, *_alt_lines(cell), rest])
    return executed


def carried(executed: NotebookNode, source: NotebookNode) -> NotebookNode:
    """Return a notebook with the outputs of a run of the same code.

    Parameters
    ----------
    executed
        The run, as `settle` left it.
    source
        The notebook as it is now; its code cells are those that ran.
    """
    ran = iter([cell for cell in executed.cells if cell.cell_type == "code"])
    one = next(ran, None)
    cells = []

    def injected() -> Iterator[NotebookNode]:
        nonlocal one
        if one is not None and is_injected(one):  # it follows the cell whose values it replaces
            yield one
            one = next(ran, None)

    cells += injected()
    for cell in strip(source).cells:
        cells.append(cell)
        if cell.cell_type == "code" and one is not None:
            cell.source, cell.outputs, cell.execution_count = one.source, one.outputs, one.execution_count
            one = next(ran, None)
            cells += injected()
    source.cells = cells
    return source


def is_injected(cell: NotebookNode) -> bool:
    """Whether papermill made a cell, to set parameters."""
    return INJECTED in cell.metadata.get("tags", ())


def _alt_lines(cell: NotebookNode) -> list[str]:
    alts = [output.get("data", {}).get(MIME, {}).get("alt") for output in cell.outputs]
    return [f"{_ALT_OPTION}{json.dumps(alt, ensure_ascii=False)}\n" for alt in alts if alt]


def written(notebook: NotebookNode) -> str:
    """Return a notebook as the text of its file."""
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def packed(notebook: NotebookNode) -> str:
    """Return a notebook as text that only programs read; indents take ten times as long to write."""
    return json.dumps(notebook, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


def _without_times(metadata: Any) -> Any:
    from nbformat import from_dict

    return from_dict({k: v for k, v in metadata.items() if k not in ("papermill", "execution")})
