"""Stacked bars per firm: emissions or cost by carrier or item, totals at the ends."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ayni.reports.charts.canvas import HALF_WIDTH, SMALL, Canvas, clipped, label_room, text_width
from ayni.reports.style import CARD, INK_SOFT

ROW = 20.0
"""Height [px] of a bar with its gap."""


def stacked_bars(rows: pd.DataFrame, colours: Mapping[str, str], *, width: float = HALF_WIDTH) -> str:
    """Bars as SVG. ``rows`` has label, part, value, and total_text (the same on all rows of a label), in order.

    ``colours`` give the parts' colours and their order from the left.
    """
    totals = rows.groupby("label", sort=False).agg(value=("value", "sum"), text=("total_text", "first")).reset_index()
    label_width = label_room(totals["label"], width)
    room = max((text_width(text, SMALL) for text in totals["text"]), default=0.0) + 8
    scale = max(width - label_width - room, 30.0) / max(float(totals["value"].max()), 1e-9) if len(totals) else 0.0
    place = {label: number for number, label in enumerate(totals["label"])}
    order = {part: number for number, part in enumerate(colours)}
    parts = rows.assign(order=rows["part"].map(order)).sort_values("order", kind="stable")
    ends = label_width + parts.groupby("label")["value"].cumsum() * scale
    tops = parts["label"].map(place) * ROW + 3
    parts = parts.assign(
        left=ends - parts["value"] * scale, right=ends, top=tops, bottom=tops + ROW - 6,
        colour=parts["part"].map(colours),
    )  # fmt: skip
    totals = totals.assign(
        x=label_width + totals["value"].clip(lower=0) * scale + 5, y=totals["label"].map(place) * ROW + ROW / 2
    )
    names = [clipped(label, label_width - 6, SMALL) for label in totals["label"]]
    canvas = Canvas(width, ROW * max(len(totals), 1) + 4)
    return canvas.svg(
        canvas.rects(parts, stroke=CARD, strokeWidth=0.6),
        canvas.texts(totals, INK_SOFT, fontSize=SMALL),
        canvas.texts(totals.assign(x=0.0, text=names), fontSize=SMALL),
    )
