"""The pictures of dashboards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ayni.base.texts import Language, has_text, number, say, unit_words
from ayni.ledger.schema import Carrier, Management
from ayni.portal.dashboards.queries import Flow
from ayni.portal.dashboards.sankey import NARROW, WIDE, Band, Node, grouped, layout, summed, svg
from ayni.portal.site.charts import Chart, ChartTable, Series, monthly_bars, ranked_bars
from ayni.portal.site.language import page_language
from ayni.reports.pages.flows import END_COLOURS
from ayni.reports.style import CARRIER_COLOURS, WALNUT

ENERGY, MATERIALS, WASTES = "energy", "materials", "wastes"
SITE = "site"
MASS = "kg"
TONNE = 1000.0


@dataclass(frozen=True)
class Picture:
    """A Sankey with how many nodes were joined: a page offers to open them."""

    chart: Chart
    joined: int


def _node_words(node: str, language: Language) -> str:
    return say(f"node.{node}", language) if has_text(f"node.{node}") else node


def _carrier(name: str, language: Language) -> str:
    return Carrier(name).label(language)


def energy_of_firm(flows: Iterable[Flow], opened: str) -> Picture | None:
    """Where energy comes from → carrier → the firm."""
    language, bands = page_language(), list[Band]()
    for flow in (one for one in flows if one.kind == "energy"):
        colour, carrier = CARRIER_COLOURS.get(flow.name, ""), Node(1, _carrier(flow.name, language))
        source = Node(0, _node_words(flow.giver, language))
        bands += [
            Band(source, carrier, flow.amount, colour=colour),
            Band(carrier, Node(2, flow.whose), flow.amount, colour=colour),
        ]
    return picture_of(ENERGY, bands, "MWh", opened)


def energy_by_owner(flows: Iterable[Flow], owners: Mapping[str, str], opened: str) -> Picture | None:
    """Carrier → firm or branch."""
    language = page_language()
    bands = [
        Band(
            Node(0, _carrier(flow.name, language)), Node(1, owners.get(flow.whose, flow.whose)), flow.amount,
            colour=CARRIER_COLOURS.get(flow.name, ""),
        )
        for flow in flows
        if flow.kind == "energy"
    ]  # fmt: skip
    return picture_of(ENERGY, bands, "MWh", opened)


def materials(flows: Iterable[Flow], opened: str, *, by_end: bool) -> Picture | None:
    """What comes in → the firms → what goes out, by its name or, with ``by_end``, only by where it goes."""
    language, bands = page_language(), list[Band]()
    for flow in (one for one in flows if one.unit == MASS):
        amount, firm = flow.amount / TONNE, Node(1, flow.whose)
        if flow.taker == SITE:
            bands.append(Band(Node(0, flow.name), firm, amount, colour=""))
            continue
        end = _end(flow, language)
        name = end if by_end else f"{flow.name} · {end}"
        bands.append(Band(firm, Node(2, name), amount, flow.name, END_COLOURS.get(flow.way or flow.kind, WALNUT)))
    return picture_of(MATERIALS, bands, "t", opened)


def wastes_by_owner(flows: Iterable[Flow], owners: Mapping[str, str], opened: str) -> Picture | None:
    """Firm or branch → way of management."""
    language = page_language()
    bands = [
        Band(
            Node(0, owners.get(flow.whose, flow.whose)), Node(1, _end(flow, language)), flow.amount / TONNE,
            colour=END_COLOURS.get(flow.way, WALNUT),
        )
        for flow in flows
        if flow.kind == "waste" and flow.giver == SITE and flow.unit == MASS
    ]  # fmt: skip
    return picture_of(WASTES, bands, "t", opened)


def _end(flow: Flow, language: Language) -> str:
    """Where something goes: its management, product, an outside node, or another firm of the park."""
    if flow.way:
        return Management(flow.way).label(language)
    if flow.kind == "product" and flow.taker == "market":
        return say("dashboards.end.product", language)
    if has_text(f"node.{flow.taker}"):
        return say(f"node.{flow.taker}", language)
    return say("dashboards.end.tenant", language)


def picture_of(name: str, bands: Sequence[Band], unit: str, opened: str) -> Picture | None:
    """The Sankey, wide and narrow, with its numbers; None where nothing flows."""
    language = page_language()
    every = summed(bands)
    if not every:
        return None

    def words(amount: float) -> str:
        return f"{number(amount, language)} {unit_words(unit, language)}"

    def others(count: int) -> str:
        return say("dashboards.others", language, count=count)

    shown = every if opened == name else grouped(every, others)
    joined = sum({node.joined for one in shown for node in (one.source, one.target)})
    drawing = "".join(
        svg(layout(shown, words, look), words, css) for look, css in ((WIDE, "only-desk"), (NARROW, "only-phone"))
    )
    rows = [[one.source.name, one.target.name, one.label, number(one.amount, language)] for one in every]
    headers = [say(f"dashboards.column.{key}", language) for key in ("from", "to", "what")]
    table = ChartTable([*headers, unit_words(unit, language)], rows, frozenset({3}))
    chart = Chart(f"sankey-{name}", say(f"dashboards.sankey.{name}", language), table,
                  say("dashboards.sankey.note", language), svg=drawing)  # fmt: skip
    return Picture(chart, joined)


def energy_by_month(values: Mapping[tuple[str, int], float]) -> Chart | None:
    """Energy of each carrier over the months; None where no month is known."""
    language = page_language()
    series = []
    for carrier in Carrier:
        months = [values.get((f"energy.{carrier.value}", month)) for month in range(1, 13)]
        if any(months):
            series.append(Series(carrier.label(language), months, CARRIER_COLOURS.get(carrier.value, "")))
    if not series:
        return None
    return monthly_bars("months", say("dashboards.months", language), series, "MWh", note=_source(language))


def ranked(chart_id: str, title: str, amounts: Sequence[tuple[str, float]], unit: str) -> Chart | None:
    """Bars of the amounts above zero, the largest first; None where there are none."""
    kept = sorted((pair for pair in amounts if pair[1] > 0), key=lambda pair: (-pair[1], pair[0]))
    if not kept:
        return None
    names, values = [name for name, _ in kept], [value for _, value in kept]
    return ranked_bars(chart_id, title, names, values, unit, note=_source(page_language()))


def _source(language: Language) -> str:
    return say("dashboards.source", language)
