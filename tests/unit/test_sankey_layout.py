"""Laws of the Sankey: nothing overlaps, nothing is lost, the same bands give the same drawing."""

from __future__ import annotations

import math
import random
from collections import defaultdict
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ayni.portal.dashboards.sankey import (
    BANDS_MAX,
    NARROW,
    WIDE,
    Band,
    Box,
    Layout,
    Look,
    Node,
    amounts_of,
    grouped,
    layout,
    summed,
    svg,
)  # fmt: skip
from ayni.reports.charts.canvas import text_width

LOOKS = (WIDE, NARROW)


def words(amount: float) -> str:
    return f"{amount:,.1f} t"


def others(count: int) -> str:
    return f"otros ({count})"


@st.composite
def many_bands(draw: st.DrawFn) -> list[Band]:
    """Bands between up to 200 nodes in two to four columns, amounts of all sizes, names of all lengths."""
    columns = draw(st.integers(2, 4))
    generator = random.Random(draw(st.integers(0, 2**32)))  # noqa: S311
    count = draw(st.integers(columns, 200))
    nodes: dict[int, list[Node]] = defaultdict(list)
    for number in range(count):
        column = number % columns
        nodes[column].append(Node(column, f"{'W<&Ñ ' * generator.randint(0, 8)}{number}"))
    bands = []
    for _ in range(draw(st.integers(1, 300))):
        first, last = sorted(generator.sample(range(columns), 2))
        amount = 10 ** generator.uniform(-6, 9)
        bands.append(Band(generator.choice(nodes[first]), generator.choice(nodes[last]), amount, "x", "#1f6b4a"))
    return bands


def inside(box: Box, drawn: Layout) -> bool:
    slack = 1e-6
    return (
        box.left >= -slack and box.top >= -slack
        and box.left + box.width <= drawn.width + slack and box.top + box.height <= drawn.height + slack
    )  # fmt: skip


def overlap(one: Box, other: Box) -> bool:
    slack = 1e-6
    return (
        one.left + one.width > other.left + slack and other.left + other.width > one.left + slack
        and one.top + one.height > other.top + slack and other.top + other.height > one.top + slack
    )  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(many_bands(), st.booleans(), st.sampled_from(LOOKS))
def test_labels_stand_inside_and_apart(bands: list[Band], is_open: bool, look: Look) -> None:
    drawn = layout(summed(bands) if is_open else grouped(bands, others), words, look)
    boxes = [one.label for one in drawn.nodes]
    for place, box in enumerate(boxes):
        assert inside(box, drawn)
        assert not any(overlap(box, other) for other in boxes[place + 1 :])
    for one in drawn.nodes:
        assert inside(one.box, drawn)
        assert all(text_width(line, 13) <= one.label.width + 8 for line in one.lines), one.lines


@settings(max_examples=30, deadline=None)
@given(many_bands(), st.sampled_from(LOOKS))
def test_amounts_are_conserved(bands: list[Band], look: Look) -> None:
    few = grouped(bands, others)
    assert len(few) <= BANDS_MAX
    assert math.isclose(sum(one.amount for one in few), sum(one.amount for one in bands))
    for column in {one.source.column for one in bands}:
        before, after = (sum(one.amount for one in some if one.source.column == column) for some in (bands, few))
        assert math.isclose(before, after)
    drawn = layout(few, words, look)
    heights = {one.node: one.box.height for one in drawn.nodes}
    for node, amount in amounts_of(few).items():
        assert math.isclose(heights[node], amount * drawn.scale, abs_tol=1e-9)
    for band in drawn.bands:
        assert math.isclose(band.thickness, band.band.amount * drawn.scale, abs_tol=1e-9)


@settings(max_examples=15, deadline=None)
@given(many_bands(), st.randoms(use_true_random=False))
def test_the_order_of_the_bands_changes_nothing(bands: list[Band], shuffler: random.Random) -> None:
    shuffled = list(bands)
    shuffler.shuffle(shuffled)
    drawings = [svg(layout(grouped(some, others), words), words) for some in (bands, bands, shuffled)]
    assert len(set(drawings)) == 1


def test_bands_stay_within_their_nodes() -> None:
    generator = random.Random(3)  # noqa: S311
    bands = [
        Band(Node(0, f"a{i}"), Node(1, f"b{j}"), generator.uniform(1, 100)) for i in range(6) for j in range(5)
    ]  # fmt: skip
    drawn = layout(summed(bands), words)
    boxes = {one.node: one.box for one in drawn.nodes}
    for side, top in (("source", "top_left"), ("target", "top_right")):
        by_node: dict[Node, list[tuple[float, float]]] = defaultdict(list)
        for one in drawn.bands:
            by_node[getattr(one.band, side)].append((getattr(one, top), one.thickness))
        for node, spans in by_node.items():
            edge = boxes[node].top
            for start, thickness in sorted(spans):
                assert math.isclose(start, edge, abs_tol=1e-6)
                edge = start + thickness
            assert math.isclose(edge, boxes[node].top + boxes[node].height, abs_tol=1e-6)


def test_a_fixed_order_goes_before_the_amount_and_the_joined_come_last() -> None:
    bands = [Band(Node(0, name), Node(1, "x"), amount) for name, amount in (("b", 1), ("a", 5), ("c", 9))]
    assert [one.node.name for one in layout(summed(bands), words).nodes] == ["c", "a", "b", "x"]
    assert [one.node.name for one in layout(summed(bands), words, order=["b"]).nodes] == ["b", "c", "a", "x"]
    joined = layout(grouped(bands, others, bands_max=2), words)
    assert [one.node.name for one in joined.nodes] == ["c", "otros (2)", "x"]


def test_the_drawing_has_no_style_no_script_and_escaped_names() -> None:
    bands = summed([Band(Node(0, '<script>"&'), Node(1, "b"), 2.0, "<b>", "#fff")])
    drawn = svg(layout(bands, words), words)
    tree = ElementTree.fromstring(drawn)  # noqa: S314
    assert not any("style" in one.attrib or one.tag.endswith("script") for one in tree.iter())
    assert "<script" not in drawn


def test_a_band_goes_to_the_right_and_carries_something() -> None:
    assert summed([Band(Node(0, "a"), Node(1, "b"), 0.0)]) == []
    with pytest.raises(ValueError, match="right"):
        summed([Band(Node(1, "a"), Node(1, "b"), 1.0)])
    assert layout([], words).nodes == ()
