"""What the terminal shows of the results: the headline with its band, and one table of before and after."""

from __future__ import annotations

from collections.abc import Iterator

from ayni.base.figures import Figure
from ayni.base.texts import Language, number, say
from ayni.ledger.schema import Carrier, DataOrigin
from ayni.parks.results import Results

MILLION = 1e6
WHOLE = 100.0
"""Amounts from here up, and what stands beside them, are shown without decimals."""
OTHERS = ("energy.total", "water.total", "waste.landfill", "emissions.total", "cost.total")


def headline(results: Results, language: Language) -> list[str]:
    """What can be saved and how far the park is, in two or three lines."""
    park, figures = results.records.ledger.park, results.figures
    emissions, saving = figures["saving.emissions.total"], figures["saving.cost.total"]
    lines = [say("headline.sample", language)] if park.origin is DataOrigin.MADE_UP else []
    values = {
        "emissions": number(emissions.value, language),
        "emissions_band": _band(emissions, 1.0, language),
        "saving": number(saving.value / MILLION, language, 1),
        "saving_band": _band(saving, MILLION, language),
    }
    lines.append(say("headline.saving", language, park=park.name, year=str(park.year), **values))
    band = results.assessment.official.band
    if band:
        low, high = (number(end, language, 0) for end in band)
        lines.append(say("headline.score", language, low=low, high=high, framework=results.assessment.framework.code))
    return lines


def _band(figure: Figure, scale: float, language: Language) -> str:
    if figure.low is None or figure.high is None:
        return ""
    decimals = 0 if scale == 1.0 else 1
    low, high = (number(end / scale, language, decimals) for end in (figure.low, figure.high))
    return say("headline.band", language, low=low, high=high)


def summary_rows(results: Results, language: Language) -> Iterator[tuple[str, str, str, str, str]]:
    """Rows of item, before, after, saving, unit: carriers in the units of their bills, then the park's totals."""
    for carrier in Carrier:
        key = f"amount.{carrier.value}"
        if results.before.totals[key] or results.after.totals[key]:
            yield _row(carrier.label(language), key, results, language)
    for key in OTHERS:
        yield _row(
            say(f"headline.{key.partition('.')[0].replace('waste', 'landfill')}", language), key, results, language
        )


def _row(title: str, key: str, results: Results, language: Language) -> tuple[str, str, str, str, str]:
    before, after = results.before.totals[key], results.after.totals[key]
    unit = results.figures[f"saving.{key}"].unit.removesuffix("/year")
    decimals = 0 if max(before, after) >= WHOLE else None
    words = [number(value, language, decimals) for value in (before, after, before - after)]
    return title, words[0], words[1], words[2], unit
