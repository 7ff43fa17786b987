"""Page 3: emissions and cost by firm, what electricity is paid for, water and waste, balances that stay open."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from ayni.ledger.schema import Carrier
from ayni.reports.blocks import Block, Cell, Column, Columns, Notice, Page, Picture, Table
from ayni.reports.charts.footprint import stacked_bars
from ayni.reports.content import Footprint, ReportData
from ayni.reports.pages.names import coded, named, short_names
from ayni.reports.pages.tables import fitted
from ayni.reports.rows import rows_of
from ayni.reports.style import CARRIER_COLOURS, INDIGO, ITEM_COLOURS, series_colours
from ayni.reports.voice import Voice
from ayni.reports.wording import sentence

FIRMS_MAX, TABLE_ROWS, BALANCE_ROOM = 14, 6, 12.0
CARRIERS = tuple(carrier.value for carrier in Carrier)


def page(data: ReportData, voice: Voice) -> Page:
    """The footprint and its cost."""
    part, names = data.footprint, short_names(data.head.firms, 28)
    by_firm = Columns(((emissions_picture(part, names, voice),), (cost_picture(part, names, voice),)), (1.0, 1.0))
    below = Columns(
        ((electricity_picture(part, voice), tariff_notice(part, voice)), (*resource_tables(part, voice),)), (1.0, 1.0)
    )
    return Page(
        voice.say("footprint.title"), voice.say("footprint.lead"), (by_firm, below, balance_table(part, names, voice))
    )


def _stacked(
    frame: pd.DataFrame, value: str, names: Mapping[str, str], voice: Voice, text: Callable[[float], str]
) -> pd.DataFrame:
    """Rows for stacked_bars, largest firm first; firms beyond the first ones are joined."""
    totals = frame.groupby("firm")[value].sum().sort_values(ascending=False, kind="stable")
    kept = list(totals.index[: FIRMS_MAX - 1 if len(totals) > FIRMS_MAX else FIRMS_MAX])
    rest = voice.say("flows.other_firms", count=len(totals) - len(kept))
    labels = {firm: named(firm, names) for firm in kept}
    rows = frame.assign(label=[labels.get(firm, rest) for firm in frame["firm"]], value=frame[value])
    rows = rows.groupby(["label", "part"], as_index=False, sort=False)[["value"]].sum()
    sums = rows.groupby("label")["value"].sum()
    place = {label: number for number, label in enumerate([*labels.values(), rest])}
    rows = rows.assign(
        place=rows["label"].map(place), total_text=rows["label"].map(sums).map(text), value=rows["value"].clip(lower=0)
    )
    return rows.sort_values("place", kind="stable")


def _top_share(frame: pd.DataFrame, value: str, voice: Voice) -> dict[str, str]:
    """The three largest firms' part of the whole."""
    totals = frame.groupby("firm")[value].sum().sort_values(ascending=False)
    count = min(3, len(totals))
    return {"count": str(count), "share": voice.percent(totals.iloc[:count].sum() / max(totals.sum(), 1e-9))}


def emissions_picture(part: Footprint, names: Mapping[str, str], voice: Voice) -> Block:
    """T CO₂e per firm and carrier."""
    frame = part.emissions.assign(part=part.emissions["carrier"])
    total = float(frame["co2e"].sum())
    if total <= 0:
        return Notice("info", voice.say("footprint.no_emissions"), "")
    used = [carrier for carrier in CARRIERS if (frame.loc[frame["carrier"] == carrier, "co2e"] > 0).any()]
    colours = {carrier: CARRIER_COLOURS[carrier] for carrier in used}
    values = {"total": voice.number(total), **_top_share(frame, "co2e", voice)}
    key = "footprint.emissions_title" if frame["firm"].nunique() > 3 else "footprint.emissions_title_few"
    svg = stacked_bars(_stacked(frame[frame["co2e"] > 0], "co2e", names, voice, voice.number), colours)
    words = tuple((colour, voice.word("Carrier", carrier)) for carrier, colour in colours.items())
    return Picture(svg, voice.say(key, **values), voice.say("footprint.emissions_alt", **values),
                   voice.say("footprint.emissions_source"), words)  # fmt: skip


def cost_picture(part: Footprint, names: Mapping[str, str], voice: Voice) -> Block:
    """Thousand soles per firm and item; the smallest items are joined."""
    total = float(part.cost["amount"].sum())
    if total <= 0:
        return Notice("info", voice.say("footprint.no_cost"), "")
    sums = part.cost.groupby("item")["amount"].sum().sort_values(ascending=False)
    main = list(sums.index[:6] if len(sums) > 7 else sums.index[:7])
    frame = part.cost.assign(
        part=part.cost["item"].where(part.cost["item"].isin(main), "others"), amount=part.cost["amount"] / 1000
    )
    parts = [*main, *(["others"] if len(sums) > len(main) else [])]
    colours = series_colours(parts, ITEM_COLOURS)
    values = {"total": voice.money(total), "item": voice.word("item", str(sums.index[0])),
              "share": voice.percent(sums.iloc[0] / total)}  # fmt: skip
    svg = stacked_bars(_stacked(frame, "amount", names, voice, voice.number), colours)
    words = tuple((colour, voice.word("item", item)) for item, colour in colours.items())
    return Picture(svg, voice.say("footprint.cost_title", **values), voice.say("footprint.cost_alt", **values),
                   voice.say("footprint.cost_source"), words)  # fmt: skip


