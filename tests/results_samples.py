"""A small park with accepted records, and a finished run on them: the example's firms, made once per test module."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

import ayni
from ayni.base.sheets import Row
from ayni.parks.example import example_rows
from ayni.parks.parts import split_park
from ayni.portal.places.models import Park, Site
from ayni.portal.records.contents import content_hash, record_rows
from ayni.portal.records.models import Channel, Evidence, EvidenceKind, RecordRow, Submission, SubmissionState
from ayni.portal.results.accepted import KIND, inputs_of, standing_of
from ayni.portal.results.handler import ORIGINS
from ayni.portal.runs.models import Run, RunOutput, RunState
from ayni.portal.runs.outputs import file_sha256
from ayni.portal.runs.services import hash_of
from portal_samples import World, make_site

YEAR = 2025
CODES = ("E01", "E02", "E03", "E04", "E11")
"""Firms of the example: only E04 burns residual fuel, only E11 biomass; E01 brings a measured profile."""
PROFILES = Path(ayni.__file__).parent / "data" / "example" / "profiles"


def parts() -> tuple[dict[str, list[Row]], dict[str, dict[str, list[Row]]]]:
    """The example's own rows, and those of the firms that take part."""
    park, firms = split_park(example_rows("es"))
    return park, {code: firms[code] for code in CODES}


def accept(world: World, subject: Site | Park, rows: Mapping[str, list[Row]], version: int = 1) -> Submission:
    """An accepted record, written past the checks."""
    whose = {"site": subject} if isinstance(subject, Site) else {"park": subject}
    made = Submission.objects.create(
        **whose, year=YEAR, version=version, channel=Channel.WORKBOOK, author=world.people["firm_member"],
        content_hash=content_hash(rows), submitted_at=timezone.now(),
    )  # fmt: skip
    RecordRow.objects.bulk_create(record_rows(made, rows))
    if isinstance(subject, Site) and rows.get("profiles"):
        attach(made, "E01_electricity.csv.gz")
    Submission.objects.filter(pk=made.pk).update(state=SubmissionState.ACCEPTED)
    return made


def attach(submission: Submission, name: str) -> None:
    """A profile file behind a record."""
    content = (PROFILES / name).read_bytes()
    Evidence.objects.create(
        submission=submission, kind=EvidenceKind.PROFILE, name=name, file=ContentFile(content, name=name),
        size=len(content), sha256="0" * 64, author=submission.author,
    )  # fmt: skip


def accepted_park(world: World) -> None:
    """The world's own park with its part and all its firms accepted; it is no sample, though its rows are made up."""
    park_rows, firm_rows = parts()
    accept(world, world.park, park_rows)
    known = {site.code: site for site in Site.objects.filter(park=world.park)}
    for code, rows in firm_rows.items():
        name = rows["firms"][0].name  # type: ignore[attr-defined]
        site = known.get(code) or _tenant(world, code, name)
        accept(world, site, rows)


def _tenant(world: World, code: str, name: str) -> Site:
    """A firm with its site in the own park; numbers from 60 are free."""
    site = make_site(world.park, 60 + int(code[1:]), name)
    site.code = code
    site.save()
    return site


@dataclass
class FakeJob:
    """A job without a worker: what goes to the child is pickled, and called here."""

    run: Run
    folder: Path
    told: list[tuple[str, float, str]] = field(default_factory=list)

    def report(self, stage: str, done: float, key: str = "", /, **_: object) -> None:
        """Take note."""
        self.told.append((stage, done, key))

    def in_child(self, function: Callable[..., Any], /, *args: Any) -> Any:
        """Call the function with a report, as a child would get it."""
        called, given = pickle.loads(pickle.dumps((function, args)))  # noqa: S301
        return called(self.report, *given)


