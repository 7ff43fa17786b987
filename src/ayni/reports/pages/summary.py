"""Page 1: what can be avoided, what it saves and costs, and how far the park is, each number with its id."""

from __future__ import annotations

from ayni.base.figures import Figure, FigureBook, Stage
from ayni.ledger.schema import Carrier
from ayni.reports.blocks import Block, Bullets, Card, Cards, Cell, Column, Ladder, Page, Table
from ayni.reports.content import ReportData
from ayni.reports.founding import founding
from ayni.reports.voice import NOT_KNOWN, Voice
from ayni.reports.wording import sentence

AVOIDED, SAVED = "saving.emissions.total", "saving.cost.total"
INVESTMENT, PAYBACK = "design.investment", "design.payback"
DECISIVE, UNVERIFIED = "design.inputs_decisive", "design.inputs_unverified"
SCORE_LOW, SCORE_HIGH, NO_DATA = "assessment.score_low", "assessment.score_high", "assessment.lines_no_data"
GAP = "design.gap"
SENTENCES = (
    ("summary.cost", ("cost.total.before", "cost.total.after")),
    ("summary.emissions", ("emissions.total.before", "emissions.total.after")),
    ("summary.exchange", ("exchange.links", "exchange.value")),
    ("summary.landfill", ("waste.landfill.before", "waste.landfill.after")),
    ("summary.water", ("water.total.before", "water.total.after")),
    ("summary.value", ("design.npv",)),
    ("summary.gap", (GAP,)),
)
"""What may stand out: a text with its figures in the order of its places {0}, {1}; shown where all of them exist."""
LINES = 15
"""Rows of the table and sentences under it, together."""
FACTS = ("park.firms", "park.pen_per_usd")
"""Figures of the line under the title."""


def page(data: ReportData, voice: Voice) -> Page:
    """The summary."""
    blocks: list[Block] = [Cards(tuple(cards(data, voice)))]
    blocks += [ladder(data.book, voice)] if AVOIDED in data.book else []
    table = savings_table(data.book, voice)
    blocks += [table] if table.rows else []
    items = tuple(sentences(data.book, voice))[: LINES - len(table.rows)]
    blocks += [Bullets(items, voice.say("summary.stands_out"))] if items else []
    facts = tuple(name for name in FACTS if name in data.book)
    return Page(data.head.park, lead(data, voice), tuple(blocks), facts)


def lead(data: ReportData, voice: Voice) -> str:
    """Firms, study year, and the one date and rate of all prices."""
    head = data.head
    return voice.say(
        "summary.lead", firms=len(head.firms), year=str(head.year), date=head.price_date,
        rate=voice.number(head.pen_per_usd, 2),
    )  # fmt: skip


def cards(data: ReportData, voice: Voice) -> list[Card]:
    """Avoidable emissions, savings, self-check: a dash and the reason where there is none."""
    return [_avoided(data.book, voice), _saved(data.book, voice), _score(data, voice)]


def _avoided(book: FigureBook, voice: Voice) -> Card:
    title = voice.say("summary.avoidable")
    if AVOIDED not in book:
        return Card(title, NOT_KNOWN, "", (voice.say("summary.no_design"),), ())
    figure = book[AVOIDED]
    words, ids = _unverified(book, voice)
    remarks = " · ".join(part for part in (voice.band(figure), voice.stage(figure.stage), words) if part)
    return Card(title, voice.headline(figure.value)[0], voice.unit(figure.unit), (remarks,), (AVOIDED, *ids))


def _unverified(book: FigureBook, voice: Voice) -> tuple[str, tuple[str, ...]]:
    """How many of the inputs that decide are unverified; without a design, of the factors that the saving rests on."""
    if DECISIVE in book:
        values = {"count": int(book[UNVERIFIED].value), "total": int(book[DECISIVE].value)}
        return voice.say("summary.decisive_unverified", **values), (UNVERIFIED, DECISIVE)
    ground = founding(book, [AVOIDED])
    return voice.say("summary.unverified", count=len(ground.unverified), total=len(ground.factors)), ()


def _saved(book: FigureBook, voice: Voice) -> Card:
    title = voice.say("summary.saving")
    if SAVED not in book:
        return Card(title, NOT_KNOWN, "", (voice.say("summary.no_design"),), ())
    figure, ids = book[SAVED], [SAVED]
    number, word = voice.headline(figure.value)
    remarks = [band] if (band := voice.band(figure)) else []
    if INVESTMENT in book:
        remarks.append(voice.say("summary.investment", amount=voice.money(book[INVESTMENT].value)))
        ids.append(INVESTMENT)
    if PAYBACK in book:
        remarks.append(_payback(book[PAYBACK], voice))
        ids.append(PAYBACK)
    return Card(title, f"S/ {number}", f"{word} {voice.say('per_year')}".strip(), (" · ".join(remarks),), tuple(ids))


def ladder(book: FigureBook, voice: Voice) -> Ladder:
    """The avoidable emissions on the step of their stage; a dash on every step that nobody has reached yet."""
    figure = book[AVOIDED]
    steps = tuple(
        (voice.title("stage", stage.value), f"{voice.headline(figure.value)[0]} t", AVOIDED)
        if stage is figure.stage else (voice.title("stage", stage.value), NOT_KNOWN, "")
        for stage in Stage if stage is not Stage.RECORDED
    )  # fmt: skip
    return Ladder(voice.say("summary.ladder"), steps, voice.say("summary.ladder_remark"))


