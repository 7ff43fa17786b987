"""The head of a park's results: cards, ladder of stages, totals before and after, energy as a chart."""

from __future__ import annotations

from dataclasses import dataclass

from ayni.base.figures import Stage
from ayni.base.texts import say
from ayni.ledger.schema import Carrier
from ayni.portal.results.pages.numbers import NOTHING, Number, number_of, row_number
from ayni.portal.results.shown import Shown
from ayni.portal.site.charts import Chart, before_after
from ayni.reports.voice import Voice

AVOIDED, SAVED = "saving.emissions.total", "saving.cost.total"
INVESTMENT, PAYBACK = "design.investment", "design.payback"
DECISIVE, UNVERIFIED = "design.inputs_decisive", "design.inputs_unverified"
SCORE_LOW, SCORE_HIGH = "assessment.score_low", "assessment.score_high"
TOTALS = ("emissions.total", "energy.total", "cost.total", "water.total", "waste.total", "waste.landfill")


@dataclass(frozen=True)
class Card:
    """A large number; ``remarks`` stand under it."""

    title: str
    number: Number
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """One stage of the ladder; ``number`` is a dash where nothing has come so far."""

    title: str
    number: Number


@dataclass(frozen=True)
class Row:
    """A line of numbers of one unit: before, after, saved."""

    title: str
    unit: str
    numbers: tuple[Number, ...]


@dataclass(frozen=True)
class Energy:
    """Final energy by carrier: the chart, and its numbers; ``hidden`` counts carriers whose totals are not open."""

    chart: Chart | None
    rows: tuple[Row, ...]
    hidden: int


def cards(shown: Shown, voice: Voice) -> list[Card]:
    """What can be avoided, what it saves, and how far the park is."""
    return [_avoided(shown, voice), _saved(shown, voice), _score(shown, voice)]


def _avoided(shown: Shown, voice: Voice) -> Card:
    number = number_of(shown, AVOIDED, voice)
    decisive, unverified = (shown.figure(name) for name in (DECISIVE, UNVERIFIED))
    remarks = []
    if decisive and unverified and unverified["value"]:
        values = {"count": int(unverified["value"]), "total": int(decisive["value"])}
        remarks.append(voice.say("summary.decisive_unverified", **values))
    return Card(voice.say("summary.avoidable"), number, tuple(remarks))


def _saved(shown: Shown, voice: Voice) -> Card:
    remarks = []
    investment, payback = shown.figure(INVESTMENT), shown.figure(PAYBACK)
    if investment:
        remarks.append(voice.say("summary.investment", amount=voice.money(investment["value"])))
    if payback:
        remarks.append(voice.say("summary.payback", years=voice.number(payback["value"], 1)))
    return Card(voice.say("summary.saving"), number_of(shown, SAVED, voice), tuple(remarks))


def _score(shown: Shown, voice: Voice) -> Card:
    title, card = voice.say("summary.self_check"), shown.book.content["assessment"]
    low, high = (shown.figure(name) for name in (SCORE_LOW, SCORE_HIGH))
    if card is None or low is None or high is None:
        return Card(title, NOTHING, (voice.say("summary.no_answers"),))
    ends = [voice.number(end["value"], 0) for end in (low, high)]
    text = ends[0] if ends[0] == ends[1] else voice.say("from_to", low=ends[0], high=ends[1])
    framework = voice.say(
        "summary.framework", code=card["code"], status=voice.word("assessment.status", card["status"])
    )
    number = number_of(shown, SCORE_LOW, voice)
    return Card(
        title, Number(text, "%", SCORE_LOW, stage=number.stage, status=number.status),
        (framework, voice.say("no_certificate")),
    )  # fmt: skip


def ladder(shown: Shown, voice: Voice) -> list[Step]:
    """The avoidable emissions on the step of their stage; stages never mix."""
    figure = shown.figure(AVOIDED)
    number = number_of(shown, AVOIDED, voice)
    return [
        Step(voice.title("stage", stage.value), number if figure and figure["stage"] == stage.value else NOTHING)
        for stage in Stage
        if stage is not Stage.RECORDED
    ]


def totals(shown: Shown, voice: Voice) -> list[Row]:
    """The park's totals: before, after, and what is saved."""
    return [
        row(shown, say(f"results.total.{key}", voice.language), key, voice)
        for key in TOTALS
        if f"{key}.before" in shown.book.figures
    ]


def energy(shown: Shown, voice: Voice) -> Energy:
    """Final energy by carrier before and after."""
    used = [carrier.value for carrier in Carrier if _is_used(shown, carrier.value)]
    open_ones = [name for name in used if shown.figure(f"energy.{name}.before") is not None]
    titles = [voice.title("Carrier", name) for name in open_ones]
    rows = tuple(row(shown, title, f"energy.{name}", voice) for name, title in zip(open_ones, titles, strict=True))
    before, after = (
        [_value(shown, f"energy.{name}.{when}") for name in open_ones] for when in ("before", "after")
    )  # fmt: skip
    note = say("results.energy.note", voice.language, year=str(shown.book.year))
    chart = before_after(
        "energy", say("results.energy.title", voice.language), titles, before, after, "MWh/year", note=note
    ) if open_ones else None  # fmt: skip
    return Energy(chart, rows, len(used) - len(open_ones))


def row(shown: Shown, title: str, key: str, voice: Voice) -> Row:
    """Before, after and saving of one quantity."""
    unit = voice.unit(shown.book.figures[f"{key}.before"]["unit"]) if f"{key}.before" in shown.book.figures else ""
    numbers = tuple(row_number(shown, name, voice) for name in _triple(key))
    return Row(title, unit or next((number.unit for number in numbers if number.unit), ""), numbers)


def _is_used(shown: Shown, carrier: str) -> bool:
    """Whether the park uses a carrier, before or after; it is not said which, where it is hidden."""
    figures = shown.book.figures
    values = [figures[name]["value"] for name in _triple(f"energy.{carrier}")[:2] if name in figures]
    return any(value > 0 for value in values)


def _value(shown: Shown, figure_id: str) -> float | None:
    figure = shown.figure(figure_id)
    return None if figure is None else float(figure["value"])


def _triple(key: str) -> tuple[str, str, str]:
    return f"{key}.before", f"{key}.after", f"saving.{key}"
