"""Figures of water and wastes, and of what is paid for flows and by the zone."""

from __future__ import annotations

from ayni.base.texts import Word, has_text
from ayni.base.units import canonical_unit
from ayni.ledger.figures.writer import DESIGNED, Writer, at_site
from ayni.ledger.prices import price_per, price_row
from ayni.ledger.schema import Management, PriceItem

PARK = Word("figure.of.total")


def word(name: str) -> object:
    """A code of the account in words, where the catalogue has some; a part of the plant by its technology."""
    technology, _, part = name.partition(".")
    for key in (f"figure.of.{name}", f"technology.{name}", f"technology.{technology}"):
        if has_text(key):
            return Word("figure.part", {"what": Word(key), "part": part}) if technology == "waste_heat" else Word(key)
    return name


def add_flows(writer: Writer) -> None:
    """Water taken, wastewater, and wastes by management; hazardous ones count in both."""
    for kind in ("water", "wastewater"):
        ids = [writer.leaf(stem, "m3", f"figure.{kind}", site) for stem, (site,) in list(writer.stems(kind))]
        writer.total(f"{kind}.total", "m3", f"figure.{kind}", PARK, ids)
    managements = [key.partition(".")[2] for key in writer.account.totals if key.startswith("waste.")]
    totals = []
    for management in managements:
        if management == "total":
            continue
        what = Management(management) if management in list(Management) else word(management)
        stems = list(writer.stems("waste", management))
        ids = [writer.leaf(stem, "t", "figure.waste", at_site(what, site)) for stem, (site,) in stems]
        total = writer.total(f"waste.{management}", "t", "figure.waste", what, ids)
        totals += [total] if management != "hazardous" else []
    writer.total("waste.total", "t", "figure.waste", PARK, totals)


def add_costs(writer: Writer) -> None:
    """``cost.<item>`` of every item and their sum."""
    for stem, (item, listed, site) in list(writer.stems("priced")):
        writer.parts[f"cost.{item}"].append(_listed(writer, stem, item, PriceItem(listed), site))
    for stem, (item, site) in list(writer.stems("paid")):
        writer.parts[f"cost.{item}"].append(writer.leaf(stem, "PEN", "figure.cost", at_site(word(item), site)))
    _add_other_costs(writer)
    totals = [
        writer.total(f"cost.{item}", "PEN", "figure.cost", word(str(item)))
        for item in writer.account.cost.by_item().index
    ]
    writer.total("cost.total", "PEN", "figure.cost", PARK, totals)


def _listed(writer: Writer, stem: str, item: str, listed: PriceItem, site: str) -> str:
    """A quantity at the price list's price."""
    unit = canonical_unit(price_row(writer.ledger, listed).unit)
    what = at_site(listed, site)
    quantity = writer.leaf(stem, unit, "figure.priced", what)
    value = writer.book[quantity].value * price_per(writer.ledger, listed, unit)
    inputs = [quantity, *writer.price_inputs(listed)]
    return writer.derived(
        f"cost.{item}.{listed.value}.{site}", value, "PEN", "figure.cost", what, "amount × price", inputs
    )


def _add_other_costs(writer: Writer) -> None:
    """Yearly costs that no flow carries: what the exchange and the design add."""
    lines = writer.account.cost.lines
    names = set(writer.ledger.other_costs["item"])
    for line in lines.to_dict("records"):
        name = ".".join(part for part in (line["item"], line["component"]) if part)
        if name not in names:
            continue
        what: object = word(line["item"])
        if line["component"]:
            what = Word("figure.part", {"what": what, "part": word(line["component"])})
        stem = f"cost.{name}.{line['site']}"
        ids = writer.made_by
        figure = writer.derived(stem, line["amount"], "PEN", "figure.cost", at_site(what, line["site"]), DESIGNED, ids)
        writer.parts[f"cost.{line['item']}"].append(figure)
