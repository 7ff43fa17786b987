"""Page 5: who can give what to whom, drawn where the firms stand, with price bands, reasons and refusals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ayni.reports.blocks import Block, Cell, Column, Notice, Page, Picture, Table, row_height
from ayni.reports.charts.network_map import network_map
from ayni.reports.content import Exchange, Head
from ayni.reports.pages.names import coded, named, short_names
from ayni.reports.pages.tables import fitted
from ayni.reports.rows import rows_of
from ayni.reports.voice import NOT_KNOWN, Voice
from ayni.reports.wording import shortened

ROOM, REFUSED_ROOM, ARROWS = 28.0, 10.0, 16
"""Lines for both tables, and at least for the second one; arrows on the map."""
ORDER = ("refused", "needs_permit", "not_known", "possible")
"""Verdicts of links that were not chosen, as they are listed."""
NAMES_MAX, AMOUNTS_MAX = 20, 5
"""With more firms than this the map shows codes, with more arrows their numbers without amounts."""


def page(head: Head, part: Exchange, voice: Voice) -> Page:
    """The exchanges."""
    names = short_names(head.firms, 25)
    chosen = numbered(part.links)
    proof = voice.say("exchange.proof", solver=part.proof.solver, status=voice.word("solver_status", part.proof.status),
                      gap=voice.gap(part.proof.gap))  # fmt: skip
    title = voice.say(
        "exchange.title_chosen" if len(chosen) else "exchange.title",
        count=len(chosen),
        value=voice.money(part.proof.objective),
    )
    blocks: list[Block] = [map_picture(head, part, chosen, voice), *link_tables(part, chosen, names, voice)]
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
    if len(drawn) > AMOUNTS_MAX:
        texts = list(drawn["number"])
    svg = network_map(firms.assign(label=labels), drawn.assign(text=texts), voice.say("exchange.north"))
    taking = len({*chosen["giver"], *chosen["taker"]})
    values = {"firms": taking, "total": len(firms), "links": len(part.links), "chosen": len(chosen)}
    return Picture(svg, voice.say("exchange.map_title", **values), voice.say("exchange.map_alt", **values),
                   voice.say("exchange.map_source"))  # fmt: skip


def link_tables(part: Exchange, chosen: pd.DataFrame, names: Mapping[str, str], voice: Voice) -> list[Block]:
    """Both tables; what the links that were not chosen leave of the room belongs to the chosen ones."""
    others = part.links[part.links["verdict"] != "chosen"]
    if chosen.empty:
        nothing = Notice("none", voice.say("exchange.nothing_chosen"), "")
        return [nothing, refused_table(others, names, ROOM, voice)] if len(others) else [nothing]
    if others.empty:
        return [chosen_table(chosen, names, ROOM, voice)]
    table = chosen_table(chosen, names, ROOM - REFUSED_ROOM, voice)
    left = ROOM - sum(row_height(table.columns, row) for row in table.rows)
    return [table, refused_table(others, names, left, voice)]


def chosen_table(chosen: pd.DataFrame, names: Mapping[str, str], room: float, voice: Voice) -> Table:
    """The chosen exchanges with their value and the prices between which both sides gain."""
    columns = (
        Column(voice.say("exchange.number")), Column(voice.say("exchange.from_to"), share=2.0, characters=48),
        Column(voice.say("exchange.material"), share=0.7, characters=15), Column(voice.say("exchange.amount"), True),
        Column(voice.say("exchange.value"), True), Column(voice.say("exchange.price_band"), True),
    )  # fmt: skip
    rows = [
        (
            Cell(row.number), Cell(f"{named(row.giver, names)} → {named(row.taker, names)}"),
            Cell(shortened(row.material, 30)), Cell(voice.amount(row.amount, row.unit)), Cell(voice.money(row.value)),
            Cell(_band(row, voice)),
        )
        for row in rows_of(chosen)
    ]  # fmt: skip
    title = voice.say("exchange.chosen_title")
    return fitted(columns, rows, room, title, voice, remark=voice.say("exchange.price_remark"))


def _band(row: Any, voice: Voice) -> str:
    if pd.isna(row.price_low) or pd.isna(row.price_high):
        return NOT_KNOWN
    low, high = voice.number(row.price_low), voice.number(row.price_high)
    return low if low == high else voice.say("from_to", low=low, high=high)


def _rule(row: Any, voice: Voice) -> str:
    """The rule that decided with its source; the park's own data where no rule did."""
    words = " · ".join(part for part in (row.rule, row.source) if part)
    return shortened(words, 80) or voice.say("exchange.own_data")


def refused_table(others: pd.DataFrame, names: Mapping[str, str], room: float, voice: Voice) -> Table:
    """Links that were not chosen, by reason, with rule, source and status."""
    rank = {verdict: place for place, verdict in enumerate(ORDER)}
    order = others.assign(place=others["verdict"].map(rank)).sort_values("place", kind="stable")
    rows = [
        (
            Cell(f"{named(row.giver, names)} → {named(row.taker, names)}", small=shortened(row.material, 34)),
            coded("exchange.verdict", row.verdict, voice), Cell(shortened(row.reason, 90)),
            Cell(_rule(row, voice), small=voice.word("status", row.status)),
        )
        for row in rows_of(order)
    ]  # fmt: skip
    columns = (
        Column(voice.say("exchange.from_to"), share=1.2, characters=28), Column(voice.say("exchange.verdict")),
        Column(voice.say("exchange.reason"), share=1.3, characters=31),
        Column(voice.say("exchange.rule"), share=1.2, characters=28),
    )  # fmt: skip
    return fitted(columns, rows, room, voice.say("exchange.refused_title", count=len(others)), voice)
