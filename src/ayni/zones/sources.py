"""Workbook rows of the zone as leaves of figures."""

from __future__ import annotations

from ayni.base.figures import SourceRow
from ayni.base.sheets import Row, Sheet
from ayni.base.status import Status
from ayni.ledger.figures.rows import row_status
from ayni.ledger.ledger import Ledger
from ayni.ledger.schema import FIRMS, PARK, PRICES, Price
from ayni.zones.schema import MEASURES, WASTE_HEAT, Measure, WasteHeat


def _source(sheet: Sheet, row: Row, text: str, value: float, unit: str, status: Status) -> SourceRow:
    place = row.read_from
    return SourceRow(place.sheet or sheet.name, place.row or 0, text, value, unit, status)


def price_source(price: Price) -> SourceRow:
    """A price with its own status."""
    unit = f"{price.currency}/{price.unit}"
    return _source(PRICES, price, f"{price.item.value} ({price.date})", price.value, unit, Status(price.status.value))


def measure_source(row: Measure, field: str, ledger: Ledger) -> SourceRow:
    """The ``saving`` or the ``investment`` of a measure."""
    unit = {"saving": "%", "investment": "PEN"}[field]
    return _source(MEASURES, row, f"{row.measure} {row.name}", getattr(row, field), unit, row_status(ledger))


def waste_heat_source(row: WasteHeat, ledger: Ledger) -> SourceRow:
    """The heat of a source."""
    return _source(WASTE_HEAT, row, f"{row.firm} {row.source}", row.energy, "MWh/year", row_status(ledger))


def rate_source(ledger: Ledger) -> SourceRow:
    """The study's discount rate."""
    park = ledger.park
    return _source(PARK, park, park.name, park.discount_rate, "%", row_status(ledger))


def roof_source(ledger: Ledger) -> tuple[SourceRow, ...]:
    """The roofs of the firms."""
    return tuple(
        _source(FIRMS, firm, f"{firm.firm} {firm.name}", firm.roof_area, "m2", row_status(ledger))
        for firm in ledger.firms.values()
        if firm.roof_area > 0
    )
