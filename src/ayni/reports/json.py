"""``results.json``: every figure with its explanation, and every table, as one document that programs read.

Keys, in this order. Lists of objects are tables, their keys the columns named in ``content.py``; a value that is not
known is null; there is no NaN:

``version``     version of Ayni that wrote the file
``language``    es or en: the language of labels and messages
``park``        name, year, is_sample, firms [firm, name, activity, latitude, longitude]
``period``      year, price_date (ISO), pen_per_usd, usd_per_eur, discount_rate [1/a]
``findings``    [code, severity, file, sheet, cell, row, column, message]
``figures``     by id: value, unit, label, stage, status, low, high, formula, inputs; an input is one of
                {"figure": id}, {"factor": id}, {"row": {sheet, row, text, value, unit, status}}
``factors``     by id: value, unit, low, high, date, source, status, range_status, basis, version, note
``flows``       energy, materials
``balance``     [process, firm, quantity, unit, amount_in, amount_out, residual, tolerance, verdict]
``footprint``   energy, emissions, water, waste
``cost``        lines [firm, item, component, amount PEN/year], tariffs
``assessment``  name, code, version, status, hash, score_low, score_high, level, categories, lines; null without answers
``exchange``    links, proof {status, solver, objective, bound, gap}; null without offers or wants
``design``      proof, capacities, costs, classes, measures, weeks, loads, foreign_profiles, abatement, tariff; or null

The same results give the same bytes.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
import math
from enum import StrEnum
from pathlib import Path
from typing import Any

import pandas as pd

from ayni.base.factors import Factor
from ayni.base.figures import Figure, SourceRow
from ayni.base.texts import Language
from ayni.reports.content import ReportData

FACTOR_KEYS = ("value", "unit", "low", "high", "date", "source", "status", "range_status", "basis", "version", "note")


def payload(data: ReportData, language: Language) -> dict[str, Any]:
    """The document, with the keys that the module describes."""
    head, footprint = data.head, plain(data.footprint)
    return {
        "version": head.version,
        "language": language,
        "park": {"name": head.park, "year": head.year, "is_sample": head.is_sample, "firms": plain(head.firms)},
        "period": {
            name: plain(getattr(head, name))
            for name in ("year", "price_date", "pen_per_usd", "usd_per_eur", "discount_rate")
        },
        "findings": [finding.as_json(language) for finding in data.findings],
        "figures": {figure.id: _figure(figure, language) for figure in data.book},
        "factors": {factor.id: _factor(factor) for factor in data.book.factors().values()},
        "flows": plain(data.flows),
        "balance": footprint["balances"],
        "footprint": {name: footprint[name] for name in ("energy", "emissions", "water", "waste")},
        "cost": {"lines": footprint["cost"], "tariffs": footprint["tariffs"]},
        "assessment": plain(data.scorecard),
        "exchange": plain(data.exchange),
        "design": plain(data.design),
    }


def _figure(figure: Figure, language: Language) -> dict[str, Any]:
    return {
        "value": plain(figure.value), "unit": figure.unit, "label": figure.title(language), "stage": figure.stage.value,
        "status": figure.status.value, "low": plain(figure.low), "high": plain(figure.high), "formula": figure.formula,
        "inputs": [_input(item) for item in figure.inputs],
    }  # fmt: skip


def _input(item: str | Factor | SourceRow) -> dict[str, Any]:
    if isinstance(item, str):
        return {"figure": item}
    return {"factor": item.id} if isinstance(item, Factor) else {"row": plain(item)}


def _factor(factor: Factor) -> dict[str, Any]:
    return {name: plain(getattr(factor, name)) for name in FACTOR_KEYS}


def plain(value: Any) -> Any:
    """``value`` as JSON knows it: tables as lists of objects, dates as ISO, what is missing or not finite as null."""
    if isinstance(value, pd.DataFrame):
        return [{str(name): plain(cell) for name, cell in row.items()} for row in value.to_dict("records")]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, StrEnum):
        return value.value
    if value is None or isinstance(value, bool | int | str):
        return value
    if pd.isna(value):
        return None
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    return value.isoformat() if isinstance(value, datetime.date) else plain(value.item())  # else a numpy scalar


def text(data: ReportData, language: Language) -> str:
    """The file's text."""
    return json.dumps(payload(data, language), ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def write_json(path: Path, data: ReportData, language: Language) -> None:
    """Write the file. Raises OSError."""
    path.write_text(text(data, language), encoding="utf-8")
