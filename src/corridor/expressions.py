"""Expressions over facts: the formula of a derived fact, the condition of a statement."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

_OPERATORS: dict[type, Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Not: operator.not_,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def _about(value: float, other: float, part: float = 0.1) -> bool:
    return abs(value - other) <= abs(other) * part


def _rank(value: float, *others: float) -> int:
    return 1 + sum(other > value for other in others)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": abs,
    "min": min,
    "max": max,
    "sum": lambda *values: sum(values),
    "mean": lambda *values: sum(values) / len(values),
    "round": lambda value, places=0: round(value, int(places)),
    "about": _about,
    "rank": _rank,
}
"""What an expression can call.

``about(a, b)`` holds if a differs from b by at most a tenth of b, ``about(a, b, 0.05)`` by a twentieth;
``rank(a, b, c)`` is the place of a among all three, 1 for the largest.
"""


class ExpressionError(ValueError):
    """An expression that cannot be read or computed; the message says why."""


@dataclass(frozen=True)
class Expression:
    """An expression over named values.

    Parameters
    ----------
    text
        Arithmetic, comparisons, ``and``, ``or``, ``not`` and `FUNCTIONS` over numbers and the keys of facts.

    Raises
    ------
    ExpressionError
        If the text is anything else.

    Examples
    --------
    >>> doubled = Expression("trade.kgz.exports_2023 > 2 * trade.kgz.exports_2021")
    >>> doubled.names
    ('trade.kgz.exports_2023', 'trade.kgz.exports_2021')
    >>> doubled.value({"trade.kgz.exports_2023": 19.72, "trade.kgz.exports_2021": 7.47})
    True
    """

    text: str

    def __post_init__(self) -> None:
        _names(_parse(self.text))

    @property
    def names(self) -> tuple[str, ...]:
        """The names in it, in the order of first use."""
        return tuple(dict.fromkeys(_names(_parse(self.text))))

    @property
    def is_name(self) -> bool:
        """Whether it is nothing but one name."""
        return self.names == (self.text.strip(),)

    @property
    def keeps_unit(self) -> bool:
        """Whether parts of one unit give a value of the same unit: sums do, ratios do not."""
        return _degree(_parse(self.text)) == 1

    @property
    def is_condition(self) -> bool:
        """Whether its value is true or false."""
        return _is_condition(_parse(self.text))

    def value(self, values: Mapping[str, float]) -> Any:
        """Return its value.

        Raises
        ------
        ExpressionError
            If a name has no value, or something is divided by zero.
        """
        try:
            value = _value(_parse(self.text), values)
        except KeyError as error:
            raise ExpressionError(f'"{error.args[0]}" has no value') from None
        except ZeroDivisionError:
            raise ExpressionError("something is divided by zero") from None
        except OverflowError:
            raise ExpressionError("a number in it grows beyond all bounds") from None
        except (TypeError, ValueError):
            raise ExpressionError(
                "a function in it is given the wrong values, or a root is not real"
            ) from None
        if isinstance(value, complex):
            raise ExpressionError("a root in it is not real")
        return value

    def filled(self, texts: Mapping[str, str]) -> str:
        """Return the expression with each name replaced by a text."""
        names = sorted(self.names, key=len, reverse=True)
        filled = self.text
        for place, name in enumerate(names):
            filled = filled.replace(name, f"\0{place}\0")
        for place, name in enumerate(names):
            filled = filled.replace(f"\0{place}\0", texts[name])
        return filled


@lru_cache(maxsize=4096)
def _parse(text: str) -> ast.expr:
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        shown = text if len(text) <= 80 else f"{text[:80]}…"
        raise ExpressionError(f'"{shown}" is no expression') from None


def _is_condition(node: ast.expr) -> bool:
    match node:
        case ast.Compare():
            return True
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _is_condition(operand)
        case ast.BoolOp(values=values):
            return all(_is_condition(value) for value in values)
        case ast.Call(func=ast.Name(id="about")):
            return True
    return False


def _dotted(node: ast.expr) -> str | None:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (head := _dotted(node.value)):
        return f"{head}.{node.attr}"
    return None


def _names(node: ast.expr) -> list[str]:
    match node:
        case ast.Name() | ast.Attribute():
            if name := _dotted(node):
                return [name]
        case ast.Constant(value=bool()):
            pass
        case ast.Constant(value=int() | float()):
            return []
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return [*_names(left), *_names(right)]
        case ast.UnaryOp(op=op, operand=operand) if type(op) in _OPERATORS:
            return _names(operand)
        case ast.BoolOp(values=values):
            return [name for value in values for name in _names(value)]
        case ast.Compare(left=left, ops=ops, comparators=others) if all(type(op) in _OPERATORS for op in ops):
            return [name for value in (left, *others) for name in _names(value)]
        case ast.Call(func=ast.Name(id=called), args=arguments, keywords=[]) if called in FUNCTIONS:
            return [name for value in arguments for name in _names(value)]
    raise ExpressionError(
        f'"{ast.unparse(node)}" cannot stand in an expression over facts; it may use numbers, keys of facts, '
        f"+ - * / ** < <= > >= == != and or not, and {', '.join(FUNCTIONS)}"
    )


def _degree(node: ast.expr) -> int | None:
    """Return how often the unit of the names stands in the value; ``None`` where that cannot be said."""
    match node:
        case ast.Constant():
            return 0
        case ast.UnaryOp(operand=operand):
            return _degree(operand)
        case ast.BinOp(left=left, op=op, right=right):
            one, other = _degree(left), _degree(right)
            if one is None or other is None:
                return None
            match op:
                case ast.Mult():
                    return one + other
                case ast.Div():
                    return one - other
                case ast.Add() | ast.Sub():
                    return one if one == other else None
            return None
        case ast.Call(func=ast.Name(id="abs" | "min" | "max" | "sum" | "mean"), args=arguments):
            degrees = {_degree(argument) for argument in arguments}
            return degrees.pop() if len(degrees) == 1 else None
        case ast.Name() | ast.Attribute():
            return 1
    return None


def _value(node: ast.expr, values: Mapping[str, float]) -> Any:
    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number)  # whole numbers could grow without end
        case ast.BinOp(left=left, op=op, right=right):
            return _OPERATORS[type(op)](_value(left, values), _value(right, values))
        case ast.UnaryOp(op=op, operand=operand):
            return _OPERATORS[type(op)](_value(operand, values))
        case ast.BoolOp(op=ast.And(), values=parts):
            return all(_value(part, values) for part in parts)
        case ast.BoolOp(values=parts):
            return any(_value(part, values) for part in parts)
        case ast.Compare(left=left, ops=ops, comparators=others):
            ends = [_value(end, values) for end in (left, *others)]
            return all(_OPERATORS[type(op)](a, b) for op, a, b in zip(ops, ends, ends[1:], strict=False))
        case ast.Call(func=ast.Name(id=called), args=arguments):
            return FUNCTIONS[called](*(_value(argument, values) for argument in arguments))
    return values[_dotted(node) or ""]
