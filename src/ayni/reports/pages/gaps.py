"""Page 9: what is missing and what is only estimated."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ayni.base.findings import Finding, Severity
from ayni.base.texts import say
from ayni.reports.blocks import Block, Bullets, Cell, Column, Notice, Page, Table, row_height
from ayni.reports.content import Design, ReportData
from ayni.reports.pages.names import coded
from ayni.reports.pages.tables import fitted
from ayni.reports.rows import rows_of
from ayni.reports.voice import MILLION, NOT_KNOWN, Voice
from ayni.reports.wording import sentence, shortened

ROOM, FINDING_ROOM = 40.0, 18.0
"""Lines for both tables of the page, and at most for the first one."""
SURVIVES = {True: "design.survives", False: "design.does_not_survive"}
METHODS = ("account", "tariff", "exchange", "design", "band", "score")


def page(data: ReportData, voice: Voice) -> Page:
    """Findings, what the plan's worth rests on, method."""
    blocks: list[Block] = [finding_block(data.findings, voice)]
    if data.design is not None:
        used = sum(row_height(part.columns, row) for part in blocks if isinstance(part, Table) for row in part.rows)
        blocks += decisive_blocks(data.design, ROOM - used, voice)
    methods = tuple((voice.say(f"gaps.method.{name}"), ()) for name in METHODS)
    blocks.append(Bullets(methods, voice.say("gaps.method_title")))
    return Page(voice.say("gaps.title"), voice.say("gaps.lead", findings=len(data.findings)), tuple(blocks))


def finding_block(findings: tuple[Finding, ...], voice: Voice) -> Block:
    """Remarks on the workbook, the severe ones first."""
    if not findings:
        return Notice("go", voice.say("gaps.no_findings"), "")
    rows = [
        (
            coded("severity", same[0].severity.value, voice),
            Cell(_place(same[0]), small=f"{code} × {len(same)}" if len(same) > 1 else code),
            Cell(shortened(same[0].message(voice.language), 215)),
        )
        for code, same in _by_code(findings).items()
    ]  # fmt: skip
    columns = (
        Column(""), Column(voice.say("gaps.place")), Column(voice.say("gaps.finding"), share=1.0, characters=72),
    )  # fmt: skip
    title = voice.say("gaps.findings_title", count=len(findings))
    return fitted(columns, rows, FINDING_ROOM, title, voice, more="gaps.more_findings")


def _by_code(findings: tuple[Finding, ...]) -> dict[str, list[Finding]]:
    """Findings of one kind together, the severe kinds first."""
    rank = {severity: place for place, severity in enumerate(Severity)}
    kinds: dict[str, list[Finding]] = {}
    for finding in sorted(findings, key=lambda finding: rank[finding.severity]):
        kinds.setdefault(finding.code, []).append(finding)
    return kinds


def _place(finding: Finding) -> str:
    place = finding.place
    return " ".join(str(part) for part in (place.sheet, place.cell or place.row) if part) or NOT_KNOWN


def decisive_blocks(part: Design, room: float, voice: Voice) -> list[Block]:
    """The inputs that decide, those that move the plan's worth most first, and whether the plan survives them."""
    decisive = part.inputs[part.inputs["is_decisive"].astype(bool)]
    survives = Notice("go" if part.survives else "warn", say(SURVIVES[part.survives], voice.language), "")
    if decisive.empty:
        return [survives]
    rows = [
        (
            Cell(sentence(row.subject), small=row.role), Cell(voice.exact(row.value)),
            Cell(_band(row.low, row.high, voice)), Cell(shortened(voice.unit(row.unit), 18)), Cell(_reach(row, voice)),
            coded("status", row.status, voice),
        )
        for row in rows_of(decisive)
    ]  # fmt: skip
    columns = (
        Column(voice.say("gaps.input"), share=1.0, characters=30), Column(voice.say("gaps.value"), True),
        Column(voice.say("gaps.band"), True), Column(voice.say("gaps.unit")), Column(voice.say("gaps.reach"), True),
        Column(voice.say("status")),
    )  # fmt: skip
    title = voice.say("gaps.inputs_title", unverified=int(decisive["is_unverified"].sum()), total=len(decisive))
    return [fitted(columns, rows, room, title, voice, remark=voice.say("gaps.inputs_remark")), survives]


def _reach(row: Any, voice: Voice) -> str:
    """The plan's worth at the ends of an input [million soles], the smaller first."""
    ends = sorted(end for end in (row.npv_low, row.npv_high) if pd.notna(end))
    if not ends:
        return voice.say("gaps.no_range")
    low, high = (voice.number(end / MILLION, 1) for end in (ends[0], ends[-1]))
    return low if len(ends) == 1 else voice.say("from_to", low=low, high=high)


def _band(low: float | None, high: float | None, voice: Voice) -> str:
    if low is None or high is None or pd.isna(low) or pd.isna(high):
        return NOT_KNOWN
    return voice.say("from_to", low=voice.exact(low), high=voice.exact(high))
