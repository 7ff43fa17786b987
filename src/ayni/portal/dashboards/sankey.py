"""The Sankey of pages: bands from left to right, every label in a place of its own. Pure: no page, no database."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from ayni.reports.charts.canvas import clipped
from ayni.reports.style import FONT, INK, INK_SOFT, WALNUT_LIGHT

BANDS_MAX = 40
TEXT = 13.0
"""Type size of the labels [px]."""
LINE_HEIGHT, GAP, NODE_WIDTH, SPACE = 17.0, 5.0, 10.0, 6.0


@dataclass(frozen=True, order=True)
class Node:
    """An end of bands: its column from the left, from 0, and its name. ``joined`` nodes stand in one, if not 0."""

    column: int
    name: str
    joined: int = 0


@dataclass(frozen=True)
class Band:
    """An amount that goes from a node to one further right; ``label`` says what it is."""

    source: Node
    target: Node
    amount: float
    label: str = ""
    colour: str = ""


@dataclass(frozen=True)
class Look:
    """How a Sankey is laid out: width and least height [px], lines of a label (name and amount on one or on two).

    ``room`` is the width of the last column with its labels, if the others have as much.
    """

    width: float
    height: float
    room: float
    lines: int = 1

    @property
    def slot(self) -> float:
        """Least height of a node with its label [px]."""
        return self.lines * LINE_HEIGHT + GAP


WIDE, NARROW = Look(1080, 320, 330), Look(340, 380, 120, lines=2)


@dataclass(frozen=True)
class Box:
    """A rectangle [px]."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class PlacedNode:
    """A node with its rectangle, its label's lines, and their box."""

    node: Node
    amount: float
    box: Box
    label: Box
    lines: tuple[str, ...]


@dataclass(frozen=True)
class PlacedBand:
    """A band with where it leaves and enters [px]; it is equally thick all along."""

    band: Band
    left: float
    right: float
    top_left: float
    top_right: float
    thickness: float


@dataclass(frozen=True)
class Layout:
    """Everything in its place; ``scale`` is how many pixels high one unit is."""

    width: float
    height: float
    scale: float
    nodes: tuple[PlacedNode, ...]
    bands: tuple[PlacedBand, ...]


def summed(bands: Iterable[Band]) -> list[Band]:
    """One band between two nodes, in a fixed order; what carries nothing is left out.

    Bands of different colours become one without colour, of different labels one without label. Raises ValueError for
    a band that does not go to the right.
    """
    found: dict[tuple[Node, Node], list[Band]] = defaultdict(list)
    for band in bands:
        if band.source.column >= band.target.column:
            raise ValueError(f"{band.source.name} → {band.target.name} does not go to the right")
        if band.amount > 0:
            found[band.source, band.target].append(band)
    return [
        Band(source, target, sum(sorted(one.amount for one in same)), _same(one.label for one in same),
             _same(one.colour for one in same))
        for (source, target), same in sorted(found.items())
    ]  # fmt: skip


def _same(words: Iterable[str]) -> str:
    found = set(words)
    return found.pop() if len(found) == 1 else ""


def amounts_of(bands: Iterable[Band]) -> dict[Node, float]:
    """What each node holds: the larger of what enters and what leaves."""
    entering, leaving = defaultdict[Node, float](float), defaultdict[Node, float](float)
    for band in bands:
        leaving[band.source] += band.amount
        entering[band.target] += band.amount
    return {node: max(entering[node], leaving[node]) for node in sorted({*entering, *leaving})}