def made_run(world: World, files: Path | None = None, state: str = RunState.DONE, **changes: Any) -> Run:
    """A run on what is accepted now; ``files`` of an earlier one are its outputs, origins renamed to these records."""
    standing = standing_of(world.park, YEAR)
    inputs = inputs_of(standing.submissions)
    fields = {
        "kind": KIND, "park": world.park, "year": YEAR, "author": world.people["park_operator"], "state": state,
        "inputs": inputs, "inputs_hash": hash_of(inputs), "parameters": {"version": ayni.__version__},
        "finished_at": timezone.now() if state == RunState.DONE else None, **changes,
    }  # fmt: skip
    run = Run.objects.create(**fields)
    for path in sorted(path for path in files.iterdir() if path.is_file()) if files else ():
        text = _renamed(path, run) if path.name == ORIGINS else path.read_bytes()
        RunOutput.objects.create(
            run=run, attempt=1, name=path.name, file=ContentFile(text, name=path.name), size=len(text),
            sha256=file_sha256(path),
        )  # fmt: skip
    return run


def tiny_run(world: World) -> Run:
    """A finished run of the own park's three firms on nothing that the database holds."""
    named = [{"id": 0, "site": site.pk, "code": site.code, "version": 1, "hash": site.code}
             for site in (world.site, *world.neighbours)]  # fmt: skip
    return made_run(world, tiny_files(), inputs={"submissions": named})


def _row(sheet: str, row: int, text: str, value: float, unit: str) -> dict[str, Any]:
    return {"row": {"sheet": sheet, "row": row, "text": text, "value": value, "unit": unit, "status": "declared"}}


def _figure(value: float, label: str, formula: str, inputs: list[dict[str, Any]]) -> dict[str, Any]:
    return {"value": value, "unit": "", "label": label, "stage": "recorded", "status": "declared", "low": None,
            "high": None, "formula": formula, "inputs": inputs}  # fmt: skip


@cache
def tiny_files() -> Path:
    """Files of a run on nothing: a park of three firms, three figures on their rows."""
    folder = Path(mkdtemp(prefix="ayni-tiny-"))
    firms = [_row("Empresas", place, f"E0{place - 1}", 1.0, "") for place in (2, 3, 4)]
    bills = [_row("Recibos", place, f"2025 E0{place - 1}", 100.0 + place, "MWh") for place in (2, 3, 4)]
    total = sum(bill["row"]["value"] for bill in bills)
    electricity = {"figure": "energy.electricity.before"}
    figures = {
        "park.firms": _figure(3.0, "Empresas", "count", firms),
        "energy.electricity.before": _figure(total, "Energía, electricidad", "sum", bills),
        "energy.total.before": _figure(total, "Energía, todo el parque", "sum", [electricity]),
    }
    results: dict[str, Any] = {
        "version": "1", "language": "es", "findings": [], "figures": figures, "factors": {},
        "park": {"name": "Park", "place": "", "origin": "records", "firms": []},
        "period": {"year": YEAR, "price_date": "2025-12-31", "pen_per_usd": 3.4, "usd_per_eur": 1.1,
                   "discount_rate": 0.1},
        "flows": {}, "balance": [], "footprint": {"energy": [], "emissions": [], "water": [], "waste": []},
        "cost": {"lines": [], "tariffs": []}, "assessment": None, "exchange": None, "design": None,
    }  # fmt: skip
    origins = {
        "submissions": {code: {"id": None, "version": 1, "hash": "", "site": None, "name": ""}
                        for code in ("", "E01", "E02", "E03")},
        "missing": [],
        "rows": {one: {str(row): [f"E0{row - 1}", 2] for row in (2, 3, 4)} for one in ("Empresas", "Recibos")},
    }  # fmt: skip
    for language in ("es", "en"):
        (folder / f"results_{language}.json").write_text(json.dumps(results))
    (folder / ORIGINS).write_text(json.dumps(origins))
    return folder


def _renamed(path: Path, run: Run) -> bytes:
    document = json.loads(path.read_text(encoding="utf-8"))
    now = {one["code"]: one for one in run.inputs["submissions"]}
    for code, one in document["submissions"].items():
        if code in now:
            one.update(id=now[code]["id"] or None, site=now[code]["site"], hash=now[code]["hash"])
    return json.dumps(document).encode()
