"""The parts of a park's results under its head: cost, footprint, self-check, exchanges, plan, findings, data."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ayni.base.texts import say
from ayni.ledger.schema import Carrier
from ayni.portal.results.pages.numbers import Chip, Number, amount_words, chip, number_of
from ayni.portal.results.pages.summary import Row, row
from ayni.portal.results.shown import Shown
from ayni.portal.site.findings import Said
from ayni.reports.style import ITEM_COLOURS
from ayni.reports.voice import NOT_KNOWN, Voice

SMALLEST = 1e-6
OF_THE_PLAN = frozenset({"DESIGN-SMALL", "DESIGN-NO-NETWORK", "DESIGN-GAS-CONNECTION"})
"""Findings that speak of the zone's plan alone; the others may speak of a firm."""
DESIGN_SUMS = (
    "design.investment", "design.saving", "design.annuities", "design.npv", "design.payback", "design.pooling",
    "design.cost", "design.bound", "design.gap", "design.inputs_decisive", "design.inputs_unverified",
)  # fmt: skip


def cost(shown: Shown, voice: Voice) -> list[Row]:
    """The year's cost by item before and after, the total last; nothing where no item is open."""
    items = [name.split(".")[1] for name in shown.book.figures if _is_item(name)]
    order = {item: place for place, item in enumerate(ITEM_COLOURS)}
    items = sorted(dict.fromkeys(items), key=lambda item: order.get(item, len(order)))
    rows = [row(shown, voice.title("item", item), f"cost.{item}", voice) for item in items]
    rows = [one for one in rows if any(number.id for number in one.numbers)]
    total = row(shown, say("results.total.cost.total", voice.language), "cost.total", voice)
    return [*rows, total] if rows else []


def _is_item(name: str) -> bool:
    parts = name.split(".")
    return len(parts) == 3 and parts[0] == "cost" and parts[1] != "total" and parts[2] in ("before", "after")


def footprint(shown: Shown, voice: Voice) -> list[Row]:
    """Emissions by scope and carrier, water, wastewater and wastes by management, as far as they are open."""
    words = {
        **{key: say(f"results.total.{key}", voice.language) for key in ("emissions.scope1", "emissions.scope2")},
        **{f"emissions.{one.value}": voice.title("Carrier", one.value) for one in Carrier},
    }
    keys = [*words, *(f"{kind}.total" for kind in ("water", "wastewater"))]
    keys += [name.removesuffix(".before") for name in shown.book.figures if _is_waste(name)]
    rows = [row(shown, words.get(key, ""), key, voice) for key in keys if f"{key}.before" in shown.book.figures]
    named = [one if one.title else replace(one, title=_short(one)) for one in rows]
    return [one for one in named if any(number.id and number.text != "0" for number in one.numbers)]


def _is_waste(name: str) -> bool:
    parts = name.split(".")
    return len(parts) == 3 and parts[0] == "waste" and parts[2] == "before"


def _short(one: Row) -> str:
    """A figure's label without the words for the moment."""
    return next((number.label for number in one.numbers if number.label), "").rpartition(",")[0]


@dataclass(frozen=True)
class FirmLine:
    """One firm's year as recorded [MWh, t CO2e, m3, t, PEN]."""

    code: str
    name: str
    amounts: tuple[str, ...]


def firms(shown: Shown, voice: Voice) -> list[FirmLine]:
    """What each firm uses, emits, wastes and pays: for readers of the whole only."""
    content = shown.book.content
    energy = _by_firm(content["footprint"]["energy"], "energy")
    emissions = _by_firm(content["footprint"]["emissions"], "co2e")
    water = _by_firm([row for row in content["footprint"]["water"] if row["kind"] == "water"], "amount")
    waste = _by_firm(content["footprint"]["waste"], "amount")
    money = _by_firm(content["cost"]["lines"], "amount")
    return [
        FirmLine(
            firm["firm"], firm["name"],
            (*(voice.number(part[firm["firm"]]) for part in (energy, emissions, water, waste)),
             voice.soles(money[firm["firm"]])),
        )
        for firm in content["park"]["firms"]
    ] if shown.reader.is_full else []  # fmt: skip


