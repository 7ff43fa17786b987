"""From the ledger after exchanges, and the zone's sheets, to the zone case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from ayni.base.findings import Finding, Refused, has_errors, note, warning
from ayni.base.periods import holidays, hours_of
from ayni.base.sheets import Row, rows_of
from ayni.base.texts import Word
from ayni.ledger.bills import peak_hours
from ayni.ledger.fuels import emission_factors, grid_factor
from ayni.ledger.ledger import ZONE, Ledger
from ayni.ledger.prices import FUEL_ITEMS, fuel_price_per, price_per
from ayni.ledger.schema import Carrier, PriceItem
from ayni.ledger.tariffs import OWN_PRICES, Tariff, tariff_of
from ayni.zones.case import CARRIERS, ELECTRICITY, HOT_WATER, STEAM, FuelPrice, Limits, Store, Technology, ZoneCase
from ayni.zones.connection import pooling, with_zone_contract, zone_tariff
from ayni.zones.loads import FirmLoad, firm_loads
from ayni.zones.measures import check_measures, measure_groups
from ayni.zones.needs import EquipmentYear, check_equipment, check_needs, equipment_years, existing_units, fuel_use
from ayni.zones.parameters import GAS, Parameters, parameters_of, stores_of, technologies_of
from ayni.zones.schema import (
    Equipment,
    HeatNeed,
    Measure,
    Profile,
    WasteHeat,
)  # fmt: skip
from ayni.zones.shapes import Array
from ayni.zones.sun import Sun, measured_yield, sun_of
from ayni.zones.waste_heat import waste_heat_sources

HEAT = (STEAM, HOT_WATER)
MEASURED_RATIO = 0.8  # a measured PV yield below this part of the planned one is said
FREE_USER = 2.5  # MW; above it a user buys in the free market (economics_pe.csv, free_customer_threshold_optional)
RESIDUE = 1e-9  # MW; what subtraction leaves of a load that is wholly replaceable


@dataclass(frozen=True)
class ZoneRows:
    """The rows of the zone's sheets."""

    equipment: Sequence[Equipment]
    needs: Sequence[HeatNeed]
    waste_heat: Sequence[WasteHeat]
    profiles: Sequence[Profile]
    measures: Sequence[Measure]


@dataclass(frozen=True, eq=False)
class CaseNotes:
    """What a case was made of. ``ledger`` has the zone's contract, ``hours`` are those of its year."""

    ledger: Ledger
    hours: pd.DatetimeIndex
    rows: ZoneRows
    loads: tuple[FirmLoad, ...]
    equipment: tuple[EquipmentYear, ...]
    parameters: Parameters
    sun: Sun
    tariff: Tariff


def zone_rows(rows: Mapping[str, Sequence[Row]]) -> ZoneRows:
    """The zone's rows among those of all sheets, by sheet name."""
    return ZoneRows(
        rows_of(rows, Equipment), rows_of(rows, HeatNeed), rows_of(rows, WasteHeat), rows_of(rows, Profile),
        rows_of(rows, Measure),
    )  # fmt: skip


def check_zone(ledger: Ledger, rows: Mapping[str, Sequence[Row]], folder: Path) -> tuple[Finding, ...]:
    """Everything that is wrong with the zone's sheets and the profiles in ``folder``; the ledger is checked before."""
    return _notes(ledger, rows, folder)[1]


def build_case(
    ledger: Ledger, rows: Mapping[str, Sequence[Row]], folder: Path
) -> tuple[ZoneCase, CaseNotes, tuple[Finding, ...]]:
    """The zone case of a ledger after its exchanges, what it was made of, and what is to be known about it.

    ``folder`` holds the measured profiles. What ``check_zone`` says is not said again. Raises Refused where an error
    stands.
    """
    notes, findings = _notes(ledger, rows, folder)
    if notes is None:
        raise Refused(findings)
    case, remarks = case_of(notes)
    return case, notes, remarks


