"""The Sankey: ribbons from left to right, labels on, at most 40 bands before the smallest nodes become one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ayni.reports.charts.canvas import FULL_WIDTH, HALO, SMALL, Align, Canvas
from ayni.reports.rows import rows_of
from ayni.reports.style import CARD, INK_SOFT, WALNUT_LIGHT

OTHERS = "\0others"
"""The node that the smallest nodes of a column join."""
BANDS_MAX, NODES_MAX = 40, 14
SLOT = 15.0
"""Least height [px] of a node with its gap, so that labels never touch."""
NODE_WIDTH, HEAD = 9.0, 22.0
STEPS = 24
"""Points along a ribbon."""

Key = tuple[int, str]


@dataclass(frozen=True)
class Look:
    """How a Sankey speaks: titles of its three columns, label of a node and of ``n`` joined ones, amounts, colours.

    Ribbons and outer nodes take the colour of their outer end (column 0 or 2), by default a quiet one.
    """

    titles: tuple[str, str, str]
    label: Callable[[str], str]
    others: Callable[[int, int], str]
    amount: Callable[[float], str]
    colours: Mapping[str, str] = field(default_factory=dict)

    def colour(self, node: str) -> str:
        """The colour of an outer node."""
        return self.colours.get(node, WALNUT_LIGHT)


def summed(bands: pd.DataFrame) -> pd.DataFrame:
    """One row per band that carries something."""
    kept = bands[bands["amount"] > 0]
    return kept.groupby(["column", "origin", "destination"], as_index=False)[["amount"]].sum()


def node_amounts(bands: pd.DataFrame) -> pd.DataFrame:
    """Nodes [column 0–2, node, amount]; a middle node counts the larger of what enters and what leaves."""
    ends = pd.concat([
        bands.assign(at=bands["column"], node=bands["origin"], side="out"),
        bands.assign(at=bands["column"] + 1, node=bands["destination"], side="in"),
    ])  # fmt: skip
    sides = ends.groupby(["at", "node", "side"], as_index=False)[["amount"]].sum()
    nodes = sides.groupby(["at", "node"], as_index=False)[["amount"]].max()
    return nodes.rename(columns={"at": "column"})


def grouped(bands: pd.DataFrame, whole: Collection[int] = ()) -> tuple[pd.DataFrame, Counter[int]]:
    """Bands with the smallest nodes joined into OTHERS until few enough are left, and how many joined per column.

    Columns in ``whole`` keep all their nodes.
    """
    bands, joined = summed(bands), Counter[int]()
    while True:
        nodes = node_amounts(bands)
        counts = nodes[~nodes["column"].isin(whole)]["column"].value_counts()
        crowded = counts[counts > NODES_MAX].index if (counts > NODES_MAX).any() else counts[counts > 3].index
        if (len(bands) <= BANDS_MAX and (counts <= NODES_MAX).all()) or crowded.empty:
            return bands, joined
        candidates = nodes[nodes["column"].isin(crowded) & (nodes["node"] != OTHERS)].sort_values(
            "amount", kind="stable"
        )
        column = int(candidates.iloc[0]["column"])
        take = 1 if joined[column] else 2
        names = list(candidates[candidates["column"] == column]["node"].head(take))
        joined[column] += take
        bands = summed(
            bands.assign(
                origin=bands["origin"].mask((bands["column"] == column) & bands["origin"].isin(names), OTHERS),
                destination=bands["destination"].mask(
                    (bands["column"] + 1 == column) & bands["destination"].isin(names), OTHERS
                ),
            )
        )


def ordered(nodes: pd.DataFrame, bands: pd.DataFrame, order: Sequence[str]) -> pd.DataFrame:
    """Outer nodes by ``order`` where it names them, then by size; middle nodes by what comes from the left.

    Joined nodes come last in their column.
    """
    places = {node: place for place, node in enumerate(order)}
    wanted = [places.get(node, len(places)) for node in nodes["node"]]
    nodes = nodes.assign(last=nodes["node"] == OTHERS, rank=pd.Series(wanted, index=nodes.index, dtype=float))
    left = _sorted(nodes[nodes["column"] == 0])
    rank = {node: place for place, node in enumerate(left["node"])}
    entering = bands[bands["column"] == 0]
    moments = (entering["amount"] * entering["origin"].map(rank)).groupby(entering["destination"]).sum()
    centre = moments / entering.groupby("destination")["amount"].sum()
    middle = nodes[nodes["column"] == 1]
    middle = _sorted(middle.assign(rank=middle["node"].map(centre).fillna(len(rank))))
    return pd.concat([left, middle, _sorted(nodes[nodes["column"] == 2])])[["column", "node", "amount"]]


def _sorted(nodes: pd.DataFrame) -> pd.DataFrame:
    return nodes.sort_values(["last", "rank", "amount"], ascending=[True, True, False], kind="stable")


def _scale(amounts: NDArray[np.float64], height: float) -> float:
    """Pixels per unit with which ``amounts`` in their slots fill 92 % of ``height``."""
    low, high = 0.0, height / amounts.sum()
    for _ in range(50):
        middle = (low + high) / 2
        fits = np.maximum(amounts * middle + 3, SLOT).sum() <= 0.92 * height
        low, high = (middle, high) if fits else (low, middle)
    return low


def placed(nodes: pd.DataFrame, height: float) -> pd.DataFrame:
    """Nodes with top, bottom [px] and scale [px per unit]: one scale for all, every node in a slot of its own."""
    columns = [column for _, column in nodes.groupby("column")]
    scale = min(_scale(column["amount"].to_numpy(float), height - HEAD) for column in columns)
    parts = []
    for column in columns:
        sizes = column["amount"].to_numpy(float) * scale
        slots = np.maximum(sizes + 3, SLOT)
        slots += (height - HEAD - slots.sum()) / len(slots)
        tops = HEAD + np.cumsum(slots) - slots + (slots - sizes) / 2
        parts.append(column.assign(top=tops, bottom=tops + np.maximum(sizes, 1.0), scale=scale))
    return pd.concat(parts, ignore_index=True)


def _band_tops(bands: pd.DataFrame, nodes: pd.DataFrame) -> Iterator[tuple[int, float, float]]:
    """Band, its top at the left end and at the right end [px]; bands leave and enter in the order of the far ends."""
    place = {(row.column, row.node): (rank, row.top, row.scale) for rank, row in enumerate(rows_of(nodes))}
    ends = [((row.column, row.origin), (row.column + 1, row.destination)) for row in rows_of(bands)]
    tops: dict[tuple[int, int], float] = {}
    for near, far in ((0, 1), (1, 0)):
        used = {key: top for key, (_, top, _) in place.items()}
        for band in sorted(range(len(ends)), key=lambda band: (place[ends[band][near]][0], place[ends[band][far]][0])):
            key = ends[band][near]
            tops[band, near] = used[key]
            used[key] += bands["amount"].iloc[band] * place[key][2]
    return ((band, tops[band, 0], tops[band, 1]) for band in range(len(ends)))


def ribbons(bands: pd.DataFrame, nodes: pd.DataFrame, xs: Sequence[float]) -> pd.DataFrame:
    """Sampled areas [band, outer, x, top, bottom] between the nodes' edges; ``outer`` is the band's outer node."""
    share = np.linspace(0, 1, STEPS)
    bend = share**2 * (3 - 2 * share)
    thickness = np.maximum(bands["amount"].to_numpy(float) * nodes["scale"].iloc[0], 0.6)
    parts = []
    for band, left, right in _band_tops(bands, nodes):
        row = bands.iloc[band]
        start, end = xs[row["column"]] + NODE_WIDTH, xs[row["column"] + 1]
        top = left + (right - left) * bend
        outer = row["origin"] if row["column"] == 0 else row["destination"]
        curve = {"x": start + (end - start) * share, "top": top, "bottom": top + thickness[band]}
        parts.append(pd.DataFrame({"band": band, "outer": outer, **curve}))
    return pd.concat(parts, ignore_index=True)


def sankey(
    bands: pd.DataFrame,
    look: Look,
    *,
    order: Sequence[str] = (),
    whole: Collection[int] = (),
    height: float = 380,
    margins: tuple[float, float] = (150, 150),
    middle: float = 0.5,
    width: float = FULL_WIDTH,
) -> str:
    """A Sankey of three columns as SVG.

    ``margins`` [px] hold the labels left and right; the middle column stands at the share ``middle`` of the rest.

    ``bands`` has column (0 left of the middle, 1 right of it), origin, destination, amount.
    """
    bands, joined = grouped(bands, whole)
    nodes = placed(ordered(node_amounts(bands), bands, order), height)
    span = width - sum(margins) - NODE_WIDTH
    xs = (margins[0], margins[0] + middle * span, margins[0] + span)
    areas = ribbons(bands, nodes, xs)
    areas = areas.assign(colour=[look.colour(node) for node in areas["outer"]])
    left = [xs[column] for column in nodes["column"]]
    blocks = nodes.assign(
        colour=[INK_SOFT if row.column == 1 else look.colour(row.node) for row in rows_of(nodes)],
        left=left, right=[x + NODE_WIDTH for x in left],
    )  # fmt: skip
    canvas = Canvas(width, height)
    ribbons_drawn = canvas.areas(areas, "band", opacity=0.4)
    return canvas.svg(ribbons_drawn, canvas.rects(blocks), *_labels(canvas, nodes, joined, xs, look))


def _labels(
    canvas: Canvas, nodes: pd.DataFrame, joined: Mapping[int, int], xs: Sequence[float], look: Look
) -> Iterator[alt.Chart]:
    """Name and amount beside each node, and a title over each column: outside left and right, right of the middle."""
    names = [
        look.others(row.column, joined[row.column]) if row.node == OTHERS else look.label(row.node)
        for row in rows_of(nodes)
    ]
    amounts = [look.amount(amount) for amount in nodes["amount"]]
    texts = nodes.assign(
        text=[f"{name}\u2002{amount}" for name, amount in zip(names, amounts, strict=True)],
        y=(nodes["top"] + nodes["bottom"]) / 2,
    )
    sides: tuple[tuple[int, Align, float], ...]
    sides = ((0, "right", -6), (1, "left", NODE_WIDTH + 5), (2, "left", NODE_WIDTH + 6))
    for column, align, offset in sides:
        x = xs[column] + offset
        labels = texts[texts["column"] == column].assign(x=x)
        title = pd.DataFrame({"text": [look.titles[column]], "x": [x], "y": [7.0]})
        if column == 1:
            yield canvas.texts(labels, CARD, align=align, fontSize=SMALL, **HALO)
        yield canvas.texts(labels, align=align, fontSize=SMALL)
        yield canvas.texts(title, INK_SOFT, align=align, fontSize=SMALL, fontWeight=600)
