"""A figure as it stands on a page: number, unit, band, stage and status, and the id by which it opens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ayni.base.texts import say
from ayni.portal.results.shown import Shown
from ayni.reports.style import TONES
from ayni.reports.voice import MILLION, NOT_KNOWN, Voice

GAP = "design.gap"
"""The one figure that is a share and said in per cent."""

CHIPS = {"go": "met", "warn": "part", "stop": "not", "info": "info", "none": ""}
"""The class of a chip by its tone."""


@dataclass(frozen=True)
class Chip:
    """A word on a chip."""

    word: str
    style: str


@dataclass(frozen=True)
class Number:
    """``id`` is empty where the figure is not open or not there: then ``text`` is a dash."""

    text: str = NOT_KNOWN
    unit: str = ""
    id: str = ""
    label: str = ""
    band: str = ""
    stage: str = ""
    status: Chip = Chip("", "")

    @property
    def amount(self) -> str:
        """Number and unit in one."""
        return f"{self.text} {self.unit}".strip()


NOTHING = Number()


def chip(kind: str, code: str, voice: Voice) -> Chip:
    """A code's word with its tone."""
    return Chip(voice.word(kind, code), CHIPS[TONES.get(code, "none")])


def number_of(shown: Shown, figure_id: str, voice: Voice, *, exact: bool = False) -> Number:
    """An open figure in words; a dash for every other. ``exact`` shows as many digits as one needs to find it again."""
    figure = shown.figure(figure_id)
    return NOTHING if figure is None else said(figure_id, figure, voice, exact=exact)


def said(figure_id: str, figure: Mapping[str, Any], voice: Voice, *, exact: bool = False) -> Number:
    """A figure in words. Soles stand before their number, millions are said as such."""
    text, unit = amount_words(figure["value"], figure["unit"], voice, exact=exact)
    if figure_id == GAP:
        text = voice.gap(figure["value"])
    return Number(
        text, unit, figure_id, figure["label"], _band(figure, voice),
        say(f"stage.{figure['stage']}", voice.language), chip("status", figure["status"], voice),
    )  # fmt: skip


def row_number(shown: Shown, figure_id: str, voice: Voice) -> Number:
    """A figure in a row whose unit stands once: the whole number, without magnitude."""
    figure = shown.figure(figure_id)
    if figure is None:
        return NOTHING
    return replace(
        said(figure_id, figure, voice), text=voice.quantity(figure["value"]), unit=voice.unit(figure["unit"])
    )


def amount_words(value: float | None, unit: str, voice: Voice, *, exact: bool = False) -> tuple[str, str]:
    """A value and its unit as people read them."""
    if value is None:
        return NOT_KNOWN, ""
    if unit in ("PEN", "PEN/year"):
        figure, word = (voice.number(value), "") if exact else voice.headline(value)
        return f"S/ {figure}", f"{word} {voice.say('per_year') if unit.endswith('/year') else ''}".strip()
    if exact or abs(value) < 1:
        return voice.exact(value), voice.unit(unit)
    return voice.number(value), voice.unit(unit)


def _band(figure: Mapping[str, Any], voice: Voice) -> str:
    low, high = figure["low"], figure["high"]
    if low is None or high is None:
        return ""
    is_money = figure["unit"].startswith("PEN") and "/" not in figure["unit"].removesuffix("/year")
    words = [voice.money(end) if is_money and abs(end) >= MILLION else voice.number(end) for end in (low, high)]
    return voice.say("band", low=words[0], high=words[1])
