"""Charts of pages: a picture, what it says, and the same numbers as a table.

A page passes a ``Chart`` to ``site/chart.html`` and puts ``site/chart_scripts.html`` into its head. Each chart is laid
out twice, for a wide place and for the phone; ``ayni/charts.js`` draws the one that fits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
from babel.dates import get_month_names

from ayni.base.texts import LOCALES, Language, number, say, unit_words
from ayni.portal.site.language import page_language
from ayni.reports.style import CHILCA, FONT, INK, INK_SOFT, LINE, SERIES, WALNUT_LIGHT

TEXT = 13
"""Type size [px]."""
NOT_KNOWN = "–"
CONFIG: dict[str, Any] = {
    "font": FONT, "background": "transparent", "view": {"stroke": None},
    "text": {"font": FONT, "fontSize": TEXT, "color": INK_SOFT},
    "axis": {
        "labelFont": FONT, "titleFont": FONT, "labelFontSize": TEXT, "titleFontSize": TEXT, "labelColor": INK_SOFT,
        "titleColor": INK_SOFT, "titleFontWeight": "normal", "domain": False, "ticks": False, "gridColor": LINE,
        "labelPadding": 6, "titlePadding": 8,
    },
    "legend": {
        "labelFont": FONT, "labelFontSize": TEXT, "labelColor": INK, "orient": "top", "title": None,
        "symbolType": "square", "labelLimit": 260,
    },
}  # fmt: skip


@dataclass(frozen=True)
class ChartTable:
    """The numbers of a chart for those who read with a screen reader: words and numbers already in their form.

    ``headers`` and each row are of one length; the columns named in ``numeric`` (by place, from 0) stand on the right.
    """

    headers: Sequence[str]
    rows: Sequence[Sequence[str]]
    numeric: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Chart:
    """What ``site/chart.html`` shows. One of ``spec`` (Vega-Lite) and ``svg`` is given.

    ``title`` says what is seen; ``note`` names source and stage. ``narrow`` is the spec for the phone, where it is
    another one. An SVG carries no style attribute and no script: the Content-Security-Policy forbids both.
    """

    id: str
    title: str
    table: ChartTable
    note: str = ""
    spec: Mapping[str, Any] | None = None
    svg: str = ""
    narrow: Mapping[str, Any] | None = None

    @property
    def data_id(self) -> str:
        """The id of the data block."""
        return f"{self.id}-data"

    @property
    def layouts(self) -> dict[str, Any]:
        """The data block that ``ayni/charts.js`` reads: the wide and the narrow spec."""
        return {"wide": self.spec, "narrow": self.narrow or self.spec}


@dataclass(frozen=True)
class Series:
    """Values of one name, in the order of the categories; None is not known. Without a colour the next free one."""

    label: str
    values: Sequence[float | None]
    colour: str = ""


@dataclass(frozen=True)
class Bars:
    """Bars as a builder lays them out: one row per bar, in order."""

    values: list[dict[str, Any]]
    categories: list[str]
    names: list[str]
    colours: list[str]

    @property
    def largest(self) -> float:
        """The end of the longest bar."""
        return max((row["value"] for row in self.values), default=0.0)


def month_names(language: Language) -> list[str]:
    """Short names of the months, such as ``ene``."""
    names = get_month_names("abbreviated", locale=LOCALES[language])
    return [names[month].rstrip(".") for month in range(1, 13)]


def before_after(
    chart_id: str, title: str, categories: Sequence[str], before: Sequence[float | None],
    after: Sequence[float | None], unit: str, *, note: str = "",
) -> Chart:  # fmt: skip
    """Pairs of horizontal bars, one pair per category, with their numbers at the end."""
    language = page_language()
    words = [say(f"site.chart.{when}", language) for when in ("before", "after")]
    series = [Series(words[0], before, WALNUT_LIGHT), Series(words[1], after, CHILCA)]
    rows = _bars(categories, series, unit, language)
    for row in rows.values:
        if row["category"] == rows.categories[0]:
            row["text"] = f"{row['text']}  {row['series']}"
    return Chart(
        chart_id, title, _table(categories, series, unit, language), note,
        spec=_pairs(rows, unit, language, narrow=False), narrow=_pairs(rows, unit, language, narrow=True),
    )  # fmt: skip


def ranked_bars(
    chart_id: str, title: str, categories: Sequence[str], values: Sequence[float | None], unit: str,
    *, note: str = "", colour: str = CHILCA,
) -> Chart:  # fmt: skip
    """One horizontal bar per category, in the given order, with its number at the end."""
    language = page_language()
    series = [Series(title, values, colour)]
    rows = _bars(categories, series, unit, language)
    table = _table(categories, [Series(say("site.chart.value", language), values)], unit, language)
    return Chart(
        chart_id, title, table, note,
        spec=_pairs(rows, unit, language, narrow=False), narrow=_pairs(rows, unit, language, narrow=True),
    )  # fmt: skip


def stacked_bars(
    chart_id: str, title: str, categories: Sequence[str], series: Sequence[Series], unit: str, *, note: str = ""
) -> Chart:
    """One horizontal bar per category, its parts one behind the other; a key above names the parts."""
    language = page_language()
    rows = _bars(categories, series, unit, language)
    return Chart(
        chart_id, title, _table(categories, series, unit, language), note,
        spec=_stacked(rows, unit, language, narrow=False), narrow=_stacked(rows, unit, language, narrow=True),
    )  # fmt: skip


def monthly_bars(chart_id: str, title: str, series: Sequence[Series], unit: str, *, note: str = "") -> Chart:
    """Upright bars over the twelve months of a year; several series are stacked."""
    language = page_language()
    rows = _bars(month_names(language), series, unit, language)
    return Chart(
        chart_id, title, _table(rows.categories, series, unit, language), note,
        spec=_months(rows, unit, language, narrow=False, is_line=False),
        narrow=_months(rows, unit, language, narrow=True, is_line=False),
    )  # fmt: skip


def monthly_lines(chart_id: str, title: str, series: Sequence[Series], unit: str, *, note: str = "") -> Chart:
    """Lines over the twelve months of a year; a month that is not known leaves a gap."""
    language = page_language()
    rows = _bars(month_names(language), series, unit, language)
    return Chart(
        chart_id, title, _table(rows.categories, series, unit, language), note,
        spec=_months(rows, unit, language, narrow=False, is_line=True),
        narrow=_months(rows, unit, language, narrow=True, is_line=True),
    )  # fmt: skip


def _bars(categories: Sequence[str], series: Sequence[Series], unit: str, language: Language) -> Bars:
    """Rows of category, series, value, colour, text (the number) and tip (the whole in words)."""
    free = iter([colour for colour in SERIES if colour not in {one.colour for one in series}] * len(series))
    colours = [one.colour or next(free) for one in series]
    rows = []
    for place, one in enumerate(series):
        for category, value in zip(categories, one.values, strict=True):
            if value is not None:
                text = number(value, language)
                tip = f"{category} · {one.label}: {text} {unit_words(unit, language)}".rstrip()
                rows.append({"category": category, "series": one.label, "order": place, "value": value, "text": text,
                             "colour": colours[place], "tip": tip})  # fmt: skip
    return Bars(rows, list(categories), [one.label for one in series], colours)


def _table(categories: Sequence[str], series: Sequence[Series], unit: str, language: Language) -> ChartTable:
    words = unit_words(unit, language)
    headers = [say("site.chart.what", language), *(f"{one.label} [{words}]" if words else one.label for one in series)]
    columns = [[NOT_KNOWN if v is None else number(v, language) for v in one.values] for one in series]
    rows = [[category, *cells] for category, *cells in zip(categories, *columns, strict=True)]
    return ChartTable(headers, rows, frozenset(range(1, len(headers))))


def _data(values: list[dict[str, Any]]) -> alt.Chart:
    return alt.Chart(alt.InlineData(values=values))


def _pairs(rows: Bars, unit: str, language: Language, *, narrow: bool) -> dict[str, Any]:
    """Horizontal bars with numbers at their ends; on the phone the category stands over its bars."""
    y = alt.Y("category:N", sort=rows.categories, title=None, axis=None if narrow else alt.Axis(labelLimit=200))
    slots = ["", *rows.names] if narrow else rows.names
    offset = alt.YOffset("series:N", sort=slots, scale=alt.Scale(domain=slots, paddingInner=0.08))
    room = 1.45 if narrow else 1.2
    x = _amount(alt.X, rows.largest * room or 1.0, unit, language, ticks=3 if narrow else 5)
    bars = _data(rows.values).mark_bar(cornerRadiusEnd=2).encode(
        x=x, y=y, yOffset=offset, color=alt.Color("colour:N", scale=None), tooltip="tip:N"
    )  # fmt: skip
    texts = _data(rows.values).mark_text(align="left", baseline="middle", dx=5).encode(
        x=x, y=y, yOffset=offset, text="text:N"
    )  # fmt: skip
    layers = [bars, texts]
    if narrow:
        names = [{"category": category, "series": ""} for category in rows.categories]
        layers.append(
            _data(names).mark_text(align="left", baseline="middle", color=INK).encode(
                x=alt.value(0), y=y, yOffset=offset, text="category:N"
            )
        )  # fmt: skip
    return _spec(alt.layer(*layers), height=len(rows.categories) * (22 * len(slots) + 12) + 20)


def _stacked(rows: Bars, unit: str, language: Language, *, narrow: bool) -> dict[str, Any]:
    y = alt.Y("category:N", sort=rows.categories, title=None, axis=alt.Axis(labelLimit=110 if narrow else 220))
    x = _amount(alt.X, None, unit, language, ticks=3 if narrow else 6)
    drawn = _data(rows.values).mark_bar().encode(
        x=x, y=y, color=_key(rows, narrow=narrow), order="order:Q", tooltip="tip:N"
    )  # fmt: skip
    return _spec(drawn, height=len(rows.categories) * 34 + 20)


def _months(rows: Bars, unit: str, language: Language, *, narrow: bool, is_line: bool) -> dict[str, Any]:
    shown = rows.categories[::3] if narrow else rows.categories
    x = alt.X("category:N", sort=rows.categories, title=None, scale=alt.Scale(domain=rows.categories),
              axis=alt.Axis(values=shown, labelAngle=0))  # fmt: skip
    y = _amount(alt.Y, None, unit, language, ticks=3 if narrow else 5)
    key = _key(rows, narrow=narrow) if len(rows.names) > 1 else alt.Color("colour:N", scale=None)
    height = 180 if narrow else 240
    if not is_line:
        drawn = _data(rows.values).mark_bar().encode(x=x, y=y, color=key, order="order:Q", tooltip="tip:N")
        return _spec(drawn, height=height)
    lines = _data(_with_gaps(rows)).mark_line(invalid="break-paths-show-domains").encode(x=x, y=y, color=key)
    points = _data(rows.values).mark_point(filled=True, size=36, opacity=1).encode(x=x, y=y, color=key, tooltip="tip:N")
    return _spec(alt.layer(lines, points), height=height)


def _with_gaps(rows: Bars) -> list[dict[str, Any]]:
    """Rows for every category of every series, so that a line breaks where nothing is known."""
    known = {(row["series"], row["category"]): row for row in rows.values}
    return [
        known.get((name, category), {"category": category, "series": name, "value": None, "colour": colour})
        for name, colour in zip(rows.names, rows.colours, strict=True)
        for category in rows.categories
    ]


def _amount(channel: Any, end: float | None, unit: str, language: Language, *, ticks: int) -> Any:
    """The axis of amounts, from zero."""
    scale = alt.Scale(zero=True, nice=end is None, domainMax=end) if end else alt.Scale(zero=True)
    axis = alt.Axis(tickCount=ticks, title=unit_words(unit, language) or None, grid=True, format=",~r")
    return channel("value:Q", scale=scale, axis=axis)


def _key(rows: Bars, *, narrow: bool) -> alt.Color:
    legend = alt.Legend(columns=2) if narrow else alt.Legend(columns=0)
    return alt.Color("series:N", scale=alt.Scale(domain=rows.names, range=rows.colours), legend=legend, title=None)


def _spec(chart: Any, *, height: float) -> dict[str, Any]:
    """The chart as plain data, as wide as its place."""
    fitted = alt.AutoSizeParams(type="fit-x", contains="padding")
    spec: dict[str, Any] = chart.properties(width="container", height=height, autosize=fitted).to_dict(validate=False)
    del spec["$schema"]
    return {**spec, "config": CONFIG}
