"""The texts that Python code passes through gettext."""

from __future__ import annotations

import ast
import json
import re
import string
from collections.abc import Iterator
from dataclasses import replace

from corridor.errors import Fault, PaperError
from corridor.translate.catalogues import Source

_SAID = ("_", "gettext", "N_", "translate")
_PLURAL = ("ngettext",)
_CONTEXT = ("pgettext",)
_COMMENT = "Translators:"
"""Begins a comment above a text that translators should read."""


def messages_of_notebook(text: str, file: str) -> list[Source]:
    """Return the texts of a notebook's code cells in order, each with the label of its cell.

    Raises
    ------
    PaperError
        If the notebook is not JSON, or a cell not Python.
    """
    try:
        cells = json.loads(text)["cells"]
    except (ValueError, KeyError, TypeError):
        fault = Fault(file=file, what="not a notebook", mend="save it from Jupyter again")
        raise PaperError(fault) from None
    found: list[Source] = []
    for cell in cells:
        if cell.get("cell_type") == "code":
            source = "".join(cell["source"])
            label = re.search(r"^#\|\s*label:\s*(\S+)", source, re.M)
            source = re.sub(r"^[ \t]*[%!].*$", "", source, flags=re.M)  # what only notebooks understand
            name = f"cell {label[1]}" if label else ""
            try:
                found += messages_of_code(source, file, (name,) if name else ())
            except PaperError as error:
                raise PaperError(*(_in_cell(fault, name or "a cell") for fault in error.faults)) from None
    return found


def _in_cell(fault: Fault, cell: str) -> Fault:
    """Return a fault of code with its line told within its cell: that is no line of the notebook's file."""
    return replace(fault, line=None, what=f"{cell}, line {fault.line}: {fault.what}")


def messages_of_code(source: str, file: str, comments: tuple[str, ...] = ()) -> list[Source]:
    """Return the texts of Python code in order.

    Raises
    ------
    PaperError
        If it is not Python, or a text is put together before it is looked up.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        what = f"not Python: {error.msg}"
        raise PaperError(Fault(file=file, line=error.lineno, what=what, mend="mend the code")) from None
    lines = source.split("\n")
    calls = sorted(_calls(tree), key=lambda call: (call.lineno, call.col_offset))
    return [one for call in calls if (one := _message(call, lines, file, comments))]


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node) in (*_SAID, *_PLURAL, *_CONTEXT):
            yield node


def _name(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _message(call: ast.Call, lines: list[str], file: str, comments: tuple[str, ...]) -> Source | None:
    texts = [_constant(argument) for argument in call.args]
    name = _name(call)
    wanted = 1 if name in _SAID else 2
    if len(texts) < wanted or any(text is None for text in texts[:wanted]):
        if any(isinstance(argument, ast.JoinedStr | ast.BinOp) for argument in call.args[:wanted]):
            what = f"{name}(...) has a text that is put together: {ast.unparse(call.args[0])[:60]}"
            mend = (
                'write one text with names in braces and call .format(): _("From {year}").format(year=year)'
            )
            raise PaperError(Fault(file=file, line=call.lineno, what=what, mend=mend))
        return None  # a text looked up that is marked elsewhere
    first, second = str(texts[0]), str(texts[1]) if wanted == 2 else None
    identifier = str(second) if name in _CONTEXT else first
    return Source(
        id=identifier,
        plural=second if name in _PLURAL else None,
        context=first if name in _CONTEXT else None,
        file=file,
        comments=(*comments, *_said_above(lines, call.lineno)),
        flags=("python-brace-format",) if has_fields(identifier) else (),
    )


def _constant(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _said_above(lines: list[str], line: int) -> tuple[str, ...]:
    """Return the comment for translators in the lines right above a call."""
    above = []
    for text in reversed(lines[: line - 1]):
        if not text.strip().startswith("#"):
            break
        above.insert(0, text.strip().lstrip("#").strip())
    start = next((n for n, text in enumerate(above) if text.startswith(_COMMENT)), None)
    return () if start is None else (" ".join(above[start:]).removeprefix(_COMMENT).strip(),)


def has_fields(text: str) -> bool:
    """Tell whether a text has names in braces that Python's ``format`` fills."""
    try:
        return any(field is not None for _, field, _, _ in string.Formatter().parse(text))
    except ValueError:
        return False
