"""The exchange's figures: the network's value opens to its links, these to amounts, prices and workbook rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ayni.base.figures import FigureBook, SourceRow, Stage
from ayni.base.sheets import Row
from ayni.base.status import Status
from ayni.base.units import canonical_unit, convert
from ayni.exchange.listings import Listing
from ayni.exchange.network import ExchangeResult
from ayni.exchange.schema import Offer, Want
from ayni.ledger.figures.rows import row_status
from ayni.ledger.ledger import Ledger
from ayni.ledger.schema import PriceItem

VALUE, LINKS = "exchange.value", "exchange.links"
VALUE_FORMULA = "avoided purchase + avoided disposal − treatment − freight − handling"
LINK_FORMULAS: Mapping[str, str] = {
    "avoided_purchase": "Σ months amount × substitution × purchase price",
    "avoided_disposal": "Σ months amount × disposal fee",
    "treatment": "amount × treatment cost",
    "freight": "amount × max(distance × freight price, price of a short haul)",
    "handling": "amount × handling price",
}
"""Parts of a link's value, in the order of VALUE_FORMULA, with the formula of each."""

RATES: Mapping[str, Mapping[str, str]] = {
    "PEN": {}, "USD": {"pen_per_usd": "PEN/USD"}, "EUR": {"pen_per_usd": "PEN/USD", "usd_per_eur": "USD/EUR"},
}  # fmt: skip
"""Currency of a price → the exchange rates that turn it into soles, with their units."""


def add_figures(book: FigureBook, ledger: Ledger, result: ExchangeResult) -> None:
    """``exchange.value`` [PEN/year], ``exchange.amount.<unit>``, ``exchange.links``, stage potential, and their parts.

    Per link ``<offer>-<want>``: ``exchange.amount.<link>``, ``exchange.value.<link>``, one figure per part of the
    value, and ``exchange.price.<link>`` with the band of supporting prices.
    """
    links = [_Link.of(ledger, result, offer, want) for offer, want in _used(result)]
    for link in links:
        link.add(book)
    values = [f"{VALUE}.{link.name}" for link in links]
    book.add(
        VALUE, result.objective, "PEN/year", "figure.exchange.value", "sum", values, stage=Stage.POTENTIAL,
        low=result.low, high=result.high,
    )  # fmt: skip
    book.add(LINKS, len(links), "", "figure.exchange.links", "count", values, stage=Stage.POTENTIAL)
    for unit in dict.fromkeys(link.unit for link in links):
        ids = [f"exchange.amount.{link.name}" for link in links if link.unit == unit]
        total = sum(book[one].value for one in ids)
        book.add(
            f"exchange.amount.{unit}", total, f"{unit}/year", "figure.exchange.amount", "sum", ids,
            stage=Stage.POTENTIAL, counted=unit,
        )  # fmt: skip


def _used(result: ExchangeResult) -> Iterator[tuple[Offer, Want]]:
    """The offers and wants of the links in use."""
    ends = set(zip(result.exchanges["offer"], result.exchanges["want"], strict=True))
    for link in result.market.links:
        if (link.offer.offer, link.want.want) in ends:
            yield link.offer, link.want


