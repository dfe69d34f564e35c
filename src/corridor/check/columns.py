"""What the schema of a column says of its cells: type and constraints of the Frictionless standard."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from corridor.nearest import nearest

TYPES = ("string", "integer", "number", "year", "date", "boolean")

_KINDS = {
    "integer": ("a whole number", "write digits only, such as 3"),
    "number": ("a number", "write a plain number in base units, such as 14530000000 or 0.79"),
    "year": ("a year", "write four digits, such as 2018"),
    "date": ("a date", "write it as 2018-12-31"),
    "boolean": ("true or false", 'write "true" or "false"'),
}

# Narrower than the standard, which also reads NaN, 1_000 and 1e9 as numbers, and 1 as true.
_FORMS = {
    "integer": re.compile(r"-?[0-9]+"),
    "number": re.compile(r"-?[0-9]+(\.[0-9]+)?"),
    "year": re.compile(r"[0-9]{4}"),
    "date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "boolean": re.compile(r"true|false", re.I),
}

_READERS: dict[str, Callable[[str], Any]] = {
    "integer": int,
    "number": Decimal,
    "year": int,
    "date": date.fromisoformat,
    "boolean": lambda cell: cell.lower() == "true",
}

_ANY_TYPE = {"required": bool, "unique": bool, "enum": list}
_OF_TEXT = {"minLength": int, "maxLength": int, "pattern": str}
_RANGE = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")

# What is wrong, and how to mend it.
Problem = tuple[str, str]


def decimal(cell: str) -> Decimal | None:
    """Return the number in a cell, ``None`` where there is none."""
    return Decimal(cell) if _FORMS["number"].fullmatch(cell) else None


def unsound(field: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each constraint of a field that cannot be checked, and what is wrong with it."""
    kind = field["type"]
    for name, wanted in field.get("constraints", {}).items():
        known = _ANY_TYPE | (_OF_TEXT if kind == "string" else {})
        if name in known:
            # True is a whole number to Python.
            if not isinstance(wanted, known[name]) or (known[name] is int and isinstance(wanted, bool)):
                yield name, f'"{name}" is not {_SAID[known[name]]}'
            elif name == "enum" and any(_typed(str(value), kind) is None for value in wanted):
                yield name, f"a value of the enum is not {_KINDS[kind][0]}"
            elif name == "pattern" and not _compiles(wanted):
                yield name, f'the pattern "{wanted}" is not a regular expression'
        elif name in _RANGE and kind not in ("string", "boolean"):
            if _typed(str(wanted), kind) is None:
                yield name, f'"{name}" is not {_KINDS[kind][0]}'
        else:
            yield name, f'"{name}" is no constraint of a field of the type "{kind}"'


_SAID = {bool: "true or false", int: "a whole number", str: "text", list: "a list"}


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def _typed(cell: str, kind: str) -> Any:
    """Return a cell as a value of its type; ``None`` where it is none."""
    if kind == "string":
        return cell
    if not _FORMS[kind].fullmatch(cell):
        return None
    try:
        return _READERS[kind](cell)
    except ValueError:
        return None  # such as the 30th of February


def judge(field: Mapping[str, Any]) -> Callable[[str], Problem | None]:
    """Return a function that tells what is wrong with a cell of a column.

    Parameters
    ----------
    field
        A field of a table schema whose constraints are sound. An empty cell is a missing value.
    """
    kind, constraints = field["type"], field.get("constraints", {})
    empty = ("the cell is empty", "every row needs it") if constraints.get("required") else None
    tests = [_test(name, wanted, field) for name, wanted in constraints.items() if name in _TESTED]

    def problem(cell: str) -> Problem | None:
        if not cell:
            return empty
        value = _typed(cell, kind)
        if value is None:
            said, mend = _KINDS[kind]
            return f'"{cell}" is not {said}', mend
        return next((told for test in tests if (told := test(cell, value))), None)

    return problem


_TESTED = ("enum", *_OF_TEXT, *_RANGE)


def _test(name: str, wanted: Any, field: Mapping[str, Any]) -> Callable[[str, Any], Problem | None]:
    """Return the test of one constraint, for a cell and its value."""
    kind = field["type"]
    if name == "enum":
        words = [str(value) for value in wanted]
        known = {_typed(word, kind) for word in words}
        listed = f"write one of {', '.join(words)}"
        return lambda cell, value: (
            None
            if value in known
            else (f'"{cell}" is not one of the values allowed', nearest(cell, words, listed))
        )
    if name == "pattern":
        pattern, form = re.compile(wanted), field.get("description", "write it in that form").rstrip(".")
        return lambda cell, _: (
            None if pattern.fullmatch(cell) else (f'"{cell}" is not of the form {wanted}', form)
        )
    if name in _OF_TEXT:
        least = name == "minLength"
        told = f"is {'shorter' if least else 'longer'} than {wanted} characters"
        return lambda cell, _: (
            (f'"{cell}" {told}', "mend the cell as the schema asks")
            if (len(cell) < wanted if least else len(cell) > wanted)
            else None
        )
    bound = _typed(str(wanted), kind)
    small, open_ = name.endswith("inimum"), name.startswith("exclusive")
    what = "is too small" if small else "is too large"
    mend = f"write more than {wanted}" if small else f"write less than {wanted}"
    if not open_:
        mend = f"write {wanted} or {'more' if small else 'less'}"

    def within(cell: str, value: Any) -> Problem | None:
        beyond = value < bound if small else value > bound
        return (f"{cell} {what}", mend) if beyond or (open_ and value == bound) else None

    return within
