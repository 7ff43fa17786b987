"""The park's own facts as figures: how many firms it has, and the study's exchange rates."""

from __future__ import annotations

from ayni.base.figures import FigureBook, SourceRow
from ayni.base.sheets import Row
from ayni.ledger.figures.rows import row_status
from ayni.ledger.ledger import Ledger

RATES = {"pen_per_usd": "PEN/USD", "usd_per_eur": "USD/EUR"}
AS_ENTERED = "as entered"


def add_facts(book: FigureBook, ledger: Ledger) -> None:
    """``park.firms``, ``park.pen_per_usd`` and ``park.usd_per_eur``, down to their rows."""
    park, status = ledger.park, row_status(ledger)

    def source(row: Row, field: str, text: str, value: float, unit: str) -> SourceRow:
        place = row.place_of(field)
        return SourceRow(place.sheet or "", place.row or 0, text, value, unit, status)

    firms = [source(firm, "firm", f"{firm.firm} {firm.name}", 1.0, "") for firm in ledger.firms.values()]
    book.add("park.firms", len(firms), "", "figure.park.firms", "count", firms)
    for name, unit in RATES.items():
        row = source(park, name, str(park.price_date), getattr(park, name), unit)
        book.add(f"park.{name}", row.value, unit, f"figure.park.{name}", AS_ENTERED, [row])
