"""Waste heat as a source of the zone: what an exchanger can make of it, at which temperature.

A source's heat is taken as counted down to the level of hot water (80 °C and the exchanger's approach). A source hotter
than the steam level passes a steam generator first and a hot-water exchanger after it: the heat above the steam level
can become steam, the rest hot water, so that nothing is counted twice.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ayni.base.findings import Finding, note
from ayni.ledger.ledger import Ledger
from ayni.zones.case import HOT_WATER, STEAM, WasteHeatSource
from ayni.zones.needs import HOT_WATER_MAX, STEAM_MAX
from ayni.zones.parameters import Parameters
from ayni.zones.schema import WasteHeat
from ayni.zones.shapes import activity

BOILING = 100.0  # °C; a source up to it is taken as a liquid, above it as a gas (own assumption)


def exchanger_of(temperature: float) -> str:
    """The technology that recovers heat at ``temperature`` [°C]."""
    return "waste_heat_liquid" if temperature <= BOILING else "waste_heat_gas"


def parts_by_carrier(temperature: float, approach: float) -> dict[str, float]:
    """Parts of a source's heat that can become steam and hot water; empty where it is too cold for either."""
    water, steam = HOT_WATER_MAX + approach, STEAM_MAX + approach
    if temperature < water:
        return {}
    if temperature <= steam:
        return {HOT_WATER: 1.0}
    hot = (temperature - steam) / (temperature - water)
    return {STEAM: hot, HOT_WATER: 1.0 - hot}


def source_name(row: WasteHeat) -> str:
    """How a source is named in the case, before its carrier."""
    return f"{row.firm}:{row.source}:"


def waste_heat_sources(
    rows: Sequence[WasteHeat], ledger: Ledger, hours: pd.DatetimeIndex, parameters: Parameters
) -> tuple[tuple[WasteHeatSource, ...], tuple[Finding, ...]]:
    """Sources named ``firm:source:carrier``, over the hours by the firm's shifts; a note on those that are too cold."""
    sources: list[WasteHeatSource] = []
    findings: list[Finding] = []
    for row in rows:
        exchanger = exchanger_of(row.temperature)
        approach = parameters.value(exchanger, "approach")
        parts = parts_by_carrier(row.temperature, approach)
        if not parts:
            least = HOT_WATER_MAX + approach
            findings.append(note("WASTE-HEAT-COLD", row.place_of("temperature"), source=row.source, least=least))
        shape = activity(ledger.firms[row.firm], hours)
        recovered = row.energy * parameters.value(exchanger, "effectiveness") * shape / np.sum(shape)
        investment = parameters.investment(exchanger)
        sources += [
            WasteHeatSource(
                source_name(row) + carrier, carrier, part * recovered,
                parameters.annual(exchanger, investment), investment,
            )
            for carrier, part in parts.items()
        ]  # fmt: skip
    return tuple(sources), tuple(findings)
