"""Page 10: the factors that figures rest on, with year, source and status."""

from __future__ import annotations

from ayni.base.factors import Factor
from ayni.base.status import Status
from ayni.reports.blocks import Cell, Column, Notice, Page, Table, limited
from ayni.reports.content import ReportData
from ayni.reports.pages.names import coded
from ayni.reports.voice import NOT_KNOWN, Voice, shortened

ROWS = 34
RANK = {status: place for place, status in enumerate(Status)}


def page(data: ReportData, voice: Voice) -> Page:
    """The sources, the worst founded first."""
    factors = sorted(data.book.factors().values(), key=lambda factor: (-RANK[factor.status], factor.id))
    if not factors:
        return Page(voice.say("sources.title"), "", (Notice("none", voice.say("sources.none"), ""),))
    kept, left = limited([_row(factor, voice) for factor in factors], ROWS)
    columns = (
        Column(voice.say("gaps.factor"), share=1.1), Column(voice.say("gaps.value"), True),
        Column(voice.say("gaps.unit")), Column(voice.say("sources.year")),
        Column(voice.say("sources.source"), share=1.6), Column(voice.say("status")),
    )  # fmt: skip
    counts = ", ".join(
        f"{sum(factor.status is status for factor in factors)} {voice.word('status', status.value)}"
        for status in Status if any(factor.status is status for factor in factors)
    )  # fmt: skip
    remark = voice.say("more_rows", count=left) if left else ""
    return Page(
        voice.say("sources.title"),
        voice.say("sources.lead", counts=counts),
        (Table(columns, kept, "", remark, is_small=True),),
    )


def _row(factor: Factor, voice: Voice) -> tuple[Cell, ...]:
    return (
        Cell(factor.id), Cell(voice.number(factor.value)), Cell(factor.unit), Cell(factor.date or NOT_KNOWN),
        Cell(shortened(factor.source, 90)), coded("status", factor.status.value, voice),
    )  # fmt: skip
