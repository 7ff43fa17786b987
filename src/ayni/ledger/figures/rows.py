"""The rows that the ledger's figures rest on: one table for all of them, so that two states of a ledger compare.

A group of rows has a ``stem``, which becomes the id of the figure that sums it: ``electricity.energy_peak.E01``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from ayni.base.figures import SourceRow
from ayni.base.status import Status
from ayni.base.units import to_canonical
from ayni.ledger.account import NOT_STATED
from ayni.ledger.charges import flow_charges
from ayni.ledger.footprint import KG_PER_TONNE
from ayni.ledger.fuels import PHYSICAL_UNITS, physical_dimension
from ayni.ledger.ledger import Ledger
from ayni.ledger.schema import OUTSIDE, Carrier, DataOrigin, FlowKind

BILL_UNITS: Mapping[str, str] = {
    "energy_peak": "MWh", "energy_off_peak": "MWh", "demand_peak": "MW month", "demand_off_peak": "MW month",
    "reactive": "Mvarh",
}  # fmt: skip
"""Quantities of a bill → unit of their sum over the year."""

DIMENSIONS: Mapping[str, str] = {"m3": "volume", "kg": "mass", "MWh": "energy"}
"""What a fuel was billed by, in the id of its figures: the unit of a figure need not be that of the dimension."""

ROW_COLUMNS = ("stem", "value", "unit", "sheet", "row", "text")

Groups = Mapping[str, tuple[SourceRow, ...]]


def row_status(ledger: Ledger) -> Status:
    """The status of what a workbook row says: an example's rows are made up."""
    return Status.MADE_UP if ledger.park.origin is DataOrigin.MADE_UP else Status.DECLARED


def source_rows(ledger: Ledger) -> Groups:
    """The workbook rows behind every figure, by stem, each row with its share of the figure in the figure's unit."""
    status = row_status(ledger)
    parts = [part for part in _parts(ledger) if not part.empty]
    if not parts:
        return {}
    rows = pd.concat([part[list(ROW_COLUMNS)] for part in parts], ignore_index=True)
    return {
        str(stem): tuple(
            SourceRow(sheet, int(row), text, float(value), unit, status)
            for sheet, row, text, value, unit in zip(
                group["sheet"], group["row"], group["text"], group["value"], group["unit"], strict=True
            )
        )
        for stem, group in rows.groupby("stem", sort=False)
    }


def _parts(ledger: Ledger) -> Iterator[pd.DataFrame]:
    yield from _bill_rows(ledger)
    yield _fuel_rows(ledger)
    yield from _flow_rows(ledger)
    yield from _charge_rows(ledger)


def _dated(ledger: Ledger, rows: pd.DataFrame) -> pd.Series[str]:
    """Study month of each row, as text."""
    return f"{ledger.park.year}-" + rows["month"].astype("str").str.zfill(2) + " "


def _bill_rows(ledger: Ledger) -> Iterator[pd.DataFrame]:
    bills = ledger.electricity
    for quantity, unit in BILL_UNITS.items():
        yield bills.assign(
            stem=f"electricity.{quantity}." + bills["site"], value=bills[quantity], unit=unit,
            text=_dated(ledger, bills) + bills["site"],
        )  # fmt: skip


def _fuel_rows(ledger: Ledger) -> pd.DataFrame:
    """``amount.<carrier>.<site>.<dimension>`` in the published unit; ``billed.…`` for another dimension."""
    fuels = ledger.fuels
    published = [
        PHYSICAL_UNITS[Carrier(carrier)] if physical_dimension(Carrier(carrier)) == unit else unit
        for carrier, unit in zip(fuels["carrier"], fuels["unit"], strict=True)
    ]
    is_billed = [
        physical_dimension(Carrier(carrier)) != unit
        for carrier, unit in zip(fuels["carrier"], fuels["unit"], strict=True)
    ]
    kind = pd.Series(is_billed, index=fuels.index, dtype=bool).map({True: "billed.", False: "amount."}).astype("str")
    return fuels.assign(
        stem=kind + fuels["carrier"] + "." + fuels["site"] + "." + fuels["unit"].map(DIMENSIONS).astype("str"),
        value=fuels["amount"] / [to_canonical(1.0, unit) for unit in published], unit=published,
        text=_dated(ledger, fuels) + fuels["site"] + " " + fuels["carrier"],
    )  # fmt: skip


def _flow_rows(ledger: Ledger) -> Iterator[pd.DataFrame]:
    """``water.<site>`` and ``wastewater.<site>`` over the park's fence, ``waste.<management>.<site>``."""
    flows = ledger.crossing_flows()
    flows = flows.assign(value=flows["amount"], text=_flow_text(ledger, flows))
    firms = list(ledger.firms)
    water = flows[(flows["kind"] == FlowKind.WATER) & flows["giver"].isin(OUTSIDE) & flows["taker"].isin(firms)]
    yield water.assign(stem="water." + water["taker"])
    wastewater = flows[(flows["kind"] == FlowKind.WASTEWATER) & flows["giver"].isin(firms)]
    wastewater = wastewater[wastewater["taker"].isin(OUTSIDE)]
    yield wastewater.assign(stem="wastewater." + wastewater["giver"])
    waste = flows[(flows["kind"] == FlowKind.WASTE) & flows["giver"].isin(firms)]
    waste = waste.assign(value=waste["amount"] / KG_PER_TONNE, unit="t")
    yield waste.assign(stem="waste." + waste["management"].fillna(NOT_STATED) + "." + waste["giver"])
    hazardous = waste[waste["hazardous"]]
    yield hazardous.assign(stem="waste.hazardous." + hazardous["giver"])


def _flow_text(ledger: Ledger, flows: pd.DataFrame) -> pd.Series[str]:
    way = flows["origin"] + " → " + flows["destination"] + ": " + flows["resource"]
    return _dated(ledger, flows) + way


def _charge_rows(ledger: Ledger) -> Iterator[pd.DataFrame]:
    """``priced.<item>.<price item>.<site>`` in units of the price list; ``paid.<item>.<site>`` in soles."""
    charges = flow_charges(ledger)
    is_listed = charges["price_item"] != ""
    listed, paid = charges[is_listed], charges[~is_listed]
    yield listed.assign(
        stem="priced." + listed["item"] + "." + listed["price_item"] + "." + listed["site"], value=listed["quantity"],
        text=listed["component"],
    )  # fmt: skip
    yield paid.assign(
        stem="paid." + paid["item"] + "." + paid["site"], value=paid["amount"], unit="PEN",
        text=paid["component"] + paid["quantity"].map(": {:.6g} ".format) + paid["unit"]
        + paid["price"].map(" × {:.6g} PEN".format),
    )  # fmt: skip