def grouped(bands: Iterable[Band], others: Callable[[int], str], bands_max: int = BANDS_MAX) -> list[Band]:
    """At most ``bands_max`` bands: the smallest nodes of the fullest column join one named by ``others(count)``.

    With columns of one node each nothing more can join, whatever ``bands_max`` is.
    """
    kept = summed(bands)
    while len(kept) > bands_max:
        amounts = amounts_of(kept)
        counts = Counter(node.column for node in amounts)
        column, count = max(counts.items(), key=lambda pair: (pair[1], -pair[0]))
        if count < 2:
            break
        joined = [node for node in amounts if node.column == column and node.joined]
        small = sorted(
            (node for node in amounts if node.column == column and not node.joined),
            key=lambda node: (amounts[node], node.name),
        )
        taken = [*joined, *small[: 1 if joined else 2]]
        total = sum(node.joined or 1 for node in taken)
        into = Node(column, others(total), total)
        kept = summed(
            Band(
                into if band.source in taken else band.source, into if band.target in taken else band.target,
                band.amount, band.label, band.colour,
            )
            for band in kept
        )  # fmt: skip
    return kept


def layout(bands: Sequence[Band], amount_words: Callable[[float], str], look: Look = WIDE,
           order: Sequence[str] = ()) -> Layout:  # fmt: skip
    """Places for summed bands: nodes named in ``order`` in that order, the others by amount, joined ones last."""
    amounts = amounts_of(bands)
    columns = _columns(amounts, {name: place for place, name in enumerate(order)})
    height = max([look.height, *(len(nodes) * look.slot for nodes in columns)])
    scale = min((_scale([amounts[node] for node in nodes], height, look.slot) for nodes in columns), default=0.0)
    last = min(look.room, look.width / max(len(columns), 1))
    cell = (look.width - last) / max(len(columns) - 1, 1)
    cells = [cell] * (len(columns) - 1) + [last]
    nodes = [
        placed
        for place, column in enumerate(columns)
        for placed in _placed(column, amounts, amount_words, look, height, scale, place * cell, cells[place])
    ]
    return Layout(look.width, height, scale, tuple(nodes), tuple(_ribbons(bands, nodes, scale)))


def _columns(amounts: Mapping[Node, float], wanted: Mapping[str, int]) -> list[list[Node]]:
    """The nodes of each column that has some, from the left, each in its order."""
    return [
        sorted(
            (node for node in amounts if node.column == column),
            key=lambda node: (bool(node.joined), wanted.get(node.name, len(wanted)), -amounts[node], node.name),
        )
        for column in sorted({node.column for node in amounts})
    ]


def _scale(amounts: Sequence[float], height: float, slot: float) -> float:
    """The largest scale with which the amounts in their slots fit into the height."""
    low, high = 0.0, height / sum(amounts)
    for _ in range(50):
        middle = (low + high) / 2
        fits = sum(max(amount * middle + GAP, slot) for amount in amounts) <= height
        low, high = (middle, high) if fits else (low, middle)
    return low


def _placed(
    column: Sequence[Node], amounts: Mapping[Node, float], words: Callable[[float], str], look: Look, height: float,
    scale: float, left: float, cell: float,
) -> Iterable[PlacedNode]:  # fmt: skip
    """The nodes of a column one under the other, each in a slot that holds its label; what is left over is spread."""
    slots = [max(amounts[node] * scale + GAP, look.slot) for node in column]
    spare = max(height - sum(slots), 0.0) / len(column)
    room, top = cell - NODE_WIDTH - 2 * SPACE, 0.0
    for node, slot in zip(column, slots, strict=True):
        middle, size = top + (slot + spare) / 2, amounts[node] * scale
        label_height = look.lines * LINE_HEIGHT
        yield PlacedNode(
            node, amounts[node], Box(left, middle - size / 2, NODE_WIDTH, size),
            Box(left + NODE_WIDTH + SPACE, middle - label_height / 2, room, label_height),
            _lines(node.name, words(amounts[node]), room, look.lines),
        )  # fmt: skip
        top += slot + spare


def _lines(name: str, amount: str, room: float, lines: int) -> tuple[str, ...]:
    """A label that fits: name and amount on one line or on two; what is cut is the name."""
    if lines > 1:
        return clipped(name, room, TEXT), clipped(amount, room, TEXT)
    ending = f"\u2002{amount}"
    return (clipped(name, room - len(ending) * TEXT * 0.55, TEXT) + ending,)


