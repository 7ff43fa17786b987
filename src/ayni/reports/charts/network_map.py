"""The park seen from above: firms where they stand, chosen exchanges as arrows with their amounts, no tiles."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ayni.reports.charts.canvas import FULL_WIDTH, HALO, SMALL, Canvas, text_width
from ayni.reports.charts.labels import Box, centred, place_labels
from ayni.reports.rows import rows_of
from ayni.reports.style import CARD, CHILCA, INK, INK_SOFT, LINE, WALNUT

NODE, LINE_HEIGHT = 7.0, 14.0
"""Radius of a firm and height of a line of words [px]."""
KM_PER_DEGREE = 111.2
MARGIN_X, MARGIN_Y, FOOT = 110.0, 26.0, 26.0
CURVE = np.linspace(0, 1, 21)
STEPS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0)
"""Lengths [km] of the scale bar, which is also the mesh of the grid."""

Points = NDArray[np.float64]


def network_map(
    firms: pd.DataFrame, links: pd.DataFrame, north: str, *, width: float = FULL_WIDTH, height: float = 300
) -> str:
    """The map as SVG. ``firms`` has firm, label, latitude, longitude [°]; ``links`` giver, taker, text.

    Links between the same two firms in the same direction share one arrow; ``north`` is the word for up.
    """
    canvas = Canvas(width, height)
    points, per_km = _positions(firms, width, height)
    spots = {firm: points[place] for place, firm in enumerate(firms["firm"])}
    drawn = links.groupby(["giver", "taker"], sort=False)["text"].agg(", ".join).reset_index()
    curves = [_curve(spots[row.giver], spots[row.taker]) for row in rows_of(drawn)]
    badges = _badge_boxes(curves, list(drawn["text"]), points, (width, height - FOOT))
    nodes = [centred(x, y, 2 * NODE + 2, 2 * NODE + 2) for x, y in points]
    lines = [centred(x, y, 5, 5) for curve in curves for x, y in curve[2:-2]]
    sizes = [(text_width(label, SMALL), LINE_HEIGHT) for label in firms["label"]]
    boxes = place_labels([(x, y) for x, y in points], sizes, [*badges, *nodes, *lines], (width, height - FOOT))
    exchanging = firms["firm"].isin({*drawn["giver"], *drawn["taker"]})
    dots = pd.DataFrame({"x": points[:, 0], "y": points[:, 1], "colour": np.where(exchanging, CHILCA, WALNUT)})
    names = _centred_words(boxes, list(firms["label"]))
    amounts = _centred_words(badges, list(drawn["text"]))
    return canvas.svg(
        *_ground(canvas, per_km, north), *_arrows(canvas, curves),
        canvas.points(dots, size=150, stroke=CARD, strokeWidth=1.5),
        canvas.texts(names, CARD, align="center", fontSize=SMALL, **HALO),
        canvas.texts(names, align="center", fontSize=SMALL),
        canvas.rects(_panels(badges), CHILCA, cornerRadius=6),
        canvas.texts(amounts, CARD, align="center", fontSize=SMALL, fontWeight=600),
    )  # fmt: skip


def _positions(firms: pd.DataFrame, width: float, height: float) -> tuple[Points, float]:
    """Firms in pixels, north up and to one scale, and the pixels per kilometre."""
    latitude, longitude = firms["latitude"].to_numpy(float), firms["longitude"].to_numpy(float)
    east = longitude * math.cos(math.radians(float(latitude.mean()))) * KM_PER_DEGREE
    plane = np.column_stack([east, -latitude * KM_PER_DEGREE])
    centre, span = (plane.max(axis=0) + plane.min(axis=0)) / 2, np.ptp(plane, axis=0)
    room = np.array([width - 2 * MARGIN_X, height - FOOT - 2 * MARGIN_Y])
    per_km = float(min((room / np.maximum(span, 0.2)).min(), 1000.0))
    points = (plane - centre) * per_km + np.array([width / 2, (height - FOOT) / 2])
    return _apart(points), per_km


def _apart(points: Points) -> Points:
    """Points that lie on one another moved apart, so that each can be seen."""
    moved = points.copy()
    for _ in range(30):
        for one in range(len(moved)):
            for other in range(one):
                gap = moved[one] - moved[other]
                distance = float(np.hypot(*gap))
                if distance < 3 * NODE:
                    angle = 2.4 * one
                    way = gap / distance if distance > 0.1 else np.array([math.cos(angle), math.sin(angle)])
                    moved[one] += way * (3 * NODE - distance) / 2
                    moved[other] -= way * (3 * NODE - distance) / 2
    return moved


def _curve(start: Points, end: Points) -> Points:
    """Points of a bent line between the rims of two firms; there and back bend to different sides."""
    middle = (start + end) / 2 + np.array([start[1] - end[1], end[0] - start[0]]) * 0.16
    share = CURVE[:, None]
    line = (1 - share) ** 2 * start + 2 * share * (1 - share) * middle + share**2 * end
    away = np.minimum(np.hypot(*(line - start).T), np.hypot(*(line - end).T))
    kept = line[away >= NODE + 3]
    return kept if len(kept) >= 5 else line


def _badge_boxes(curves: list[Points], texts: list[str], points: Points, area: tuple[float, float]) -> list[Box]:
    """A box for each curve's words, where it hides the least: on a long curve, beside a short one."""
    nodes = [centred(x, y, 2 * NODE + 6, 2 * NODE + 6) for x, y in points]
    boxes: list[Box] = []
    for curve, text in zip(curves, texts, strict=True):
        size = text_width(text, SMALL) + 10, LINE_HEIGHT + 2
        is_short = float(np.hypot(*(curve[-1] - curve[0]))) < 1.7 * size[0]
        busy = [*nodes, *boxes, *([centred(x, y, 4, 4) for x, y in curve] if is_short else [])]
        places = [centred(x, y, *size) for x, y in _spots(curve, size[1])]
        boxes.append(min(places, key=partial(_hidden, busy=busy, area=area)))
    return boxes


