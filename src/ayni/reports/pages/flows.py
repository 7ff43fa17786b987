"""Page 2: where energy and materials come from and where they go."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ayni.ledger.schema import Carrier
from ayni.reports.blocks import Block, Notice, Page, Picture
from ayni.reports.charts.sankey import Look, sankey
from ayni.reports.content import Flows, ReportData
from ayni.reports.pages.names import named, short_names
from ayni.reports.style import CARRIER_COLOURS, CHILCA, COCHINEAL, INDIGO, QOLLE, WALNUT
from ayni.reports.voice import Voice
from ayni.reports.wording import sentence, shortened

END_COLOURS: Mapping[str, str] = {
    "product": WALNUT, "park": CHILCA, "recycling": CHILCA, "reuse": CHILCA, "composting": CHILCA,
    "coprocessing": QOLLE, "incineration": QOLLE, "treatment": INDIGO, "sewer": INDIGO,
    "landfill": COCHINEAL, "secure_landfill": COCHINEAL,
}  # fmt: skip
ENDS = tuple(END_COLOURS)
"""Order of the ends on the right, best use first."""


def page(data: ReportData, voice: Voice) -> Page:
    """Both Sankeys, or what is missing for them."""
    names, shorter = (short_names(data.head.firms, length) for length in (26, 22))
    return Page(
        voice.say("flows.title"), voice.say("flows.lead", year=str(data.head.year)),
        (energy_picture(data.flows, names, voice), materials_picture(data.flows, shorter, voice)),
    )  # fmt: skip


def energy_picture(flows: Flows, names: Mapping[str, str], voice: Voice) -> Block:
    """Carriers → uses → firms."""
    energy = flows.energy[flows.energy["energy"] > 0]
    if energy.empty:
        return Notice("info", voice.say("flows.no_energy"), "")
    by_carrier, by_use = (
        energy.groupby(key)["energy"].sum().sort_values(ascending=False) for key in ("carrier", "use")
    )
    total = float(by_carrier.sum())
    look = Look(
        (voice.say("flows.column.carrier"), voice.say("flows.column.use"), voice.say("flows.column.firm")),
        lambda node: _energy_label(node, names, voice), lambda column, count: _joined(column == 2, count, voice),
        voice.number, CARRIER_COLOURS,
    )  # fmt: skip
    values = {
        "carrier": voice.word("Carrier", str(by_carrier.index[0])), "share": voice.percent(by_carrier.iloc[0] / total),
        "use": _use(str(by_use.index[0]), voice), "use_share": voice.percent(by_use.iloc[0] / total),
        "total": voice.number(total),
    }  # fmt: skip
    bands = _bands(energy, ("carrier", "use", "firm"), "energy")
    svg = sankey(bands, look, order=[carrier.value for carrier in Carrier], whole=(0,), height=372, margins=(140, 196))
    return Picture(svg, sentence(voice.say("flows.energy_title", **values)), voice.say("flows.energy_alt", **values),
                   voice.say("flows.energy_source"))  # fmt: skip


def materials_picture(flows: Flows, names: Mapping[str, str], voice: Voice) -> Block:
    """Resources → firms → products, and ways of management."""
    materials = flows.materials[flows.materials["amount"] > 0]
    if materials.empty:
        return Notice("info", voice.say("flows.no_materials"), "")
    coming, going = materials[materials["side"] == "in"], materials[materials["side"] == "out"]
    bands = pd.concat([
        _band(coming, "end", "firm", "amount", 0).assign(origin=lambda frame: "resource:" + frame["origin"]),
        _band(going, "firm", "end", "amount", 1),
    ])  # fmt: skip
    look = Look(
        (voice.say("flows.column.resource"), voice.say("flows.column.firm"), voice.say("flows.column.end")),
        lambda node: _material_label(node, names, voice), lambda column, count: _joined(column == 1, count, voice),
        voice.number, END_COLOURS,
    )  # fmt: skip
    wasted = float(going[~going["end"].isin(["product", "park"])]["amount"].sum())
    buried = going.groupby("end")["amount"].sum()
    values = {"total": voice.number(float(coming["amount"].sum())), "waste": voice.number(wasted),
              "landfill": voice.number(float(buried.get("landfill", 0.0))),
              "secure": voice.number(float(buried.get("secure_landfill", 0.0)))}  # fmt: skip
    svg = sankey(bands, look, order=ENDS, whole=(2,), height=372, margins=(158, 140), middle=0.4)
    return Picture(svg, voice.say("flows.materials_title", **values), voice.say("flows.materials_alt", **values),
                   voice.say("flows.materials_source"))  # fmt: skip


def _bands(frame: pd.DataFrame, names: tuple[str, str, str], amount: str) -> pd.DataFrame:
    left, middle, right = names
    return pd.concat([_band(frame, left, middle, amount, 0), _band(frame, middle, right, amount, 1)])


def _band(frame: pd.DataFrame, origin: str, destination: str, amount: str, column: int) -> pd.DataFrame:
    renamed = frame[[origin, destination, amount]].set_axis(["origin", "destination", "amount"], axis="columns")
    return renamed.assign(column=column)


def _energy_label(node: str, names: Mapping[str, str], voice: Voice) -> str:
    if node in names:
        return names[node]
    return voice.title("Carrier", node) if node in CARRIER_COLOURS else sentence(_use(node, voice))


def _use(code: str, voice: Voice) -> str:
    return voice.say("flows.unassigned") if code == "unassigned" else voice.word("EquipmentKind", code)


def _material_label(node: str, names: Mapping[str, str], voice: Voice) -> str:
    if node.startswith("resource:"):
        return sentence(shortened(node.removeprefix("resource:"), 22))
    return named(node, names) if node in names else voice.title("Management", node)


def _joined(is_firms: bool, count: int, voice: Voice) -> str:
    return voice.say("flows.other_firms" if is_firms else "flows.others", count=count)
