"""What every chart shares: the size of the page in pixels, the look, and the way to SVG."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, cast

import altair as alt
import pandas as pd
import vl_convert

from ayni.reports.style import CARD, FONT, FONT_FOLDER, INK, INK_SOFT, LINE
from ayni.reports.wording import shortened

FULL_WIDTH, HALF_WIDTH = 630, 294
"""Pixels across a card of the page and across one of half its width; one pixel is 0.75 pt on paper."""

TEXT, SMALL = 12, 11
"""Type sizes [px]: 9 pt and 8.25 pt on paper."""

HALO: dict[str, Any] = {"stroke": CARD, "strokeWidth": 3, "strokeJoin": "round", "strokeOpacity": 0.8}
"""The white line around letters that lie on colour; drawn under the letters themselves."""

CONFIG: dict[str, Any] = {
    "font": FONT,
    "background": "transparent",
    "view": {"stroke": None},
    "text": {"font": FONT, "fontSize": TEXT, "color": INK},
    "axis": {
        "labelFont": FONT, "titleFont": FONT, "labelFontSize": SMALL, "titleFontSize": SMALL,
        "labelColor": INK_SOFT, "titleColor": INK_SOFT, "titleFontWeight": "normal", "domain": False, "ticks": False,
        "gridColor": LINE, "labelPadding": 4, "titlePadding": 6,
    },
    "legend": {"disable": True},
}  # fmt: skip

CHARACTER_WIDTHS = {
    **dict.fromkeys("ijl.,:;'|!·", 0.25), **dict.fromkeys("frt()[]/- ", 0.32), **dict.fromkeys("mwMW%—", 0.82),
    **dict.fromkeys("ABCDEFGHKLNOPQRSTUVXYZ", 0.58),
}  # fmt: skip


Align = Literal["left", "center", "right"]


def text_width(text: str, size: float = TEXT) -> float:
    """Rough width [px] of ``text`` in the report's typeface, on the safe side."""
    return size * sum(CHARACTER_WIDTHS.get(character, 0.51) for character in text)


def clipped(text: str, width: float, size: float = TEXT) -> str:
    """``text`` cut so that it fits into ``width`` [px]."""
    length = len(text)
    while length > 2 and text_width(shortened(text, length), size) > width:
        length -= 1
    return shortened(text, length)


def label_room(labels: Iterable[str], width: float, size: float = SMALL, share: float = 0.48) -> float:
    """Room [px] for labels left of the bars: what the longest needs, at most ``share`` of the drawing."""
    return min(max((text_width(label, size) for label in labels), default=0.0) + 10, share * width)


def inline(frame: pd.DataFrame) -> alt.InlineData:
    """Rows of a table as chart data."""
    return alt.InlineData(values=cast("list[dict[str, Any]]", frame.to_dict("records")))


@cache
def _font_is_known() -> bool:
    vl_convert.register_font_directory(FONT_FOLDER)
    return True


def to_svg(chart: Any, width: float, height: float, *, free: bool = False) -> str:
    """The SVG text of ``chart``, exactly ``width`` × ``height`` pixels.

    ``free`` charts place everything in pixels themselves; in the others axes and labels are fitted into the size.
    """
    _font_is_known()
    size = alt.AutoSizeParams(type="none" if free else "fit", contains="padding")
    sized = chart.properties(width=width, height=height, autosize=size, padding=0 if free else 2)
    return str(vl_convert.vegalite_to_svg(sized.to_dict(), config=CONFIG, allowed_base_urls=[]))


@dataclass(frozen=True)
class Canvas:
    """A drawing whose data are pixels from the top left corner; marks are Altair layers.

    Every mark takes a table; a ``colour`` given by name is the same for all rows, else the column ``colour`` holds it.
    """

    width: float
    height: float

    def _x(self, name: str) -> alt.X:
        scale = alt.Scale(domain=[0, self.width], range=[0, self.width], nice=False, zero=False)
        return alt.X(f"{name}:Q", scale=scale, axis=None)

    def _y(self, name: str) -> alt.Y:
        scale = alt.Scale(domain=[0, self.height], range=[0, self.height], nice=False, zero=False)
        return alt.Y(f"{name}:Q", scale=scale, axis=None)

    def rects(
        self, frame: pd.DataFrame, colour: str | None = None, *, left: str = "left", right: str = "right", **style: Any
    ) -> alt.Chart:
        """Rectangles from left, right, top, bottom."""
        return _coloured(alt.Chart(inline(frame)).mark_rect(**style).encode(
            x=self._x(left), x2=f"{right}:Q", y=self._y("top"), y2="bottom:Q"
        ), colour)  # fmt: skip

    def areas(self, frame: pd.DataFrame, band: str, colour: str | None = None, **style: Any) -> alt.Chart:
        """One filled area per value of ``band``, sampled at x, top, bottom."""
        return _coloured(alt.Chart(inline(frame)).mark_area(**style).encode(
            x=self._x("x"), y=self._y("top"), y2="bottom:Q", detail=f"{band}:N"
        ), colour)  # fmt: skip

    def lines(self, frame: pd.DataFrame, line: str, colour: str | None = None, **style: Any) -> alt.Chart:
        """One line per value of ``line`` through x, y in the order of the rows."""
        numbered = frame.assign(place=range(len(frame)))
        return _coloured(alt.Chart(inline(numbered)).mark_line(**style).encode(
            x=self._x("x"), y=self._y("y"), detail=f"{line}:N", order="place:Q"
        ), colour)  # fmt: skip

    def points(self, frame: pd.DataFrame, colour: str | None = None, **style: Any) -> alt.Chart:
        """Points at x, y, of the size in square pixels that the column ``size`` or the style gives."""
        chart = (
            alt.Chart(inline(frame)).mark_point(filled=True, opacity=1, **style).encode(x=self._x("x"), y=self._y("y"))
        )
        if "size" in frame:
            chart = chart.encode(size=alt.Size("size:Q", scale=None))
        return _coloured(chart, colour)

    def texts(
        self,
        frame: pd.DataFrame,
        colour: str | None = INK,
        *,
        x: str = "x",
        y: str = "y",
        text: str = "text",
        align: Align = "left",
        **style: Any,
    ) -> alt.Chart:
        """Words at x, y, in the middle of their line."""
        return _coloured(alt.Chart(inline(frame)).mark_text(align=align, baseline="middle", **style).encode(
            x=self._x(x), y=self._y(y), text=f"{text}:N"
        ), colour)  # fmt: skip

    def svg(self, *layers: alt.Chart) -> str:
        """The drawing as SVG, later layers on top."""
        return to_svg(alt.layer(*layers), self.width, self.height, free=True)


def _coloured(chart: alt.Chart, colour: str | None) -> alt.Chart:
    return chart.encode(color=alt.value(colour) if colour else alt.Color("colour:N", scale=None))
