"""Page 8: what each option avoids and costs, and energy by carrier before and after."""

from __future__ import annotations

import pandas as pd

from ayni.base.figures import FigureBook
from ayni.ledger.schema import Carrier
from ayni.reports.blocks import Block, Cell, Column, Columns, Notice, Page, Picture, Table
from ayni.reports.charts.abatement import abatement_curve, ordered_options
from ayni.reports.charts.energy_bars import before_after_bars
from ayni.reports.content import Design
from ayni.reports.pages.names import coded
from ayni.reports.pages.tables import fitted
from ayni.reports.rows import rows_of
from ayni.reports.style import CHILCA, QOLLE
from ayni.reports.voice import Voice
from ayni.reports.wording import sentence, shortened

OPTION_ROOM = 20.0


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
        before_text=rows["before"].map(voice.quantity), after_text=rows["after"].map(voice.quantity),
    )  # fmt: skip
    before, after = float(rows["before"].sum()), float(rows["after"].sum())
    values = {
        "before": voice.number(before),
        "after": voice.number(after),
        "change": voice.change(after / before - 1 if before else 0.0),
    }
    svg = before_after_bars(rows, (voice.say("before"), voice.say("after")))
    picture = Picture(
        svg,
        voice.say("savings.energy_title", **values),
        voice.say("savings.energy_alt", **values),
        voice.say("savings.energy_source"),
    )
    table = amount_table(book, [carrier for carrier, _, _ in pairs], voice)
    return [Columns(((picture,), (table,)), (1.0, 1.0))]


def amount_table(book: FigureBook, carriers: list[str], voice: Voice) -> Table:
    """What is bought of each carrier, in the unit of its bills."""
    known = {figure.id for figure in book}
    names = [f"amount.{carrier}" for carrier in carriers] + ["water.total", "waste.landfill"]
    rows = [
        (
            Cell(f"{_subject(name, voice)}, {voice.unit(book[f'{name}.before'].unit.removesuffix('/year'))}"),
            Cell(voice.quantity(book[f"{name}.before"].value)), Cell(voice.quantity(book[f"{name}.after"].value)),
            Cell(voice.quantity(book[f"saving.{name}"].value)),
        )
        for name in names
        if {f"saving.{name}", f"{name}.before", f"{name}.after"} <= known
    ]  # fmt: skip
    columns = (
        Column(voice.say("savings.what"), share=1.0), Column(voice.say("savings.before"), True),
        Column(voice.say("savings.after"), True), Column(voice.say("summary.saving"), True),
    )  # fmt: skip
    return Table(columns, tuple(rows), voice.say("savings.amounts_title"), is_small=True)


def _subject(name: str, voice: Voice) -> str:
    kind, _, carrier = name.partition(".")
    return voice.title("Carrier", carrier) if kind == "amount" else voice.say(f"summary.{kind}_row")


def curve_blocks(part: Design, voice: Voice) -> list[Block]:
    """The abatement cost curve and the table to its numbers."""
    options = ordered_options(part.abatement)
    if options.empty:
        return [Notice("none", voice.say("savings.no_options"), voice.say("savings.no_options_text"))]
    free = options[options["cost"] <= 0]
    values = {"count": len(free), "total": len(options), "avoided": voice.number(float(free["avoided"].sum())),
              "all": voice.number(float(options["avoided"].sum()))}  # fmt: skip
    svg = abatement_curve(options, (voice.say("savings.axis_avoided"), voice.say("savings.axis_cost")))
    kinds = ((CHILCA, "savings.pays", len(free)), (QOLLE, "savings.costs", len(options) - len(free)))
    key = tuple((colour, voice.say(words)) for colour, words, count in kinds if count)
    picture = Picture(
        svg,
        sentence(voice.say("savings.curve_title", **values)),
        voice.say("savings.curve_alt", **values),
        voice.say("savings.curve_source"),
        key,
    )
    rows = [
        (
            Cell(row.number), Cell(sentence(shortened(row.title, 70))), Cell(voice.number(row.avoided)),
            Cell(voice.number(row.cost)), coded("status", row.status, voice),
        )
        for row in rows_of(options)
    ]  # fmt: skip
    columns = (
        Column(voice.say("exchange.number")), Column(voice.say("savings.option"), share=1.0, characters=60),
        Column("t CO₂e", True),
        Column(voice.say("savings.axis_cost"), True), Column(voice.say("status")),
    )  # fmt: skip
    return [picture, fitted(columns, rows, OPTION_ROOM, "", voice, remark=voice.say("savings.curve_remark"))]
