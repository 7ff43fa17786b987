"""A zone case written as a folder. Reading it gives the same case, bit by bit."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path

import numpy as np
from ruamel.yaml import YAML

from ayni.zones.case import NO_CLASS, DemandCharge, ExistingUnit, MeasureGroup, WasteHeatSource, ZoneCase
from ayni.zones.case_checks import hourly_series
from ayni.zones.folder.document import VERSION

DOCUMENT, HOURLY = "zone.yaml", "hourly.csv"


def write_folder(case: ZoneCase, folder: Path) -> None:
    """Write ``zone.yaml`` and ``hourly.csv`` into ``folder``, which is made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    yaml = YAML()
    yaml.default_flow_style = False
    text = io.StringIO()
    yaml.dump(_builtin(document_of(case)), text)
    (folder / DOCUMENT).write_text(text.getvalue(), encoding="utf-8")
    series = hourly_series(case)
    with (folder / HOURLY).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["month", "is_peak", *series])
        columns = (
            case.month.tolist(),
            case.is_peak.astype(int).tolist(),
            *(values.tolist() for values in series.values()),
        )
        writer.writerows(zip(*columns, strict=True))


def document_of(case: ZoneCase) -> dict[str, object]:
    """The keys and plain values of ``zone.yaml``."""
    tariff = case.tariff
    return {
        "version": VERSION,
        "name": case.name,
        "hours": case.hours,
        "tariff": {
            "option": tariff.option, "fixed": tariff.fixed, "threshold": tariff.threshold,
            "demand": {component.name: _demand(component) for component in tariff.demand},
        },
        "fuels": {name: asdict(fuel) for name, fuel in case.fuels.items()},
        "grid_co2": case.grid_co2,
        "carbon_price": case.carbon_price,
        "demand": list(case.demand),
        "fixed_fuel": list(case.fixed_fuel),
        "existing": {unit.name: _existing(unit) for unit in case.existing},
        "technologies": {name: _plain(asdict(technology)) for name, technology in case.technologies.items()},
        "stores": {name: _plain(asdict(store)) for name, store in case.stores.items()},
        "waste_heat": {source.name: _waste_heat(source) for source in case.waste_heat},
        "measures": {group.name: _measures(group) for group in case.measure_groups},
        "limits": _plain(asdict(case.limits)),
    }  # fmt: skip


def _builtin(value: object) -> object:
    """The same with numpy's numbers as Python's, which YAML can write."""
    if isinstance(value, Mapping):
        return {str(key): _builtin(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_builtin(part) for part in value]
    return value.item() if isinstance(value, np.generic) else value


def _plain(values: Mapping[str, object]) -> dict[str, object]:
    """The values that are given."""
    return {name: value for name, value in values.items() if value is not None and value != {}}


def _demand(component: DemandCharge) -> dict[str, object]:
    price = component.price.get(NO_CLASS, dict(component.price))
    return {"hours": component.hours, "rule": component.rule, "price": price}


def _existing(unit: ExistingUnit) -> dict[str, object]:
    return {"fuel": unit.fuel, "outputs": list(unit.outputs), "efficiency": unit.efficiency}


def _waste_heat(source: WasteHeatSource) -> dict[str, object]:
    return {"carrier": source.carrier, "annual_cost": source.annual_cost, "investment": source.investment}


def _measures(group: MeasureGroup) -> dict[str, object]:
    packages = [
        {field.name: getattr(package, field.name) for field in fields(package)} | {"measures": list(package.measures)}
        for package in group.packages
    ]
    return {"base": list(group.base), "packages": packages}