def _spots(curve: Points, height: float) -> Iterator[Points]:
    """Points on the curve from its middle outwards, then beside it."""
    for share in (0.5, 0.4, 0.6, 0.3, 0.7):
        yield curve[int(share * (len(curve) - 1))]
    for side in (height, -height, 1.6 * height, -1.6 * height):
        yield curve[len(curve) // 2] + np.array([0.0, side])


def _hidden(box: Box, busy: list[Box], area: tuple[float, float]) -> float:
    return sum(box.overlap(other) for other in busy) + 1000 * box.outside(*area)


def _centred_words(boxes: list[Box], texts: list[str]) -> pd.DataFrame:
    centres = [box.centre for box in boxes]
    return pd.DataFrame({"text": texts, "x": [x for x, _ in centres], "y": [y for _, y in centres]})


def _panels(boxes: list[Box]) -> pd.DataFrame:
    rows = [(box.left, box.right, box.top, box.bottom) for box in boxes]
    return pd.DataFrame(rows, columns=["left", "right", "top", "bottom"])


def _arrows(canvas: Canvas, curves: list[Points]) -> list[alt.Chart]:
    """Lines with heads."""
    lines = [pd.DataFrame({"line": number, "x": curve[:, 0], "y": curve[:, 1]}) for number, curve in enumerate(curves)]
    heads = []
    for number, curve in enumerate(curves):
        tip, back = curve[-1], curve[-1] - curve[-3]
        back = back / max(float(np.hypot(*back)), 1e-9) * 9
        side = np.array([-back[1], back[0]]) * 0.45
        corners = np.array([tip - back + side, tip, tip - back - side])
        heads.append(pd.DataFrame({"line": number, "x": corners[:, 0], "y": corners[:, 1]}))
    if not curves:
        return []
    style = {"strokeWidth": 2.2, "strokeJoin": "round", "strokeCap": "round"}
    return [canvas.lines(pd.concat(part, ignore_index=True), "line", CHILCA, **style) for part in (lines, heads)]


def _ground(canvas: Canvas, per_km: float, north: str) -> list[alt.Chart]:
    """A light grid of one scale length, the scale bar and the direction."""
    step = next((length for length in STEPS if length * per_km >= 60), STEPS[-1])
    mesh, floor = step * per_km, canvas.height - FOOT
    across = np.arange(canvas.width / 2 % mesh, canvas.width, mesh)
    down = np.arange(floor / 2 % mesh, floor, mesh)
    grid = pd.DataFrame({
        "left": [*across, *np.zeros(len(down))], "right": [*(across + 0.7), *np.full(len(down), canvas.width)],
        "top": [*np.zeros(len(across)), *down], "bottom": [*np.full(len(across), floor), *(down + 0.7)],
    })  # fmt: skip
    length = f"{step * 1000:.0f} m" if step < 1 else f"{step:.0f} km"
    bar = pd.DataFrame(
        {"left": [2.0], "right": [2.0 + mesh], "top": [canvas.height - 11.0], "bottom": [canvas.height - 8.0]}
    )
    words = pd.DataFrame({"text": [f"{length} · {north}"], "x": [mesh + 10.0], "y": [canvas.height - 10.0]})
    return [
        canvas.rects(grid, LINE, opacity=0.6),
        canvas.rects(bar, INK),
        canvas.texts(words, INK_SOFT, fontSize=SMALL),
    ]
