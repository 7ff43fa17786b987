"""Candidate links: every offer with every want of the same material, and whether it may be used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ayni.base.units import plain
from ayni.exchange.listings import Listing
from ayni.exchange.rules import Legal, Rule, RuleSet, is_energy
from ayni.exchange.schema import Offer, Want


class Verdict(StrEnum):
    """What becomes of a link. ``open`` until the network is solved, then chosen or possible."""

    OPEN = "open"
    CHOSEN = "chosen"
    POSSIBLE = "possible"
    REFUSED = "refused"
    NEEDS_PERMIT = "needs_permit"
    NOT_KNOWN = "not_known"


class Reason(StrEnum):
    """Why; rules bring reasons of their own. Each value has a text ``exchange.reason.<value>``."""

    SAVES = "saves_disposal_and_purchase"
    COSTS_MORE = "costs_more_than_it_saves"
    OTHERS_ARE_WORTH_MORE = "others_are_worth_more"
    HEAT = "heat_belongs_to_design"
    QUALITY = "quality"
    QUALITY_NOT_KNOWN = "quality_not_known"
    QUALITY_OTHER = "quality_other_parameter"
    UNITS = "units_differ"
    SOLD = "sold_already"
    NO_FLOW = "no_flow_in_common"


@dataclass(frozen=True)
class Judgement:
    """A verdict with its reason; ``by_rule`` where the rule set made it; ``detail`` holds names and numbers."""

    verdict: Verdict
    reason: str = ""
    detail: str = ""
    by_rule: bool = False


@dataclass(frozen=True)
class Link:
    """An offer and a want of one material, the rule for the delivery, and the judgement on it."""

    offer: Offer
    want: Want
    rule: Rule
    judgement: Judgement


def candidate_links(offers: Mapping[Offer, Listing], wants: Mapping[Want, Listing], rules: RuleSet) -> Iterator[Link]:
    """Every link between two firms that list the same material, judged."""
    by_material: dict[str, list[Want]] = {}
    for want in wants:
        by_material.setdefault(plain(want.material), []).append(want)
    for offer in offers:
        for want in by_material.get(plain(offer.material), []):
            if want.firm != offer.firm:
                rule = rules.decide(offer, want)
                yield Link(offer, want, rule, _judge(offer, want, rule, offers[offer], wants[want]))


def _judge(offer: Offer, want: Want, rule: Rule, given: Listing, taken: Listing) -> Judgement:
    """Refusals first, then what is not known, then what the flows say."""
    quality = _quality(offer, want)
    legal = Judgement(Verdict(rule.legal.value), rule.reason, by_rule=True) if rule.legal in _STOPS else None
    judgements: Sequence[Judgement | None] = (
        Judgement(Verdict.REFUSED, Reason.HEAT, offer.material) if is_energy(offer.material) else None,
        legal if rule.legal is Legal.REFUSED else None,
        quality if quality and quality.verdict is Verdict.REFUSED else None,
        legal,
        quality,
        Judgement(Verdict.REFUSED, Reason.SOLD, offer.resource) if given.is_sold else None,
        _flows(given, taken),
    )
    return next((judgement for judgement in judgements if judgement), Judgement(Verdict.OPEN))


_STOPS = (Legal.REFUSED, Legal.NEEDS_PERMIT, Legal.NOT_KNOWN)


def _quality(offer: Offer, want: Want) -> Judgement | None:
    """None where the offer's value keeps the want's limit. What is not stated is not known, never compatible."""
    if not (offer.quality and want.quality) or offer.quality_value is None or want.quality_max is None:
        return Judgement(Verdict.NOT_KNOWN, Reason.QUALITY_NOT_KNOWN, offer.quality or want.quality or "")
    if plain(offer.quality) != plain(want.quality):
        return Judgement(Verdict.NOT_KNOWN, Reason.QUALITY_OTHER, f"{offer.quality} / {want.quality}")
    if offer.quality_value > want.quality_max:
        detail = f"{offer.quality}: {offer.quality_value:g} > {want.quality_max:g}"
        return Judgement(Verdict.REFUSED, Reason.QUALITY, detail)
    return None


def _flows(given: Listing, taken: Listing) -> Judgement | None:
    """None where both have amounts of one dimension in some month."""
    if given.monthly.index.intersection(taken.monthly.index).empty:
        return Judgement(Verdict.REFUSED, Reason.NO_FLOW)
    if not given.unit or given.unit != taken.unit:
        return Judgement(Verdict.REFUSED, Reason.UNITS, f"{given.unit or '?'} / {taken.unit or '?'}")
    return None