def _by_firm(rows: list[Mapping[str, Any]], column: str) -> dict[str, float]:
    sums: dict[str, float] = defaultdict(float)
    for line in rows:
        sums[line["firm"]] += line[column] or 0.0
    return sums


def own_lines(shown: Shown, voice: Voice) -> list[Number]:
    """What is the reader's own among the figures; nothing for who reads it all."""
    return [] if shown.reader.is_full else [number_of(shown, name, voice) for name in shown.own_figures()]


@dataclass(frozen=True)
class Line:
    """A line of the self-check; ``value`` opens where it was computed from figures."""

    code: str
    kind: str
    text: str
    value: Number
    target: str
    verdict: Chip
    remark: str


@dataclass(frozen=True)
class Category:
    """A category of the self-check with its score and lines."""

    title: str
    score: str
    lines: tuple[Line, ...]


def scorecard(shown: Shown, voice: Voice) -> list[Category]:
    """The self-check by category; reasons and evidence for readers of the park's own record."""
    card = shown.book.content["assessment"]
    if card is None:
        return []
    lines: dict[str, list[Line]] = defaultdict(list)
    for line in card["lines"]:
        lines[line["category"]].append(_line(shown, line, voice))
    return [
        Category(part["title"], _score(part, voice), tuple(lines[part["category"]])) for part in card["categories"]
    ]  # fmt: skip


def _score(part: Mapping[str, Any], voice: Voice) -> str:
    ends = [NOT_KNOWN if part[end] is None else voice.number(part[end], 0) for end in ("score_low", "score_high")]
    return f"{ends[0] if ends[0] == ends[1] else voice.say('from_to', low=ends[0], high=ends[1])} %"


def _line(shown: Shown, line: Mapping[str, Any], voice: Voice) -> Line:
    value = number_of(shown, f"assessment.value.{line['line']}", voice)
    remark = " · ".join(part for part in (line["why"], line["evidence"]) if part) if shown.reader.is_full else ""
    return Line(
        line["line"], voice.word("line_kind", line["kind"]), line["text"], value, line["target"],
        chip("assessment.result", line["verdict"], voice), remark,
    )  # fmt: skip


@dataclass(frozen=True)
class Link:
    """An exchange that was looked at."""

    giver: str
    taker: str
    material: str
    amount: Number
    value: Number
    price: str
    verdict: Chip
    legal: str
    reason: str
    rule: str


@dataclass(frozen=True)
class Exchanges:
    """Chosen links first; ``links`` is empty for readers of totals. ``sums`` are the network's totals."""

    sums: tuple[Number, ...]
    links: tuple[Link, ...]
    others: tuple[Link, ...]
    rules: str


def exchanges(shown: Shown, voice: Voice) -> Exchanges | None:
    """The exchange network; None where no offer meets a want."""
    part = shown.book.content["exchange"]
    if part is None:
        return None
    names = ("exchange.links", "exchange.value", "exchange.amount.t", "exchange.amount.m3")
    sums = tuple(number for number in (number_of(shown, name, voice) for name in names) if number.id)
    links = [_link(shown, row, voice) for row in part["links"]] if shown.reader.is_full else []
    is_chosen = [row["verdict"] == "chosen" for row in part["links"]] if links else []
    chosen = tuple(link for link, is_one in zip(links, is_chosen, strict=True) if is_one)
    others = tuple(link for link, is_one in zip(links, is_chosen, strict=True) if not is_one)
    return Exchanges(sums, chosen, others, part["rules"])


def _link(shown: Shown, row: Mapping[str, Any], voice: Voice) -> Link:
    key = f"{row['offer']}-{row['want']}"
    prices = [NOT_KNOWN if row[end] is None else voice.number(row[end]) for end in ("price_low", "price_high")]
    price = prices[0] if prices[0] == prices[1] else voice.say("from_to", low=prices[0], high=prices[1])
    return Link(
        shown.book.firm_name(row["giver"]), shown.book.firm_name(row["taker"]), row["material"],
        number_of(shown, f"exchange.amount.{key}", voice), number_of(shown, f"exchange.value.{key}", voice),
        price, chip("exchange.verdict", row["verdict"], voice), row["legal"], row["reason"],
        " · ".join(part for part in (row["rule"], row["source"]) if part),
    )  # fmt: skip


