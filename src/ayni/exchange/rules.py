"""Who may receive what: a rule set as dated data. Its verdicts are no legal advice."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

from ayni.base.status import Status
from ayni.base.texts import LANGUAGES, Language
from ayni.base.units import plain
from ayni.exchange.schema import Offer, OutputClass, Want

RULE_SET = "exchange_pe"
REMINDER = "reminder"


class Legal(StrEnum):
    """What a rule set says of a delivery. Each value has a text ``exchange.legal.<value>``."""

    NO_OBJECTION = "no_objection"
    NEEDS_PERMIT = "needs_permit"
    REFUSED = "refused"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True)
class Rule:
    """One row of the rule set: the deliveries that it is for (None: any), its verdict, reason, words and source."""

    id: str
    output_classes: frozenset[OutputClass]
    hazardous: bool | None
    taker_is_operator: bool | None
    is_covered: bool | None
    legal: Legal
    reason: str
    text: Mapping[Language, str]
    source: str
    status: Status

    def fits(self, offer: Offer, want: Want) -> bool:
        """Whether the rule is for this delivery."""
        facts = (
            (self.hazardous, offer.hazardous),
            (self.taker_is_operator, want.is_waste_operator),
            (self.is_covered, offer.instrument_covers and want.instrument_covers),
        )
        return offer.output_class in self.output_classes and all(wanted in (None, fact) for wanted, fact in facts)


@dataclass(frozen=True)
class RuleSet:
    """Rules in order: the first that fits decides. ``reminders`` are shown, not checked; version is the file's hash."""

    name: str
    version: str
    rules: tuple[Rule, ...]
    reminders: tuple[Mapping[Language, str], ...]

    def decide(self, offer: Offer, want: Want) -> Rule:
        """The rule that decides on a delivery. Raises LookupError where the set has a gap."""
        for rule in self.rules:
            if rule.fits(offer, want):
                return rule
        raise LookupError(f"{self.name}: no rule for {offer.offer} → {want.want}")


@cache
def rule_set(name: str = RULE_SET) -> RuleSet:
    """The rule set ``data/rules/NAME.csv``; its version is the first 12 hex digits of the file's SHA-256."""
    raw = (resources.files("ayni.data") / "rules" / f"{name}.csv").read_bytes()
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8"))))
    return RuleSet(
        name,
        hashlib.sha256(raw).hexdigest()[:12],
        tuple(_rule(row) for row in rows if row["legal"] != REMINDER),
        tuple(_text(row) for row in rows if row["legal"] == REMINDER),
    )


def _rule(row: Mapping[str, str]) -> Rule:
    words = {"any": None, "yes": True, "no": False}
    classes = list(OutputClass) if row["output_class"] == "any" else row["output_class"].split()
    return Rule(
        id=row["id"], output_classes=frozenset(OutputClass(word) for word in classes),
        hazardous=words[row["hazardous"]], taker_is_operator=words[row["taker_is_operator"]],
        is_covered=words[row["is_covered"]], legal=Legal(row["legal"]), reason=row["reason"], text=_text(row),
        source=row["source"], status=Status(row["status"]),
    )  # fmt: skip


def _text(row: Mapping[str, str]) -> Mapping[Language, str]:
    return {language: row[f"text_{language}"] for language in LANGUAGES}


@cache
def _energy_words() -> frozenset[str]:
    text = (resources.files("ayni.data") / "rules" / "energy_words.csv").read_text(encoding="utf-8")
    return frozenset(plain(row["word"]) for row in csv.DictReader(io.StringIO(text)))


def is_energy(material: str) -> bool:
    """Whether a material class is heat, cold or power: these belong to the zone's design."""
    return plain(material) in _energy_words()
