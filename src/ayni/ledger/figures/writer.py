"""What writes the ledger's figures: leaves on workbook rows, figures from others, sums that add up again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from math import fsum
from typing import Literal, TypeAlias

from ayni.base.factors import Factor
from ayni.base.figures import FigureBook, SourceRow
from ayni.base.status import Status
from ayni.base.texts import Word
from ayni.ledger.account import Account
from ayni.ledger.figures.rows import Groups, row_status
from ayni.ledger.ledger import ZONE, Ledger
from ayni.ledger.prices import price_row
from ayni.ledger.schema import PARK, PRICES, PriceItem

When: TypeAlias = Literal["before", "after"]
Input: TypeAlias = str | Factor | SourceRow

SUM = "sum"
DESIGNED = "as exchanged and designed"


@dataclass
class Writer:
    """Writes the figures of one state; after, what rests on unchanged rows is the figure of before.

    ``rows`` are the groups of this state, ``recorded`` those of before, ``made_by`` the figures that changed rows came
    from. ``parts`` collects the ids that each total is the sum of.
    """

    book: FigureBook
    ledger: Ledger
    account: Account
    when: When
    rows: Groups
    recorded: Groups
    made_by: tuple[str, ...]
    parts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def leaf(self, stem: str, unit: str, label: str, what: object) -> str:
        """The sum of a group of rows, or what the exchange and the design made of it."""
        rows = self.rows[stem]
        if self.when == "after" and self.recorded.get(stem) == rows:
            return f"{stem}.before"
        value = fsum(row.value for row in rows)
        if self.when == "before":
            return self._add(stem, value, unit, label, what, SUM, rows)
        return self._add(stem, value, unit, label, what, DESIGNED, self.made_by)

    def derived(
        self, stem: str, value: float, unit: str, label: str, what: object, formula: str, inputs: Sequence[Input]
    ) -> str:
        """A figure from others and factors; after, that of before where nothing in it has changed."""
        before = f"{stem}.before"
        if self.when == "after" and before in self.book and self.book[before].inputs == tuple(inputs):
            return before
        return self._add(stem, value, unit, label, what, formula, inputs)

    def part_sum(self, stem: str, unit: str, label: str, what: object, ids: Sequence[str]) -> str:
        """The sum of figures within a total; after, that of before where nothing has changed."""
        return self.derived(stem, self.added(ids), unit, label, what, SUM, ids)

    def total(self, key: str, unit: str, label: str, what: object, ids: Sequence[str] | None = None) -> str:
        """The sum of figures, also of none, always under its own id; of the collected parts unless others are given."""
        kept = self.parts[key] if ids is None else ids
        return self._add(key, self.added(kept), unit, label, what, SUM, kept)

    def calculated(
        self, key: str, value: float, unit: str, label: str, what: object, formula: str, inputs: Sequence[Input]
    ) -> str:
        """A total that is no sum."""
        return self._add(key, value, unit, label, what, formula, inputs)

    def added(self, ids: Iterable[str]) -> float:
        """The sum of the values of figures."""
        return fsum(self.book[one].value for one in ids)

    def stems(self, *prefix: str) -> Iterator[tuple[str, list[str]]]:
        """The groups of rows whose stem begins with ``prefix``, with the rest of the stem's parts."""
        for stem in self.rows:
            parts = stem.split(".")
            if tuple(parts[: len(prefix)]) == prefix:
                yield stem, parts[len(prefix) :]

    def price_inputs(self, item: PriceItem) -> list[Input]:
        """The workbook's row of a price, and the exchange rates that turn it into soles."""
        price = price_row(self.ledger, item)
        place = price.read_from
        text = f"{item.value} {price.date}; {price.source}"
        unit = f"{price.currency}/{price.unit}"
        status = Status(price.status.value)
        rates = {"PEN": (), "USD": ("pen_per_usd",), "EUR": ("pen_per_usd", "usd_per_eur")}[price.currency]
        return [
            SourceRow(place.sheet or PRICES.name, place.row or 0, text, price.value, unit, status),
            *(self._rate(name) for name in rates),
        ]

    def _rate(self, name: str) -> SourceRow:
        park = self.ledger.park
        place = park.place_of(name)
        unit = PARK.header(name, "en").partition("[")[2].rstrip("]")
        text, status = f"{name} {park.price_date}", row_status(self.ledger)
        return SourceRow(place.sheet or PARK.name, place.row or 0, text, getattr(park, name), unit, status)

    def _add(
        self, stem: str, value: float, unit: str, label: str, what: object, formula: str, inputs: Iterable[Input]
    ) -> str:
        figure_id, when = f"{stem}.{self.when}", Word(f"figure.{self.when}")
        self.book.add(figure_id, value, f"{unit}/year", label, formula, inputs, what=what, when=when)
        return figure_id


def at_site(what: object, site: str) -> Word:
    """Something at a site, in words."""
    where = Word("figure.of.zone") if site == ZONE else site
    return Word("figure.at_site", {"what": what, "site": where})