def _ribbons(bands: Sequence[Band], nodes: Sequence[PlacedNode], scale: float) -> Iterable[PlacedBand]:
    """Bands leave and enter their nodes in the order of the far ends."""
    place = {placed.node: (rank, placed) for rank, placed in enumerate(nodes)}
    leaving, entering = ({node: found.box.top for node, (_, found) in place.items()} for _ in range(2))
    right_ends = {}
    for number in sorted(range(len(bands)), key=lambda one: (place[bands[one].source][0], one)):
        band = bands[number]
        right_ends[number] = entering[band.target]
        entering[band.target] += band.amount * scale
    for number in sorted(range(len(bands)), key=lambda one: (place[bands[one].target][0], one)):
        band = bands[number]
        source, target = place[band.source][1].box, place[band.target][1].box
        yield PlacedBand(
            band, source.left + source.width, target.left, leaving[band.source], right_ends[number], band.amount * scale
        )
        leaving[band.source] += band.amount * scale


def svg(placed: Layout, amount_words: Callable[[float], str], css_class: str = "") -> str:
    """The drawing, with presentation attributes only, as a strict Content-Security-Policy wants it."""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="sankey {escape(css_class)}" '
        f'viewBox="0 0 {placed.width:.0f} {placed.height:.1f}" font-family="{escape(FONT)}" font-size="{TEXT:.0f}">'
    )
    parts = [head, *(_ribbon(one, amount_words) for one in placed.bands)]
    colours = _node_colours(placed)
    for one in placed.nodes:
        box = one.box
        parts.append(
            f'<rect x="{box.left:.1f}" y="{box.top:.2f}" width="{box.width:.1f}" height="{max(box.height, 1):.2f}" '
            f'fill="{colours[one.node]}"/>'
        )
    for one in placed.nodes:
        title = escape(f"{one.node.name}: {amount_words(one.amount)}")
        parts.append(f"<g><title>{title}</title>{_label(one)}</g>")
    return "".join([*parts, "</svg>"])


def _node_colours(placed: Layout) -> dict[Node, str]:
    """The colour that all bands of a node share, else a quiet one."""
    touching: dict[Node, set[str]] = defaultdict(set)
    for one in placed.bands:
        touching[one.band.source].add(one.band.colour)
        touching[one.band.target].add(one.band.colour)
    return {node: escape(_same(colours)) or INK_SOFT for node, colours in touching.items()}


def _ribbon(one: PlacedBand, words: Callable[[float], str]) -> str:
    """The area between two curves that start and end level."""
    middle, low_left, low_right = (
        (one.left + one.right) / 2, one.top_left + one.thickness, one.top_right + one.thickness,
    )  # fmt: skip
    path = (
        f"M{one.left:.1f},{one.top_left:.2f}C{middle:.1f},{one.top_left:.2f} {middle:.1f},{one.top_right:.2f} "
        f"{one.right:.1f},{one.top_right:.2f}V{low_right:.2f}C{middle:.1f},{low_right:.2f} {middle:.1f},{low_left:.2f} "
        f"{one.left:.1f},{low_left:.2f}Z"
    )
    band = one.band
    what = f" · {band.label}" if band.label else ""
    title = escape(f"{band.source.name} → {band.target.name}{what}: {words(band.amount)}")
    colour = escape(band.colour or WALNUT_LIGHT)
    return f'<path d="{path}" fill="{colour}" fill-opacity="0.4"><title>{title}</title></path>'


def _label(one: PlacedNode) -> str:
    """The lines of a label over a white rim, so that they are read on any band."""
    return "".join(
        f'<text x="{one.label.left:.1f}" y="{one.label.top + (place + 0.76) * LINE_HEIGHT:.2f}" fill="{INK}" '
        f'stroke="#fff" stroke-width="3" stroke-opacity="0.8" stroke-linejoin="round" paint-order="stroke"'
        f"{'' if place else _weight(one)}>{escape(line)}</text>"
        for place, line in enumerate(one.lines)
    )


def _weight(one: PlacedNode) -> str:
    return ' font-weight="600"' if len(one.lines) > 1 else ""
