"""The national study: price date, exchange rate and prices for a firm whose park has none on record."""

from __future__ import annotations

from functools import cache
from importlib import resources

from ayni.base.csv_reading import read_csv_rows
from ayni.base.findings import Finding, refuse_errors
from ayni.base.sheets import Row
from ayni.ledger.fuels import grid_years
from ayni.ledger.schema import PARK, PRICES


@cache
def _shipped() -> dict[str, tuple[Row, ...]]:
    """The rows as they ship. Raises Refused where one is faulty."""
    rows: dict[str, tuple[Row, ...]] = {}
    findings: list[Finding] = []
    with resources.as_file(resources.files("ayni.data") / "study") as folder:
        for sheet in (PARK, PRICES):
            read, found = read_csv_rows(folder / f"{sheet.name}.csv", sheet.row, sheet.unique)
            rows[sheet.name] = tuple(read)
            findings += found
    refuse_errors(findings)
    return rows


def study_rows(year: int, latitude: float, longitude: float) -> dict[str, list[Row]]:
    """Park and prices of the national study, for a place and a year: used for checks and indicators, shown as such.

    The grid factor is that of the year, or of the last year before it that has one.
    """
    shipped = _shipped()
    grid_year = max((known for known in grid_years() if known <= year), default=min(grid_years()))
    update = {"year": year, "latitude": latitude, "longitude": longitude, "grid_factor_year": grid_year}
    return {
        PARK.name: [row.model_copy(update=update) for row in shipped[PARK.name]],
        PRICES.name: list(shipped[PRICES.name]),
    }