def _notes(
    ledger: Ledger, rows: Mapping[str, Sequence[Row]], folder: Path
) -> tuple[CaseNotes | None, tuple[Finding, ...]]:
    """What a case is made of, None where an error stands, and everything that is wrong."""
    zone = zone_rows(rows)
    park, hours = ledger.park, hours_of(ledger.park.year)
    ledger, findings = with_zone_contract(ledger)
    loads, load_findings = firm_loads(ledger, zone.profiles, folder, hours)
    use = {(load.firm, Carrier.ELECTRICITY): load.load for load in loads} | fuel_use(ledger, hours)
    years, year_findings = equipment_years(zone.equipment, zone.needs, use)
    findings = (
        *findings,
        *load_findings,
        *check_equipment(zone.equipment, use),
        *check_needs(zone.needs, zone.equipment, ledger),
        *year_findings,
        *check_measures(zone.measures, zone.equipment, ledger),
    )
    if has_errors(findings):
        return None, findings
    parameters = parameters_of(ledger.money, park.discount_rate / 100.0)
    sun = sun_of(park.place.value, hours, park.latitude, park.longitude)
    return CaseNotes(ledger, hours, zone, loads, years, parameters, sun, tariff_of(ledger, ZONE)), findings


def case_of(notes: CaseNotes) -> tuple[ZoneCase, tuple[Finding, ...]]:
    """The case of checked notes; other parameters or another sun make another case."""
    ledger, park, parameters = notes.ledger, notes.ledger.park, notes.parameters
    sources, source_findings = waste_heat_sources(notes.rows.waste_heat, ledger, notes.hours, parameters)
    demand, fixed_fuel = _demands(notes)
    is_peak = peak_hours(notes.hours, notes.tariff)
    case = ZoneCase(
        name=park.name,
        hours=len(notes.hours),
        month=np.asarray(notes.hours.month, dtype=np.int64),
        is_peak=is_peak,
        demand=demand,
        tariff=zone_tariff(notes.tariff, is_peak),
        fuels=_fuels(ledger),
        grid_co2=grid_factor(park.grid_factor_year).value,
        carbon_price=price_per(ledger, PriceItem.CARBON, "t") if PriceItem.CARBON in ledger.prices else 0.0,
        existing=existing_units(notes.equipment),
        technologies=_technologies(ledger, parameters, demand),
        stores=_stores(parameters, demand),
        solar_pv=notes.sun.pv,
        solar_heat=notes.sun.collector / parameters.value("solar_thermal_flat_plate", "peak_per_area"),
        waste_heat=sources,
        measure_groups=measure_groups(notes.rows.measures, notes.equipment, parameters.rate),
        fixed_fuel=fixed_fuel,
        limits=Limits(grid=park.grid_limit, roof=roof_of(ledger)),
    )
    return case, (*source_findings, *_remarks(notes))


def with_parameters(case: ZoneCase, notes: CaseNotes, parameters: Parameters) -> ZoneCase:
    """The same case with other costs and efficiencies of what can be built."""
    sources, _ = waste_heat_sources(notes.rows.waste_heat, notes.ledger, notes.hours, parameters)
    return replace(
        case,
        technologies=_technologies(notes.ledger, parameters, case.demand),
        stores=_stores(parameters, case.demand),
        waste_heat=sources,
    )


def park_load(notes: CaseNotes) -> Array:
    """The firms' electricity, summed hour by hour [MW]."""
    return sum((load.load for load in notes.loads), start=np.zeros(len(notes.hours)))


def roof_of(ledger: Ledger) -> float:
    """Roofs of all firms that could carry panels or collectors [m2]."""
    return sum(firm.roof_area for firm in ledger.firms.values())


def _demands(notes: CaseNotes) -> tuple[dict[str, Array], dict[str, Array]]:
    """Demand by carrier, and by fuel what no plant of the zone can replace [MW]."""
    use: dict[str, Array] = {ELECTRICITY: park_load(notes)}
    for (_, fuel), burnt in fuel_use(notes.ledger, notes.hours).items():
        use[fuel.value] = use.get(fuel.value, 0.0) + burnt
    demand = {carrier: np.zeros(len(notes.hours)) for carrier in CARRIERS}
    for year in notes.equipment:
        use[year.equipment.carrier.value] = use[year.equipment.carrier.value] - (year.use - year.own_use)
        for carrier, output in year.output.items():
            demand[carrier] = demand[carrier] + output
    use = {carrier: np.where(left > RESIDUE, left, 0.0) for carrier, left in use.items()}
    demand[ELECTRICITY] = use.pop(ELECTRICITY)
    return demand, {carrier: left for carrier, left in use.items() if left.any()}


