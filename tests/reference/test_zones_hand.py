"""Every technology alone on a two-hour zone, against a calculation by hand written beside it.

Two hours stand for a year: each counts 4,380 times. The design's cost must equal the hand's within 1e-6, relative.
"""

from dataclasses import replace

import pytest

from ayni.zones.case import (
    COLD,
    ELECTRICITY,
    HOT_WATER,
    STEAM,
    DemandCharge,
    ExistingUnit,
    FuelPrice,
    Limits,
    MeasureEffect,
    Store,
    Technology,
    WasteHeatSource,
    ZoneCase,
    ZoneTariff,
    measure_group,
)
from ayni.zones.design import Design, design
from ayni.zones.dispatch.repair import repair
from ayni.zones.model import zone_program
from ayni.zones.solve import solve
from zones_engine_samples import GAS, bare, series

HOURS = 4380.0
EXACT = 1e-8


def solved(case: ZoneCase, cost: float) -> Design:
    """The design of ``case``, whose cost and bound must be ``cost``."""
    made = design(case, gap=EXACT)
    assert made.cost == pytest.approx(cost, rel=1e-6)
    assert made.bound == pytest.approx(cost, rel=1e-6)
    assert made.bound <= made.cost
    return made


def diesel_boiler(*outputs: str, largest: float = 10.0) -> ExistingUnit:
    """Heat at 300 / 0.8 = 375 PEN/MWh."""
    return ExistingUnit("boiler", "diesel", outputs, series(largest, largest), 0.8)


def test_grid() -> None:
    case = replace(bare(), demand={ELECTRICITY: series(3, 5)}, tariff=ZoneTariff("other", series(100, 200), fixed=7.0))
    solved(case, HOURS * (3 * 100 + 5 * 200) + 12 * 7)


def test_carbon_price_on_grid_and_fuel() -> None:
    case = replace(
        bare(),
        demand={ELECTRICITY: series(3, 5), STEAM: series(2, 0)},
        existing=(diesel_boiler(STEAM),),
        carbon_price=100.0,
    )
    # grid 0.2 t/MWh, diesel 0.27 t/MWh
    made = solved(case, HOURS * (8 * (100 + 20) + 2 / 0.8 * (300 + 27)))
    assert made.co2 == pytest.approx(HOURS * (8 * 0.2 + 2 / 0.8 * 0.27), rel=1e-6)


def test_existing_boiler_of_steam_and_hot_water() -> None:
    case = replace(
        bare(), demand={STEAM: series(2, 4), HOT_WATER: series(1, 0)}, existing=(diesel_boiler(STEAM, HOT_WATER),)
    )
    solved(case, HOURS * 7 * 375)


def test_existing_chiller() -> None:
    chiller = ExistingUnit("chiller", ELECTRICITY, (COLD,), series(5, 5), 3.0)
    solved(replace(bare(), demand={COLD: series(3, 1.5)}, existing=(chiller,)), HOURS * 4.5 / 3 * 100)


def test_fixed_fuel() -> None:
    solved(replace(bare(), fixed_fuel={"natural_gas": series(1, 3)}), HOURS * 4 * 50)


def test_photovoltaics() -> None:
    # a MW saves 4380 · 100 = 438,000 PEN a year at 100,000 PEN, up to the load of 2 MW: more could not be sold
    case = replace(
        bare(), demand={ELECTRICITY: series(2, 2)}, solar_pv=series(0, 1),
        technologies={"pv_roof": Technology(ELECTRICITY, {}, 100_000.0, profile="solar_pv")},
    )  # fmt: skip
    made = solved(case, HOURS * 2 * 100 + 2 * 100_000)
    assert made.capacities["pv_roof"] == pytest.approx(2.0, rel=1e-5)


def test_photovoltaics_stay_within_the_roof() -> None:
    case = replace(
        bare(), demand={ELECTRICITY: series(2, 2)}, solar_pv=series(0, 1),
        technologies={"pv_roof": Technology(ELECTRICITY, {}, 100_000.0, profile="solar_pv", roof=5000.0)},
    )  # fmt: skip
    solved(replace(case, limits=Limits(roof=2500.0)), HOURS * 3.5 * 100 + 0.5 * 100_000)


