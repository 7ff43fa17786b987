"""How a report speaks: its words, names, numbers and amounts of money in the reader's language."""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from babel.dates import get_day_names, get_month_names

from ayni.base.figures import Figure
from ayni.base.texts import LOCALES, Language, has_text, number, say, shown, significant
from ayni.parks.explanation import unit_in_words
from ayni.reports.wording import sentence

MILLION = 1e6
SMALLEST = 0.05
"""Amounts under this count as nearly nothing."""
NBSP = "\u00a0"
"""Keeps a number and its unit on one line."""
NOT_KNOWN = "–"
"""Stands where a value is not known; zero is written as 0."""


def rounded(value: float, digits: int = 3) -> float:
    """``value`` with ``digits`` significant digits."""
    if value == 0 or not math.isfinite(value):
        return 0.0
    return round(value, digits - 1 - math.floor(math.log10(abs(value))))


@dataclass(frozen=True)
class Voice:
    """Words of one language. Keys are those of ``texts/reports.toml`` without the leading ``report.``."""

    language: Language

    def say(self, key: str, **values: object) -> str:
        """A text of the report."""
        return say(f"report.{key}", self.language, **values)

    def word(self, kind: str, code: str) -> str:
        """The word of a code: that of the report, of a choice, of another room; else the code as it is written."""
        for key in (f"report.{kind}.{code}", f"choice.{kind}.{code}", f"{kind}.{code}"):
            if has_text(key):
                return say(key, self.language)
        return code

    def title(self, kind: str, code: str) -> str:
        """The word of a code with a capital."""
        return sentence(self.word(kind, code))

    def number(self, value: float, decimals: int | None = None) -> str:
        """A number with three significant figures or whole; a dash where it is not known."""
        if value is None or math.isnan(value):
            return NOT_KNOWN
        return number(value, self.language, decimals).replace("-", "−")

    def exact(self, value: float) -> str:
        """An input as its source gives it, to three significant digits: ``0.275``; a dash where it is not known."""
        if value is None or math.isnan(value):
            return NOT_KNOWN
        return significant(value, self.language).replace("-", "−")

    def quantity(self, value: float) -> str:
        """A measured amount: like ``number``, but what is too small to matter is only said to be there."""
        return "≈ 0" if 0 < abs(value) < SMALLEST else self.number(value)

    def soles(self, value: float) -> str:
        """Soles to the last one: ``S/ 5,312,345``."""
        return NOT_KNOWN if math.isnan(value) else f"S/{NBSP}{self.number(value, 0)}"

    def percent(self, share: float, decimals: int | None = None) -> str:
        """A share (0–1) in per cent: ``46 %``."""
        if decimals is None:
            decimals = 0 if abs(share) >= 0.01 or share == 0 else 2
        return f"{self.number(100 * share, decimals)}{NBSP}%"

    def gap(self, share: float) -> str:
        """A proved gap in per cent, everywhere to a thousandth: ``0.001 %``."""
        return self.percent(share, 3) if share else self.percent(0.0)

    def change(self, share: float) -> str:
        """A change (−1 …) in per cent with its sign: ``−48 %``, ``+3 %``."""
        return f"{'+' if share > 0 else ''}{self.percent(share)}"

    def headline(self, value: float) -> tuple[str, str]:
        """A large number and the word of its magnitude: ``('9.1', 'millones')``, ``('6,412', '')``."""
        if abs(value) < MILLION:
            return self.number(value), ""
        short = value / MILLION
        return self.number(short, 0 if abs(short) >= 100 else 1), self.say("millions")

    def money(self, value: float) -> str:
        """Soles with two or three figures that count: ``S/ 9.1 millones``, ``S/ 812,000``."""
        if math.isnan(value):
            return NOT_KNOWN
        figure, word = self.headline(value if abs(value) >= MILLION else rounded(value))
        return f"S/{NBSP}{figure} {word}".rstrip()

    def unit(self, unit: str) -> str:
        """A unit as people read it: ``t CO2e/year`` → ``t CO₂e al año``, ``PEN/MWh`` → ``S/ por MWh``."""
        return unit_in_words(unit, self.language)

    def amount(self, value: float, unit: str) -> str:
        """A number with its unit; soles stand before their number."""
        if unit.startswith("PEN"):
            return f"{self.money(value)}{unit[3:].replace('/year', ' ' + self.say('per_year'))}"
        if unit == "%":
            return self.percent(value / 100)
        return f"{self.number(value)}{NBSP}{self.unit(unit)}".rstrip()

    def band(self, figure: Figure) -> str:
        """``entre 4,900 y 7,800``; empty where the figure has no band."""
        if figure.low is None or figure.high is None:
            return ""
        if figure.unit.startswith("PEN"):
            return self.say("band", low=self.money(figure.low), high=self.money(figure.high))
        low, high = (self.number(value) for value in (figure.low, figure.high))
        return self.say("band", low=low, high=high)

    def stage(self, stage: StrEnum) -> str:
        """``etapa: potencial``."""
        return self.say("stage", stage=say(f"stage.{stage.value}", self.language))

    def date(self, date: datetime.date) -> str:
        """A date as people read it."""
        return shown(date, self.language)

    def days(self) -> list[str]:
        """Short names of the days from Monday on."""
        names = get_day_names("abbreviated", locale=LOCALES[self.language])
        return [names[day].rstrip(".") for day in range(7)]

    def months(self, width: Literal["abbreviated", "wide"] = "abbreviated") -> list[str]:
        """Names of the months."""
        names = get_month_names(width, locale=LOCALES[self.language])
        return [names[month].rstrip(".") for month in range(1, 13)]