def _payback(figure: Figure, voice: Voice) -> str:
    if figure.low is None or figure.high is None:
        return voice.say("summary.payback", years=voice.number(figure.value, 1))
    years, low, high = (voice.number(value, 1) for value in (figure.value, figure.low, figure.high))
    return voice.say("summary.payback_band", years=years, low=low, high=high)


def _score(data: ReportData, voice: Voice) -> Card:
    title, card = voice.say("summary.self_check"), data.scorecard
    if card is None or SCORE_LOW not in data.book:
        return Card(title, NOT_KNOWN, "", (voice.say("summary.no_answers"),), ())
    low, high = data.book[SCORE_LOW].value, data.book[SCORE_HIGH].value
    missing = int(data.book[NO_DATA].value) if NO_DATA in data.book else 0
    ids = tuple(name for name in (SCORE_LOW, SCORE_HIGH, NO_DATA) if name in data.book)
    remark = voice.say("summary.no_data_lines", count=missing)
    framework = voice.say("summary.framework", code=card.code, status=voice.word("assessment.status", card.status))
    remarks = " · ".join((framework, remark, voice.say("no_certificate")))
    return Card(title, score_band(low, high, voice), "%", (remarks,), ids)


def score_band(low: float, high: float, voice: Voice) -> str:
    """``46 a 58``, or one number where both ends print alike."""
    ends = voice.number(low, 0), voice.number(high, 0)
    return ends[0] if ends[0] == ends[1] else voice.say("from_to", low=ends[0], high=ends[1])


def savings_table(book: FigureBook, voice: Voice) -> Table:
    """Per carrier what is saved in the bill's unit, in MWh and in t CO₂e; then water, waste and the total."""
    columns = (
        Column(voice.say("summary.carrier")), Column(voice.say("summary.before_after"), share=1.0),
        Column(voice.say("summary.in_bill_unit"), True), Column("MWh", True), Column("t CO₂e", True),
    )  # fmt: skip
    carriers = [c.value for c in Carrier if f"energy.{c.value}.before" in book and _is_used(book, f"energy.{c.value}")]
    largest = max((_larger(book, f"energy.{carrier}") for carrier in carriers), default=0.0) or 1.0
    rows = [
        (
            Cell(voice.title("Carrier", carrier)), Cell("", bars=_bars(book, f"energy.{carrier}", largest)),
            _saving(book, f"saving.amount.{carrier}", voice, with_unit=True),
            _saving(book, f"saving.energy.{carrier}", voice), _saving(book, f"saving.emissions.{carrier}", voice),
        )
        for carrier in carriers
        if f"saving.energy.{carrier}" in book
    ]  # fmt: skip
    rows += [
        (Cell(voice.say(f"summary.{name}")), Cell("", bars=_bars(book, key, _larger(book, key) or 1.0)),
         _saving(book, f"saving.{key}", voice, with_unit=True), Cell(""), Cell(""))
        for name, key in (("water_row", "water.total"), ("waste_row", "waste.landfill"))
        if f"saving.{key}" in book and _is_used(book, key)
    ]  # fmt: skip
    if "saving.energy.total" in book:
        rows.append((
            Cell(voice.say("summary.total")), Cell(""), _saving(book, SAVED, voice, with_unit=True),
            _saving(book, "saving.energy.total", voice), _saving(book, AVOIDED, voice),
        ))  # fmt: skip
    return Table(columns, tuple(rows), voice.say("summary.savings_title"), voice.say("summary.savings_remark"))


def _larger(book: FigureBook, key: str) -> float:
    return max(book[f"{key}.{when}"].value for when in ("before", "after") if f"{key}.{when}" in book)


def _is_used(book: FigureBook, key: str) -> bool:
    return f"{key}.before" in book and f"{key}.after" in book and _larger(book, key) > 0


def _bars(book: FigureBook, key: str, largest: float) -> tuple[float, float]:
    return book[f"{key}.before"].value / largest, book[f"{key}.after"].value / largest


def _saving(book: FigureBook, figure_id: str, voice: Voice, *, with_unit: bool = False) -> Cell:
    if figure_id not in book:
        return Cell(NOT_KNOWN)
    figure = book[figure_id]
    unit = figure.unit.removesuffix("/year")
    text = voice.amount(figure.value, unit) if with_unit else voice.number(figure.value)
    return Cell(text, small=figure_id)


def _said(figure: Figure, voice: Voice) -> str:
    return voice.gap(figure.value) if figure.id == GAP else voice.amount(figure.value, figure.unit)


def sentences(book: FigureBook, voice: Voice) -> list[tuple[str, tuple[str, ...]]]:
    """What stands out, each sentence with the figures that it says."""
    found: list[tuple[str, tuple[str, ...]]] = []
    for key, ids in SENTENCES:
        if all(figure_id in book for figure_id in ids):
            said = [_said(book[name], voice) for name in ids]
            values = {f"value_{place}": words for place, words in enumerate(said)}
            found.append((sentence(voice.say(key, **values)), ids))
    return found