def one_roof() -> ZoneCase:
    """5,500 m2 for collectors, which earn (4380 · 375 − 200,000) / 1,500 = 962 PEN/m2, and panels, which earn 68."""
    return replace(
        bare(), demand={ELECTRICITY: series(2, 2), HOT_WATER: series(1, 2)}, solar_pv=series(0, 1),
        solar_heat=series(0, 1), existing=(diesel_boiler(HOT_WATER),), limits=Limits(roof=5500.0),
        technologies={
            "pv_roof": Technology(ELECTRICITY, {}, 100_000.0, profile="solar_pv", roof=5000.0),
            "solar_thermal_flat_plate": Technology(HOT_WATER, {}, 200_000.0, profile="solar_heat", roof=1500.0),
        },
    )  # fmt: skip


def test_panels_get_the_roof_that_collectors_leave() -> None:
    # 2 MW of collectors serve the heat of the sunny hour on 3,000 m2; 2,500 m2 are left for 0.5 MW of panels
    made = solved(one_roof(), HOURS * (3.5 * 100 + 1 * 375) + 0.5 * 100_000 + 2 * 200_000)
    assert made.capacities == pytest.approx({"pv_roof": 0.5, "solar_thermal_flat_plate": 2.0}, rel=1e-5)


def test_a_point_beyond_the_roof_is_scaled_back_in_proportion() -> None:
    case = one_roof()
    program = zone_program(case, "")
    plan = repair(case, program, 1.2 * solve(program, 1e-9).values, {})
    assert plan.capacities == pytest.approx({"pv_roof": 0.5, "solar_thermal_flat_plate": 2.0}, rel=1e-5)


def test_solar_heat() -> None:
    # a MW saves 0.5 · 4380 · 375 = 821,250 PEN in the hour of half sun, up to 2 MW of heat from 4 MW of field
    case = replace(
        bare(), demand={HOT_WATER: series(1, 2)}, solar_heat=series(0, 0.5), existing=(diesel_boiler(HOT_WATER),),
        technologies={"solar_thermal_flat_plate": Technology(HOT_WATER, {}, 200_000.0, profile="solar_heat")},
    )  # fmt: skip
    made = solved(case, HOURS * 1 * 375 + 4 * 200_000)
    assert made.capacities["solar_thermal_flat_plate"] == pytest.approx(4.0, rel=1e-5)


def test_heat_pump() -> None:
    # 100 / 3 + 2 = 35.3 PEN/MWh against 375: all of it; the last MW runs one hour, saves 4380 · 339.7 > 50,000
    case = replace(
        bare(), demand={HOT_WATER: series(2, 4)}, existing=(diesel_boiler(HOT_WATER),),
        technologies={"heat_pump": Technology(HOT_WATER, {ELECTRICITY: 1 / 3}, 50_000.0, variable_cost=2.0)},
    )  # fmt: skip
    solved(case, HOURS * 6 * (100 / 3 + 2) + 4 * 50_000)


def test_electric_boiler_serves_the_base_only_where_its_cost_forbids_the_peak() -> None:
    # saves 375 − 100 = 275 PEN/MWh: 2 · 4380 · 275 = 2,409,000 PEN per MW in both hours, 1,204,500 in one, at 2,000,000
    case = replace(
        bare(), demand={STEAM: series(2, 4)}, existing=(diesel_boiler(STEAM),),
        technologies={"electric_boiler": Technology(STEAM, {ELECTRICITY: 1.0}, 2_000_000.0)},
    )  # fmt: skip
    made = solved(case, HOURS * (4 * 100 + 2 * 375) + 2 * 2_000_000)
    assert made.capacities["electric_boiler"] == pytest.approx(2.0, rel=1e-5)


def test_gas_boiler() -> None:
    case = replace(
        bare(), demand={STEAM: series(2, 4)}, existing=(diesel_boiler(STEAM),),
        technologies={"gas_boiler_steam": Technology(STEAM, {GAS: 1 / 0.9}, 30_000.0)},
    )  # fmt: skip
    solved(case, HOURS * 6 * 50 / 0.9 + 4 * 30_000)


def test_cogeneration() -> None:
    # 1 MW of power burns 2.5 MW of gas (125 PEN/h) and gives 0.75 MW steam and 0.5 MW hot water; it replaces
    # 100 + 1.25 · 375 = 568.75 PEN/h; power could go on where heat is dumped, but 125 > 100, so heat sets the size
    case = replace(
        bare(), demand={ELECTRICITY: series(5, 5), STEAM: series(1.5, 1.5), HOT_WATER: series(1, 1)},
        existing=(diesel_boiler(STEAM, HOT_WATER),),
        technologies={
            "gas_engine_chp": Technology(
                ELECTRICITY, {GAS: 1 / 0.4}, 500_000.0, by_products={STEAM: 0.3 / 0.4, HOT_WATER: 0.2 / 0.4}
            )
        },
    )  # fmt: skip
    made = solved(case, HOURS * 2 * (2 * 125 + 3 * 100) + 2 * 500_000)
    assert made.capacities["gas_engine_chp"] == pytest.approx(2.0, rel=1e-5)


