"""What the plan builds: one bar per technology, drawn to its share of the investment, with its size in words."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ayni.reports.charts.canvas import HALF_WIDTH, SMALL, Canvas, clipped, text_width
from ayni.reports.rows import rows_of
from ayni.reports.style import CHILCA, INK_SOFT

ROW, BAR = 31.0, 10.0


def capacity_bars(rows: pd.DataFrame, *, width: float = HALF_WIDTH) -> str:
    """Bars as SVG. ``rows`` has label, size_text, value (length of the bar), value_text, in order.

    Sizes have different units (MW, MWh), so the bars show the investment, which all have in common.
    """
    room = max((text_width(text, SMALL) for text in rows["value_text"]), default=0.0) + 8
    tops = pd.Series([ROW * place for place in range(len(rows))], index=rows.index, dtype=float)
    ends = rows["value"] / max(float(rows["value"].max()) if len(rows) else 0.0, 1e-9) * (width - room)
    shown = rows.assign(
        left=0.0, right=ends, top=tops + 16, bottom=tops + 16 + BAR, x=ends + 5, y=tops + 16 + BAR / 2,
        name_y=tops + 8, text=[_words(row, width) for row in rows_of(rows)],
    )  # fmt: skip
    canvas = Canvas(width, ROW * max(len(rows), 1))
    return canvas.svg(
        canvas.rects(shown, CHILCA, cornerRadiusEnd=2),
        canvas.texts(shown, x="left", y="name_y", fontSize=SMALL),
        canvas.texts(shown, INK_SOFT, text="value_text", fontSize=SMALL),
    )


def _words(row: Any, width: float) -> str:
    """Name and size over the bar; a long name is cut, the size never."""
    size = f"\u2002{row.size_text}"
    return clipped(row.label, width - text_width(size, SMALL), SMALL) + size
