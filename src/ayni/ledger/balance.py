"""The balance of every process over the year, with a verdict and the flow that blurs it most."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

import pandas as pd

from ayni.ledger.defaults import default
from ayni.ledger.ledger import Ledger
from ayni.ledger.schema import BalanceOf, FlowKind, Process

QUANTITY_UNITS = {BalanceOf.MASS: "kg", BalanceOf.WATER: "m3"}
WATER_KINDS = (FlowKind.WATER, FlowKind.WASTEWATER)


class Verdict(StrEnum):
    """Whether a process balances within its tolerance; ``no_data`` where nothing can be said."""

    BALANCED = "balanced"
    OPEN = "open"
    NO_DATA = "no_data"


@dataclass(frozen=True)
class ProcessBalance:
    """A year's balance of a process in ``unit``: residual = in − out − stock change.

    ``tolerance`` is 1.96·√Σσ² plus an absolute floor. ``water_density`` [kg/m3] is set where water was weighed with it.
    ``blurred_by`` is the flow with the largest σ, ``blurred_share`` its part of Σσ².
    """

    process: str
    firm: str
    quantity: BalanceOf
    unit: str
    amount_in: float
    amount_out: float
    stock_change: float
    residual: float
    tolerance: float
    verdict: Verdict
    water_density: float | None
    blurred_by: str
    blurred_share: float


def balance(ledger: Ledger) -> tuple[ProcessBalance, ...]:
    """The balance of every process that must balance, in the order of the sheet."""
    wanted = (process for process in ledger.processes.values() if process.balance is not BalanceOf.NONE)
    return tuple(_balance(process, ledger.flows) for process in wanted)


def _balance(process: Process, all_flows: pd.DataFrame) -> ProcessBalance:
    touching = (all_flows["origin"] == process.process) | (all_flows["destination"] == process.process)
    flows = _in_quantity(all_flows[touching], process.balance)
    is_in, is_stock = flows["destination"] == process.process, flows["kind"] == FlowKind.STOCK
    signed = flows["amount"].where(is_in, -flows["amount"])
    names = flows["origin"] + " → " + flows["destination"] + ": " + flows["resource"]
    blurring = flows["variance"].groupby(names).sum()
    variance = float(blurring.sum())
    floor = default("balance_floor").value
    tolerance = default("confidence_factor").value * sqrt(variance) + _floor_in(process.balance, floor)
    residual = float(signed.sum())
    weighed = process.balance is BalanceOf.MASS and bool(flows["unit"].eq("m3").any())
    return ProcessBalance(
        process=process.process, firm=process.firm, quantity=process.balance, unit=QUANTITY_UNITS[process.balance],
        amount_in=float(signed[is_in & ~is_stock].sum()), amount_out=float(0.0 - signed[~is_in & ~is_stock].sum()),
        stock_change=float(0.0 - signed[is_stock].sum()), residual=residual, tolerance=tolerance,
        verdict=_verdict(flows, residual, tolerance),
        water_density=default("water_density").value if weighed else None,
        blurred_by=str(blurring.idxmax()) if variance else "",
        blurred_share=float(blurring.max()) / variance if variance else 0.0,
    )  # fmt: skip


def _floor_in(quantity: BalanceOf, floor: float) -> float:
    """The absolute tolerance [kg] in the unit of the balance."""
    return floor if quantity is BalanceOf.MASS else floor / default("water_density").value


def _in_quantity(flows: pd.DataFrame, quantity: BalanceOf) -> pd.DataFrame:
    """The flows that count, in the unit of the balance; amounts that can't be put into it become NaN.

    A water balance takes water, wastewater and stocks counted in m3. A mass balance takes all; only water's density is
    known, so another volume has no mass.
    """
    is_water = flows["kind"].isin(list(WATER_KINDS))
    if quantity is BalanceOf.WATER:
        counted = flows[is_water | ((flows["kind"] == FlowKind.STOCK) & (flows["unit"] == "m3"))]
        return counted.assign(variance=counted["sigma"] ** 2)
    per_unit = flows["unit"].map({"kg": 1.0, "m3": default("water_density").value}).astype("float64")
    per_unit = per_unit.where(is_water | (flows["unit"] == "kg"))
    return flows.assign(amount=flows["amount"] * per_unit, variance=(flows["sigma"] * per_unit) ** 2)


def _verdict(flows: pd.DataFrame, residual: float, tolerance: float) -> Verdict:
    if flows.empty or flows["amount"].isna().any():
        return Verdict.NO_DATA
    return Verdict.BALANCED if abs(residual) <= tolerance else Verdict.OPEN
