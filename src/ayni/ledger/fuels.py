"""Energy and emissions of the carriers: heating values and emission factors of ``fuels.csv`` and ``grid_pe.csv``.

An amount takes the row whose unit has its dimension: gallons the row per gallon, tonnes the row per tonne. So the
density of one source never meets the heating value of another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from ayni.base.factors import Factor, MissingFactor, data_rows, factor_from_row
from ayni.base.units import convert, to_canonical
from ayni.ledger.defaults import default
from ayni.ledger.schema import Carrier

FUELS = "fuels"
GRID = "grid_pe"
SYSTEM, GRID_BASIS = "SEIN", "consumption"
MWH_PER_GJ = 1 / 3.6

FUEL_ROWS: Mapping[Carrier, Mapping[str, str]] = {
    Carrier.NATURAL_GAS: {"m3": "natural_gas_pe", "kg": "natural_gas_ipcc"},
    Carrier.DIESEL: {"m3": "diesel_pe", "kg": "diesel_ipcc"},
    Carrier.LPG: {"m3": "lpg_pe", "kg": "lpg_ipcc"},
    Carrier.RESIDUAL_FUEL: {"m3": "residual_fuel_pi6_pe", "kg": "residual_fuel_ipcc"},
    Carrier.COAL: {"kg": "coal_other_bituminous_ipcc"},
    Carrier.BIOMASS: {"kg": "wood_waste"},
}
"""Carrier → canonical unit of the bill → row of ``fuels.csv``. The first row also serves bills in energy units."""

PHYSICAL_UNITS: Mapping[Carrier, str] = {
    Carrier.ELECTRICITY: "MWh", Carrier.NATURAL_GAS: "m3", Carrier.DIESEL: "gal", Carrier.LPG: "kg",
    Carrier.RESIDUAL_FUEL: "gal", Carrier.COAL: "t", Carrier.BIOMASS: "t",
}  # fmt: skip
"""The unit of Peru's bills, in which amounts are published."""


@dataclass(frozen=True)
class EmissionFactors:
    """Emissions of a fuel [t of gas per MWh, lower heating value]; biogenic CO2 counts outside the totals."""

    co2: Factor
    ch4: Factor
    n2o: Factor
    is_biogenic: bool

    @property
    def co2e(self) -> float:
        """Emissions in the totals [t CO2e/MWh]."""
        fossil = 0.0 if self.is_biogenic else self.co2.value
        return fossil + self.ch4.value * default("gwp_ch4").value + self.n2o.value * default("gwp_n2o").value

    @property
    def biogenic(self) -> float:
        """Biogenic CO2, outside the totals [t CO2/MWh]."""
        return self.co2.value if self.is_biogenic else 0.0


def _row(carrier: Carrier, unit: str) -> Mapping[str, str]:
    """The row of ``fuels.csv`` for a bill in ``unit`` (canonical). Raises MissingFactor."""
    rows = FUEL_ROWS[carrier]
    name = next(iter(rows.values())) if unit == "MWh" else rows.get(unit)
    for row in data_rows(FUELS)[1]:
        if row["carrier"] == name:
            return row
    raise MissingFactor(f"{FUELS}/{carrier.value} per {unit}")


@cache
def heating_value(carrier: Carrier, unit: str) -> Factor:
    """Lower heating value [MWh per ``unit``], unit canonical: m3 or kg. Raises MissingFactor."""
    row = _row(carrier, unit)
    factor = factor_from_row(FUELS, row, f"{row['carrier']}/heating_value", value="ncv_gj_per_unit", unit="")
    per_unit = MWH_PER_GJ / to_canonical(1.0, row["unit"].removesuffix(" liquid"))
    return replace(factor, value=factor.value * per_unit, unit=f"MWh/{unit}", low=None, high=None)


@cache
def emission_factors(carrier: Carrier, unit: str) -> EmissionFactors:
    """Emission factors of a fuel billed in ``unit`` (canonical: m3, kg or MWh). Raises MissingFactor."""
    row = _row(carrier, unit)

    def factor(column: str, gas: str, tonnes_per_gj: float) -> Factor:
        found = factor_from_row(FUELS, row, f"{row['carrier']}/{gas.lower()}", value=column, unit="")
        return replace(found, value=found.value * tonnes_per_gj * 3.6, unit=f"t {gas}/MWh")

    return EmissionFactors(
        co2=factor("kg_co2_per_gj", "CO2", 1e-3),
        ch4=factor("kg_ch4_per_tj", "CH4", 1e-6),
        n2o=factor("kg_n2o_per_tj", "N2O", 1e-6),
        is_biogenic=row["biogenic"] == "yes",
    )


@cache
def grid_factor(year: int) -> Factor:
    """Emissions of grid power in ``year`` [t CO2e/MWh], consumption basis, AR5. Raises MissingFactor."""
    for row in data_rows(GRID)[1]:
        if (row["system"], row["basis"], row["year"]) == (SYSTEM, GRID_BASIS, str(year)):
            key = f"{SYSTEM}/{GRID_BASIS}/{year}"
            return factor_from_row(GRID, row, key, value="t_co2e_per_mwh_ar5", unit="t CO2e/MWh")
    raise MissingFactor(f"{GRID}/{SYSTEM}/{GRID_BASIS}/{year}")


def grid_years() -> tuple[int, ...]:
    """The years for which a grid factor is known."""
    wanted = (SYSTEM, GRID_BASIS)
    return tuple(int(row["year"]) for row in data_rows(GRID)[1] if (row["system"], row["basis"]) == wanted)


@cache
def energy_per(carrier: Carrier, unit: str) -> float:
    """Energy [MWh, lower heating value] in one ``unit`` (m3, kg or MWh) of a carrier. Raises MissingFactor."""
    return 1.0 if unit == "MWh" else heating_value(carrier, unit).value


def physical_amount(carrier: Carrier, amount: float, unit: str) -> float:
    """``amount`` of ``unit`` (m3, kg or MWh) in the unit of PHYSICAL_UNITS.

    Another dimension is converted by equal energy, each side with its own heating value.
    """
    target = PHYSICAL_UNITS[carrier]
    canonical = physical_dimension(carrier)
    if unit != canonical:
        amount *= energy_per(carrier, unit) / energy_per(carrier, canonical)
    return convert(amount, canonical, target)


def physical_dimension(carrier: Carrier) -> str:
    """The canonical unit behind the published one: MWh, m3 or kg."""
    return {"gal": "m3", "t": "kg"}.get(PHYSICAL_UNITS[carrier], PHYSICAL_UNITS[carrier])
