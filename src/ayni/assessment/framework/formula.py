"""Formulas of a framework document: names, numbers, + − × ÷, comparisons, min, max and abs; nothing else is read."""

from __future__ import annotations

import ast
import operator
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, reduce
from typing import Any, cast

from simpleeval import InvalidExpression, SimpleEval

from ayni.assessment.framework.dimensions import Dimension, Truth
from ayni.base.units import WrongUnit

LENGTH_MAX = 300
"""Longest formula [characters]."""

NODES_MAX = 100
"""Most parts of a formula; keeps the evaluator's recursion shallow."""

NUMBER_MAX = 1e30
"""Largest number in a formula."""

FUNCTIONS: Mapping[str, int] = {"min": 2, "max": 2, "abs": 1}
"""Function → smallest number of arguments; ``abs`` takes one only."""

_COMPARISONS = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
}  # fmt: skip
_ALLOWED = (
    ast.Expr, ast.UnaryOp, ast.BinOp, ast.Compare, ast.Call, ast.Name, ast.Constant, ast.Load,
    ast.Add, ast.Sub, ast.Mult, ast.Div, ast.USub, *_COMPARISONS,
)  # fmt: skip


class FormulaFault(ValueError):
    """A formula that can't be read or whose units don't fit; ``code`` and ``values`` make its finding."""

    def __init__(self, code: str, **values: object) -> None:
        self.code, self.values = code, values
        super().__init__(code)


class ZeroDenominator(ArithmeticError):
    """A division by zero: the line does not apply. ``numerator`` says whether something was divided."""

    def __init__(self, numerator: object) -> None:
        self.numerator = numerator
        super().__init__()


@dataclass(frozen=True)
class Formula:
    """A formula that was read: its text, the names in it, and whether it multiplies by 100."""

    text: str
    tree: ast.Expr
    names: frozenset[str]
    has_hundred: bool


@cache
def read_formula(text: str) -> Formula:
    """The formula in ``text``. Raises FormulaFault."""
    if len(text) > LENGTH_MAX:
        raise FormulaFault("FORMULA-LONG", limit=LENGTH_MAX)
    try:
        with warnings.catch_warnings(action="ignore"):
            body = ast.parse(text.strip()).body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as fault:
        raise FormulaFault("FORMULA-UNREADABLE", formula=text) from fault
    if len(body) != 1 or not isinstance(body[0], ast.Expr):
        raise FormulaFault("FORMULA-UNREADABLE", formula=text)
    nodes = list(ast.walk(body[0]))
    if len(nodes) > NODES_MAX:
        raise FormulaFault("FORMULA-LONG", limit=LENGTH_MAX)
    for node in nodes:
        _check_node(node, text)
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    names = frozenset(node.id for node in nodes if isinstance(node, ast.Name) and id(node) not in called)
    if not names:
        raise FormulaFault("FORMULA-CONSTANT", formula=text)
    products = [node for node in nodes if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult)]
    factors = [part for node in products for part in (node.left, node.right)]
    return Formula(text, body[0], names, any(isinstance(part, ast.Constant) and part.value == 100 for part in factors))


def _check_node(node: ast.AST, text: str) -> None:
    """Refuse every part that is no name, number, allowed operation or allowed call."""
    if not isinstance(node, _ALLOWED):
        raise FormulaFault("FORMULA-PART", formula=text, part=type(node).__name__)
    if isinstance(node, ast.Constant) and not _is_number(node.value):
        raise FormulaFault("FORMULA-PART", formula=text, part=repr(node.value)[:20])
    if isinstance(node, ast.Call):
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        count = len(node.args)
        if node.keywords or count < FUNCTIONS.get(name, count + 1) or (name == "abs" and count > 1):
            raise FormulaFault("FORMULA-PART", formula=text, part=f"{name}()")


def _is_number(value: object) -> bool:
    return type(value) in {int, float} and 0 <= cast("float", value) <= NUMBER_MAX


def value_of(formula: Formula, values: Mapping[str, Fraction]) -> Fraction | bool:
    """The formula's value with inputs in base units. Raises ZeroDenominator, KeyError for a name without value."""
    result = _evaluated(formula, {name: values[name] for name in formula.names}, {"min": min, "max": max, "abs": abs})
    return result if isinstance(result, bool) else Fraction(result)


def dimension_of(formula: Formula, dimensions: Mapping[str, Dimension]) -> Dimension | Truth:
    """The dimension of the formula's value. Raises FormulaFault where units don't fit or zero divides."""
    try:
        result = _evaluated(formula, dimensions, {"min": _alike, "max": _alike, "abs": abs})
    except (WrongUnit, TypeError, ZeroDenominator, InvalidExpression) as fault:
        raise FormulaFault("FORMULA-UNITS", formula=formula.text, fault=str(fault)[:80]) from fault
    return result if isinstance(result, Dimension | Truth) else Dimension()


def _alike(*parts: Any) -> Any:
    """The common dimension of the arguments of min and max."""
    return reduce(operator.add, parts)


def _divided(numerator: Any, denominator: Any) -> Any:
    if denominator == 0:
        raise ZeroDenominator(numerator)
    return numerator / denominator


def _evaluated(formula: Formula, names: Mapping[str, Any], functions: Mapping[str, Callable[..., Any]]) -> Any:
    operators = _COMPARISONS | {
        ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: _divided, ast.USub: operator.neg,
    }  # fmt: skip
    evaluator = SimpleEval(operators=operators, functions=dict(functions), names=dict(names))
    evaluator.nodes[ast.Constant] = lambda node: Fraction(repr(node.value))
    return evaluator.eval(formula.text, previously_parsed=formula.tree)