@dataclass(frozen=True)
class _Link:
    """A link in use: its year, and the rows that its parts rest on."""

    ledger: Ledger
    offer: Offer
    want: Want
    given: Listing
    taken: Listing
    months: pd.DataFrame
    status: Status

    @classmethod
    def of(cls, ledger: Ledger, result: ExchangeResult, offer: Offer, want: Want) -> _Link:
        rows = result.exchanges
        months = rows[(rows["offer"] == offer.offer) & (rows["want"] == want.want)]
        given, taken = result.market.given[offer], result.market.taken[want]
        return cls(ledger, offer, want, given, taken, months, row_status(ledger))

    @property
    def name(self) -> str:
        return f"{self.offer.offer}-{self.want.want}"

    @property
    def unit(self) -> str:
        return self.given.unit

    def add(self, book: FigureBook) -> None:
        """The figures of the link; a part that is zero has none."""
        amount = float(self.months["amount"].sum())
        given = self._figure(book, "amount", amount, self.unit, "Σ months of the best network", self._amount_rows())
        parts = [
            self._figure(book, part, total, "PEN", formula, [given, *self._price_rows(part)])
            for part, formula in LINK_FORMULAS.items()
            if (total := float(self.months[part].sum()))
        ]
        self._figure(book, "value", float(self.months["value"].sum()), "PEN", VALUE_FORMULA, parts)
        low, high = (
            float((self.months[price] * self.months["amount"]).sum()) / amount for price in ("price_low", "price_high")
        )
        book.add(
            f"exchange.price.{self.name}", (low + high) / 2, f"PEN/{self.unit}", "figure.exchange.link.price",
            "middle of the supporting prices, months weighted by amount", [f"{VALUE}.{self.name}"],
            stage=Stage.POTENTIAL, low=low, high=high, **self._words(),
        )  # fmt: skip

    def _figure(
        self, book: FigureBook, part: str, value: float, unit: str, formula: str, inputs: Iterable[str | SourceRow]
    ) -> str:
        """The id of a new yearly figure of the link."""
        label = f"figure.exchange.link.{part}"
        return book.add(
            f"exchange.{part}.{self.name}", value, f"{unit}/year", label, formula, inputs, stage=Stage.POTENTIAL,
            **self._words(),
        ).id  # fmt: skip

    def _words(self) -> dict[str, Any]:
        return {"giver": self.offer.firm, "taker": self.want.firm, "material": self.offer.material}

    def _amount_rows(self) -> Iterator[SourceRow]:
        """The flows on both sides in the months of use, and how much of them is listed."""
        for listing in (self.given, self.taken):
            rows = listing.rows[listing.rows["month"].isin(self.months["month"])]
            for row in rows.to_dict("records"):
                value = convert(row["amount"], row["unit"], self.unit)
                text = f"{row['month']:02d} {row['origin']} → {row['destination']}: {row['resource']}"
                yield SourceRow(row["sheet"], int(row["row"]), text, value, self.unit, self.status)
        yield self._cell(self.offer, "share", "%", self.offer.offer)
        yield self._cell(self.want, "share", "%", self.want.want)
        yield self._cell(self.want, "substitution", "", self.want.want)

    def _price_rows(self, part: str) -> Sequence[SourceRow]:
        """What a part of the value is priced by."""
        if part == "avoided_purchase":
            return [self._cell(self.want, "substitution", "", self.want.want), *self._flow_prices(self.taken)]
        if part == "avoided_disposal":
            return list(self._flow_prices(self.given))
        if part == "treatment":
            return [self._cell(self.offer, "treatment_cost", f"PEN/{self.unit}", self.offer.offer)]
        if part == "handling":
            return list(self._listed(PriceItem.HANDLING))
        ends = [self.ledger.firms[firm] for firm in (self.offer.firm, self.want.firm)]
        places = [self._cell(firm, axis, "°", firm.firm) for firm in ends for axis in ("latitude", "longitude")]
        return [*places, *self._listed(PriceItem.FREIGHT), *self._listed(PriceItem.FREIGHT_MINIMUM)]

    def _flow_prices(self, listing: Listing) -> Iterator[SourceRow]:
        """The prices of a listing's flows, each once: of the price list, of the flow's row, or of the want."""
        rows = listing.rows[listing.rows["month"].isin(self.months["month"])]
        for item in rows.loc[rows["price_item"] != "", "price_item"].unique():
            yield from self._listed(PriceItem(item))
        if rows["is_unrecorded"].any():
            yield self._cell(self.want, "purchase_price", f"PEN/{self.unit}", self.want.want)
        own = rows[(rows["price_item"] == "") & ~rows["is_unrecorded"] & (rows["price"] != 0)]
        for row in own.drop_duplicates("price").to_dict("records"):
            price = row["price"] / convert(1.0, canonical_unit(self.unit), self.unit)
            yield SourceRow(row["sheet"], int(row["row"]), row["resource"], price, f"PEN/{self.unit}", self.status)

    def _listed(self, item: PriceItem) -> Iterator[SourceRow]:
        """The price list's row, and the exchange rates that turn it into soles."""
        price, park = self.ledger.prices[item], self.ledger.park
        yield SourceRow(
            price.read_from.sheet or "prices", price.read_from.row or 0, f"{item.value} {price.date}; {price.source}",
            price.value, f"{price.currency}/{price.unit}", Status(price.status.value),
        )  # fmt: skip
        rates = {
            "PEN": {},
            "USD": {"pen_per_usd": "PEN/USD"},
            "EUR": {"pen_per_usd": "PEN/USD", "usd_per_eur": "USD/EUR"},
        }
        for name, unit in rates[price.currency].items():
            yield self._cell(park, name, unit, str(park.price_date))

    def _cell(self, row: Row, field: str, unit: str, whose: str) -> SourceRow:
        """A cell of a workbook row as a leaf."""
        place = row.place_of(field)
        return SourceRow(place.sheet or "", place.row or 0, f"{whose} {field}", getattr(row, field), unit, self.status)
