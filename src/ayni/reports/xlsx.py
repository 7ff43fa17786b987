"""``results.xlsx``: every table of the report, a sheet each, with headers and codes in the reader's words."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd

from ayni.base.texts import Language
from ayni.base.xlsx_writing import Table, write_tables
from ayni.parks.explanation import formula_in_words
from ayni.reports.content import ReportData
from ayni.reports.voice import Voice, rounded

UNITS: Mapping[str, Mapping[str, str]] = {
    "energy": {"energy": "MWh"}, "uses": {"energy": "MWh"}, "materials": {"amount": "t"},
    "emissions": {"co2e": "t CO₂e"}, "cost": {"amount": "PEN"}, "water": {"amount": "m3"}, "waste": {"amount": "t"},
    "categories": {"score_low": "%", "score_high": "%"}, "exchange": {"value": "PEN"},
    "capacities": {"investment": "PEN"}, "design_cost": {"before": "PEN", "after": "PEN"},
    "classes": {"cost": "PEN", "bound": "PEN", "gap": "%"}, "measures": {"investment": "PEN"}, "weeks": {"power": "MW"},
    "loads": {"power": "MW"}, "inputs": {"npv_low": "PEN", "npv_high": "PEN"},
    "abatement": {"avoided": "t CO₂e", "cost": "PEN/t", "net_cost": "PEN"},
}  # fmt: skip
"""Units by table and column; amounts are per year."""

KINDS: Mapping[str, str] = {
    "carrier": "Carrier", "use": "EquipmentKind", "item": "item", "component": "figure.component", "end": "Management",
    "management": "Management", "kind": "kind", "option": "TariffOption", "technology": "technology",
    "line": "cost_line", "way": "way", "season": "season", "flow": "flow", "tariff_class": "tariff_class",
    "stage": "stage", "status": "status", "severity": "severity", "quantity": "BalanceOf", "side": "side",
}  # fmt: skip
"""Columns that hold codes, and the kind of word that each code is."""
SPECIAL: Mapping[tuple[str, str], str] = {
    ("balances", "verdict"): "balance", ("lines", "verdict"): "assessment.result",
    ("exchange", "verdict"): "exchange.verdict", ("abatement", "kind"): "part",
    ("lines", "kind"): "line_kind", ("lines", "line"): "", ("abatement", "option"): "",
}  # fmt: skip
"""Columns of a table that mean something else there; nothing for those that hold no code."""


MIXED = ("value", "low", "high", "target", "score", "price_low", "price_high", "capacity", "gap")
"""Columns whose rows have units of their own, so that no number format fits all of them."""
SHARES = ("design.gap",)
"""Figures without unit that people read in per cent."""
DIGITS, NOTHING = 12, 1e-12
"""Significant digits that are written, and the smallest number: beyond stand only traces of binary arithmetic."""


def frames(data: ReportData, voice: Voice) -> Iterator[tuple[str, pd.DataFrame]]:
    """Every table by its key, in order: figures first, tables of a missing part left out."""
    yield "figures", pd.DataFrame([
        {"figure": f.id, "label": f.title(voice.language), "value": f.value * (100 if f.id in SHARES else 1),
         "low": f.low, "high": f.high, "unit": "%" if f.id in SHARES else f.unit, "stage": f.stage.value,
         "status": f.status.value, "formula": formula_in_words(f.formula, voice.language)}
        for f in data.book
    ], columns=["figure", "label", "value", "low", "high", "unit", "stage", "status", "formula"])  # fmt: skip
    yield (
        "findings",
        pd.DataFrame(
            [finding.as_json(voice.language) for finding in data.findings],
            columns=["severity", "code", "sheet", "cell", "row", "column", "message", "file"],
        ),
    )
    yield "factors", pd.DataFrame([
        {"factor": f.id, "value": f.value, "low": f.low, "high": f.high, "unit": f.unit, "date": f.date,
         "status": f.status.value, "source": f.source, "basis": f.basis, "version": f.version}
        for f in data.book.factors().values()
    ], columns=["factor", "value", "low", "high", "unit", "date", "status", "source", "basis", "version"])  # fmt: skip
    part = data.footprint
    yield from (
        ("firms", data.head.firms), ("energy", part.energy), ("uses", data.flows.energy), ("emissions", part.emissions),
        ("cost", part.cost), ("tariffs", part.tariffs), ("water", part.water), ("waste", part.waste),
        ("materials", data.flows.materials), ("balances", part.balances),
    )  # fmt: skip
    if data.scorecard is not None:
        yield from (("categories", data.scorecard.categories), ("lines", data.scorecard.lines))
    if data.exchange is not None:
        yield "exchange", data.exchange.links
    if data.design is not None:
        names = ("capacities", "classes", "measures", "abatement", "inputs", "weeks", "loads", "foreign_profiles")
        yield "design_cost", data.design.costs
        in_per_cent = {"classes": data.design.classes.assign(gap=data.design.classes["gap"].astype(float) * 100)}
        yield from ((name, in_per_cent.get(name, getattr(data.design, name))) for name in names)


def tables(data: ReportData, language: Language) -> list[Table]:
    """The tables as they are written."""
    voice = Voice(language)
    notes = [voice.say("sample")] if data.head.is_sample else []
    return [_table(key, frame, voice, notes) for key, frame in frames(data, voice)]


def _table(key: str, frame: pd.DataFrame, voice: Voice, notes: list[str]) -> Table:
    columns = {name: voice.say(f"column.{name}") for name in frame.columns}
    kinds = {name: SPECIAL.get((key, name), KINDS.get(name, "")) for name in frame.columns}
    worded = frame.map(_clean)
    for name, kind in kinds.items():
        if kind:
            worded[name] = [voice.word(kind, code) if isinstance(code, str) else code for code in frame[name]]
    if "unit" in frame.columns:
        worded["unit"] = [voice.unit(unit) for unit in frame["unit"]]
    title = voice.say(f"table.{key}")
    units = {columns[name]: unit for name, unit in UNITS.get(key, {}).items()}
    mixed = tuple(columns[name] for name in MIXED if name in columns)
    return Table(title, title, worded.rename(columns=columns), units, notes, mixed)


def _clean(value: object) -> object:
    """A number without the traces of binary arithmetic: 959.6360000000001 is 959.636, 3e-17 is 0."""
    if not isinstance(value, float) or not math.isfinite(value):
        return value
    return rounded(value, DIGITS) if abs(value) > NOTHING else 0.0


def write_xlsx(path: Path, data: ReportData, language: Language) -> None:
    """Write the workbook. Raises OSError."""
    write_tables(path, tables(data, language), language)
