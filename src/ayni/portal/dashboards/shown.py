"""Totals as cards and lines of a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ayni.base.texts import Language, has_text, number, say, unit_words
from ayni.portal.dashboards.queries import Total
from ayni.portal.records.indicators import COMPLETENESS, indicator, registered
from ayni.portal.records.models import IndicatorValue
from ayni.reports.style import TONES

MAIN_CODES = (
    "energy.total", "emissions.total", "cost.total", "water.total", "wastewater.total", "waste.total",
    "waste.hazardous", COMPLETENESS,
)  # fmt: skip
Values = Mapping[tuple[str, int], IndicatorValue]
CHIPS = {"go": "met", "warn": "part", "stop": "not", "info": "info", "none": ""}


@dataclass(frozen=True)
class ShownTotal:
    """A total in words, with the page that opens it. ``before`` says the difference from the year before, if known."""

    code: str
    label: str
    value: float
    unit: str
    stage: str
    status: str
    chip: str
    url: str
    before: str = ""
    is_share: bool = False


def of_record(
    values: Values, before: Values, year: int | None, urls: Mapping[str, str], language: Language
) -> list[ShownTotal]:  # fmt: skip
    """The year's totals of one record, compared with those of the accepted ``year`` before, if there is one."""
    return [
        _shown(
            code, one.value, one.unit, one.stage, one.status, urls[code], language,
            _difference(one.value, before.get((code, 0)), year, language),
        )
        for (code, month), one in values.items()
        if month == 0
    ]  # fmt: skip


def of_sums(totals: Mapping[tuple[str, int], Total], urls: Mapping[str, str], language: Language) -> list[ShownTotal]:
    """The year's sums; how complete records are does not add up."""
    places = {one.code: place for place, one in enumerate(registered())}
    return [
        _shown(code, one.value, one.unit, one.stage, one.status.value, urls.get(code, ""), language)
        for (code, month), one in sorted(
            totals.items(), key=lambda item: (places.get(item[0][0], len(places)), item[0])
        )
        if month == 0 and code != COMPLETENESS
    ]


def main_of(totals: Iterable[ShownTotal]) -> list[ShownTotal]:
    """Those that stand as cards, in order."""
    by_code = {one.code: one for one in totals}
    return [by_code[code] for code in MAIN_CODES if code in by_code]


def label_of(code: str, language: Language) -> str:
    """An indicator's name; its code where its app is gone."""
    try:
        return indicator(code).label(language)
    except KeyError:
        return code


def part_label(one: ShownTotal, language: Language) -> str:
    """What a total is called beside the other parts of its sum."""
    key = f"dashboards.part.{one.code}"
    name = say(key, language) if has_text(key) else one.label.partition(": ")[2] or one.label
    return name[:1].upper() + name[1:]


def heading_of(code: str, language: Language) -> str:
    """An indicator's name with its unit."""
    return f"{indicator(code).label(language)} [{unit_words(indicator(code).unit, language)}]"


def formula_of(code: str, language: Language) -> str:
    """How an indicator is computed, in words."""
    keys = (f"dashboards.formula.{code}", f"dashboards.formula.{code.partition('.')[0]}", "dashboards.formula")
    return say(next(key for key in keys if has_text(key)), language)


def _shown(
    code: str, value: float, unit: str, stage: str, status: str, url: str, language: Language, before: str = ""
) -> ShownTotal:
    is_share = code == COMPLETENESS
    return ShownTotal(
        code, label_of(code, language), value * 100 if is_share else value, "%" if is_share else unit,
        say(f"stage.{stage}", language), say(f"status.{status}", language), CHIPS[TONES[status]], url, before, is_share,
    )  # fmt: skip


def _difference(value: float, before: IndicatorValue | None, year: int | None, language: Language) -> str:
    """The difference from the year before, in percent where that was not zero."""
    if before is None or year is None:
        return ""
    if before.value == 0 or before.value == value:
        amount = number(value - before.value, language)
        return say(
            "dashboards.before.amount", language, difference=_signed(amount, value - before.value), year=str(year)
        )
    share = (value / before.value - 1) * 100
    return say("dashboards.before.share", language, share=_signed(number(share, language, 1), share), year=str(year))


def _signed(text: str, value: float) -> str:
    return f"+{text}" if value > 0 else text.replace("-", "−")
