"""The park's load by month and hour of the day, dark where it is high, peak hours framed."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from ayni.reports.charts.canvas import HALF_WIDTH, SMALL, Canvas
from ayni.reports.style import INDIGO, INK_SOFT, QOLLE

LEFT, TOP, ROW = 34.0, 4.0, 12.0
TINTS = ("#eef2f7", "#d3deeb", "#b1c4da", "#8aa5c4", "#5f82ab", "#3f6493", INDIGO)
HOURS = 24


def load_map(
    loads: pd.DataFrame,
    months: Sequence[str],
    peak: tuple[int, int],
    words: tuple[str, str],
    *,
    width: float = HALF_WIDTH,
) -> str:
    """Tiles as SVG. ``loads`` has month (1–12), hour (0–23), power; ``peak`` are the first and the ending peak hour.

    ``words`` say what the lightest and the darkest tile mean.
    """  # fmt: skip
    column = (width - LEFT) / HOURS
    low, high = float(loads["power"].min()), float(loads["power"].max())
    share = (loads["power"] - low) / max(high - low, 1e-9)
    left, top = LEFT + loads["hour"] * column, TOP + (loads["month"] - 1) * ROW
    tiles = loads.assign(
        left=left, right=left + column - 0.8, top=top, bottom=top + ROW - 0.8,
        colour=[TINTS[min(int(value * len(TINTS)), len(TINTS) - 1)] for value in share],
    )  # fmt: skip
    floor = TOP + 12 * ROW
    names = pd.DataFrame({"text": list(months), "x": 0.0, "y": [TOP + ROW * month + ROW / 2 for month in range(12)]})
    ticks = (0, 6, 12, 18)
    hours = pd.DataFrame({
        "text": [f"{hour} h" for hour in ticks], "x": [LEFT + column * hour for hour in ticks], "y": floor + 9
    })  # fmt: skip
    frame = pd.DataFrame({
        "left": [LEFT + peak[0] * column - 0.6], "right": [LEFT + peak[1] * column], "top": [TOP - 1.5],
        "bottom": [floor + 0.7],
    })  # fmt: skip
    canvas = Canvas(width, floor + 36)
    return canvas.svg(
        canvas.rects(tiles),
        canvas.rects(frame, "transparent", stroke=QOLLE, strokeWidth=1.6),
        canvas.texts(names, INK_SOFT, fontSize=SMALL - 1),
        canvas.texts(hours, INK_SOFT, fontSize=SMALL),
        *_key(canvas, words, floor + 26),
    )


def _key(canvas: Canvas, words: tuple[str, str], y: float) -> tuple[alt.Chart, ...]:
    """The tints from light to dark between the two words."""
    start = LEFT + 8 * len(TINTS)
    tints = pd.DataFrame({
        "left": [canvas.width / 2 - start / 2 + 12 * place for place in range(len(TINTS))], "colour": list(TINTS)
    })  # fmt: skip
    tints = tints.assign(right=tints["left"] + 11.2, top=y - 5, bottom=y + 5)
    before = pd.DataFrame({"text": [words[0]], "x": [tints["left"].iloc[0] - 6], "y": [y]})
    after = pd.DataFrame({"text": [words[1]], "x": [tints["right"].iloc[-1] + 6], "y": [y]})
    return (
        canvas.rects(tints),
        canvas.texts(before, INK_SOFT, align="right", fontSize=SMALL),
        canvas.texts(after, INK_SOFT, fontSize=SMALL),
    )
