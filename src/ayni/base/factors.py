"""Factors: dated, sourced numbers that ship as data, and the version of the file that each comes from."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from ayni.base.status import Status, parse_status


class MissingFactor(KeyError):
    """No value is known for a factor: nothing may be guessed in its place."""


@dataclass(frozen=True)
class Factor:
    """One value in ``unit`` with its band, date, source and status; ``version`` is the hash of its data file."""

    id: str
    value: float
    unit: str
    status: Status
    source: str
    date: str = ""
    low: float | None = None
    high: float | None = None
    range_status: Status = Status.UNVERIFIED
    basis: str = ""
    version: str = ""
    note: str = ""


def optional_number(text: str | None) -> float | None:
    """A number, or None for an empty cell: empty means not known."""
    return float(text) if text and text.strip() else None


@cache
def data_rows(name: str) -> tuple[str, tuple[Mapping[str, str], ...]]:
    """Version (first 12 hex digits of the SHA-256) and rows of ``data/factors/NAME.csv``.

    A name with a folder, such as ``measures/first_look_terms``, is that of a file of another folder of the data.
    """
    path = name if "/" in name else f"factors/{name}"
    raw = (resources.files("ayni.data") / f"{path}.csv").read_bytes()
    return hashlib.sha256(raw).hexdigest()[:12], tuple(csv.DictReader(io.StringIO(raw.decode("utf-8"))))


def factor_from_row(
    name: str, row: Mapping[str, str], key: str, *, value: str = "value", unit: str | None = None
) -> Factor:
    """The factor in one data row: ``key`` completes its id, ``value`` names the column that holds it.

    Raises MissingFactor where the cell is empty.
    """
    version, _ = data_rows(name)
    amount = optional_number(row[value])
    if amount is None:
        raise MissingFactor(f"{name}/{key}: {value} is not known")
    status, range_status = parse_status(row["status"])
    return Factor(
        id=f"{name}/{key}", value=amount, unit=unit if unit is not None else row["unit"], status=status,
        source=row["source"], date=row.get("price_year") or row.get("date") or row.get("year") or "",
        low=optional_number(row.get("low")), high=optional_number(row.get("high")), range_status=range_status,
        basis=row.get("basis") or row.get("condition") or "", version=version, note=row.get("note") or "",
    )  # fmt: skip


@cache
def technology(name: str, parameter: str) -> Factor:
    """A parameter of ``technologies.csv``, for instance ``technology('pv_roof', 'investment')``."""
    for row in data_rows("technologies")[1]:
        if (row["technology"], row["parameter"]) == (name, parameter):
            return factor_from_row("technologies", row, f"{name}/{parameter}")
    raise MissingFactor(f"technologies/{name}/{parameter}")


@cache
def economics(item: str, date: str | None = None) -> Factor:
    """A row of ``economics_pe.csv`` by item; the last listed one where several dates stand and none is asked for."""
    rows = [row for row in data_rows("economics_pe")[1] if row["item"] == item and date in (None, row["date"])]
    if not rows:
        raise MissingFactor(f"economics_pe/{item}/{date or 'any date'}")
    return factor_from_row("economics_pe", rows[-1], f"{item}@{rows[-1]['date']}")


@cache
def price(item: str, date: str) -> Factor:
    """A row of ``prices_pe.csv`` by item and date."""
    for row in data_rows("prices_pe")[1]:
        if (row["item"], row["date"]) == (item, date):
            return factor_from_row("prices_pe", row, f"{item}@{date}", unit=f"{row['currency']}/{row['unit']}")
    raise MissingFactor(f"prices_pe/{item}/{date}")