def electricity_picture(part: Footprint, voice: Voice) -> Block:
    """What electricity is paid for, by component of the tariffs."""
    power = (
        part.cost[part.cost["item"] == "electricity"].groupby("component")["amount"].sum().sort_values(ascending=False)
    )
    power = power[power > 0]
    if power.empty:
        return Notice("info", voice.say("footprint.no_electricity"), "")
    total = float(power.sum())
    rows = pd.DataFrame({
        "label": [voice.title("figure.component", str(name)) for name in power.index], "part": "electricity",
        "value": power.to_numpy() / 1000,
        "total_text": [f"{voice.number(amount / 1000)} · {voice.percent(amount / total)}" for amount in power],
    })  # fmt: skip
    values = {"total": voice.money(total), "component": voice.word("figure.component", str(power.index[0])),
              "share": voice.percent(power.iloc[0] / total)}  # fmt: skip
    svg = stacked_bars(rows, {"electricity": INDIGO})
    title = sentence(voice.say("footprint.electricity_title", **values))
    return Picture(
        svg, title, voice.say("footprint.electricity_alt", **values), voice.say("footprint.electricity_source")
    )


def tariff_notice(part: Footprint, voice: Voice) -> Notice:
    """Which tariff options are used, and that the date of their sheet is not known."""
    options = part.tariffs.groupby("option", sort=True)["firm"].count()
    words = ", ".join(f"{voice.word('TariffOption', str(option))} ({count})" for option, count in options.items())
    return Notice("warn", voice.say("footprint.tariff_title"), voice.say("footprint.tariff_text", options=words))


def resource_tables(part: Footprint, voice: Voice) -> list[Block]:
    """Water and wastewater; wastes by way of management."""
    return [_water_table(part.water, voice), _waste_table(part.waste, voice)]


def _water_table(water: pd.DataFrame, voice: Voice) -> Table:
    sums = water.groupby(["kind", "way"], sort=False)["amount"].sum().reset_index()
    rows = [
        (Cell(f"{voice.title('FlowKind', row.kind)}: {voice.word('way', row.way)}"), Cell(voice.number(row.amount)))
        for row in rows_of(sums[sums["amount"] > 0].head(TABLE_ROWS))
    ]
    columns = (Column(voice.say("footprint.water"), share=1.0), Column("m³", True))
    return Table(columns, tuple(rows), voice.say("footprint.water_title"), is_small=True)


def _waste_table(waste: pd.DataFrame, voice: Voice) -> Table:
    hazardous = waste["amount"].where(waste["hazardous"].astype(bool), 0.0)
    sums = waste.assign(hazardous=hazardous).groupby("management", sort=False)[["amount", "hazardous"]].sum()
    rows = [
        (
            Cell(voice.title("Management", row.management)),
            Cell(voice.number(row.amount)),
            Cell(voice.number(row.hazardous)),
        )
        for row in rows_of(sums.sort_values("amount", ascending=False).reset_index().head(TABLE_ROWS))
    ]
    columns = (
        Column(voice.say("footprint.management"), share=1.0), Column("t", True),
        Column(voice.say("footprint.hazardous"), True),
    )  # fmt: skip
    return Table(columns, tuple(rows), voice.say("footprint.waste_title"), is_small=True)


def balance_table(part: Footprint, names: Mapping[str, str], voice: Voice) -> Block:
    """Processes whose balance is open or can't be drawn; a line of words where all are closed."""
    if part.balances.empty:
        return Notice("none", voice.say("footprint.no_balances"), "")
    odd = part.balances[part.balances["verdict"] != "balanced"]
    closed = len(part.balances) - len(odd)
    title = voice.say("footprint.balances_title", closed=closed, total=len(part.balances))
    if odd.empty:
        return Notice("go", title, "")
    order = odd.assign(size=(odd["residual"].abs() / odd["tolerance"]).fillna(0.0)).sort_values("size", ascending=False)
    rows = [
        (
            Cell(str(row.process), small=named(row.firm, names)), Cell(voice.number(row.amount_in)),
            Cell(voice.number(row.amount_out)), Cell(voice.number(row.residual)),
            Cell("± " * pd.notna(row.tolerance) + voice.number(row.tolerance)),
            Cell(voice.unit(row.unit)), coded("balance", row.verdict, voice),
        )
        for row in rows_of(order)
    ]  # fmt: skip
    titles = ("process", "in", "out", "residual", "tolerance", "unit", "verdict")
    columns = tuple(
        Column(voice.say(f"footprint.balance.{name}"), 1 <= place <= 4, 0.0 if place else 1.0, 0 if place else 45)
        for place, name in enumerate(titles)
    )
    return fitted(columns, rows, BALANCE_ROOM, title, voice)
