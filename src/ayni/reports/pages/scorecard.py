"""Page 4: the self-check by category, the lines not met, and those without data."""

from __future__ import annotations

import pandas as pd

from ayni.reports.blocks import Block, Cell, Column, Notice, Page, Picture
from ayni.reports.charts.scorecard import category_bands
from ayni.reports.content import Scorecard
from ayni.reports.pages.names import coded
from ayni.reports.pages.summary import score_band
from ayni.reports.pages.tables import fitted
from ayni.reports.rows import rows_of
from ayni.reports.style import VERDICT_COLOURS, Tone
from ayni.reports.voice import NOT_KNOWN, Voice
from ayni.reports.wording import shortened

LINE_ROOM = 34.0
OFFICIAL = "official"


def page(card: Scorecard, voice: Voice) -> Page:
    """The scorecard."""
    title = voice.say("scorecard.score_title", band=score_band(card.score_low, card.score_high, voice))
    lead = voice.say("scorecard.lead", name=card.name, version=card.version, hash=card.hash[:12])
    return Page(title, lead, (status_notice(card, voice), picture(card, voice), *line_tables(card, voice)))


def status_notice(card: Scorecard, voice: Voice) -> Notice:
    """Whether the framework is official, and that this is no certificate."""
    status = voice.word("assessment.status", card.status)
    tone: Tone = "info" if card.status == OFFICIAL else "warn"
    return Notice(tone, voice.say("scorecard.status", status=status), voice.say("scorecard.self_check"))


def picture(card: Scorecard, voice: Voice) -> Picture:
    """Bands per category, and one tile per line."""
    categories = card.categories.assign(
        band_text=[f"{score_band(row.score_low, row.score_high, voice)} %" for row in rows_of(card.categories)],
        count_text=[_counts(card.lines, category, voice) for category in card.categories["category"]],
    )  # fmt: skip
    best = card.categories.sort_values("score_low", kind="stable")
    values = {"low": best["title"].iloc[0], "high": best["title"].iloc[-1],
              "band": score_band(card.score_low, card.score_high, voice)}  # fmt: skip
    titles = voice.say("scorecard.band_column"), voice.say("scorecard.tile_column")
    svg = category_bands(categories, card.lines[["category", "verdict"]], titles)
    key = tuple(
        (colour, voice.word("assessment.result", verdict).lower()) for verdict, colour in VERDICT_COLOURS.items()
    )
    return Picture(svg, voice.say("scorecard.picture_title", **values), voice.say("scorecard.picture_alt", **values),
                   voice.say("scorecard.source", code=card.code), key)  # fmt: skip


def _counts(lines: pd.DataFrame, category: str, voice: Voice) -> str:
    counts = lines[lines["category"] == category]["verdict"].value_counts()
    return " · ".join(
        f"{counts[verdict]} {voice.word('assessment.result', verdict).lower()}"
        for verdict in VERDICT_COLOURS
        if verdict in counts
    )


def line_tables(card: Scorecard, voice: Voice) -> list[Block]:
    """Lines not or partly met with value and target; lines without data."""
    order = {verdict: place for place, verdict in enumerate(("not_met", "partly"))}
    odd = card.lines[card.lines["verdict"].isin(list(order))]
    odd = odd.assign(place=odd["verdict"].map(order), gate=odd["kind"] != "prerequisite").sort_values(
        ["place", "gate"], kind="stable"
    )
    missing = card.lines[card.lines["verdict"] == "no_data"]
    rows = [
        (
            Cell(row.line, small=voice.word("line_kind", row.kind)), Cell(shortened(row.text, 122)),
            Cell(_value(row.value, row.unit, voice)), Cell(row.target), coded("assessment.result", row.verdict, voice),
        )
        for row in rows_of(odd)
    ]  # fmt: skip
    columns = (
        Column(voice.say("scorecard.line")), Column(voice.say("scorecard.text"), share=1.0, characters=62),
        Column(voice.say("scorecard.value"), True), Column(voice.say("scorecard.target"), True),
        Column(voice.say("scorecard.verdict")),
    )  # fmt: skip
    title = voice.say("scorecard.not_met_title", count=len(odd))
    blocks: list[Block] = [fitted(columns, rows, LINE_ROOM, title, voice)] if rows else []
    if len(missing):
        words = ", ".join(missing["line"].head(24)) + (" …" if len(missing) > 24 else "")
        blocks.append(
            Notice(
                "none",
                voice.say("scorecard.no_data_title", count=len(missing)),
                voice.say("scorecard.no_data_text", lines=words),
            )
        )
    return blocks


def _value(value: float, unit: str, voice: Voice) -> str:
    return NOT_KNOWN if pd.isna(value) else voice.amount(value, unit)
