"""Inputs: numbers by name and year that lines are computed from, typed by a person or computed from the ledger."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from ayni.assessment.amounts import Amount, exact
from ayni.assessment.framework.dimensions import FREE_UNIT, Scale, scale_of
from ayni.assessment.framework.schema import Framework
from ayni.assessment.schema import Input
from ayni.base.factors import Factor
from ayni.base.figures import SourceRow
from ayni.base.findings import Finding, Place, error, note, warning
from ayni.base.units import UnknownUnit, plain


@dataclass(frozen=True)
class GivenInput:
    """A number of one year: typed, or computed by ``formula`` from ``sources`` (figures, factors, workbook rows)."""

    name: str
    value: float
    unit: str
    year: int
    basis: str = ""
    is_computed: bool = False
    formula: str = ""
    sources: tuple[str | Factor | SourceRow, ...] = ()
    place: Place = field(default_factory=Place)
    cells: Mapping[str, Place] = field(default_factory=dict)

    def place_of(self, column: str) -> Place:
        """The cell that ``column`` was typed in, else the row."""
        return self.cells.get(column, self.place)


def typed_inputs(rows: Iterable[Input]) -> tuple[GivenInput, ...]:
    """The rows of the sheet of inputs."""
    return tuple(
        GivenInput(
            row.name, row.value, row.unit, row.year, row.basis or "", sources=(_source(row),), place=row.read_from,
            cells={field: row.place_of(field) for field in Input.model_fields},
        )
        for row in rows
    )  # fmt: skip


def _source(row: Input) -> SourceRow:
    sheet = row.read_from.sheet or row.read_from.file or "inputs"
    text = f"{row.name}, {row.year}" + (f" ({row.evidence})" if row.evidence else "")
    return SourceRow(sheet, row.read_from.row or 0, text, row.value, row.unit)


@dataclass(frozen=True)
class Quantity:
    """An input in base units. ``measure`` tells free units apart: quantities of one line must agree in it."""

    given: GivenInput
    value: Fraction
    measure: object


@dataclass(frozen=True)
class InputTable:
    """All usable inputs by name and year; an earlier value of another input is found under its own name too."""

    framework: Framework
    quantities: Mapping[tuple[str, int], Quantity]

    def find(self, name: str, year: int) -> Quantity | None:
        """The input of that year, None where it is not known."""
        return self.quantities.get(self.key(name, year))

    def key(self, name: str, year: int) -> tuple[str, int]:
        """Name and year under which the value of ``name`` in ``year`` is given."""
        spec = self.framework.inputs.get(name)
        return (spec.of, year - spec.years_before) if spec and spec.of and spec.years_before else (name, year)

    def years_of(self, name: str) -> list[int]:
        """The years for which a value of ``name`` is known."""
        return sorted(year for known, year in self.quantities if known == name)


def input_table(framework: Framework, given: Iterable[GivenInput]) -> tuple[InputTable, list[Finding]]:
    """The inputs that the framework names, and what is wrong with them. Computed ones stand above typed ones."""
    units = {name: spec.unit for name, spec in framework.inputs.items() if spec.of is None}
    units = {name: table.unit for name, table in framework.references.items()} | units
    quantities: dict[tuple[str, int], Quantity] = {}
    findings: list[Finding] = []
    for item in sorted(given, key=lambda item: not item.is_computed):
        if item.name not in units:
            findings += [] if item.is_computed else [_unknown(item, framework, units)]
            continue
        earlier = quantities.get((item.name, item.year))
        if earlier is not None:
            findings.append(_again(item, earlier.given))
            continue
        quantity, fault = _quantity(item, units[item.name])
        findings += [fault] if fault else []
        if quantity is not None:
            quantities[item.name, item.year] = quantity
            spec = framework.inputs.get(item.name)
            if spec and spec.basis_required and not item.basis:
                findings.append(note("INPUT-BASIS", item.place_of("basis"), name=item.name))
    return InputTable(framework, quantities), findings


def _unknown(item: GivenInput, framework: Framework, units: Iterable[str]) -> Finding:
    earlier = framework.inputs.get(item.name)
    if earlier is not None:
        values = {"name": item.name, "of": str(earlier.of), "year": str(item.year - (earlier.years_before or 0))}
        return error("INPUT-EARLIER", item.place_of("name"), **values)
    near = difflib.get_close_matches(item.name, units, n=1)
    return warning("INPUT-UNKNOWN", item.place_of("name"), name=item.name, near=near[0] if near else "–")


def _again(item: GivenInput, first: GivenInput) -> Finding:
    if first.is_computed:
        typed, computed = (Amount(exact(one.value), one.unit) for one in (item, first))
        return warning("INPUT-COMPUTED", item.place_of("value"), name=item.name, typed=typed, computed=computed)
    return error("INPUT-TWICE", item.place_of("name"), name=item.name, year=str(item.year))


def _quantity(item: GivenInput, unit: str) -> tuple[Quantity | None, Finding | None]:
    """The input in base units, or what is wrong with its unit."""
    value = exact(item.value)
    try:
        scale = scale_of(item.unit)
    except UnknownUnit:
        if unit == FREE_UNIT:
            return Quantity(item, value, plain(item.unit)), None
        return None, error("INPUT-UNIT", item.place_of("unit"), name=item.name, found=item.unit, unit=unit or "1")
    declared: Scale | None = None if unit == FREE_UNIT else scale_of(unit)
    if declared is not None and scale.dimension != declared.dimension:
        return None, error(
            "INPUT-UNIT", item.place_of("unit"), name=item.name, found=item.unit or "1", unit=unit or "1"
        )
    return Quantity(item, value * scale.factor, scale.dimension if declared is None else None), None
