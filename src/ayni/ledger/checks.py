"""Checks of the whole ledger: impossible and unlikely amounts, missing prices, open balances."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd

from ayni.base.findings import Finding, Place, error, note, warning
from ayni.base.texts import Word
from ayni.ledger.balance import Verdict, balance
from ayni.ledger.bills import hours_peak_by_month, site_bill
from ayni.ledger.charges import list_price_items
from ayni.ledger.defaults import default
from ayni.ledger.footprint import footprint
from ayni.ledger.ledger import Ledger
from ayni.ledger.prices import FEE_ITEMS, FUEL_ITEMS
from ayni.ledger.schema import Carrier, FlowKind, Management, PriceItem
from ayni.ledger.tariffs import tariff_of

MONTHS_FOR_MEDIAN = 3
PARTS = ("peak", "off_peak")


def check_ledger(ledger: Ledger) -> tuple[Finding, ...]:
    """What the ledger as a whole shows to be wrong or worth a look."""
    checks: tuple[Callable[[Ledger], Iterator[Finding]], ...] = (
        _check_demand, _check_high_demand, _check_reactive, _check_bill_amounts, _check_medians, _check_mixed_units,
        _check_missing_prices, _check_unpriced, _check_fuel_units, _check_emission_intensity, _check_balances,
    )  # fmt: skip
    return tuple(finding for check in checks for finding in check(ledger))


def _records(table: pd.DataFrame) -> Iterator[tuple[dict[str, Any], Place]]:
    """The rows of a table of the ledger with their places in the workbook."""
    for record in table.to_dict("records"):
        place = Place(sheet=record["sheet"] or None, row=int(record["row"]) or None)
        yield {str(key): value for key, value in record.items()}, place


def _check_demand(ledger: Ledger) -> Iterator[Finding]:
    """Energy of a month fits under its maximum demand, in peak hours and off peak."""
    year, limit = ledger.park.year, default("load_factor_max").value
    for site, bills in ledger.electricity.groupby("site", sort=False):
        peak_hours = hours_peak_by_month(year, tariff_of(ledger, str(site)))
        for bill, place in _records(bills):
            month = bill["month"]
            hours = {"peak": peak_hours[month], "off_peak": monthrange(year, month)[1] * 24 - peak_hours[month]}
            for part in PARTS:
                energy, demand = bill[f"energy_{part}"], bill[f"demand_{part}"]
                if energy <= limit * demand * hours[part]:
                    continue
                code = "LEDGER-LOAD-FACTOR" if demand > 0 else "LEDGER-DEMAND-ZERO"
                yield error(
                    code, place, site=site, part=Word(f"ledger.part.{part}"), energy=energy * 1000,
                    demand=demand * 1000, needed=energy / hours[part] * 1000 if hours[part] else 0.0,
                )  # fmt: skip


def _check_high_demand(ledger: Ledger) -> Iterator[Finding]:
    """No month's demand stands far above that of the others; with next to no energy under it, it is no demand."""
    limit, low = default("demand_ratio_max").value, default("load_factor_min").value
    for site, bills in ledger.electricity.groupby("site", sort=False):
        peak_hours = hours_peak_by_month(ledger.park.year, tariff_of(ledger, str(site)))
        for bill, place in _records(bills):
            month = bill["month"]
            hours = {
                "peak": peak_hours[month],
                "off_peak": monthrange(ledger.park.year, month)[1] * 24 - peak_hours[month],
            }
            for part in PARTS:
                others = bills.loc[(bills["month"] != month) & (bills[f"demand_{part}"] > 0), f"demand_{part}"]
                energy, demand = bill[f"energy_{part}"], bill[f"demand_{part}"]
                if len(others) < MONTHS_FOR_MEDIAN - 1 or demand <= limit * others.median():
                    continue
                told, code = (
                    (error, "LEDGER-DEMAND-ENERGY")
                    if energy < low * demand * hours[part]
                    else (warning, "LEDGER-DEMAND-HIGH")
                )
                yield told(
                    code, place, site=site, part=Word(f"ledger.part.{part}"), demand=demand * 1000,
                    usual=float(others.median()) * 1000, energy=energy * 1000,
                )  # fmt: skip


def _check_reactive(ledger: Ledger) -> Iterator[Finding]:
    bills = ledger.electricity
    limit = default("reactive_ratio_max").value
    too_high = bills["reactive"] > limit * (bills["energy_peak"] + bills["energy_off_peak"])
    for bill, place in _records(bills[too_high]):
        yield error("LEDGER-REACTIVE", place, site=bill["site"], limit=limit)


def _check_bill_amounts(ledger: Ledger) -> Iterator[Finding]:
    """What was paid is near the computed bill, where the bill says it."""
    limit = default("bill_difference_max").value
    for site, bills in ledger.electricity.dropna(subset="amount_paid").groupby("site", sort=False):
        computed = site_bill(ledger, str(site)).sum(axis=1)
        for bill, place in _records(bills):
            paid, expected = bill["amount_paid"], float(computed[bill["month"]])
            if abs(paid - expected) > limit * expected:
                yield warning("LEDGER-BILL-DIFFERS", place, site=site, paid=paid, computed=expected)


