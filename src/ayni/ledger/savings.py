"""Savings of a programme as records by stage, and the yardsticks of each stage. Stages are compared, never added."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources

from ayni.base.figures import Stage
from ayni.base.status import Status, parse_status

ZIS = "zis_pe"
"""Records of the Sustainable Industrial Zones of Peru, phase 1."""


@dataclass(frozen=True)
class SavingRecord:
    """One reported number: ``quantity`` is co2e, investment, grant, saving (yearly), firms or measures."""

    stage: Stage
    quantity: str
    value: float
    unit: str
    year: str
    source: str
    status: Status
    note: str = ""


@dataclass(frozen=True)
class StageSummary:
    """The sums of one stage; None where nothing is known. Money is in one currency, saving and co2e are per year."""

    stage: Stage
    co2e: float | None = None
    investment: float | None = None
    grant: float | None = None
    saving: float | None = None

    @property
    def grant_share(self) -> float | None:
        """Grant per investment."""
        return _ratio(self.grant, self.investment)

    @property
    def payback(self) -> float | None:
        """Simple payback of the whole investment [years]."""
        return _ratio(self.investment, self.saving)

    @property
    def payback_with_grant(self) -> float | None:
        """Simple payback of what the firms paid themselves [years]."""
        if self.investment is None or self.grant is None:
            return None
        return _ratio(self.investment - self.grant, self.saving)


def _ratio(part: float | None, whole: float | None) -> float | None:
    """``part`` per ``whole``; None where either is not known or the whole is zero."""
    return part / whole if part is not None and whole else None


def read_records(name: str) -> tuple[SavingRecord, ...]:
    """The records of ``data/programme/NAME.csv``."""
    text = (resources.files("ayni.data") / "programme" / f"{name}.csv").read_text(encoding="utf-8")
    return tuple(
        SavingRecord(
            Stage(row["stage"]), row["quantity"], float(row["value"]), row["unit"], row["year"], row["source"],
            parse_status(row["status"])[0], row["note"],
        )
        for row in csv.DictReader(io.StringIO(text))
    )  # fmt: skip


def summarise(records: Iterable[SavingRecord]) -> Mapping[Stage, StageSummary]:
    """Each stage's sums, in the order of the stages. Raises ValueError where a quantity stands in two units."""
    sums: dict[Stage, dict[str, float]] = {}
    units: dict[str, str] = {}
    for record in records:
        if units.setdefault(record.quantity, record.unit) != record.unit:
            raise ValueError(f"{record.quantity} in {units[record.quantity]} and in {record.unit}")
        stage = sums.setdefault(record.stage, {})
        stage[record.quantity] = stage.get(record.quantity, 0.0) + record.value
    return {
        stage: StageSummary(stage, *(sums[stage].get(name) for name in ("co2e", "investment", "grant", "saving")))
        for stage in Stage
        if stage in sums
    }


def share_of_stage(summaries: Mapping[Stage, StageSummary], stage: Stage, of: Stage) -> float | None:
    """Emissions saved at one stage per those of another; None where one of them is not known."""
    if stage not in summaries or of not in summaries:
        return None
    return _ratio(summaries[stage].co2e, summaries[of].co2e)
