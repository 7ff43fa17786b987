"""A week, hour by hour: what supplies the park, stacked, and the load as a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from ayni.reports.charts.canvas import HALF_WIDTH, inline, to_svg
from ayni.reports.style import INK, LINE

HOURS = 168
STEP_EXPRESSION = "indexof({hours}, datum.value) >= 0 ? {names}[indexof({hours}, datum.value)] : ''"


def week_chart(
    rows: pd.DataFrame,
    colours: Mapping[str, str],
    days: Sequence[str],
    unit: str,
    power_max: float,
    *,
    width: float = HALF_WIDTH,
    height: float = 150,
) -> str:
    """Areas as SVG. ``rows`` has hour (0–167), flow, power; the flow ``demand`` is the line.

    ``colours`` give the flows' colours and their order from below; ``days`` seven short names; ``power_max`` is the
    top of the axis, so that two weeks beside one another share it.
    """
    noons = [24 * day + 12 for day in range(len(days))]
    names = STEP_EXPRESSION.format(hours=noons, names=list(days))
    x = alt.X(
        "hour:Q", scale=alt.Scale(domain=[0, HOURS], nice=False),
        axis=alt.Axis(values=noons, labelExpr=names, grid=False, title=None, labelOverlap=False),
    )  # fmt: skip
    axis = alt.Axis(title=unit, tickCount=4, titleAngle=0, titleAlign="left", titleAnchor="end", titleY=-8, titleX=-18)
    y = alt.Y("power:Q", stack="zero", scale=alt.Scale(domain=[0, power_max], nice=False), axis=axis)
    order = {flow: place for place, flow in enumerate(colours)}
    rows = rows[["hour", "flow", "power"]]
    supply = rows[rows["flow"].isin(colours)]
    supply = supply.assign(colour=supply["flow"].map(colours), place=supply["flow"].map(order))
    midnights = pd.DataFrame({"hour": [24 * day for day in range(1, len(days))]})
    layers = (
        alt.Chart(inline(supply)).mark_area(interpolate="step-after", opacity=0.85).encode(
            x=x, y=y, color=alt.Color("colour:N", scale=None), detail="flow:N", order="place:O"
        ),
        alt.Chart(inline(midnights)).mark_rule(color=LINE, strokeWidth=0.7).encode(x=x),
        alt.Chart(inline(rows[rows["flow"] == "demand"])).mark_line(
            interpolate="step-after", color=INK, strokeWidth=1.1
        ).encode(x=x, y=alt.Y("power:Q", axis=axis)),
    )  # fmt: skip
    return to_svg(alt.layer(*layers), width, height)
