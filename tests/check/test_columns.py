"""Cells against the schema of their column, held against what the Frictionless library says of them."""

from typing import Any

import frictionless
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.check.columns import judge, unsound

FIELDS: list[dict[str, Any]] = [
    {"type": "string"},
    {"type": "string", "constraints": {"required": True, "pattern": "(?:[A-Z]{3}|none)"}},
    {"type": "string", "constraints": {"enum": ["a", "b"], "minLength": 1}},
    {"type": "string", "constraints": {"minLength": 2, "maxLength": 3}},
    {"type": "integer", "constraints": {"required": True, "minimum": -2, "maximum": 12}},
    {"type": "integer", "constraints": {"enum": [1, 20]}},
    {"type": "number", "constraints": {"minimum": 0.1, "maximum": "100"}},
    {"type": "number", "constraints": {"exclusiveMinimum": 0, "exclusiveMaximum": 1}},
    {"type": "year", "constraints": {"minimum": 1990, "maximum": 2100}},
    {"type": "date", "constraints": {"minimum": "2018-12-31"}},
    {"type": "boolean", "constraints": {"required": True}},
]
CELLS = [
    "", "a", "b", "ab", "abc", "abcd", "ABC", "ABCD", "none", "0", "1", "-1", "-3", "12", "13", "20", "0.1",
    "0.09", "0.10", "99.9", "100.0", "100.01", "1990", "1989", "2100", "2101", "2018-12-31", "2018-12-30",
    "2024-02-30", "true", "False", "yes", "1.", ".5", "x",
]  # fmt: skip


def ours(field: dict[str, Any], cell: str) -> bool:
    return judge(field)(cell) is None


def theirs(field: dict[str, Any], cell: str) -> bool:
    descriptor = {"$schema": "https://datapackage.org/profiles/2.0/tableschema.json", "fields": [field]}
    return frictionless.Schema.from_descriptor(descriptor).fields[0].read_cell(cell)[1] is None


@pytest.mark.parametrize("field", FIELDS, ids=str)
def test_a_cell_is_judged_as_by_the_standard(field: dict[str, Any]) -> None:
    field = {"name": "x", **field}
    # Of truth values and plain numbers we take fewer forms: see the next test.
    cells = [cell for cell in CELLS if not (field["type"] == "boolean" and cell in ("0", "1"))]
    cells = [cell for cell in cells if not (field["type"] == "number" and cell in ("1.", ".5"))]
    assert [cell for cell in cells if ours(field, cell) != theirs(field, cell)] == []
    assert {ours(field, cell) for cell in cells} == {True, False} or field == {"name": "x", "type": "string"}


@pytest.mark.parametrize(
    ("kind", "cell"),
    [("number", "NaN"), ("number", "1e3"), ("integer", "1_000"), ("boolean", "1"), ("date", "20180101")],
)
def test_plain_forms_only(kind: str, cell: str) -> None:
    assert not ours({"name": "x", "type": kind}, cell)


@given(st.text(alphabet="0123456789-.", max_size=6))
def test_what_we_take_as_a_number_the_standard_takes(cell: str) -> None:
    for kind in ("integer", "number", "year"):
        field = {"name": "x", "type": kind, "constraints": {"minimum": 1000, "maximum": 2000}}
        assert not ours(field, cell) or theirs(field, cell)


@pytest.mark.parametrize(
    ("kind", "constraints", "said"),
    [
        ("string", {"required": "yes"}, '"required" is not true or false'),
        ("string", {"minimum": 3}, '"minimum" is no constraint of a field of the type "string"'),
        ("string", {"pattern": "["}, 'the pattern "[" is not a regular expression'),
        ("string", {"minLength": True}, '"minLength" is not a whole number'),
        ("number", {"minimum": "low"}, '"minimum" is not a number'),
        ("number", {"pattern": "[0-9]"}, '"pattern" is no constraint of a field of the type "number"'),
        ("year", {"enum": [2018, "next"]}, "a value of the enum is not a year"),
        ("year", {"requierd": True}, '"requierd" is no constraint of a field of the type "year"'),
        ("date", {"minimum": "2018-02-30"}, '"minimum" is not a date'),
    ],
)
def test_a_constraint_that_cannot_be_checked(kind: str, constraints: dict[str, Any], said: str) -> None:
    field = {"name": "x", "type": kind, "constraints": constraints}
    assert [what for _, what in unsound(field)] == [said]


@pytest.mark.parametrize("field", FIELDS, ids=str)
def test_sound_constraints(field: dict[str, Any]) -> None:
    assert list(unsound(field)) == []