def _check_medians(ledger: Ledger) -> Iterator[Finding]:
    """No month is many times off the same record's median month: a sign of another unit.

    Fuels are compared by energy, whatever the unit of a month.
    """
    bills = ledger.electricity.assign(amount=ledger.electricity["energy_peak"] + ledger.electricity["energy_off_peak"])
    flow_keys = ["origin", "destination", "kind", "resource", "waste_code", "management", "unit"]
    fuels = ledger.fuels.assign(amount=ledger.fuels["energy"])
    wide, narrow = default("median_ratio_max").value, default("fuel_ratio_max").value
    series = ((bills, ["site"], wide), (fuels, ["site", "carrier"], narrow), (ledger.flows, flow_keys, wide))
    for table, keys, limit in series:
        used = table[table["amount"] > 0]
        groups = used.groupby(keys, dropna=False)["amount"]
        ratio = used["amount"] / groups.transform("median")
        is_odd = (groups.transform("size") >= MONTHS_FOR_MEDIAN) & ((ratio >= limit) | (ratio <= 1 / limit))
        for record, place in _records(used.assign(ratio=ratio)[is_odd]):
            yield warning(
                "LEDGER-MEDIAN", place, month=f"{ledger.park.year}-{record['month']:02d}", ratio=record["ratio"]
            )


def _check_missing_prices(ledger: Ledger) -> Iterator[Finding]:
    """Every fuel, water and fee that is used has a price; the first row that needs it is named."""
    fuels = ledger.fuels[ledger.fuels["amount"] > 0]
    needed = list_price_items(ledger)
    flows = ledger.flows.loc[needed.index].assign(item=needed)
    flows = flows[(flows["item"] != "") & (flows["amount"] > 0)]
    both = pd.concat([part[["item", "sheet", "row"]] for part in (fuels.assign(item=fuels["carrier"]), flows)])
    for record, place in _records(both.drop_duplicates("item")):
        item = PriceItem(str(record["item"]))
        if item not in ledger.prices:
            code = "LEDGER-FUEL-PRICE-MISSING" if item in FUEL_ITEMS.values() else "LEDGER-PRICE-MISSING"
            yield error(code, place, item=Word(f"choice.PriceItem.{item.value}"))


def _check_unpriced(ledger: Ledger) -> Iterator[Finding]:
    """Purchases and fees that no price reaches count as zero: said once per firm."""
    needed = list_price_items(ledger)
    flows = ledger.flows.loc[needed[needed == ""].index]
    firms = set(ledger.firms)
    is_purchase = (flows["kind"] == FlowKind.MATERIAL) & flows["destination"].map(ledger.site_of).isin(firms)
    managed = [item.value for item in Management if item not in FEE_ITEMS]
    is_fee = (flows["kind"] == FlowKind.WASTE) & flows["management"].isin(managed)
    unpriced = flows[(is_purchase | is_fee) & (flows["amount"] > 0)]
    payer = unpriced["destination"].where(unpriced["kind"] == FlowKind.MATERIAL, unpriced["origin"])
    for site, own in unpriced.groupby(payer.map(ledger.site_of), sort=False):
        _, place = next(_records(own))
        yield note("LEDGER-COST-NONE", place, site=site, resources=tuple(own["resource"].unique()))


def _check_fuel_units(ledger: Ledger) -> Iterator[Finding]:
    """What a bill's unit leaves open is said once per site and fuel."""
    for record, place in _records(ledger.fuels.drop_duplicates(["site", "carrier", "unit"])):
        if record["unit"] == "MWh":
            carrier = Word(f"choice.Carrier.{record['carrier']}")
            yield note("LEDGER-ENERGY-UNIT", place, site=record["site"], carrier=carrier)
        elif (record["carrier"], record["unit"]) == (Carrier.LPG.value, "m3"):
            yield note("LEDGER-LPG-LIQUID", place, site=record["site"])


def _check_mixed_units(ledger: Ledger) -> Iterator[Finding]:
    """A firm's bills of a fuel are all in volumes, or all in masses or energies; the first odd month is named."""
    used = ledger.fuels[ledger.fuels["amount"] > 0]
    for (site, carrier), bills in used.groupby(["site", "carrier"], sort=False):
        usual = bills["unit"].mode().iloc[0]
        odd = bills[bills["unit"] != usual]
        for record, place in _records(odd.head(1)):
            carrier_name = Word(f"choice.Carrier.{carrier}")
            yield warning(
                "LEDGER-FUEL-UNITS", place, site=site, carrier=carrier_name, months=len(odd), unit=record["unit"],
                usual=usual,
            )  # fmt: skip


def _check_emission_intensity(ledger: Ledger) -> Iterator[Finding]:
    """Emissions per energy above those of any known carrier show a wrong factor."""
    flows = footprint(ledger)
    energy = flows.energy.groupby("carrier")["energy"].sum()
    intensity = (flows.emissions.groupby("carrier")["co2e"].sum() / energy[energy > 0]).dropna()
    limit = default("emission_intensity_max").value
    for carrier, value in intensity[intensity > limit].items():
        word = Word(f"choice.Carrier.{carrier}")
        yield warning("LEDGER-EMISSION-INTENSITY", Place(), carrier=word, found=float(value), limit=limit)


def _check_balances(ledger: Ledger) -> Iterator[Finding]:
    """Processes that do not close within their tolerance, or of which nothing can be said."""
    for found in balance(ledger):
        place = ledger.processes[found.process].place_of("process")
        if found.verdict is Verdict.OPEN:
            yield warning(
                "LEDGER-BALANCE-OPEN", place, process=found.process, residual=found.residual, unit=found.unit,
                tolerance=found.tolerance, amount_in=found.amount_in,
                amount_out=found.amount_out + found.stock_change, flow=found.blurred_by or "–",
            )  # fmt: skip
        elif found.verdict is Verdict.NO_DATA:
            yield warning("LEDGER-BALANCE-NONE", place, process=found.process)
