"""Expressions over facts."""

import pytest

from corridor.expressions import Expression, ExpressionError

VALUES = {"a.b": 6.0, "a.c_2": 2.0, "zero.z": 0.0}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a.b", 6.0),
        ("a.b / a.c_2 - 1", 2.0),
        ("-a.c_2 ** 2", -4.0),
        ("abs(-a.b) + min(a.b, a.c_2) + max(1, a.c_2)", 10.0),
        ("sum(a.b, a.c_2, 1)", 9.0),
        ("mean(a.b, a.c_2)", 4.0),
        ("round(a.b / 4)", 2),
        ("rank(a.c_2, a.b, zero.z)", 2),
        ("rank(a.b, a.c_2)", 1),
        ("2.75 < a.b / a.c_2 <= 3", True),
        ("2.75 < a.b / a.c_2 < 3", False),
        ("a.b > 7 or not a.b > 7 and a.c_2 == 2", True),
        ("a.b > 7 and a.c_2 == 2", False),
        ("about(a.b, 6.5)", True),
        ("about(a.b, 6.5, 0.05)", False),
        ("a.b != 6 or a.b >= 6", True),
    ],
)
def test_value(text: str, value: float) -> None:
    assert Expression(text).value(VALUES) == value


def test_names_in_order_of_use() -> None:
    assert Expression("a.c_2 * (a.b - a.c_2)").names == ("a.c_2", "a.b")
    assert Expression(" a.b ").is_name
    assert not Expression("a.b + 0").is_name


@pytest.mark.parametrize("text", ["a.b < 1", "not a.b < 1", "a.b < 1 or a.b > 2", "about(a.b, 2)"])
def test_is_condition(text: str) -> None:
    assert Expression(text).is_condition


@pytest.mark.parametrize("text", ["a.b", "a.b + 1", "max(a.b, 1)", "not a.b"])
def test_is_no_condition(text: str) -> None:
    assert not Expression(text).is_condition


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.b +",
        "a.b; a.b",
        "lambda: 1",
        "__import__('os').system('true')",
        "a.b.__class__()",
        "[a.b][0]",
        "'text'",
        "True",
        "a.b if a.b else 1",
        "open(a.b)",
        "max(a.b, key=a.b)",
        "a.b % 2",
        "a.b in a.c_2",
    ],
)
def test_what_is_no_expression(text: str) -> None:
    with pytest.raises(ExpressionError):
        Expression(text)


def test_what_cannot_be_computed() -> None:
    with pytest.raises(ExpressionError, match="divided by zero"):
        Expression("a.b / zero.z").value(VALUES)
    with pytest.raises(ExpressionError, match=r'"a.d" has no value'):
        Expression("a.d").value(VALUES)


@pytest.mark.parametrize(
    ("text", "keeps"),
    [
        ("a.b - a.c_2", True),
        ("2 * a.b - a.c_2 / 2", True),
        ("sum(a.b, a.c_2) / 2", True),
        ("a.b * a.c_2 / a.b", True),
        ("a.b / a.c_2", False),
        ("100 * (a.b / a.c_2 - 1)", False),
        ("a.b - 1", False),
        ("a.b ** 2", False),
        ("rank(a.b, a.c_2)", False),
    ],
)
def test_keeps_unit(text: str, keeps: bool) -> None:
    assert Expression(text).keeps_unit is keeps


def test_filled() -> None:
    texts = {"a.b": "six", "a.b2": "seven"}
    assert Expression("a.b2 - a.b").filled(texts) == "seven - six"
