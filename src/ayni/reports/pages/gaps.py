"""Page 9: what is missing and what is only estimated."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ayni.base.findings import Finding, Severity
from ayni.base.texts import say
from ayni.reports.blocks import Block, Bullets, Cell, Column, Notice, Page, Table, limited
from ayni.reports.content import Design, ReportData
from ayni.reports.pages.names import coded
from ayni.reports.rows import rows_of
from ayni.reports.voice import MILLION, NOT_KNOWN, Voice, sentence, shortened

FINDING_ROWS, INPUT_ROWS = 8, 12
SURVIVES = {True: "design.survives", False: "design.does_not_survive"}
METHODS = ("account", "tariff", "exchange", "design", "band", "score")


def page(data: ReportData, voice: Voice) -> Page:
    """Findings, what the plan's worth rests on, method."""
    blocks: list[Block] = [finding_block(data.findings, voice)]
    lead = voice.say("gaps.lead", findings=len(data.findings))
    if data.design is not None:
        blocks += decisive_blocks(data.design, voice)
    methods = tuple((voice.say(f"gaps.method.{name}"), ()) for name in METHODS)
    blocks.append(Bullets(methods, voice.say("gaps.method_title")))
    return Page(voice.say("gaps.title"), lead, tuple(blocks))


def finding_block(findings: tuple[Finding, ...], voice: Voice) -> Block:
    """Remarks on the workbook, the severe ones first."""
    if not findings:
        return Notice("go", voice.say("gaps.no_findings"), "")
    rank = {severity: place for place, severity in enumerate(Severity)}
    rows = [
        (
            coded("severity", finding.severity.value, voice),
            Cell(_place(finding), small=finding.code), Cell(shortened(finding.message(voice.language), 190)),
        )
        for finding in sorted(findings, key=lambda finding: rank[finding.severity])
    ]  # fmt: skip
    kept, left = limited(rows, FINDING_ROWS)
    columns = (Column(""), Column(voice.say("gaps.place")), Column(voice.say("gaps.finding"), share=1.0))
    remark = voice.say("gaps.more_findings", count=left) if left else ""
    return Table(columns, kept, voice.say("gaps.findings_title", count=len(findings)), remark, is_small=True)


def _place(finding: Finding) -> str:
    place = finding.place
    return " ".join(str(part) for part in (place.sheet, place.cell or place.row) if part) or NOT_KNOWN


def decisive_blocks(part: Design, voice: Voice) -> list[Block]:
    """The inputs that decide, those that move the plan's worth most first, and whether the plan survives them."""
    decisive = part.inputs[part.inputs["is_decisive"].astype(bool)]
    unverified = int(decisive["is_unverified"].sum())
    title = voice.say("gaps.inputs_title", unverified=unverified, total=len(decisive))
    survives = Notice("go" if part.survives else "warn", say(SURVIVES[part.survives], voice.language), "")
    if decisive.empty:
        return [survives]
    rows = [
        (
            Cell(sentence(row.subject), small=row.role), Cell(voice.number(row.value)),
            Cell(_band(row.low, row.high, voice)), Cell(voice.unit(row.unit)), Cell(_reach(row, voice)),
            coded("status", row.status, voice),
        )
        for row in rows_of(decisive)
    ]  # fmt: skip
    kept, left = limited(rows, INPUT_ROWS)
    columns = (
        Column(voice.say("gaps.input"), share=1.0), Column(voice.say("gaps.value"), True),
        Column(voice.say("gaps.band"), True), Column(voice.say("gaps.unit")), Column(voice.say("gaps.reach"), True),
        Column(voice.say("status")),
    )  # fmt: skip
    remark = voice.say("gaps.inputs_remark") + (f" {voice.say('more_rows', count=left)}" if left else "")
    return [Table(columns, kept, title, remark, is_small=True), survives]


def _reach(row: Any, voice: Voice) -> str:
    """The plan's worth at the two ends of an input, the smaller first."""
    ends = sorted(end for end in (row.npv_low, row.npv_high) if pd.notna(end))
    if not ends:
        return voice.say("gaps.no_range")
    low, high = (voice.number(end / MILLION, 1) for end in (ends[0], ends[-1]))
    return low if len(ends) == 1 else voice.say("from_to", low=low, high=high)


def _band(low: float | None, high: float | None, voice: Voice) -> str:
    if pd.isna(low) or pd.isna(high):
        return NOT_KNOWN
    return voice.say("from_to", low=voice.number(low), high=voice.number(high))
