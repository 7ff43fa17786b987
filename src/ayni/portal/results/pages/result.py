"""The page of a run's results, part by part."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from ayni.base.texts import Language
from ayni.portal.results.pages import summary, tables
from ayni.portal.results.pages.numbers import Number
from ayni.portal.results.shown import Shown
from ayni.reports.voice import Voice


@dataclass(frozen=True)
class ResultPage:
    """What ``results/run.html`` shows. What a closed run does not show is empty."""

    head: dict[str, Any]
    data: tables.Data
    own: list[Number]
    cards: list[summary.Card]
    ladder: list[summary.Step]
    totals: list[summary.Row]
    energy: summary.Energy | None
    cost: list[summary.Row]
    footprint: list[summary.Row]
    firms: list[tables.FirmLine]
    scorecard: list[tables.Category]
    exchanges: tables.Exchanges | None
    plan: tables.Plan | None
    findings: tables.Findings


def result_page(shown: Shown, language: Language) -> ResultPage:
    """The page in the reader's hands."""
    voice = Voice(language)
    content = shown.book.content
    head = {"name": content["park"]["name"], "is_sample": shown.is_sample, **content["period"],
            "price_date": datetime.date.fromisoformat(content["period"]["price_date"]),
            "version": content["version"]}  # fmt: skip
    is_open = not shown.reader.is_closed
    return ResultPage(
        head=head, data=tables.data(shown, voice), own=tables.own_lines(shown, voice),
        cards=summary.cards(shown, voice) if is_open else [], ladder=summary.ladder(shown, voice) if is_open else [],
        totals=summary.totals(shown, voice) if is_open else [],
        energy=summary.energy(shown, voice) if is_open else None,
        cost=tables.cost(shown, voice) if is_open else [], footprint=tables.footprint(shown, voice) if is_open else [],
        firms=tables.firms(shown, voice), scorecard=tables.scorecard(shown, voice) if is_open else [],
        exchanges=tables.exchanges(shown, voice) if is_open else None,
        plan=tables.plan(shown, voice) if is_open else None, findings=tables.findings(shown, voice),
    )  # fmt: skip
