"""Values and targets of computed lines, exact, in the line's unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from ayni.assessment.amounts import Amount, exact
from ayni.assessment.framework.dimensions import scale_of
from ayni.assessment.framework.formula import Formula, ZeroDenominator, read_formula, value_of
from ayni.assessment.framework.schema import Between, ByClass, FromBaseline, FromReference, Requirement, Window
from ayni.assessment.inputs import GivenInput, InputTable, Quantity
from ayni.assessment.results import Reason, Result
from ayni.base.findings import Finding, warning

_TOLERANCE = Fraction(1, 10**9)
"""How far sums of measured parts may pass the possible range: rounding of the inputs, nothing more."""


class NoValue(Exception):
    """A line has no value: data are missing or wrong, or it does not apply."""

    def __init__(self, result: Result, why: Reason, *findings: Finding) -> None:
        self.result, self.why, self.findings = result, why, findings
        super().__init__(why.key)


@dataclass(frozen=True)
class Setting:
    """Where and when lines are judged: the inputs, the year and the country of the park."""

    table: InputTable
    year: int
    country: str


@dataclass(frozen=True)
class Value:
    """A line's value (True or False for a condition) and the inputs that it comes from."""

    number: Fraction | bool
    inputs: tuple[GivenInput, ...] = ()


def line_value(line: Requirement, setting: Setting, year: int) -> Value:
    """The value of a computed line in ``year``, by its formula and window. Raises NoValue."""
    formula = read_formula(line.formula or "")
    found = _windowed(formula, line.window, setting.table, year)
    used = tuple({id(item.given): item.given for items in found.values() for item in items}.values())
    _check_alike(line, used, {item.measure for items in found.values() for item in items} - {None})
    numbers = {name: _taken(line.window, items) for name, items in found.items()}
    value = _evaluated(formula, numbers, line)
    if isinstance(value, bool):
        return Value(value, used)
    in_unit = value / scale_of(line.unit).factor
    _check_possible(line, in_unit)
    return Value(in_unit, used)


def _windowed(formula: Formula, window: Window | None, table: InputTable, year: int) -> dict[str, list[Quantity]]:
    """Each name's quantities in the years that the window asks for. Raises NoValue where one is missing."""
    span = range(year, year - (window.years if window else 1), -1)
    if window is None or window.take == "given":
        span = range(year, year - 1, -1)
    elif window.take == "latest":
        complete = (past for past in span if all(table.find(name, past) for name in formula.names))
        latest = next(complete, year)
        span = range(latest, latest - 1, -1)
    found = {name: [(table.key(name, past), table.find(name, past)) for past in span] for name in sorted(formula.names)}
    missing = [key for items in found.values() for key, item in items if item is None]
    if missing:
        raise _missing(missing, table)
    return {name: [item for _, item in items if item is not None] for name, items in found.items()}


def _missing(keys: Iterable[tuple[str, int]], table: InputTable) -> NoValue:
    """No data, for want of inputs; a warning for each that is known for another year only, as years are not mixed."""
    names = ", ".join(dict.fromkeys(f"{name} ({year})" if year else name for name, year in keys))
    stale = [
        warning("INPUT-OTHER-YEAR", name=name, year=str(year), found=", ".join(map(str, table.years_of(name))))
        for name, year in dict.fromkeys(keys)
        if table.years_of(name)
    ]
    return NoValue(Result.NO_DATA, Reason("assessment.why.missing", {"names": names}), *stale)


def _check_alike(line: Requirement, used: Iterable[GivenInput], measures: set[object]) -> None:
    """Inputs of free unit share one unit. Raises NoValue."""
    if len(measures) > 1:
        units = ", ".join(sorted({item.unit or "1" for item in used}))
        finding = warning("INPUT-UNITS-MIXED", requirement=line.id, units=units)
        raise NoValue(Result.NO_DATA, Reason("assessment.why.units", {"units": units}), finding)


def _taken(window: Window | None, items: list[Quantity]) -> Fraction:
    total = sum((item.value for item in items), Fraction(0))
    return total / len(items) if window and window.take == "mean" else total


