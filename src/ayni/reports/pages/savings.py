"""Page 8: what each option avoids and costs, and energy by carrier before and after."""

from __future__ import annotations

import pandas as pd

from ayni.base.figures import FigureBook
from ayni.ledger.schema import Carrier
from ayni.reports.blocks import Block, Cell, Column, Notice, Page, Picture, Table, limited
from ayni.reports.charts.abatement import abatement_curve, ordered_options
from ayni.reports.charts.energy_bars import before_after_bars
from ayni.reports.content import Design
from ayni.reports.pages.names import coded
from ayni.reports.rows import rows_of
from ayni.reports.style import CHILCA, QOLLE
from ayni.reports.voice import Voice, sentence, shortened

OPTION_ROWS = 12


def page(book: FigureBook, part: Design, voice: Voice) -> Page:
    """The curve, its options, the carriers."""
    blocks = (*carrier_blocks(book, voice), *curve_blocks(part, voice))
    return Page(voice.say("savings.title"), voice.say("savings.lead"), blocks)


def carrier_blocks(book: FigureBook, voice: Voice) -> list[Block]:
    """Energy by carrier as recorded and after exchanges and design."""
    carriers = [c.value for c in Carrier if f"energy.{c.value}.before" in book and f"energy.{c.value}.after" in book]
    pairs = [(c, book[f"energy.{c}.before"].value, book[f"energy.{c}.after"].value) for c in carriers]
    pairs = [(carrier, before, after) for carrier, before, after in pairs if max(before, after) > 0]
    if not pairs:
        return [Notice("none", voice.say("savings.no_energy"), "")]
    rows = pd.DataFrame(pairs, columns=["label", "before", "after"])
    rows = rows.assign(
        label=[voice.title("Carrier", carrier) for carrier in rows["label"]],
        before_text=rows["before"].map(voice.number), after_text=rows["after"].map(voice.number),
    )  # fmt: skip
    before, after = float(rows["before"].sum()), float(rows["after"].sum())
    values = {
        "before": voice.number(before),
        "after": voice.number(after),
        "saving": voice.percent(1 - after / before if before else 0.0),
    }
    svg = before_after_bars(rows, (voice.say("before"), voice.say("after")))
    return [
        Picture(
            svg,
            voice.say("savings.energy_title", **values),
            voice.say("savings.energy_alt", **values),
            voice.say("savings.energy_source"),
        )
    ]


def curve_blocks(part: Design, voice: Voice) -> list[Block]:
    """The abatement cost curve and the table to its numbers."""
    options = ordered_options(part.abatement)
    if options.empty:
        return [Notice("none", voice.say("savings.no_options"), voice.say("savings.no_options_text"))]
    free = options[options["cost"] <= 0]
    values = {"count": len(free), "total": len(options), "avoided": voice.number(float(free["avoided"].sum())),
              "all": voice.number(float(options["avoided"].sum()))}  # fmt: skip
    svg = abatement_curve(options, (voice.say("savings.axis_avoided"), voice.say("savings.axis_cost")))
    key = ((CHILCA, voice.say("savings.pays")), (QOLLE, voice.say("savings.costs")))
    picture = Picture(
        svg,
        sentence(voice.say("savings.curve_title", **values)),
        voice.say("savings.curve_alt", **values),
        voice.say("savings.curve_source"),
        key,
    )
    rows = [
        (
            Cell(row.number), Cell(shortened(row.title, 70)), Cell(voice.number(row.avoided)),
            Cell(voice.number(row.cost)), coded("status", row.status, voice),
        )
        for row in rows_of(options)
    ]  # fmt: skip
    kept, left = limited(rows, OPTION_ROWS)
    columns = (
        Column(voice.say("exchange.number")), Column(voice.say("savings.option"), share=1.0), Column("t CO₂e", True),
        Column(voice.say("savings.axis_cost"), True), Column(voice.say("status")),
    )  # fmt: skip
    remark = voice.say("savings.curve_remark") + (f" {voice.say('more_rows', count=left)}" if left else "")
    return [picture, Table(columns, kept, "", remark, is_small=True)]
