"""A zone folder read, with every fault as a finding: file, row (line of the document, record of the table), column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ayni.base.findings import Finding, Place, Refused, error, refuse_errors
from ayni.base.yaml_reading import Document, Plain, read_yaml
from ayni.zones.case import Series, ZoneCase
from ayni.zones.case_checks import check_case
from ayni.zones.folder.document import ZoneDocument
from ayni.zones.folder.hourly import read_hourly
from ayni.zones.folder.writing import DOCUMENT, HOURLY

STUDY_KEYS = frozenset(
    {"carbon_price", "grid_co2", "fuels", "technologies", "stores", "existing", "waste_heat", "limits", "tariff"}
)
"""What a study may change. What it sets to null (a technology, a limit) is taken away."""


def read_folder(folder: Path, study: Path | None = None) -> ZoneCase:
    """The case in ``folder``, with what ``study`` changes. Raises Refused with everything that is wrong."""
    sources = _Sources(_read(folder / DOCUMENT), _read(study) if study else None, study.name if study else "")
    described = _validated(sources)
    hourly = read_hourly(folder / HOURLY, tuple(described.columns()), described.hours)
    case = _case(described, hourly)
    refuse_errors(replace(finding, place=sources.place(finding.place)) for finding in check_case(case))
    return case


@dataclass(frozen=True)
class _Sources:
    """The zone's document and the study's, if any: what they say together, and in which line of which file."""

    zone: Document
    study: Document | None
    study_file: str

    def data(self) -> Plain:
        """The zone's document with the study's values in it."""
        return self.zone.data if self.study is None else _merged(self.zone.data, self.study.data)

    def place_of(self, path: tuple[str | int, ...]) -> Place:
        """File and line of an entry: the study's where it says something about it."""
        column = ".".join(str(part) for part in path) or None
        if self.study is not None and any(path[:length] in self.study.lines for length in range(len(path), 1, -1)):
            return Place(file=self.study_file, row=self.study.line_of(path), column=column)
        return Place(file=DOCUMENT, row=self.zone.line_of(path), column=column)

    def place(self, place: Place) -> Place:
        """The place of a check of the case: a row is one of the table, a dotted name alone an entry of a document."""
        if place.row is not None:
            return replace(place, file=HOURLY)
        for document in (self.study, self.zone):
            for path in document.lines if document else ():
                if place.column == ".".join(str(part) for part in path):
                    return self.place_of(path)
        return replace(place, file=DOCUMENT)


def _read(path: Path) -> Document:
    """A YAML file. Raises Refused."""
    try:
        raw = path.read_bytes()
    except OSError as fault:
        raise Refused([error("CSV-UNREADABLE", Place(file=path.name), path=str(path))]) from fault
    return read_yaml(raw, path.name)


def _merged(data: Plain, changes: Plain) -> Plain:
    """``data`` with ``changes`` in it, mapping by mapping; null takes an entry away."""
    if not (isinstance(data, Mapping) and isinstance(changes, Mapping)):
        return changes
    merged = {key: _merged(data.get(key), value) for key, value in changes.items()}
    return {key: value for key, value in {**data, **merged}.items() if not (key in changes and value is None)}


def _validated(sources: _Sources) -> ZoneDocument:
    """The document with its types checked. Raises Refused."""
    if sources.study is not None:
        said = sources.study.data
        unknown = [key for key in said if key not in STUDY_KEYS] if isinstance(said, Mapping) else [""]
        refuse_errors(_study_key(sources, key) for key in unknown)
    data = sources.data()
    if not isinstance(data, Mapping):
        raise Refused([error("FOLDER-EMPTY", Place(file=DOCUMENT, row=1))])
    try:
        return ZoneDocument.model_validate(data)
    except ValidationError as invalid:
        raise Refused(_finding(detail, sources) for detail in invalid.errors()) from invalid


def _study_key(sources: _Sources, key: str) -> Finding:
    row = sources.study.line_of((key,)) if sources.study else 1
    allowed = ", ".join(sorted(STUDY_KEYS))
    return error("FOLDER-STUDY-KEY", Place(file=sources.study_file, row=row, column=key), key=key, allowed=allowed)


def _finding(detail: ErrorDetails, sources: _Sources) -> Finding:
    """A remark of pydantic's with the line that it is about."""
    place, key = sources.place_of(detail["loc"]), str(detail["loc"][-1]) if detail["loc"] else ""
    if detail["type"] == "extra_forbidden":
        return error("FOLDER-KEY-UNKNOWN", place, key=key)
    if detail["type"] == "missing":
        return error("FOLDER-KEY-MISSING", place, key=key)
    return error("FOLDER-VALUE", place, key=key, found=str(detail["input"])[:80], wanted=_wanted(detail))


def _wanted(detail: ErrorDetails) -> str:
    """What would be right: the allowed words, or pydantic's name of the type."""
    context = detail.get("ctx", {})
    return str(
        context.get("expected") or ", ".join(f"{name} {limit}" for name, limit in context.items()) or detail["type"]
    )


def _case(said: ZoneDocument, columns: Mapping[str, Series]) -> ZoneCase:
    return ZoneCase(
        name=said.name,
        hours=said.hours,
        month=columns["month"].astype(np.int64),
        is_peak=columns["is_peak"] > 0.0,
        demand={carrier: columns[f"demand.{carrier}"] for carrier in said.demand},
        tariff=said.tariff.tariff(columns["energy_price"]),
        fuels={name: part.fuel() for name, part in said.fuels.items()},
        grid_co2=said.grid_co2,
        carbon_price=said.carbon_price,
        existing=tuple(part.unit(name, columns[f"existing.{name}"]) for name, part in said.existing.items()),
        technologies={name: part.technology() for name, part in said.technologies.items()},
        stores={name: part.store() for name, part in said.stores.items()},
        solar_pv=columns["solar_pv"],
        solar_heat=columns["solar_heat"],
        waste_heat=tuple(part.source(name, columns[f"waste_heat.{name}"]) for name, part in said.waste_heat.items()),
        measure_groups=tuple(
            part.group(name, {key: columns[f"measures.{name}.{key}"] for key in part.base})
            for name, part in said.measures.items()
        ),
        fixed_fuel={fuel: columns[f"fixed_fuel.{fuel}"] for fuel in said.fixed_fuel},
        limits=said.limits.limits(),
    )
