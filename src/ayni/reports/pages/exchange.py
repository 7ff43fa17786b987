"""Page 5: who can give what to whom, drawn where the firms stand, with price bands, reasons and refusals."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ayni.reports.blocks import Block, Cell, Column, Notice, Page, Picture, Table, limited
from ayni.reports.charts.network_map import network_map
from ayni.reports.content import Exchange, Head
from ayni.reports.pages.names import coded, named, short_names
from ayni.reports.rows import rows_of
from ayni.reports.voice import NOT_KNOWN, Voice, shortened

CHOSEN_ROWS, REFUSED_ROWS, ARROWS = 8, 6, 16
NAMES_MAX = 20
"""With more firms than this the map shows codes."""


def page(head: Head, part: Exchange, voice: Voice) -> Page:
    """The exchanges."""
    names = short_names(head.firms, 24)
    chosen = numbered(part.links)
    proof = voice.say("exchange.proof", solver=part.proof.solver, status=voice.word("solver_status", part.proof.status),
                      gap=voice.percent(part.proof.gap))  # fmt: skip
    title = voice.say(
        "exchange.title_chosen" if len(chosen) else "exchange.title",
        count=len(chosen),
        value=voice.money(part.proof.objective),
    )
    blocks: list[Block] = [map_picture(head, part, chosen, voice)]
    blocks += (
        [chosen_table(chosen, names, voice)]
        if len(chosen)
        else [Notice("none", voice.say("exchange.nothing_chosen"), "")]
    )
    blocks += refused_tables(part, names, voice)
    blocks.append(Notice("warn", voice.say("exchange.law_title"), voice.say("exchange.law", rules=part.rules)))
    return Page(title, proof, tuple(blocks))


def numbered(links: pd.DataFrame) -> pd.DataFrame:
    """The chosen links, the most valuable first, with their numbers."""
    chosen = (
        links[links["verdict"] == "chosen"].sort_values("value", ascending=False, kind="stable").reset_index(drop=True)
    )
    return chosen.assign(number=[str(place + 1) for place in chosen.index])


def map_picture(head: Head, part: Exchange, chosen: pd.DataFrame, voice: Voice) -> Picture:
    """The map."""
    firms = head.firms
    names = short_names(firms, 26)
    labels = [row.firm if len(firms) > NAMES_MAX else names[row.firm] for row in rows_of(firms)]
    drawn = chosen.head(ARROWS)
    texts = [f"{row.number} · {voice.amount(row.amount, row.unit)}" for row in rows_of(drawn)]
    if len(firms) > NAMES_MAX:
        texts = list(drawn["number"])
    svg = network_map(firms.assign(label=labels), drawn.assign(text=texts), voice.say("exchange.north"))
    taking = len({*chosen["giver"], *chosen["taker"]})
    values = {"firms": taking, "total": len(firms), "links": len(part.links), "chosen": len(chosen)}
    return Picture(svg, voice.say("exchange.map_title", **values), voice.say("exchange.map_alt", **values),
                   voice.say("exchange.map_source"))  # fmt: skip


def chosen_table(chosen: pd.DataFrame, names: Mapping[str, str], voice: Voice) -> Table:
    """The chosen exchanges with their value and the prices between which both sides gain."""
    columns = (
        Column(voice.say("exchange.number")), Column(voice.say("exchange.from_to"), share=1.3),
        Column(voice.say("exchange.material"), share=1.0), Column(voice.say("exchange.amount"), True),
        Column(voice.say("exchange.value"), True), Column(voice.say("exchange.price_band"), True),
    )  # fmt: skip
    rows = [
        (
            Cell(row.number), Cell(f"{named(row.giver, names)} → {named(row.taker, names)}"),
            Cell(shortened(row.material, 30), small=row.reason),
            Cell(voice.amount(row.amount, row.unit)), Cell(voice.money(row.value)), Cell(_band(row, voice)),
        )
        for row in rows_of(chosen)
    ]  # fmt: skip
    kept, left = limited(rows, CHOSEN_ROWS)
    remark = voice.say("exchange.price_remark") + (f" {voice.say('more_rows', count=left)}" if left else "")
    return Table(columns, kept, voice.say("exchange.chosen_title"), remark, is_small=True)


def _band(row: object, voice: Voice) -> str:
    low, high = getattr(row, "price_low"), getattr(row, "price_high")  # noqa: B009 (rows of itertuples)
    if pd.isna(low) or pd.isna(high):
        return NOT_KNOWN
    return voice.say("from_to", low=voice.number(low), high=voice.number(high))


def refused_tables(part: Exchange, names: Mapping[str, str], voice: Voice) -> list[Block]:
    """Links that were not chosen, by reason, with rule, source and status."""
    others = part.links[part.links["verdict"] != "chosen"]
    if others.empty:
        return []
    order = others.assign(place=(others["verdict"] == "possible")).sort_values("place", kind="stable")
    rows = [
        (
            Cell(f"{named(row.giver, names)} → {named(row.taker, names)}", small=shortened(row.material, 34)),
            coded("exchange.verdict", row.verdict, voice),
            Cell(shortened(row.reason, 90)),
            Cell(" · ".join(part for part in (row.rule, row.source) if part), small=voice.word("status", row.status)),
        )
        for row in rows_of(order)
    ]  # fmt: skip
    kept, left = limited(rows, REFUSED_ROWS)
    columns = (
        Column(voice.say("exchange.from_to"), share=1.2), Column(voice.say("exchange.verdict")),
        Column(voice.say("exchange.reason"), share=1.3), Column(voice.say("exchange.rule"), share=1.2),
    )  # fmt: skip
    return [Table(columns, kept, voice.say("exchange.refused_title", count=len(others)),
                  voice.say("more_rows", count=left) if left else "", is_small=True)]  # fmt: skip
