"""Checks of offers and wants against the ledger, before the network is looked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from ayni.base.findings import Finding, Place, error, note, warning
from ayni.base.units import plain
from ayni.exchange.freight import ITEMS
from ayni.exchange.links import Link, Reason, Verdict, candidate_links
from ayni.exchange.listings import Listing, offered, priced_flows, wanted
from ayni.exchange.rules import rule_set
from ayni.exchange.schema import Offer, Want
from ayni.ledger.ledger import Ledger
from ayni.ledger.schema import PRICES

SHARE_TOLERANCE = 1e-6
PRICE_DIFFERENCE_MAX = 0.05
"""Difference between a want's purchase price and the ledger's above which it is said."""


def check_exchange(ledger: Ledger, offers: Sequence[Offer], wants: Sequence[Want]) -> tuple[Finding, ...]:
    """What offers and wants say that the ledger or their counterparts contradict. Raises MissingPrice."""
    flows = priced_flows(ledger)
    given = {offer: offered(flows, offer) for offer in offers}
    taken = {want: wanted(flows, want) for want in wants}
    links = tuple(candidate_links(given, taken, rule_set()))
    findings = [
        *_check_shares(offers),
        *_check_shares(wants),
        *_check_links(links),
        *_check_carriage(ledger, links, given),
    ]
    for offer, listing in given.items():
        findings += _check_offer(offer, listing)
    for want, listing in taken.items():
        findings += _check_want(want, listing)
    return tuple(findings)


def _check_shares(rows: Sequence[Offer] | Sequence[Want]) -> Iterator[Finding]:
    """No part of a flow is listed twice."""
    totals: dict[tuple[str, str], float] = {}
    for row in rows:
        key = (row.firm, plain(row.resource))
        totals[key] = totals.get(key, 0.0) + row.share
        if totals[key] > 100 + SHARE_TOLERANCE:
            yield error(
                "EXCHANGE-SHARE", row.place_of("share"), firm=row.firm, resource=row.resource, total=totals[key]
            )


def _check_offer(offer: Offer, listing: Listing) -> Iterator[Finding]:
    if listing.rows["hazardous"].any() and not offer.hazardous:
        yield error("EXCHANGE-HAZARD", offer.place_of("hazardous"), offer=offer.offer, resource=offer.resource)
    if listing.is_sold:
        yield warning("EXCHANGE-SOLD", offer.place_of("resource"), offer=offer.offer, resource=offer.resource)


def _check_want(want: Want, listing: Listing) -> Iterator[Finding]:
    """The want's price is the ledger's, where the ledger has one."""
    place, rows = want.place_of("purchase_price"), listing.rows
    if rows["is_unrecorded"].any():
        yield note("EXCHANGE-PRICE-UNRECORDED", place, want=want.want, resource=want.resource)
    recorded = rows[~rows["is_unrecorded"]]
    if not listing.unit or not recorded["amount"].sum():
        return
    paid = float(np.average(listing.monthly["price"], weights=listing.monthly["amount"]))
    if not rows["is_unrecorded"].any() and abs(paid - want.purchase_price) > PRICE_DIFFERENCE_MAX * paid:
        yield warning(
            "EXCHANGE-PRICE-DIFFERS", place, want=want.want, found=want.purchase_price, paid=paid, unit=listing.unit
        )


def _check_links(links: Sequence[Link]) -> Iterator[Finding]:
    """Qualities that nobody stated, once per row."""
    told: set[Offer | Want] = set()
    for link in links:
        row, is_stated = _unstated(link.offer, link.want)
        if link.judgement.reason == Reason.QUALITY_NOT_KNOWN and row not in told:
            told.add(row)
            limit = "quality_value" if isinstance(row, Offer) else "quality_max"
            place = row.place_of(limit if is_stated else "quality")
            listed = row.offer if isinstance(row, Offer) else row.want
            yield warning("EXCHANGE-QUALITY", place, listed=listed, material=row.material)


def _unstated(offer: Offer, want: Want) -> tuple[Offer | Want, bool]:
    """The side that does not state its quality, and whether it names the parameter at least."""
    if not offer.quality or offer.quality_value is None:
        return offer, bool(offer.quality)
    return want, bool(want.quality)


def _check_carriage(ledger: Ledger, links: Sequence[Link], given: Mapping[Offer, Listing]) -> Iterator[Finding]:
    """What carries the material has a price; a pipe has none."""
    used = [link for link in links if link.judgement.verdict is Verdict.OPEN]
    for offer in dict.fromkeys(link.offer for link in used):
        if given[offer].unit == "m3":
            yield note("EXCHANGE-PIPE", offer.place_of("treatment_cost"), offer=offer.offer)
    if any(given[link.offer].unit == "t" for link in used):
        for item in ITEMS:
            if item not in ledger.prices:
                yield error("EXCHANGE-PRICE-MISSING", Place(sheet=PRICES.name), item=item)
