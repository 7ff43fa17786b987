"""A water cascade's case: sources, sinks, processes and groups, read from JSON with every fault as a finding."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Annotated, NoReturn

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from ayni.base.findings import Finding, Place, Refused, error, refuse_errors, warning

SIZE_MAX = 10_000_000
"""Largest file [bytes]."""

Amount = Annotated[float, Field(strict=True, ge=0, allow_inf_nan=False)]
PositiveAmount = Annotated[float, Field(strict=True, gt=0, allow_inf_nan=False)]


class _Part(BaseModel):
    """A part of a case by its id; a number is an id too."""

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)
    id: str = Field(min_length=1)


class Source(_Part):
    """Water that is given off: ``amount`` [t/h] of ``quality`` [ppm]."""

    amount: Amount
    quality: Amount


class Sink(_Part):
    """Water that is needed: ``amount`` [t/h], not dirtier than ``quality_max`` [ppm]."""

    amount: Amount
    quality_max: Amount


class WaterProcess(_Part):
    """A use that takes up ``load`` [kg/h], with the largest qualities [ppm] of its water at inlet and outlet."""

    quality_in_max: Amount
    quality_out_max: PositiveAmount
    load: Amount


class CascadeCase(BaseModel):
    """A whole case. ``groups`` name the members (ids) that are also solved for themselves."""

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)

    sources: tuple[Source, ...] = ()
    sinks: tuple[Sink, ...] = ()
    processes: tuple[WaterProcess, ...] = ()
    groups: Mapping[str, tuple[str, ...]] = {}

    def part(self, members: Collection[str]) -> CascadeCase:
        """The case of some members only."""
        return CascadeCase(
            sources=tuple(source for source in self.sources if source.id in members),
            sinks=tuple(sink for sink in self.sinks if sink.id in members),
            processes=tuple(process for process in self.processes if process.id in members),
        )


def read_case(path: Path) -> tuple[CascadeCase, tuple[Finding, ...]]:
    """The case in a JSON file, with warnings. Raises Refused where a finding blocks."""
    document = _document(path)
    try:
        case = CascadeCase.model_validate(document)
    except ValidationError as invalid:
        raise Refused([_finding(detail, path.name) for detail in invalid.errors()]) from invalid
    return case, refuse_errors(_check(case, path.name))


def _document(path: Path) -> object:
    """The JSON value in a file. Raises Refused."""
    place = Place(file=path.name)
    try:
        size = path.stat().st_size
        if size > SIZE_MAX:
            raise Refused([error("CASE-SIZE", place, size=size // 1_000_000, limit=SIZE_MAX // 1_000_000)])
        return json.loads(path.read_bytes(), object_pairs_hook=_no_key_twice, parse_constant=_refuse_constant)
    except OSError as fault:
        raise Refused([error("CASE-UNREADABLE", place, path=str(path))]) from fault
    except json.JSONDecodeError as fault:
        where = Place(file=path.name, row=fault.lineno)
        raise Refused([error("CASE-NO-JSON", where, line=str(fault.lineno), fault=fault.msg)]) from fault
    except (ValueError, RecursionError) as fault:
        raise Refused([error("CASE-NO-JSON", place, line="?", fault=str(fault))]) from fault


def _no_key_twice(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """A JSON object, unless a key stands twice: the last one would win in silence."""
    twice = [key for key, count in Counter(key for key, _ in pairs).items() if count > 1]
    if twice:
        raise ValueError(f"{twice[0]}: 2 ×")
    return dict(pairs)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _finding(detail: ErrorDetails, file: str) -> Finding:
    """A pydantic remark as a finding at its path, such as ``sinks[2].quality_max``."""
    where = ""
    for step in detail["loc"]:
        where += f"[{step}]" if isinstance(step, int) else f".{step}" if where else step
    place = Place(file=file, cell=where)
    kind = detail["type"]
    if kind in {"missing", "extra_forbidden"}:
        return error("CASE-MISSING" if kind == "missing" else "CASE-UNKNOWN", place, where=where)
    if kind in {"float_type", "finite_number"}:
        return error("CASE-NUMBER", place, where=where, found=json.dumps(detail["input"], default=str)[:60])
    if kind in {"greater_than", "greater_than_equal"}:
        return error("CASE-RANGE", place, where=where, found=str(detail["input"]))
    return error("CASE-FORM", place, where=where or "case", fault=detail["msg"])


def _check(case: CascadeCase, file: str) -> list[Finding]:
    """What the single parts can't show: repeated ids, groups of strangers, an empty case, odd limits."""
    givers, takers = (*case.sources, *case.processes), (*case.sinks, *case.processes)
    known = {part.id for part in (*givers, *takers)}
    grouped = [member for members in case.groups.values() for member in members]
    place = Place(file=file)
    findings = [] if takers else [error("CASE-EMPTY", place)]
    repeated = {*_repeated(part.id for part in givers), *_repeated(part.id for part in takers)}
    findings += [error("CASE-TWICE", place, found=name) for name in sorted(repeated)]
    findings += [
        error("CASE-GROUP-UNKNOWN", Place(file=file, cell=f"groups.{name}"), group=name, found=member)
        for name, members in case.groups.items()
        for member in members
        if member not in known
    ]
    findings += [error("CASE-GROUP-TWICE", place, found=member) for member in _repeated(grouped)]
    findings += [
        warning("CASE-LIMITS", place, found=process.id)
        for process in case.processes
        if process.quality_in_max >= process.quality_out_max
    ]
    return findings


def _repeated(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]
