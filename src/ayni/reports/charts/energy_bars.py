"""Pairs of bars, before and after, under one another: energy by carrier, cost by line."""

from __future__ import annotations

import pandas as pd

from ayni.reports.charts.canvas import HALF_WIDTH, SMALL, Canvas, clipped, label_room, text_width
from ayni.reports.style import CHILCA, INK_SOFT, LINE, WALNUT_LIGHT

ROW, HEAD, BAR = 30.0, 4.0, 11.0
"""Height [px] of a pair, of the space above the first one, of a bar."""


def before_after_bars(rows: pd.DataFrame, words: tuple[str, str], *, width: float = HALF_WIDTH) -> str:
    """Bars from zero as SVG. ``rows`` has label, before, after and their texts before_text, after_text, in order.

    ``words`` name the two bars and stand beside the first pair.
    """
    bars = _bars(rows, words)
    label_width = label_room(rows["label"], width)
    room = max((text_width(text, SMALL) for text in bars["text"]), default=0.0) + 8
    largest = max(float(bars["value"].max()), 1e-9)
    lengths = bars["value"].clip(lower=0) / largest * max(width - label_width - room, 40.0)
    bars = bars.assign(left=label_width, right=label_width + lengths, x=label_width + lengths + 6)
    tops = [HEAD + ROW * place for place in range(len(rows))]
    labels = [clipped(label, label_width - 6, SMALL) for label in rows["label"]]
    names = pd.DataFrame({"text": labels, "x": 0.0, "y": [top + BAR + 1 for top in tops]})
    canvas = Canvas(width, HEAD + ROW * max(len(rows), 1))
    zero = pd.DataFrame(
        {"left": [label_width - 1], "right": [label_width], "top": [HEAD - 2], "bottom": [canvas.height - 6]}
    )
    return canvas.svg(
        canvas.rects(zero, LINE),
        canvas.rects(bars, cornerRadiusEnd=2),
        canvas.texts(bars.assign(colour=bars["ink"]), None, fontSize=SMALL),
        canvas.texts(names, fontSize=SMALL),
    )


def _bars(rows: pd.DataFrame, words: tuple[str, str]) -> pd.DataFrame:
    """One row per bar [value, text, top, bottom, y, colour, ink]."""
    parts = []
    for name, word, colour, ink, offset in (
        ("before", words[0], WALNUT_LIGHT, INK_SOFT, 0.0), ("after", words[1], CHILCA, CHILCA, BAR + 1),
    ):  # fmt: skip
        tops = [HEAD + ROW * place + offset for place in range(len(rows))]
        texts = [f"{text}\u2002{word}" if place == 0 else text for place, text in enumerate(rows[f"{name}_text"])]
        parts.append(
            pd.DataFrame(
                {"value": rows[name].to_numpy(float), "text": texts, "top": tops, "colour": colour, "ink": ink}
            )
        )
    bars = pd.concat(parts, ignore_index=True)
    return bars.assign(bottom=bars["top"] + BAR, y=bars["top"] + BAR / 2)
