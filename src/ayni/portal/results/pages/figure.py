"""The page of a figure opened: formula in words, inputs one level down, rows, factors, and what stays closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ayni.base.texts import Language, say
from ayni.parks.explanation import formula_in_words
from ayni.portal.results.pages.numbers import Chip, Number, amount_words, chip, said
from ayni.portal.results.shown import Closed, Opened
from ayni.reports.voice import Voice


@dataclass(frozen=True)
class Factor:
    """A factor with where it is from."""

    id: str
    amount: str
    origin: str
    status: Chip
    version: str
    basis: str


@dataclass(frozen=True)
class SourceRow:
    """A row of a submission; ``submission`` is its key."""

    place: str
    text: str
    amount: str
    status: Chip
    submission: int | None


@dataclass(frozen=True)
class ClosedPart:
    """What lies below beyond the reader's permission."""

    inputs: int
    firms: int
    rows: int
    stage: str
    sha256: str
    factors: tuple[Factor, ...]


@dataclass(frozen=True)
class FigurePage:
    """What ``results/figure.html`` shows."""

    number: Number
    formula: str
    figures: tuple[Number, ...]
    factors: tuple[Factor, ...]
    rows: tuple[SourceRow, ...]
    closed: ClosedPart | None


def figure_page(opened: Opened, language: Language) -> FigurePage:
    """The figure in words."""
    voice = Voice(language)
    return FigurePage(
        said(opened.id, opened.figure, voice, exact=True), formula_in_words(opened.figure["formula"], language),
        tuple(said(name, one, voice, exact=True) for name, one in opened.figures),
        tuple(_factor(one, voice) for one in opened.factors), tuple(_row(one, voice) for one in opened.rows),
        _closed(opened.closed, voice) if opened.closed else None,
    )  # fmt: skip


def _factor(factor: Mapping[str, Any], voice: Voice) -> Factor:
    value = " ".join(amount_words(factor["value"], factor["unit"], voice, exact=True)).strip()
    if factor["low"] is not None and factor["high"] is not None:
        value += f" ({voice.say('band', low=voice.exact(factor['low']), high=voice.exact(factor['high']))})"
    origin = " · ".join(part for part in (factor["date"], factor["source"], factor["note"]) if part)
    return Factor(factor["id"], value, origin, chip("status", factor["status"], voice), factor["version"],
                  factor["basis"])  # fmt: skip


def _row(row: Mapping[str, Any], voice: Voice) -> SourceRow:
    place = say("explain.row", voice.language, sheet=row["sheet"], row=str(row["handed_in_row"]))
    value = " ".join(amount_words(row["value"], row["unit"], voice, exact=True)).strip()
    return SourceRow(place, row["text"], value, chip("status", row["status"], voice), row["submission"])


def _closed(closed: Closed, voice: Voice) -> ClosedPart:
    factors = tuple(_factor(one, voice) for one in closed.factors)
    return ClosedPart(
        closed.inputs, closed.firms, closed.rows, say(f"stage.{closed.stage}", voice.language), closed.sha256, factors
    )  # fmt: skip