def test_cogeneration_dumps_heat_where_power_alone_pays() -> None:
    case = replace(
        bare(price=400.0), demand={ELECTRICITY: series(5, 5), STEAM: series(1.5, 0)},
        technologies={"gas_engine_chp": Technology(ELECTRICITY, {GAS: 1 / 0.4}, 500_000.0, by_products={STEAM: 0.75})},
    )  # fmt: skip
    made = solved(case, HOURS * 2 * 5 * 125 + 5 * 500_000)
    assert made.dispatch["dump.steam"].to_numpy() == pytest.approx([5 * 0.75 - 1.5, 5 * 0.75], rel=1e-5)


def test_compression_chiller() -> None:
    # a COP of 5 instead of 2 saves 100 · (1/2 − 1/5) = 30 PEN/MWh: 262,800 PEN per MW in both hours, 131,400 in one
    old = ExistingUnit("chiller", ELECTRICITY, (COLD,), series(5, 5), 2.0)
    case = replace(
        bare(), demand={COLD: series(1, 3)}, existing=(old,),
        technologies={"chiller_compression": Technology(COLD, {ELECTRICITY: 1 / 5}, 200_000.0)},
    )  # fmt: skip
    solved(case, HOURS * (2 * 100 / 5 + 2 * 100 / 2) + 1 * 200_000)


def test_absorption_chiller_on_waste_heat() -> None:
    # 1 MW of cold takes 1.25 MW of heat and 0.02 MW of power; cold by power costs 50 PEN/MWh
    old = ExistingUnit("chiller", ELECTRICITY, (COLD,), series(5, 5), 2.0)
    case = replace(
        bare(), demand={COLD: series(2, 2)}, existing=(old,),
        waste_heat=(WasteHeatSource("kiln", HOT_WATER, series(1.25, 1.25), 10_000.0),),
        technologies={"chiller_absorption": Technology(COLD, {HOT_WATER: 1.25, ELECTRICITY: 0.02}, 100_000.0)},
    )  # fmt: skip
    solved(case, HOURS * 2 * (0.02 * 100 + 50) + 100_000 + 1.25 * 10_000)


def test_hot_water_from_steam() -> None:
    case = replace(
        bare(), demand={HOT_WATER: series(1, 3)}, existing=(diesel_boiler(STEAM),),
        technologies={"steam_to_hot_water": Technology(HOT_WATER, {STEAM: 1 / 0.97}, 3_000.0)},
    )  # fmt: skip
    solved(case, HOURS * 4 / 0.97 * 375 + 3 * 3_000)


def test_waste_heat() -> None:
    # recovered: 1 MW and 2 MW; the exchanger of 2 MW costs 40,000 PEN, less than 4380 · 375 for the second MW
    case = replace(
        bare(), demand={HOT_WATER: series(2, 2)}, existing=(diesel_boiler(HOT_WATER),),
        waste_heat=(WasteHeatSource("kiln", HOT_WATER, series(1, 3), 20_000.0),),
    )  # fmt: skip
    solved(case, HOURS * 1 * 375 + 2 * 20_000)


def test_battery() -> None:
    # 1 MW at 1,000 PEN/MWh is met from 1/0.81 MW at 100: content 1/0.9 MWh, rating 1/0.81 MW (charging is the larger)
    case = replace(
        bare(), demand={ELECTRICITY: series(0, 1)}, tariff=ZoneTariff("other", series(100, 1000)),
        stores={"battery": Store(ELECTRICITY, 50_000.0, 0.9, 0.9, 0.0, power_annual_cost=20_000.0)},
    )  # fmt: skip
    made = solved(case, HOURS * 100 / 0.81 + 50_000 / 0.9 + 20_000 / 0.81)
    assert made.capacities["battery.energy"] == pytest.approx(1 / 0.9, rel=1e-5)
    assert made.capacities["battery.power"] == pytest.approx(1 / 0.81, rel=1e-5)


