"""The zone's one electricity connection: its contract, and its tariff as the design sees it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ayni.base.findings import Finding, error, note
from ayni.ledger.bills import electricity_bill, quantities, site_bill
from ayni.ledger.ledger import ZONE, Ledger
from ayni.ledger.schema import BilledDemand, Contract
from ayni.ledger.tariffs import OWN_PRICES, Tariff, tariff_of
from ayni.zones.case import DemandCharge, Series, ZoneTariff

Rule = TypeVar("Rule", BilledDemand, bool)

WEIGHTS: Mapping[str, str] = {
    "price_energy_peak": "energy_peak",
    "price_energy_off_peak": "energy_off_peak",
    "price_demand_peak": "demand_peak",
    "price_demand_excess": "demand_off_peak",
    "price_fixed": "energy",
}
"""A price of a contract → the billed quantity by which the firms' prices are averaged for the zone."""


def with_zone_contract(ledger: Ledger) -> tuple[Ledger, tuple[Finding, ...]]:
    """The ledger with a contract of the zone: its own row, or else one made from the park's tariff option.

    The rules for billed demand and rest days are those under which the firms buy most of their electricity. The prices
    of a free contract or another are the means of the firms' own prices under that option (or else under the other),
    weighted by what each of them is paid for; an error where no firm has such prices.
    """
    if ZONE in ledger.contracts:
        return ledger, ()
    option = ledger.park.zone_tariff
    bought = _bought(ledger)
    contracts = [ledger.contracts[firm] for firm in bought.index]
    rules = {
        "billed_demand": _commonest([contract.billed_demand for contract in contracts], bought["energy"]),
        "rest_days_exempt": _commonest([contract.rest_days_exempt for contract in contracts], bought["energy"]),
    }
    contract = Contract(firm=ZONE, option=option).model_copy(update=rules)
    findings: list[Finding] = []
    if option in OWN_PRICES:
        own = [firm for firm in bought.index if ledger.contracts[firm].option in OWN_PRICES]
        alike = [firm for firm in own if ledger.contracts[firm].option is option] or own
        if not alike:
            place = ledger.park.place_of("zone_tariff")
            return ledger, (error("ZONE-TARIFF-PRICES", place, option=option.value),)
        prices = {name: _mean_price(ledger, bought.loc[alike], name, weight) for name, weight in WEIGHTS.items()}
        contract = contract.model_copy(update=prices)
        findings.append(note("ZONE-TARIFF-MEAN", ledger.park.place_of("zone_tariff"), firms=", ".join(alike)))
    return replace(ledger, contracts={**ledger.contracts, ZONE: contract}), tuple(findings)


def _commonest(values: Sequence[Rule], energy: Iterable[float]) -> Rule:
    """The value under which most energy is bought; the first of equals."""
    total: dict[Rule, float] = {}
    for value, bought in zip(values, energy, strict=True):
        total[value] = total.get(value, 0.0) + bought
    return max(total, key=total.__getitem__)


def _bought(ledger: Ledger) -> pd.DataFrame:
    """Yearly sums of the firms' billed quantities, by firm."""
    sums = ledger.electricity.groupby("site")[
        ["energy_peak", "energy_off_peak", "demand_peak", "demand_off_peak"]
    ].sum()
    return sums.assign(energy=sums["energy_peak"] + sums["energy_off_peak"])


def _mean_price(ledger: Ledger, bought: pd.DataFrame, price: str, weight: str) -> float | None:
    """Weighted mean of the firms that have the price; None where none has."""
    prices = pd.Series({firm: getattr(ledger.contracts[firm], price) for firm in bought.index}, dtype=float).dropna()
    weights = bought.loc[prices.index, weight]
    if prices.empty:
        return None
    return float((prices * weights).sum() / weights.sum()) if weights.sum() > 0 else float(prices.mean())


def zone_tariff(tariff: Tariff, is_peak: NDArray[np.bool_]) -> ZoneTariff:
    """A tariff as the design sees it: hourly energy prices and demand charges by class; no reactive energy.

    With classes the design bills a whole year in one class, while a bill is classed month by month.
    """
    charges = tuple(
        DemandCharge(
            part.name,
            part.hours,
            {name: factor.value for name, factor in part.prices.items()},
            part.rule.value,
        )
        for part in tariff.demand
    )
    return ZoneTariff(
        option=tariff.option.value,
        energy_price=np.where(is_peak, tariff.energy_peak.value, tariff.energy_off_peak.value),
        demand=charges,
        classes=tariff.classes,
        threshold=tariff.class_threshold.value,
        fixed=tariff.fixed.value if tariff.fixed else 0.0,
    )


def pooling(ledger: Ledger, load: Series, hours: pd.DatetimeIndex) -> float:
    """What one connection alone would save [PEN/a], before anything is built; ``ledger`` has the zone's contract.

    The sum of the firms' bills less the bill of their summed hourly ``load`` [MW] under the zone's tariff. It is part
    of every saving of a design; the zone's own lines and its substation are not costed.
    """
    tariff = tariff_of(ledger, ZONE)
    apart = sum(float(site_bill(ledger, str(firm)).to_numpy().sum()) for firm in ledger.electricity["site"].unique())
    summed = quantities(load, hours, tariff)
    reactive = ledger.electricity.groupby("month")["reactive"].sum().reindex(summed.index, fill_value=0.0)
    return apart - float(electricity_bill(summed.assign(reactive=reactive), tariff).to_numpy().sum())
