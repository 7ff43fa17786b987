"""Electricity tariffs: what each firm's contract says, as prices with their factors and the rules for billed demand.

Options MT2, MT3 and MT4 come from ``tariffs_pe.csv`` (Osinergmin sheet 150000, Lima; the sheet's date is not known),
free contracts and others from the contract's own prices.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from ayni.base.factors import Factor, data_rows, factor_from_row
from ayni.base.status import Status
from ayni.ledger.defaults import default
from ayni.ledger.ledger import ZONE, Ledger
from ayni.ledger.schema import BilledDemand, Contract, DataOrigin, TariffOption

TARIFFS = "tariffs_pe"
SHEET_DATE_UNKNOWN = "sheet date not known"
PRESENT_IN_PEAK, OFF_PEAK, NO_CLASS = "present_in_peak", "off_peak", ""
KILO = 1000.0

ChargedHours = Literal["all", "peak", "excess_off_peak"]
OWN_PRICES = (TariffOption.FREE, TariffOption.OTHER)


@dataclass(frozen=True)
class DemandComponent:
    """A monthly charge on demand: ``prices`` [PEN/MW-month] by class.

    ``hours`` ``all`` and ``peak`` charge the maximum of those hours, ``excess_off_peak`` what the billed maximum of the
    other hours exceeds the billed maximum of the peak hours by. ``rule`` makes billed demand from monthly maxima.
    """

    name: str
    hours: ChargedHours
    prices: Mapping[str, Factor]
    rule: BilledDemand = BilledDemand.MONTH_MAXIMUM


@dataclass(frozen=True)
class Tariff:
    """Prices without IGV: energy [PEN/MWh], demand, reactive energy [PEN/Mvarh] above a free share, fixed [PEN/month].

    Peak hours are ``peak_start`` ≤ clock < ``peak_end``, without rest days where they are exempt. With classes, a month
    is ``present_in_peak`` where energy in peak hours / (peak hours × maximum demand) reaches ``class_threshold``.
    """

    option: TariffOption
    energy_peak: Factor
    energy_off_peak: Factor
    demand: tuple[DemandComponent, ...]
    reactive: Factor | None
    reactive_free_share: Factor
    fixed: Factor | None
    peak_start: int
    peak_end: int
    rest_days_exempt: bool
    class_threshold: Factor

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes that the demand prices know."""
        return (PRESENT_IN_PEAK, OFF_PEAK) if any(len(part.prices) > 1 for part in self.demand) else (NO_CLASS,)

    def factors(self) -> Iterator[Factor]:
        """Every price of the tariff."""
        yield from (self.energy_peak, self.energy_off_peak)
        for part in self.demand:
            yield from part.prices.values()
        yield from (price for price in (self.reactive, self.fixed) if price is not None)


def contract_of(ledger: Ledger, site: str) -> Contract:
    """A site's contract; the zone without one of its own has the park's zone tariff. Raises KeyError."""
    if site == ZONE and site not in ledger.contracts:
        return Contract(firm=ZONE, option=ledger.park.zone_tariff)
    return ledger.contracts[site]


def tariff_of(ledger: Ledger, site: str) -> Tariff:
    """The tariff of a firm or of the zone. Raises KeyError without contract, ValueError without its own prices."""
    contract = contract_of(ledger, site)
    status = Status.MADE_UP if ledger.park.origin is DataOrigin.MADE_UP else Status.DECLARED
    own = contract.option in OWN_PRICES
    return _own_tariff(contract, status) if own else medium_voltage_tariff(contract)


def missing_prices(contract: Contract) -> tuple[str, ...]:
    """The columns that a free contract or another needs and leaves empty."""
    if contract.option not in OWN_PRICES:
        return ()
    needed = ("price_energy_peak", "price_energy_off_peak", "price_demand_peak")
    return tuple(field for field in needed if getattr(contract, field) is None)


def peak_window() -> tuple[int, int]:
    """First clock hour of the peak hours, and the hour at which they end."""
    start, end = next(row["hours"] for row in data_rows(TARIFFS)[1] if row["item"] == "peak_window").split("-")
    return int(start.split(":")[0]), int(end.split(":")[0])


