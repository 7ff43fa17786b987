"""Technology parameters of the design: which row of ``technologies.csv`` is used for what and why, and costs in soles.

Investments of the European or world market are multiplied by Peru's cost factor; prices of other years are taken as
they stand. A study converts them at its one exchange rate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ayni.base.factors import Factor, technology
from ayni.base.money import Money, annuity
from ayni.zones.case import COLD, ELECTRICITY, FUEL, HOT_WATER, STEAM, Store, Technology

GAS = FUEL + "natural_gas"
LOCAL = "local"


@dataclass(frozen=True)
class Pick:
    """One row of ``technologies.csv`` taken for a role of a technology; ``reason`` is a text key."""

    technology: str
    role: str
    row: str
    parameter: str
    reason: str = "parameter.only_row"


def _picks(name: str, row: str, *roles: str | tuple[str, str, str]) -> tuple[Pick, ...]:
    """Picks of one technology: a role named as its parameter, or (role, parameter, key of the reason)."""
    return tuple(
        Pick(name, role, row, role)
        if isinstance(role, str)
        else Pick(name, role[0], row, role[1], f"parameter.{role[2]}")
        for role in roles
    )


CHOICES = (
    *_picks("pv_roof", "pv_roof", (LOCAL, "investment_peru_market", "local_price"), "fixed_om", "life", "area"),
    *_picks(
        "battery", "battery", ("investment", "investment_energy_part", "two_parts"),
        ("investment_power", "investment_power_part", "two_parts"), "fixed_om", "life",
        ("charge", "efficiency_charge_ac", "two_ways"), ("discharge", "efficiency_discharge_ac", "two_ways"),
        ("loss", "loss_standing", "only_row"),
    ),
    *_picks(
        "solar_thermal_flat_plate", "solar_thermal_flat_plate", ("investment", "investment", "field_small"),
        "fixed_om", "life", "peak_per_area",
    ),
    *_picks(
        "heat_pump", "heat_pump_low", "investment", ("investment_indirect", "investment_indirect", "installed"),
        "fixed_om", "variable_om", "life", ("efficiency", "cop_planning", "source_not_known"),
    ),
    *_picks(
        "electric_boiler", "electric_boiler", ("investment", "investment_small", "boiler_small"),
        "fixed_om", "variable_om", "life", "efficiency",
    ),
    *_picks("gas_boiler_steam", "gas_boiler_steam", "investment", "fixed_om", "variable_om", "life", "efficiency"),
    *_picks(
        "gas_engine_chp", "gas_engine_chp", ("investment", "investment", "engine_size"), "fixed_om", "variable_om",
        "life", ("efficiency", "efficiency_el", "only_row"), "efficiency_heat_total", "heat_share_exhaust_steam",
        "heat_share_hot_water",
    ),
    *_picks("steam_to_hot_water", "steam_to_hot_water", "investment", "fixed_om", "life", "efficiency"),
    *_picks(
        "chiller_compression", "chiller_compression", "investment", "fixed_om", "life",
        ("efficiency", "cop_water_cooled", "water_cooled"),
    ),
    *_picks(
        "chiller_absorption", "chiller_absorption", "investment", "fixed_om", "life",
        ("efficiency", "cop_single_effect", "single_effect"), "auxiliary_power",
    ),
    *_picks(
        "heat_store_hot_water", "heat_store_hot_water", ("investment", "investment", "tank_small"), "fixed_om", "life",
        ("charge", "efficiency_charge", "only_row"), ("discharge", "efficiency_discharge", "only_row"),
        ("loss", "loss_standing_small", "tank_small"),
    ),
    *_picks(
        "cold_store_chilled_water", "cold_store_chilled_water", "investment", "fixed_om", "life",
        ("round_trip", "efficiency_round_trip", "only_row"), ("loss", "loss_standing", "only_row"),
    ),
    *_picks(
        "waste_heat_liquid", "waste_heat_recovery", ("investment", "investment_liquid", "source_below_100"),
        "fixed_om", "life", "effectiveness", ("approach", "approach_liquid", "source_below_100"),
    ),
    *_picks(
        "waste_heat_gas", "waste_heat_recovery", ("investment", "investment_flue_gas", "source_above_100"),
        "fixed_om", "life", "effectiveness", ("approach", "approach_gas", "source_above_100"),
    ),
    *_picks("all", "all", "peru_cost_factor"),
)  # fmt: skip
"""What the design rests on, and why that row where there are several."""

INVESTMENTS = (LOCAL, "investment", "investment_indirect")


@dataclass(frozen=True)
class Parameters:
    """The chosen factors by technology and role; ``changed`` sets other values by factor id, for the band."""

    money: Money
    rate: float
    factors: Mapping[tuple[str, str], Factor]
    changed: Mapping[str, float] = field(default_factory=dict)

    def value(self, name: str, role: str) -> float:
        """The value of a role in the factor's own unit."""
        factor = self.factors[name, role]
        return self.changed.get(factor.id, factor.value)

    def factors_of(self, name: str) -> tuple[Factor, ...]:
        """All factors of a technology."""
        return tuple(factor for (technology_name, _), factor in self.factors.items() if technology_name == name)

    def with_value(self, factor_id: str, value: float) -> Parameters:
        """The same with another value of one factor."""
        return replace(self, changed={**self.changed, factor_id: value})

    def investment(self, name: str, *roles: str) -> float:
        """Investment [PEN per unit of the factors' own unit]; the world's prices times Peru's cost factor."""
        return sum(self._price(name, role) for role in roles or INVESTMENTS if (name, role) in self.factors)

    def _price(self, name: str, role: str) -> float:
        currency = self.factors[name, role].unit[:3]
        factor = 1.0 if role == LOCAL else self.value("all", "peru_cost_factor")
        return self.money.to_pen(self.value(name, role), currency) * factor

    def annual(self, name: str, investment: float) -> float:
        """Yearly cost [PEN/a] of an ``investment`` [PEN]: annuity at the study's rate, and fixed upkeep."""
        return investment * (annuity(self.rate, self.value(name, "life")) + self.value(name, "fixed_om") / 100.0)

    def upkeep(self, name: str) -> float:
        """Cost of running [PEN/MWh of main output]; zero where no row names one."""
        if (name, "variable_om") not in self.factors:
            return 0.0
        return self.money.to_pen(self.value(name, "variable_om"), self.factors[name, "variable_om"].unit[:3])