def test_heat_store_with_loss() -> None:
    # full after the first hour with e; after the second e · 0.95 − 1 / 0.98 = 0: e = 1 / (0.98 · 0.95), charge e / 0.97
    boiler = ExistingUnit("boiler", "diesel", (HOT_WATER,), series(5, 0), 0.8)
    case = replace(
        bare(), demand={HOT_WATER: series(0, 1)}, existing=(boiler,),
        stores={"heat_store_hot_water": Store(HOT_WATER, 7_000.0, 0.97, 0.98, 0.05)},
    )  # fmt: skip
    full = 1 / (0.98 * 0.95)
    solved(case, HOURS * full / 0.97 * 375 + full * 7_000)


def test_cold_store_shifts_the_chiller_to_the_cheap_hour() -> None:
    chiller = ExistingUnit("chiller", ELECTRICITY, (COLD,), series(9, 9), 2.0)
    case = replace(
        bare(), demand={COLD: series(0, 3)}, existing=(chiller,), tariff=ZoneTariff("other", series(100, 500)),
        stores={"cold_store_chilled_water": Store(COLD, 10_000.0, 1.0, 1.0, 0.0)},
    )  # fmt: skip
    solved(case, HOURS * 3 / 2 * 100 + 3 * 10_000)


def test_measures_on_one_equipment_save_less_than_their_sum() -> None:
    # 20 % and 10 % of 10 MW save 1 − 0.8 · 0.9 = 28 %, not 30 %: 2.8 MW · 8760 h · 100 PEN against 500,000 + 300,000
    load = series(10, 10)
    group = measure_group(
        "motors", {ELECTRICITY: load}, [MeasureEffect("A", 0.2, 500_000.0), MeasureEffect("B", 0.1, 300_000.0)]
    )
    made = solved(replace(bare(), demand={ELECTRICITY: load}, measure_groups=(group,)), HOURS * 2 * 7.2 * 100 + 800_000)
    assert made.packages == {"motors": ("A", "B")}


def test_a_measure_that_does_not_pay_is_not_taken() -> None:
    load = series(10, 10)
    group = measure_group("motors", {ELECTRICITY: load}, [MeasureEffect("A", 0.2, 2_000_000.0)])  # saves 1,752,000
    made = solved(replace(bare(), demand={ELECTRICITY: load}, measure_groups=(group,)), HOURS * 20 * 100)
    assert made.packages == {"motors": ()}


def test_a_measure_on_a_boiler_leaves_its_owners_nothing_to_give_away() -> None:
    # the diesel boiler's owners need 2 MW and save 50 %; the 1 MW that is free then does not heat the others, who burn
    # oil at 900: steam of others 2 MW · 900/0.9
    boiler = ExistingUnit("boilers", "diesel", (STEAM,), series(2, 2), 0.8)
    others = ExistingUnit("others", "oil", (STEAM,), series(2, 2), 0.9)
    group = measure_group(
        "boiler", {STEAM: series(2, 2), "existing:boilers": series(2, 2)}, [MeasureEffect("A", 0.5, 1000.0)]
    )
    case = replace(
        bare(), demand={STEAM: series(4, 4)}, existing=(boiler, others), measure_groups=(group,),
        fuels={"diesel": FuelPrice(300.0, 0.27), "oil": FuelPrice(900.0, 0.3)},
    )  # fmt: skip
    solved(case, HOURS * 2 * (1 * 375 + 2 * 1000) + 1000)


def test_a_measure_on_fixed_fuel() -> None:
    group = measure_group("furnace", {GAS: series(2, 2)}, [MeasureEffect("A", 0.25, 1000.0)])
    case = replace(bare(), fixed_fuel={"natural_gas": series(3, 3)}, measure_groups=(group,))
    solved(case, HOURS * 2 * 2.5 * 50 + 1000)


def test_demand_charge_on_the_peak_hours_is_cut_by_a_battery() -> None:
    # hour 2 is at peak: 12 months · 50,000 PEN per MW against a lossless battery at 100,000 + 50,000 PEN per MW and MWh
    case = replace(
        bare(), is_peak=series(0, 1) > 0, demand={ELECTRICITY: series(1, 1)},
        tariff=ZoneTariff("free", series(100, 100), (DemandCharge("capacity", "peak", {"": 50_000.0}),)),
        stores={"battery": Store(ELECTRICITY, 100_000.0, 1.0, 1.0, 0.0, power_annual_cost=50_000.0)},
    )  # fmt: skip
    solved(case, HOURS * 2 * 100 + 150_000)