def _price(option: str, item: str, scale: float = KILO) -> Factor:
    """A row of ``tariffs_pe.csv``; prices per kWh, kW or kvarh come per MWh, MW or Mvarh."""
    row = next(row for row in data_rows(TARIFFS)[1] if (row["tariff"], row["item"]) == (option, item))
    factor = factor_from_row(TARIFFS, row, f"{option}/{item}")
    unit = factor.unit.replace("/kVArh", "/Mvarh").replace("/k", "/M") if scale == KILO else factor.unit
    date = SHEET_DATE_UNKNOWN if "sheet date" in factor.source else ""
    return replace(factor, value=factor.value * scale, unit=unit, date=date)


def medium_voltage_tariff(contract: Contract) -> Tariff:
    """MT2, MT3 or MT4 with the contract's rules."""
    option = contract.option.value
    peak, off_peak = ("energy_flat",) * 2 if contract.option is TariffOption.MT4 else ("energy_peak", "energy_off_peak")
    demand = _mt2_demand(contract) if contract.option is TariffOption.MT2 else _class_demand(contract)
    return _tariff(
        contract, _price(option, peak), _price(option, off_peak), demand,
        reactive=_price(option, "reactive_energy"), fixed=_price(option, "fixed_charge", 1.0),
    )  # fmt: skip


def _mt2_demand(contract: Contract) -> tuple[DemandComponent, ...]:
    """Generation on the month's peak-hour maximum; distribution by the rule for billed demand."""
    generation, peak, excess = (
        {NO_CLASS: _price("MT2", item)}
        for item in ("generation_demand_peak", "distribution_demand_peak", "distribution_demand_excess_off_peak")
    )
    return (
        DemandComponent("generation_demand", "peak", generation),
        DemandComponent("distribution_demand", "peak", peak, contract.billed_demand),
        DemandComponent("distribution_excess", "excess_off_peak", excess, contract.billed_demand),
    )


def _class_demand(contract: Contract) -> tuple[DemandComponent, ...]:
    """MT3 and MT4: both charges on the maximum of all hours, priced by class."""

    def prices(part: str) -> Mapping[str, Factor]:
        return {name: _price(contract.option.value, f"{part}_{name}") for name in (PRESENT_IN_PEAK, OFF_PEAK)}

    return (
        DemandComponent("generation_demand", "all", prices("generation_demand")),
        DemandComponent("distribution_demand", "all", prices("distribution_demand"), contract.billed_demand),
    )


def _own_tariff(contract: Contract, status: Status) -> Tariff:
    """The contract's own prices: energy, capacity on the peak-hour maximum, excess, fixed charge."""

    def price(field: str, unit: str, scale: float = KILO) -> Factor | None:
        value = getattr(contract, field)
        if value is None:
            return None
        place = contract.read_from
        source = f"{place.sheet or 'contracts'}, {place.row or contract.firm}"
        return Factor(f"contracts/{contract.firm}/{field}", value * scale, unit, status, source)

    peak, off_peak = price("price_energy_peak", "PEN/MWh"), price("price_energy_off_peak", "PEN/MWh")
    capacity, excess = price("price_demand_peak", "PEN/MW-month"), price("price_demand_excess", "PEN/MW-month")
    if peak is None or off_peak is None or capacity is None:
        raise ValueError(f"contract of {contract.firm} lacks {', '.join(missing_prices(contract))}")
    demand = [DemandComponent("capacity", "peak", {NO_CLASS: capacity})]
    if excess is not None:
        demand.append(
            DemandComponent("distribution_excess", "excess_off_peak", {NO_CLASS: excess}, contract.billed_demand)
        )
    fixed = price("price_fixed", "PEN/month", 1.0)
    return _tariff(contract, peak, off_peak, tuple(demand), reactive=None, fixed=fixed)


def _tariff(
    contract: Contract,
    energy_peak: Factor,
    energy_off_peak: Factor,
    demand: tuple[DemandComponent, ...],
    *,
    reactive: Factor | None,
    fixed: Factor | None,
) -> Tariff:
    start, end = peak_window()
    return Tariff(
        option=contract.option, energy_peak=energy_peak, energy_off_peak=energy_off_peak, demand=demand,
        reactive=reactive, reactive_free_share=default("reactive_free_share"), fixed=fixed,
        peak_start=start, peak_end=end, rest_days_exempt=contract.rest_days_exempt,
        class_threshold=_price("MT3/MT4", "present_in_peak_threshold", 1.0),
    )  # fmt: skip
