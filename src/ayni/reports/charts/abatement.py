"""The abatement cost curve: options from the cheapest to the dearest, as wide as what they avoid."""

from __future__ import annotations

import altair as alt
import pandas as pd

from ayni.reports.charts.canvas import FULL_WIDTH, SMALL, inline, text_width, to_svg
from ayni.reports.rows import rows_of
from ayni.reports.style import CHILCA, INK, INK_SOFT, QOLLE

AXIS = 46
"""Rough width [px] of the axis on the left."""


def ordered_options(options: pd.DataFrame) -> pd.DataFrame:
    """Options that avoid something, by cost, with number, left and right [t CO2e/year]."""
    kept = (
        options[(options["avoided"] > 0) & options["cost"].notna()]
        .sort_values(["cost", "option"], kind="stable")
        .reset_index(drop=True)
    )
    right = kept["avoided"].cumsum()
    return kept.assign(number=[str(place + 1) for place in kept.index], left=right - kept["avoided"], right=right)


def abatement_curve(
    options: pd.DataFrame, titles: tuple[str, str], *, width: float = FULL_WIDTH, height: float = 200
) -> str:
    """Bars as SVG: green where an option pays for itself, amber where it costs. ``options`` as ordered_options gives.

    ``titles`` of the axes: across [t CO2e/year] and up [S/ per t CO2e].
    """
    total = float(options["right"].max()) if len(options) else 1.0
    per_pixel = total / (width - AXIS)
    shown = options.assign(
        colour=[CHILCA if cost <= 0 else QOLLE for cost in options["cost"]], zero=0.0,
        centre=(options["left"] + options["right"]) / 2,
        mark=[
            row.number if row.avoided > text_width(row.number, SMALL) * per_pixel else "" for row in rows_of(options)
        ],
    )  # fmt: skip
    x = alt.X("left:Q", scale=alt.Scale(domain=[0, total * 1.001], nice=False),
              axis=alt.Axis(title=titles[0], grid=False, tickCount=6, format=",.0f"))  # fmt: skip
    y = alt.Y("cost:Q", axis=alt.Axis(title=titles[1], tickCount=5, format=",.0f", titleAngle=0, titleAlign="left",
                                      titleAnchor="end", titleY=-10, titleX=-24))  # fmt: skip
    base = alt.Chart(inline(shown))
    colour = alt.Color("colour:N", scale=None)
    zero = alt.Chart(inline(pd.DataFrame({"cost": [0.0]}))).mark_rule(color=INK, strokeWidth=0.8).encode(y=y)
    bars = base.mark_rect(stroke="white", strokeWidth=1).encode(x=x, x2="right:Q", y=y, y2="zero:Q", color=colour)
    marks = [  # on the free side of the zero line, where no other bar and no axis is in the way
        alt.Chart(inline(part)).mark_text(dy=lift, fontSize=SMALL, fontWeight=600, color=INK_SOFT).encode(
            x=alt.X("centre:Q"), y=alt.Y("zero:Q"), text="mark:N"
        )
        for lift, part in ((9, shown[shown["cost"] > 0]), (-7, shown[shown["cost"] <= 0]))
    ]  # fmt: skip
    return to_svg(alt.layer(bars, zero, *marks), width, height)
