"""Page 7: a summer and a winter week of the plan, and when the park needs its power."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ayni.reports.blocks import Block, Columns, Heading, Notice, Page, Picture
from ayni.reports.charts.load_map import load_map
from ayni.reports.charts.typical_week import week_chart
from ayni.reports.content import Design, Head
from ayni.reports.pages.names import named, short_names
from ayni.reports.rows import rows_of
from ayni.reports.style import CHILCA, COCHINEAL, INDIGO, QOLLE, WALNUT, WALNUT_LIGHT, series_colours
from ayni.reports.voice import Voice

SEASONS = ("summer", "winter")
DEMAND = "demand"
PEAK = (18, 23)
FLOW_COLOURS = {
    "grid": INDIGO, "pv_roof": CHILCA, "battery_discharge": "#8aa5c4", "gas_engine_chp": QOLLE,
    "existing_boilers": WALNUT, "gas_boiler_steam": "#dfb269", "electric_boiler": INDIGO, "heat_pump": "#8aa5c4",
    "solar_thermal_flat_plate": CHILCA, "waste_heat": COCHINEAL, "heat_store_discharge": WALNUT_LIGHT,
}  # fmt: skip
"""Electricity indigo, gas qolle, the sun chilca, what is there already walnut."""


def page(head: Head, part: Design, voice: Voice) -> Page:
    """The weeks and the loads."""
    blocks: list[Block] = []
    for carrier in ("electricity", "heat"):
        weeks = part.weeks[part.weeks["carrier"] == carrier]
        if weeks["power"].abs().sum() > 0:
            blocks += [Heading(voice.say(f"weeks.{carrier}")), _two_weeks(weeks, carrier, voice)]
    blocks.append(Columns(((load_picture(part, voice),), (profile_notice(head, part, voice),)), (1.0, 1.0)))
    return Page(voice.say("weeks.title"), voice.say("weeks.lead"), tuple(blocks))


def _two_weeks(weeks: pd.DataFrame, carrier: str, voice: Voice) -> Columns:
    flows = weeks[weeks["flow"] != DEMAND].groupby("flow")["power"].sum()
    order = list(flows[flows > 1e-6].sort_values(ascending=False, kind="stable").index)
    colours = series_colours(order, FLOW_COLOURS)
    stacked = weeks[weeks["flow"] != DEMAND].groupby(["season", "hour"])["power"].sum().max()
    demand = weeks[weeks["flow"] == DEMAND]["power"].max()
    top = float(np.nanmax([stacked, demand, 1e-3])) * 1.08
    pictures = tuple(
        (_week(weeks[weeks["season"] == season], season, carrier, colours, top, voice),) for season in SEASONS
    )
    return Columns(pictures, (1.0, 1.0))


def _week(rows: pd.DataFrame, season: str, carrier: str, colours: dict[str, str], top: float, voice: Voice) -> Picture:
    sums = rows.groupby("flow")["power"].sum()
    load = float(sums.get(DEMAND, sums.sum()))
    main = sums.drop(DEMAND, errors="ignore").sort_values(ascending=False)
    first = str(main.index[0]) if len(main) else DEMAND
    values = {"season": voice.word("season", season),
              "start": rows["start"].iloc[0].date(), "flow": voice.word("flow", first),
              "share": voice.percent(float(main.iloc[0]) / load if len(main) and load else 0.0)}  # fmt: skip
    key = tuple((colour, voice.word("flow", flow)) for flow, colour in colours.items())
    svg = week_chart(rows, colours, voice.days(), "MW", top)
    return Picture(svg, voice.say("weeks.week_title", **values), voice.say(f"weeks.{carrier}_alt", **values),
                   voice.say("weeks.source"), key)  # fmt: skip


def load_picture(part: Design, voice: Voice) -> Picture:
    """Mean load by month and hour."""
    highest = next(rows_of(part.loads.nlargest(1, "power")))
    low, high = (voice.amount(float(value), "MW") for value in (part.loads["power"].min(), part.loads["power"].max()))
    values = {
        "month": voice.months("wide")[highest.month - 1],
        "hour": str(highest.hour),
        "low": low,
        "high": high,
    }
    svg = load_map(part.loads, voice.months(), PEAK, (low, high))
    return Picture(
        svg,
        voice.say("weeks.load_title", **values),
        voice.say("weeks.load_alt", **values),
        voice.say("weeks.load_source"),
    )


def profile_notice(head: Head, part: Design, voice: Voice) -> Notice:
    """Which load shapes were measured elsewhere."""
    names = short_names(head.firms, 40)
    if part.foreign_profiles.empty:
        return Notice("info", voice.say("weeks.shapes_title"), voice.say("weeks.shapes_text"))
    lines = "; ".join(f"{named(row.firm, names)}: {row.source}" for row in rows_of(part.foreign_profiles))
    return Notice("warn", voice.say("weeks.foreign_title"), voice.say("weeks.foreign_text", profiles=lines))
