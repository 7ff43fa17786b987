"""Checks of a zone case: what can be wrong with its arrays and numbers, as findings.

The place of a finding names the series as the columns of ``hourly.csv`` do, and its row there (the header is row 1).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ayni.base.findings import Finding, Place, error
from ayni.zones.case import (
    CARRIERS,
    COLD,
    ELECTRICITY,
    EXISTING,
    FUEL,
    HOT_WATER,
    MONTHS_PER_YEAR,
    NO_CLASS,
    OFF_PEAK,
    PRESENT_IN_PEAK,
    ExistingUnit,
    MeasureGroup,
    Package,
    Series,
    Store,
    Technology,
    ZoneCase,
)

EFFICIENCY_MAX_FUEL = 1.1
"""Heat per lower heating value of a fuel; above 1 only by condensing."""
PERFORMANCE_MAX = 10.0
"""Largest heat or cold per electricity of a heat pump or chiller."""
ABSORPTION_MAX = 2.0
"""Largest cold per heat of an absorption chiller."""
EXCESS_SAVED = 1e-9
"""Rounding accepted in the sum of effects, relative to the load they act on."""
CLASSES = ((NO_CLASS,), (PRESENT_IN_PEAK, OFF_PEAK))


def check_case(case: ZoneCase) -> tuple[Finding, ...]:
    """Everything that is wrong with ``case``: nothing where a design may start."""
    shape = (*_check_calendar(case), *_check_series(case))
    return shape or (*_check_tariff(case), *_check_parameters(case), *_check_keys(case), *_check_measures(case))


def hourly_series(case: ZoneCase) -> dict[str, Series]:
    """Every hourly series of the case by the name of its column in ``hourly.csv``."""
    series = {"energy_price": case.tariff.energy_price, "solar_pv": case.solar_pv, "solar_heat": case.solar_heat}
    series |= {f"demand.{carrier}": load for carrier, load in case.demand.items()}
    series |= {f"fixed_fuel.{fuel}": use for fuel, use in case.fixed_fuel.items()}
    series |= {f"existing.{unit.name}": unit.output_max for unit in case.existing}
    series |= {f"waste_heat.{source.name}": source.available for source in case.waste_heat}
    for group in case.measure_groups:
        series |= {f"measures.{group.name}.{key}": load for key, load in group.base.items()}
    return series


def _check_calendar(case: ZoneCase) -> Iterator[Finding]:
    for name, values in (("month", case.month), ("is_peak", case.is_peak)):
        if values.shape != (case.hours,):
            yield error("ZONE-LENGTH", Place(column=name), name=name, found=str(len(values)), hours=str(case.hours))
    if case.month.shape == (case.hours,) and not ((case.month >= 1) & (case.month <= MONTHS_PER_YEAR)).all():
        row = int(np.argmin((case.month >= 1) & (case.month <= MONTHS_PER_YEAR))) + 2
        yield error("ZONE-MONTH", Place(column="month", row=row), row=str(row))


def _check_series(case: ZoneCase) -> Iterator[Finding]:
    """Length, NaN and sign of every series; the first bad hour of each."""
    for name, values in hourly_series(case).items():
        if values.shape != (case.hours,):
            yield error("ZONE-LENGTH", Place(column=name), name=name, found=str(len(values)), hours=str(case.hours))
        elif not np.isfinite(values).all():
            row = int(np.argmin(np.isfinite(values))) + 2
            yield error("ZONE-NO-NUMBER", Place(column=name, row=row), name=name, row=str(row))
        elif (values < 0.0).any():
            row = int(np.argmax(values < 0.0)) + 2
            yield error(
                "ZONE-NEGATIVE", Place(column=name, row=row), name=name, row=str(row), value=float(values[row - 2])
            )


def _check_tariff(case: ZoneCase) -> Iterator[Finding]:
    tariff = case.tariff
    if tariff.classes not in CLASSES:
        yield error("ZONE-CLASSES", Place(column="tariff.classes"), found=", ".join(tariff.classes))
    for component in tariff.demand:
        for name in tariff.classes:
            price = component.price.get(name, np.nan)
            if not (np.isfinite(price) and price >= 0.0):
                yield _no_amount(f"tariff.demand.{component.name}.price.{name}", price)
    if not 0.0 < tariff.threshold <= 1.0:
        yield _no_amount("tariff.threshold", tariff.threshold)
    yield from _negative({"tariff.fixed": tariff.fixed})


def _no_amount(name: str, value: float) -> Finding:
    return error("ZONE-PARAMETER", Place(column=name), name=name, value=str(value))


def _negative(values: dict[str, float | None]) -> Iterator[Finding]:
    """A finding for every value that is given and is negative or no finite number."""
    for name, value in values.items():
        if value is not None and not (np.isfinite(value) and value >= 0.0):
            yield _no_amount(name, value)


def _check_parameters(case: ZoneCase) -> Iterator[Finding]:
    limits = case.limits
    yield from _negative({
        "grid_co2": case.grid_co2, "carbon_price": case.carbon_price, "limits.grid": limits.grid,
        "limits.co2": limits.co2, "limits.budget": limits.budget, "limits.roof": limits.roof,
    })  # fmt: skip
    for fuel, price in case.fuels.items():
        yield from _negative({f"fuels.{fuel}.price": price.price, f"fuels.{fuel}.co2": price.co2})
    for unit in case.existing:
        yield from _check_existing(unit)
    for name, technology in case.technologies.items():
        yield from _check_technology(name, technology)
    for name, store in case.stores.items():
        yield from _check_store(name, store)
    for source in case.waste_heat:
        name = f"waste_heat.{source.name}"
        yield from _negative({f"{name}.annual_cost": source.annual_cost, f"{name}.investment": source.investment})


def _check_existing(unit: ExistingUnit) -> Iterator[Finding]:
    is_cooling = unit.fuel == ELECTRICITY and unit.outputs == (COLD,)
    largest = PERFORMANCE_MAX if is_cooling else EFFICIENCY_MAX_FUEL
    yield from _check_efficiency(f"existing.{unit.name}.efficiency", unit.efficiency, largest)


def _check_efficiency(name: str, value: float, largest: float) -> Iterator[Finding]:
    if not 0.0 < value <= largest:
        yield error("ZONE-EFFICIENCY", Place(column=name), name=name, value=value, largest=largest)


def _check_technology(name: str, technology: Technology) -> Iterator[Finding]:
    place = f"technologies.{name}"
    yield from _negative({
        f"{place}.annual_cost": technology.annual_cost, f"{place}.investment": technology.investment,
        f"{place}.variable_cost": technology.variable_cost, f"{place}.capacity_max": technology.capacity_max,
        f"{place}.roof": technology.roof,
        **{f"{place}.inputs.{key}": amount for key, amount in technology.inputs.items()},
        **{f"{place}.by_products.{key}": amount for key, amount in technology.by_products.items()},
    })  # fmt: skip
    if technology.annual_cost == 0.0 and technology.capacity_max is None:
        yield error("ZONE-FREE-WITHOUT-LIMIT", Place(column=place), name=place)
    taken, given = sum(technology.inputs.values()), 1.0 + sum(technology.by_products.values())
    if technology.profile is None:
        yield from _check_efficiency(place, given / taken if taken > 0.0 else np.inf, _performance_max(technology))


def _performance_max(technology: Technology) -> float:
    """Physical limit of outputs per inputs, by what goes in and comes out."""
    if any(key.startswith(FUEL) for key in technology.inputs):
        return EFFICIENCY_MAX_FUEL
    if technology.output == COLD:
        return ABSORPTION_MAX if HOT_WATER in technology.inputs else PERFORMANCE_MAX
    takes_power = ELECTRICITY in technology.inputs
    return PERFORMANCE_MAX if takes_power and technology.output == HOT_WATER else 1.0


def _check_store(name: str, store: Store) -> Iterator[Finding]:
    place = f"stores.{name}"
    yield from _negative({
        f"{place}.energy_annual_cost": store.energy_annual_cost, f"{place}.energy_max": store.energy_max,
        f"{place}.power_annual_cost": store.power_annual_cost, f"{place}.energy_investment": store.energy_investment,
        f"{place}.power_investment": store.power_investment,
    })  # fmt: skip
    yield from _check_efficiency(f"{place}.charge_efficiency", store.charge_efficiency, 1.0)
    yield from _check_efficiency(f"{place}.discharge_efficiency", store.discharge_efficiency, 1.0)
    if not 0.0 <= store.loss < 1.0:
        yield _no_amount(f"{place}.loss", store.loss)
    if store.energy_annual_cost == 0.0 and store.energy_max is None:
        yield error("ZONE-FREE-WITHOUT-LIMIT", Place(column=place), name=place)


def _check_keys(case: ZoneCase) -> Iterator[Finding]:
    """Carriers and fuels that are named and not known."""
    named = {f"demand.{carrier}": carrier for carrier in case.demand}
    named |= {f"fixed_fuel.{fuel}": FUEL + fuel for fuel in case.fixed_fuel}
    for unit in case.existing:
        named[f"existing.{unit.name}.fuel"] = unit.fuel if unit.fuel == ELECTRICITY else FUEL + unit.fuel
        named |= {f"existing.{unit.name}.outputs.{carrier}": carrier for carrier in unit.outputs}
    for name, technology in case.technologies.items():
        named |= {f"technologies.{name}.{key}": key for key in (*technology.inputs, technology.output)}
        named |= {f"technologies.{name}.{carrier}": carrier for carrier in technology.by_products}
    named |= {f"stores.{name}.carrier": store.carrier for name, store in case.stores.items()}
    named |= {f"waste_heat.{source.name}.carrier": source.carrier for source in case.waste_heat}
    known = {*CARRIERS, *(FUEL + fuel for fuel in case.fuels)}
    for place, key in named.items():
        if key not in known:
            code = "ZONE-FUEL-PRICE" if key.startswith(FUEL) else "ZONE-CARRIER"
            yield error(code, Place(column=place), name=place, key=key.removeprefix(FUEL), known=", ".join(CARRIERS))


def _check_measures(case: ZoneCase) -> Iterator[Finding]:
    for group in case.measure_groups:
        name = f"measures.{group.name}"
        if not group.packages or group.packages[0] != Package():
            yield error("ZONE-PACKAGE-FIRST", Place(column=name), name=group.name)
        for package in group.packages:
            if not 0.0 <= package.saving <= 1.0:
                yield _no_amount(f"{name}.saving", package.saving)
            if not np.isfinite(package.annual_cost):
                yield _no_amount(f"{name}.annual_cost", package.annual_cost)
            yield from _negative({f"{name}.investment": package.investment})
    for key, largest in _largest_savings(case.measure_groups).items():
        load = _load(case, key)
        if load is None:
            yield error("ZONE-EFFECT", Place(column=key), name=key)
        elif (largest > load * (1.0 + EXCESS_SAVED) + EXCESS_SAVED).any():
            row = int(np.argmax(largest - load)) + 2
            yield error("ZONE-SAVED-TOO-MUCH", Place(column=key, row=row), name=key, row=str(row))


def _largest_savings(groups: tuple[MeasureGroup, ...]) -> dict[str, Series]:
    """By key: the sum over groups of the most that a package of each saves [MW]."""
    total: dict[str, Series] = {}
    for group in groups:
        share = max((package.saving for package in group.packages), default=0.0)
        for key, load in group.base.items():
            total[key] = total[key] + share * load if key in total else share * load
    return total


def _load(case: ZoneCase, key: str) -> Series | None:
    """What savings of ``key`` are taken off; None where the case has nothing of that name."""
    if key.startswith(FUEL):
        return case.fixed_fuel.get(key.removeprefix(FUEL))
    if key.startswith(EXISTING):
        named = {unit.name: unit.output_max for unit in case.existing}
        return named.get(key.removeprefix(EXISTING))
    return case.demand.get(key)