def parameters_of(money: Money, rate: float) -> Parameters:
    """The parameters of a study with its exchange rates and its real discount ``rate`` [1/a]."""
    return Parameters(
        money, rate, {(pick.technology, pick.role): technology(pick.row, pick.parameter) for pick in CHOICES}
    )


def technologies_of(parameters: Parameters) -> dict[str, Technology]:
    """Every technology that can be built; inputs and by-products are per unit of main output."""

    def built(name: str, output: str, inputs: Mapping[str, float], per: float = 1.0) -> Technology:
        investment = parameters.investment(name) * per
        return Technology(output, inputs, parameters.annual(name, investment), investment, parameters.upkeep(name))

    def efficiency(name: str) -> float:
        return parameters.value(name, "efficiency")

    def heat_per_power(role: str) -> float:
        heat = parameters.value("gas_engine_chp", "efficiency_heat_total") / efficiency("gas_engine_chp")
        return heat * parameters.value("gas_engine_chp", role)

    peak_area = 1000.0 / parameters.value("solar_thermal_flat_plate", "peak_per_area")  # m2 per MW
    absorbed = {
        HOT_WATER: 1.0 / efficiency("chiller_absorption"),
        ELECTRICITY: parameters.value("chiller_absorption", "auxiliary_power"),
    }
    return {
        "pv_roof": replace(
            built("pv_roof", ELECTRICITY, {}), profile="solar_pv", roof=1000.0 * parameters.value("pv_roof", "area")
        ),
        "solar_thermal_flat_plate": replace(
            built("solar_thermal_flat_plate", HOT_WATER, {}, per=peak_area), profile="solar_heat", roof=peak_area
        ),
        "heat_pump": built("heat_pump", HOT_WATER, {ELECTRICITY: 1.0 / efficiency("heat_pump")}),
        "electric_boiler": built("electric_boiler", STEAM, {ELECTRICITY: 1.0 / efficiency("electric_boiler")}),
        "gas_boiler_steam": built("gas_boiler_steam", STEAM, {GAS: 1.0 / efficiency("gas_boiler_steam")}),
        "gas_engine_chp": replace(
            built("gas_engine_chp", ELECTRICITY, {GAS: 1.0 / efficiency("gas_engine_chp")}),
            by_products={
                STEAM: heat_per_power("heat_share_exhaust_steam"), HOT_WATER: heat_per_power("heat_share_hot_water")
            },
        ),
        "steam_to_hot_water": built("steam_to_hot_water", HOT_WATER, {STEAM: 1.0 / efficiency("steam_to_hot_water")}),
        "chiller_compression": built(
            "chiller_compression", COLD, {ELECTRICITY: 1.0 / efficiency("chiller_compression")}
        ),
        "chiller_absorption": built("chiller_absorption", COLD, absorbed),
    }  # fmt: skip


def stores_of(parameters: Parameters) -> dict[str, Store]:
    """Battery, hot-water and cold store."""

    def built(name: str, carrier: str, charge: float, discharge: float) -> Store:
        investment = parameters.investment(name, "investment")
        loss = parameters.value(name, "loss") / 100.0
        return Store(
            carrier, parameters.annual(name, investment), charge, discharge, loss, energy_investment=investment
        )

    power = parameters.investment("battery", "investment_power")
    one_way = parameters.value("cold_store_chilled_water", "round_trip") ** 0.5
    ways = {
        name: (parameters.value(name, "charge"), parameters.value(name, "discharge"))
        for name in ("battery", "heat_store_hot_water")
    }
    battery = built("battery", ELECTRICITY, *ways["battery"])
    return {
        "battery": replace(battery, power_annual_cost=parameters.annual("battery", power), power_investment=power),
        "heat_store_hot_water": built("heat_store_hot_water", HOT_WATER, *ways["heat_store_hot_water"]),
        "cold_store_chilled_water": built("cold_store_chilled_water", COLD, one_way, one_way),
    }
