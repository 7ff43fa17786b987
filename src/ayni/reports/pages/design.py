"""Page 6: what the least-cost plan builds, what it costs before and after, and what was proved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ayni.reports.blocks import Block, Cell, Column, Columns, Notice, Page, Picture, Table
from ayni.reports.charts.capacities import capacity_bars
from ayni.reports.charts.energy_bars import before_after_bars
from ayni.reports.content import Design, Head
from ayni.reports.pages.names import named, short_names
from ayni.reports.pages.tables import fitted
from ayni.reports.rows import rows_of
from ayni.reports.voice import NOT_KNOWN, Voice
from ayni.reports.wording import shortened

MEASURE_ROOM, COST_ROWS, TECHNOLOGY_ROWS = 21.0, 9, 8
COST_SHARE = 0.01
"""Lines of the cost under this part of the largest are joined."""


def page(head: Head, part: Design, voice: Voice) -> Page:
    """The design."""
    names = short_names(head.firms, 26)
    lead = voice.say("design.lead", status=voice.word("solver_status", part.proof.status), solver=part.proof.solver,
                     gap=voice.gap(part.proof.gap))  # fmt: skip
    title = voice.say(
        "design.title", before=voice.money(part.costs["before"].sum()), after=voice.money(part.costs["after"].sum())
    )
    pictures = Columns(((capacity_picture(part, voice),), (cost_picture(part, voice),)), (1.0, 1.0))
    proofs = Columns(((proof_table(part, voice),), (class_table(part, voice),)), (1.0, 1.0))
    return Page(title, lead, (pictures, proofs, measure_block(part, names, voice)))


def capacity_picture(part: Design, voice: Voice) -> Block:
    """What is built, by investment."""
    built = part.capacities[part.capacities["capacity"] > 1e-6].sort_values(
        "investment", ascending=False, kind="stable"
    )
    if built.empty:
        return Notice("none", voice.say("design.nothing_built"), voice.say("design.nothing_built_text"))
    shown = built.head(TECHNOLOGY_ROWS)
    rows = pd.DataFrame({
        "label": [voice.title("technology", name) for name in shown["technology"]],
        "size_text": [voice.amount(row.capacity, row.unit) for row in rows_of(shown)],
        "value": shown["investment"].to_numpy(float),
        "value_text": [voice.money(value) for value in shown["investment"]],
    })  # fmt: skip
    left_out = [
        voice.word("technology", name) for name in part.capacities[part.capacities["capacity"] <= 1e-6]["technology"]
    ]
    source = voice.say("design.capacity_source")
    if left_out:
        source = f"{source} {voice.say('design.not_built', names=', '.join(left_out))}"
    values = {
        "first": rows["label"].iloc[0],
        "size": rows["size_text"].iloc[0],
        "total": voice.money(built["investment"].sum()),
    }
    return Picture(
        capacity_bars(rows),
        voice.say("design.capacity_title", **values),
        voice.say("design.capacity_alt", **values),
        source,
    )


def cost_picture(part: Design, voice: Voice) -> Picture:
    """Yearly cost by line, before and after, in thousand soles."""
    rows = pd.DataFrame([
        (voice.title("cost_line", line), before / 1000, after / 1000) for line, before, after in _main_lines(part.costs)
    ], columns=["label", "before", "after"])  # fmt: skip
    texts = {f"{side}_text": rows[side].map(voice.quantity) for side in ("before", "after")}
    before, after = float(part.costs["before"].sum()), float(part.costs["after"].sum())
    values = {"before": voice.money(before), "after": voice.money(after), "saving": voice.money(before - after)}
    svg = before_after_bars(rows.assign(**texts), (voice.say("before"), voice.say("after")))
    return Picture(
        svg,
        voice.say("design.cost_title", **values),
        voice.say("design.cost_alt", **values),
        voice.say("design.cost_source"),
    )


def _main_lines(costs: pd.DataFrame) -> list[tuple[str, float, float]]:
    """Lines of the cost with their amounts; the smallest are joined, so that few enough are left."""
    size = costs[["before", "after"]].abs().max(axis=1)
    order = size.sort_values(ascending=False, kind="stable").index
    is_main = size.index.isin(order[: COST_ROWS - 1]) & (size >= COST_SHARE * size.max())
    rows = [(row.line, row.before, row.after) for row in rows_of(costs[is_main])]
    rest = costs.loc[~is_main, ["before", "after"]].sum()
    return [*rows, ("others", rest["before"], rest["after"])] if rest.abs().sum() > 0 else rows


def proof_table(part: Design, voice: Voice) -> Table:
    """Plan, bound, gap, solver."""
    proof = part.proof
    rows = (
        (Cell(voice.say("design.objective")), Cell(voice.soles(proof.objective))),
        (Cell(voice.say("design.bound")), Cell(voice.soles(proof.bound))),
        (Cell(voice.say("design.gap")), Cell(voice.gap(proof.gap))),
        (Cell(voice.say("design.solver")), Cell(proof.solver)),
        (Cell(voice.say("design.status")), Cell(voice.word("solver_status", proof.status))),
    )
    columns = (Column(voice.say("design.what"), share=1.0), Column(voice.say("scorecard.value"), True))
    remark = voice.say("design.proof_remark")
    if part.carbon:
        paid = voice.soles(float(part.costs["after"].sum()))
        remark += f" {voice.say('design.carbon_remark', paid=paid, carbon=voice.soles(part.carbon))}"
    return Table(columns, rows, voice.say("design.proof_title"), remark, is_small=True)


def class_table(part: Design, voice: Voice) -> Block:
    """Both classes of the tariff, where it has two."""
    if len(part.classes) < 2:
        return Notice("none", voice.say("design.one_class", tariff=voice.word("TariffOption", part.tariff)), "")
    rows = tuple(
        (
            Cell(voice.title("tariff_class", row.tariff_class)), Cell(voice.money(row.cost)),
            Cell(voice.gap(row.gap) if row.is_earned else NOT_KNOWN), _kept(row, voice),
        )
        for row in rows_of(part.classes)
    )  # fmt: skip
    columns = (
        Column(voice.say("design.class"), share=1.0),
        Column(voice.say("design.cost"), True),
        Column(voice.say("design.gap"), True),
        Column(""),
    )
    title = voice.say("design.class_title", tariff=voice.word("TariffOption", part.tariff))
    return Table(columns, rows, title, voice.say("design.class_remark"), is_small=True)


def _kept(row: Any, voice: Voice) -> Cell:
    """Whether the plan of a class was kept, and if not whether it could have been."""
    if row.is_kept:
        return Cell(voice.say("kept"), tone="go")
    return Cell(voice.say("design.earned" if row.is_earned else "design.not_earned"))


def measure_block(part: Design, names: Mapping[str, str], voice: Voice) -> Block:
    """The measures chosen, the largest investments first."""
    chosen = part.measures[part.measures["is_chosen"].astype(bool)].sort_values(
        "investment", ascending=False, kind="stable"
    )
    title = voice.say("design.measures_title", count=len(chosen), total=len(part.measures))
    if chosen.empty:
        return Notice("none", title, "")
    rows = [
        (
            Cell(row.measure), Cell(shortened(row.name, 70)), Cell(named(row.firm, names)),
            Cell(voice.money(row.investment)),
        )
        for row in rows_of(chosen)
    ]  # fmt: skip
    columns = (
        Column(voice.say("design.measure")), Column(voice.say("design.measure_name"), share=1.0, characters=60),
        Column(voice.say("design.firm")), Column(voice.say("design.investment"), True),
    )  # fmt: skip
    return fitted(columns, rows, MEASURE_ROOM, title, voice)
