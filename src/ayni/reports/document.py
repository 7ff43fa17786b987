"""The report as a whole: which pages it has, and everything that the template sets, as plain data."""

from __future__ import annotations

from typing import Any

from ayni.base.texts import Language
from ayni.reports.blocks import Notice, Page, page_data
from ayni.reports.content import ReportData
from ayni.reports.pages import design, exchange, flows, footprint, gaps, savings, scorecard, sources, summary, weeks
from ayni.reports.style import (
    CARD,
    CHILCA,
    CHILCA_SOFT,
    COCHINEAL,
    COCHINEAL_SOFT,
    FONT,
    INDIGO,
    INDIGO_SOFT,
    INK,
    INK_SOFT,
    LINE,
    PAPER,
    QOLLE,
    QOLLE_SOFT,
    WALNUT,
    WALNUT_LIGHT,
    WALNUT_SOFT,
)  # fmt: skip
from ayni.reports.voice import Voice

LOOK = {
    "font": FONT, "paper": PAPER, "card": CARD, "ink": INK, "soft": INK_SOFT, "line": LINE, "before": WALNUT_LIGHT,
    "after": CHILCA,
    "tones": {
        "go": [CHILCA, CHILCA_SOFT, "#14502f"], "warn": [QOLLE, QOLLE_SOFT, "#7a4d05"],
        "stop": [COCHINEAL, COCHINEAL_SOFT, "#7c1c34"], "info": [INDIGO, INDIGO_SOFT, INDIGO],
        "none": [WALNUT, WALNUT_SOFT, "#55504a"],
    },
}  # fmt: skip
"""Colours for the template; a tone is its edge, its ground and its letters."""


def pages(data: ReportData, voice: Voice) -> list[Page]:
    """The pages in order; one page of words stands for all the parts that there are not."""
    made = [summary.page(data, voice), flows.page(data, voice), footprint.page(data, voice)]
    missing = []
    if data.scorecard is not None:
        made.append(scorecard.page(data.scorecard, voice))
    else:
        missing.append("scorecard")
    if data.exchange is not None:
        made.append(exchange.page(data.head, data.exchange, voice))
    else:
        missing.append("exchange")
    if data.design is not None:
        made += [design.page(data.head, data.design, voice), weeks.page(data.head, data.design, voice)]
        made.append(savings.page(data.book, data.design, voice))
    else:
        missing.append("design")
    made += [_not_shown(missing, voice)] if missing else []
    return [*made, gaps.page(data, voice), sources.page(data, voice)]


def _not_shown(missing: list[str], voice: Voice) -> Page:
    notices = tuple(Notice("none", voice.say(f"{name}.none"), voice.say(f"{name}.none_text")) for name in missing)
    return Page(voice.say("missing_title"), "", notices)


def document(data: ReportData, language: Language) -> dict[str, Any]:
    """Everything that the template needs."""
    voice = Voice(language)
    head = data.head
    return {
        "title": voice.say("document_title", park=head.park, year=str(head.year)),
        "language": language,
        "year": head.year,
        "look": LOOK,
        "header": voice.say("header", year=str(head.year)),
        "footer": voice.say("footer", park=head.park, version=head.version),
        "page_of": voice.say("page_of"),
        "sample": voice.say("sample") if head.is_sample else "",
        "watermark": voice.say("watermark") if head.is_sample else "",
        "explain": voice.say("explain_hint"),
        "pages": [page_data(page) for page in pages(data, voice)],
    }
