"""``results.json``: every figure with its explanation, and every table, as one document that programs read.

Keys, in this order. Lists of objects are tables, their keys the columns named in ``content.py``; a value that is not
known is null; there is no NaN:

``version``     version of Ayni that wrote the file
``language``    es or en: the language of labels and messages
``park``        name, place, origin (records or made_up), firms [firm, name, activity, latitude, longitude]
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

from ayni.base.texts import Language
from ayni.reports.content import ReportData

ORIGINS = {False: "records", True: "made_up"}


def payload(data: ReportData, language: Language) -> dict[str, Any]:
    """The document, with the keys that the module describes."""
    head, footprint = data.head, plain(data.footprint)
    return {
        "version": head.version,
        "language": language,
        "park": {
            "name": head.park,
            "place": head.place,
            "origin": ORIGINS[head.is_sample],
            "firms": plain(head.firms),
        },
        "period": {
            name: plain(getattr(head, name))
            for name in ("year", "price_date", "pen_per_usd", "usd_per_eur", "discount_rate")
        },
        "findings": [finding.as_json(language) for finding in data.findings],
        "figures": data.book.as_json(language),
        "factors": data.book.factors_json(),
        "flows": plain(data.flows),
        "balance": footprint["balances"],
        "footprint": {name: footprint[name] for name in ("energy", "emissions", "water", "waste")},
        "cost": {"lines": footprint["cost"], "tariffs": footprint["tariffs"]},
        "assessment": plain(data.scorecard),
        "exchange": plain(data.exchange),
        "design": plain(data.design),
    }


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
