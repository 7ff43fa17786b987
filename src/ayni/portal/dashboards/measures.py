"""What is published: measures in the order in which they matter, and how they hang together."""

from __future__ import annotations

from functools import cache

from ayni.ledger.account import NOT_STATED, unit_of
from ayni.ledger.schema import Carrier, Management
from ayni.portal.dashboards.confidentiality.schema import Scheme

CARRIERS = tuple(f"energy.{carrier.value}" for carrier in Carrier)
FUELS = tuple(code for code in CARRIERS if code != "energy.electricity")
WASTES = tuple(
    f"waste.{one}" for one in (*(way.value for way in Management if way is not Management.SEWER), NOT_STATED)
)
HEADLINES = (
    "energy.total", "emissions.total", "water.total", "waste.total", "cost.total", "wastewater.total",
)  # fmt: skip
ORDER = (*HEADLINES, "emissions.scope2", "emissions.scope1", *CARRIERS, "waste.hazardous", *WASTES)
REST = ".rest"
"""What the published parts leave of a total, such as wastes that go to a sewer: counted, never published itself."""

FACTORS = {
    "electricity": 170, "natural_gas": 203, "diesel": 269, "lpg": 229, "residual_fuel": 281, "coal": 347, "biomass": 7,
}  # fmt: skip
"""Emissions per energy [about kg CO2e/MWh], as weights of the secrecy check only: emission factors are public, so
emissions and energy follow from one another. That the weights differ is what matters; no emission is computed here."""


def unit(code: str) -> str:
    """The unit of a measure."""
    return unit_of(code)


@cache
def scheme() -> Scheme:
    """How the published measures hang together."""
    weights: dict[str, dict[str, int]] = {code: {code: 1} for code in ORDER}
    parts = {"energy.total": CARRIERS, "waste.total": WASTES}
    for total, codes in parts.items():
        weights[total] = dict.fromkeys((*codes, total + REST), 1)
    burnt = {code: FACTORS[code.removeprefix("energy.")] for code in CARRIERS}
    weights["emissions.scope2"] = {"energy.electricity": burnt["energy.electricity"]}
    weights["emissions.scope1"] = {code: burnt[code] for code in FUELS}
    weights["emissions.total"] = burnt
    return Scheme(
        weights,
        {**parts, "emissions.total": ("emissions.scope1", "emissions.scope2")},
        ORDER,
        monthly=frozenset(CARRIERS),
        branched=frozenset({"energy.total", "emissions.total", "water.total", "waste.total"}),
    )