def _evaluated(formula: Formula, numbers: Mapping[str, Fraction], line: Requirement) -> Fraction | bool:
    try:
        return value_of(formula, numbers)
    except ZeroDenominator as zero:
        part_of_nothing = warning("INPUT-PART-OF-NOTHING", requirement=line.id, formula=formula.text)
        reason = Reason("assessment.why.zero", {"formula": formula.text})
        raise NoValue(Result.NOT_APPLICABLE, reason, *([part_of_nothing] if zero.numerator else [])) from zero


def _check_possible(line: Requirement, value: Fraction) -> None:
    if line.possible is None:
        return
    low, high = exact(line.possible.low), exact(line.possible.high)
    slack = _TOLERANCE * max(abs(low), abs(high))
    if not low - slack <= value <= high + slack:
        found, least, most = (Amount(number, line.unit) for number in (value, low, high))
        finding = warning("INPUT-IMPOSSIBLE", requirement=line.id, value=found, low=least, high=most)
        reason = Reason("assessment.why.impossible", {"value": found, "low": least, "high": most})
        raise NoValue(Result.NO_DATA, reason, finding)


def trend_of(line: Requirement, setting: Setting) -> Value:
    """The change of the line's value over the trend's years: relative [%], or absolute. Raises NoValue."""
    assert line.trend is not None  # noqa: S101 (the loader asks for it)
    now, then = (line_value(line, setting, year) for year in (setting.year, setting.year - line.trend.years))
    change = Fraction(now.number) - Fraction(then.number)
    if line.trend.change == "relative":
        if then.number == 0:
            raise NoValue(Result.NOT_APPLICABLE, Reason("assessment.why.zero", {"formula": line.formula}))
        change = 100 * change / Fraction(then.number)
    return Value(change, now.inputs + then.inputs)


def holds(condition: str, table: InputTable, year: int) -> bool | None:
    """Whether a condition on inputs holds; None where it can't be told."""
    formula = read_formula(condition)
    found = {name: table.find(name, year) for name in formula.names}
    if None in found.values():
        return None
    try:
        return bool(value_of(formula, {name: item.value for name, item in found.items() if item is not None}))
    except ZeroDenominator:
        return None


def target_of(line: Requirement, setting: Setting) -> tuple[Fraction | Between, tuple[GivenInput, ...]]:
    """The line's target in its unit, and the inputs that it comes from. Raises NoValue where it is not known."""
    target = line.target
    if isinstance(target, ByClass):
        for case in target.by_class:
            is_class = holds(case.when, setting.table, setting.year)
            if is_class is None:
                raise _missing(
                    [setting.table.key(name, setting.year) for name in _unknown(case.when, setting)], setting.table
                )
            if is_class:
                return exact(case.target), ()
        raise NoValue(Result.NO_DATA, Reason("assessment.why.class"))
    if isinstance(target, FromReference):
        return _reference(target.reference, line, setting)
    if isinstance(target, FromBaseline):
        base = line_value(line, setting, target.baseline_year)
        return exact(target.times) * Fraction(base.number), base.inputs
    assert target is not None  # noqa: S101 (the loader asks for it)
    return (target if isinstance(target, Between) else exact(target)), ()


def _unknown(condition: str, setting: Setting) -> list[str]:
    """The names in a condition that have no value; all of them where a division by zero keeps it open."""
    names = sorted(read_formula(condition).names)
    return [name for name in names if setting.table.find(name, setting.year) is None] or names


def _reference(name: str, line: Requirement, setting: Setting) -> tuple[Fraction, tuple[GivenInput, ...]]:
    """The table's value for country and year; where it has none, an input of the reference's name."""
    table = setting.table.framework.references[name]
    to_unit = scale_of(line.unit).factor
    for row in table.values:
        if (row.country, row.year) == (setting.country, setting.year):
            return exact(row.value) * scale_of(table.unit).factor / to_unit, ()
    typed = setting.table.find(name, setting.year)
    if typed is None:
        values = {"name": name, "country": setting.country, "year": str(setting.year)}
        raise NoValue(Result.NO_DATA, Reason("assessment.why.reference", values))
    return typed.value / to_unit, (typed.given,)
