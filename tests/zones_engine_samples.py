"""Zone cases for the tests of the zone engine: a bare one to add one thing to, and small whole ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ayni.zones.case import (
    COLD,
    ELECTRICITY,
    HOT_WATER,
    OFF_PEAK,
    PRESENT_IN_PEAK,
    STEAM,
    BilledRule,
    DemandCharge,
    ExistingUnit,
    FuelPrice,
    Limits,
    MeasureEffect,
    Series,
    Store,
    Technology,
    WasteHeatSource,
    ZoneCase,
    ZoneTariff,
    measure_group,
)

GAS = "fuel:natural_gas"


def series(*values: float) -> Series:
    return np.array(values, dtype=float)


def bare(hours: int = 2, price: float = 100.0) -> ZoneCase:
    """A zone without demand, plant, demand charges or carbon price: ``hours`` hours of month 1, none at peak."""
    zero = np.zeros(hours)
    return ZoneCase(
        name="bare", hours=hours, month=np.ones(hours, dtype=np.int64), is_peak=np.zeros(hours, dtype=bool),
        demand={ELECTRICITY: zero}, tariff=ZoneTariff("other", np.full(hours, price)),
        fuels={"natural_gas": FuelPrice(50.0, 0.2), "diesel": FuelPrice(300.0, 0.27)}, grid_co2=0.2, carbon_price=0.0,
        existing=(), technologies={}, stores={}, solar_pv=zero, solar_heat=zero,
    )  # fmt: skip


def technologies() -> dict[str, Technology]:
    """All kinds of technology, at costs that leave each a place in some zone."""
    return {
        "pv_roof": Technology(ELECTRICITY, {}, 290_000.0, 3e6, profile="solar_pv", roof=5100.0),
        "solar_thermal_flat_plate": Technology(HOT_WATER, {}, 120_000.0, 1.5e6, profile="solar_heat", roof=1430.0),
        "heat_pump": Technology(HOT_WATER, {ELECTRICITY: 1 / 3.6}, 230_000.0, 2.5e6, 9.0),
        "electric_boiler": Technology(STEAM, {ELECTRICITY: 1 / 0.98}, 40_000.0, 4e5),
        "gas_boiler_steam": Technology(STEAM, {GAS: 1 / 0.9}, 33_000.0, 3e5, 4.0),
        "gas_engine_chp": Technology(
            ELECTRICITY, {GAS: 1 / 0.38}, 480_000.0, 4e6, 20.0, 30.0, {STEAM: 0.32 / 0.38, HOT_WATER: 0.14 / 0.38}
        ),
        "chiller_compression": Technology(COLD, {ELECTRICITY: 1 / 5.2}, 70_000.0, 8e5),
        "chiller_absorption": Technology(COLD, {HOT_WATER: 1 / 0.72, ELECTRICITY: 0.02}, 100_000.0, 1e6),
        "steam_to_hot_water": Technology(HOT_WATER, {STEAM: 1 / 0.97}, 11_000.0, 1e5),
    }


def stores() -> dict[str, Store]:
    return {
        "battery": Store(ELECTRICITY, 45_000.0, 0.96, 0.95, 1e-4, 30_000.0, 7e5, 8e5),
        "heat_store_hot_water": Store(HOT_WATER, 7_000.0, 0.98, 0.98, 0.004, energy_investment=6e4),
        "cold_store_chilled_water": Store(COLD, 9_000.0, 0.98, 0.97, 0.006, energy_investment=1e5),
    }


def mt2(price: Series, rule: BilledRule = "month_maximum") -> ZoneTariff:
    demand = (
        DemandCharge("generation_demand", "peak", {"": 61_350.0}),
        DemandCharge("distribution_demand", "peak", {"": 15_130.0}, rule),
        DemandCharge("distribution_excess", "excess_off_peak", {"": 15_520.0}, rule),
    )
    return ZoneTariff("MT2", price, demand, fixed=4.87)


def mt3(price: Series, rule: BilledRule = "month_maximum") -> ZoneTariff:
    demand = (
        DemandCharge("generation_demand", "all", {PRESENT_IN_PEAK: 56_090.0, OFF_PEAK: 29_780.0}),
        DemandCharge("distribution_demand", "all", {PRESENT_IN_PEAK: 16_400.0, OFF_PEAK: 15_990.0}, rule),
    )
    return ZoneTariff("MT3", price, demand, (PRESENT_IN_PEAK, OFF_PEAK), fixed=4.18)


def whole(hours: int = 48, seed: int = 0, *, months: int = 1, tariff: str = "MT2", measures: bool = True) -> ZoneCase:
    """A zone with everything: random loads on a day's shape, all technologies, stores, waste heat, measures."""
    rng = np.random.default_rng(seed)
    clock = np.arange(hours) % 24
    day = 0.6 + 0.4 * np.sin((clock - 6) * np.pi / 12)

    def load(size: float) -> Series:
        noise = 1 + 0.2 * rng.standard_normal(hours)
        return np.asarray(size * rng.uniform(0.5, 1.5) * day * noise.clip(0.2))

    is_peak = (clock >= 18) & (clock < 23)
    sun = np.clip(np.cos((clock + 0.5 - 12) * np.pi / 12), 0, None) * rng.uniform(0.4, 1.0, hours)
    steam, hot_water, cold = load(4.0), load(3.0), load(2.0)
    own = {"diesel": 0.6, "natural_gas": 0.4}
    power = load(6.0)
    price = np.where(is_peak, 276.9, 237.6)
    motors = [MeasureEffect("M1", 0.1, 3e4, 1e5), MeasureEffect("M2", 0.2, 4e5, 2e6)]
    boiler = {STEAM: 0.6 * steam, "existing:boilers_diesel": 0.6 * steam}
    groups = (
        measure_group("motors", {ELECTRICITY: 0.5 * power}, motors),
        measure_group("boiler", boiler, [MeasureEffect("M3", 0.05, 2e4, 9e4)]),
        measure_group("furnace", {GAS: np.full(hours, 1.5)}, [MeasureEffect("M4", 0.15, 5e4, 3e5)]),
    )
    return replace(
        bare(hours),
        name="whole", month=1 + np.arange(hours) * months // hours, is_peak=is_peak,
        demand={ELECTRICITY: power, STEAM: steam, HOT_WATER: hot_water, COLD: cold},
        tariff=mt2(price) if tariff == "MT2" else mt3(price), carbon_price=40.0,
        fuels={"natural_gas": FuelPrice(130.0, 0.202), "diesel": FuelPrice(310.0, 0.267)},
        existing=(
            *(
                ExistingUnit(f"boilers_{fuel}", fuel, (STEAM, HOT_WATER), part * (steam + hot_water), 0.82)
                for fuel, part in own.items()
            ),
            ExistingUnit("chillers", ELECTRICITY, (COLD,), cold, 3.0),
        ),
        technologies=technologies(), stores=stores(), solar_pv=sun, solar_heat=0.9 * sun,
        waste_heat=(WasteHeatSource("furnace", HOT_WATER, rng.uniform(0.0, 1.0, hours), 60_000.0, 3e5),),
        measure_groups=groups if measures else (), fixed_fuel={"natural_gas": np.full(hours, 2.0)},
        limits=Limits(roof=20_400.0),
    )  # fmt: skip