def has_gas(ledger: Ledger) -> bool:
    """Whether plant of the zone can burn natural gas: it can be connected, and there is a price."""
    return ledger.park.zone_gas_available and PriceItem.NATURAL_GAS in ledger.prices


def _fuels(ledger: Ledger) -> dict[str, FuelPrice]:
    """Price and emissions of every fuel that is billed, and of natural gas where the zone can have it."""
    energy = ledger.fuels.groupby(["carrier", "unit"])["energy"].sum()
    units: dict[Carrier, dict[str, float]] = {Carrier.NATURAL_GAS: {"m3": 1.0}} if has_gas(ledger) else {}
    for fuel in FUEL_ITEMS:
        if fuel.value in energy.index.get_level_values("carrier") and energy[fuel.value].sum() > 0:
            units[fuel] = {str(unit): float(amount) for unit, amount in energy[fuel.value].items()}
    return {
        carrier.value: FuelPrice(
            fuel_price_per(ledger, carrier, "MWh"),
            sum(emission_factors(carrier, unit).co2e * part for unit, part in parts.items()) / sum(parts.values()),
        )
        for carrier, parts in units.items()
    }


def _is_of_use(carrier: str, demand: Mapping[str, Array]) -> bool:
    """Whether anything in the zone can use ``carrier``: heat also serves absorption chillers."""
    wanted = {name for name, load in demand.items() if load.any()}
    return carrier == ELECTRICITY or (carrier in HEAT and wanted != {ELECTRICITY}) or (carrier in wanted)


def _technologies(ledger: Ledger, parameters: Parameters, demand: Mapping[str, Array]) -> dict[str, Technology]:
    """What can be built here: gas plant only with gas, nothing that no one needs."""
    with_gas = has_gas(ledger)
    return {
        name: technology
        for name, technology in technologies_of(parameters).items()
        if _is_of_use(technology.output, demand) and (with_gas or GAS not in technology.inputs)
    }


def _stores(parameters: Parameters, demand: Mapping[str, Array]) -> dict[str, Store]:
    return {name: store for name, store in stores_of(parameters).items() if _is_of_use(store.carrier, demand)}


def _remarks(notes: CaseNotes) -> list[Finding]:
    """What a reader of the design has to know about its case."""
    park = notes.ledger.park
    findings = [
        note(
            "PROFILE-FOREIGN",
            load.profile.read_from,
            firm=load.firm,
            year=str(load.profile.year),
            source=load.profile.source,
        )
        for load in notes.loads
        if load.profile is not None and load.profile.is_foreign
    ]
    if park.zone_gas_available and PriceItem.NATURAL_GAS not in notes.ledger.prices:
        findings.append(warning("ZONE-GAS-PRICE", park.place_of("zone_gas_available")))
    if park.zone_tariff not in OWN_PRICES and park_load(notes).max() > FREE_USER:
        findings.append(warning("ZONE-FREE-USER", park.place_of("zone_tariff"), demand=1000 * park_load(notes).max()))
    if not holidays(park.year):
        findings.append(warning("ZONE-HOLIDAYS", park.place_of("year"), year=str(park.year)))
    one_connection = pooling(notes.ledger, park_load(notes), notes.hours)
    if one_connection < 0:
        place, option = park.place_of("zone_tariff"), park.zone_tariff.value
        findings.append(warning("ZONE-TARIFF-DEARER", place, option=option, loss=-one_connection))
    planned, measured = notes.sun.factors["pv_yield"].value, measured_yield(park.place.value)
    town = Word(f"choice.SolarPlace.{park.place.value}")
    if measured is None:
        findings.append(note("SUN-NOT-MEASURED", park.place_of("place"), town=town, planned=planned))
    elif measured.value < MEASURED_RATIO * planned:
        place = park.place_of("place")
        findings.append(warning("SUN-MEASURED-LOWER", place, town=town, planned=planned, measured=measured.value))
    return findings