@dataclass(frozen=True)
class Capacity:
    """One part of the plant."""

    title: str
    capacity: Number
    investment: Number


@dataclass(frozen=True)
class Plan:
    """The zone's plan: what to build, what it brings, how well it is proved."""

    capacities: tuple[Capacity, ...]
    sums: tuple[Number, ...]
    proof: str
    survives: bool | None


def plan(shown: Shown, voice: Voice) -> Plan | None:
    """The plan; None where none meets the zone's limits."""
    part = shown.book.content["design"]
    if part is None:
        return None
    built = [name for name in shown.book.figures if name.startswith("design.capacity.") and name in shown.open_figures]
    rows = tuple(
        Capacity(
            _after_colon(shown.book.figures[name]["label"]), number_of(shown, name, voice),
            number_of(shown, name.replace("capacity", "investment", 1), voice),
        )
        for name in built
    )  # fmt: skip
    sums = tuple(number for number in (number_of(shown, name, voice) for name in DESIGN_SUMS) if number.id)
    proof = part["proof"]
    words = say(
        "results.design.proof", voice.language, status=voice.word("solver_status", proof["status"]),
        solver=proof["solver"], gap=voice.gap(proof["gap"] or 0.0),
    )  # fmt: skip
    return Plan(rows, sums, words if sums else "", part["survives"] if sums else None)


def _after_colon(label: str) -> str:
    head, colon, rest = label.partition(": ")
    return rest[:1].upper() + rest[1:] if colon else head


@dataclass(frozen=True)
class Findings:
    """``said`` are those that the reader may read; ``others`` counts the rest."""

    said: tuple[Said, ...]
    others: int


def findings(shown: Shown, voice: Voice) -> Findings:
    """What the checks and engines remark: all of it for readers of the whole, else what speaks of the plan alone."""
    every = shown.book.content["findings"]
    shown_ones = [one for one in every if shown.reader.is_full or _is_of_plan(shown, one)]
    order = {"error": 0, "warning": 1, "note": 2}
    said = tuple(
        Said(one["severity"], say(f"site.finding.{one['severity']}", voice.language), one["code"],
             _place(one, voice), one["message"])
        for one in sorted(shown_ones, key=lambda one: order[one["severity"]])
    )  # fmt: skip
    return Findings(said, len(every) - len(said))


def _is_of_plan(shown: Shown, one: Mapping[str, Any]) -> bool:
    return one["code"] in OF_THE_PLAN and not shown.reader.is_closed and not shown.book.named_in(one["message"])


def _place(one: Mapping[str, Any], voice: Voice) -> str:
    parts = {"sheet": one["sheet"], "cell": one["cell"] or one["row"]}
    return " · ".join(say(f"site.place.{name}", voice.language, what=str(what)) for name, what in parts.items() if what)


@dataclass(frozen=True)
class Data:
    """How the data stand: who takes part, and the versions of the factors that the figures used."""

    firms: int
    missing: int
    missing_names: tuple[str, ...]
    factors: tuple[tuple[str, str, int, str], ...]


def data(shown: Shown, voice: Voice) -> Data:
    """Participation and factor versions: table, version, how many, and how they stand."""
    tables: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for factor_id, factor in shown.book.factors.items():
        if shown.is_open_factor(factor_id):
            tables[factor_id.partition("/")[0], factor["version"]][factor["status"]] += 1
    rows = [
        (voice.word("factor_table", table), version, counts.total(),
         ", ".join(f"{count} {voice.word('status', status)}" for status, count in counts.most_common()))
        for (table, version), counts in sorted(tables.items())
    ]  # fmt: skip
    missing = shown.book.origins["missing"]
    names = tuple(missing) if shown.reader.is_full else ()
    return Data(len(shown.book.firms), len(missing), names, tuple(rows))


def amount(value: float | None, unit: str, voice: Voice) -> str:
    """A value with its unit."""
    return " ".join(amount_words(value, unit, voice)).strip()
