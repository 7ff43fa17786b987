"""The scorecard: a band per category, and one tile per line of the framework coloured by its verdict."""

from __future__ import annotations

import pandas as pd

from ayni.reports.charts.canvas import FULL_WIDTH, SMALL, Canvas, clipped
from ayni.reports.style import CHILCA, INK_SOFT, LINE, VERDICT_COLOURS, WALNUT_LIGHT

HEAD, ROW, TILE_STEP = 22.0, 48.0, 16.0
"""Height [px] of the titles and of a category; width of a tile with its gap."""
BAND_LEFT, BAND_RIGHT, TILES_LEFT = 148.0, 292.0, 312.0


def category_bands(
    categories: pd.DataFrame, tiles: pd.DataFrame, titles: tuple[str, str], *, width: float = FULL_WIDTH
) -> str:
    """Bands and tiles as SVG.

    ``categories`` has category, title, score_low, score_high [%], band_text, count_text, in order; ``tiles`` has
    category and verdict, one row per line; ``titles`` stand over the bands and over the tiles.
    """
    tops = pd.Series([HEAD + ROW * place for place in range(len(categories))], index=categories.index, dtype=float)
    per_cent = (BAND_RIGHT - BAND_LEFT) / 100
    shown = categories.assign(
        title=[clipped(title, 0.94 * BAND_LEFT, SMALL) for title in categories["title"]],
        top=tops + 4, bottom=tops + 20, name_x=0.0, name_y=tops + 12, band_y=tops + 31, count_x=TILES_LEFT,
        count_y=tops + 31, zero=BAND_LEFT, full=BAND_RIGHT, low=BAND_LEFT + per_cent * categories["score_low"],
        high=BAND_LEFT + per_cent * categories["score_high"],
    )  # fmt: skip
    heads = pd.DataFrame({"x": [BAND_LEFT, TILES_LEFT], "y": 7.0, "text": list(titles)})
    canvas = Canvas(width, HEAD + ROW * max(len(categories), 1))
    return canvas.svg(
        canvas.rects(shown, LINE, left="zero", right="full", cornerRadius=2),
        canvas.rects(shown, WALNUT_LIGHT, left="zero", right="high", cornerRadius=2),
        canvas.rects(shown, CHILCA, left="zero", right="low", cornerRadius=2),
        canvas.rects(placed_tiles(categories, tiles, width), cornerRadius=2, stroke=WALNUT_LIGHT, strokeWidth=0.8),
        canvas.texts(shown, x="name_x", y="name_y", text="title", fontSize=SMALL, fontWeight=600),
        canvas.texts(shown, INK_SOFT, x="zero", y="band_y", text="band_text", fontSize=SMALL),
        canvas.texts(shown, INK_SOFT, x="count_x", y="count_y", text="count_text", fontSize=SMALL),
        canvas.texts(heads, INK_SOFT, fontSize=SMALL, fontWeight=600),
    )


def placed_tiles(categories: pd.DataFrame, tiles: pd.DataFrame, width: float) -> pd.DataFrame:
    """Tiles [left, right, top, bottom, colour], of each category in the order of the verdicts, in one row."""
    places = {category: place for place, category in enumerate(categories["category"])}
    order = {verdict: place for place, verdict in enumerate(VERDICT_COLOURS)}
    kept = tiles.assign(place=tiles["category"].map(places), order=tiles["verdict"].map(order))
    kept = kept.sort_values(["place", "order"], kind="stable")
    count = kept.groupby("place").cumcount()
    step = min(TILE_STEP, (width - TILES_LEFT) / max(int(count.max()) + 1 if len(count) else 1, 1))
    left, top = TILES_LEFT + count * step, HEAD + ROW * kept["place"] + 12 - step / 2
    size = step * 0.84
    return kept.assign(
        left=left, right=left + size, top=top, bottom=top + size, colour=kept["verdict"].map(VERDICT_COLOURS)
    )
