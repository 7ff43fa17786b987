"""The charts: nothing overlaps, nothing is cut, bands and totals add up, labels find room."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from ayni.base.texts import LANGUAGES, Language
from ayni.reports.blocks import Block, Columns, Picture
from ayni.reports.charts.abatement import ordered_options
from ayni.reports.charts.canvas import text_width
from ayni.reports.charts.labels import Box, place_labels
from ayni.reports.charts.network_map import network_map
from ayni.reports.charts.sankey import BANDS_MAX, NODES_MAX, OTHERS, grouped, node_amounts, ordered, placed
from reports_samples import SPOKEN, made_up, planned

TOLERANCE = 0.9
"""Part of the estimated width that must be free: the estimate is on the safe side."""


class Words(NamedTuple):
    text: str
    box: Box


def drawn(name: str, language: Language) -> list[Picture]:
    def inside(blocks: tuple[Block, ...]) -> Iterator[Picture]:
        for block in blocks:
            if isinstance(block, Picture):
                yield block
            elif isinstance(block, Columns):
                for part in block.parts:
                    yield from inside(part)

    return [picture for page in planned(name, language) for picture in inside(page.blocks)]


def words_of(svg: str) -> set[Words]:
    """Every text of an SVG with its box, from its transforms, anchor and size."""
    found: set[Words] = set()

    def walk(element: ElementTree.Element, x: float, y: float) -> None:
        transform = element.get("transform", "")
        assert "rotate" not in transform.replace("rotate(0)", ""), "turned words are hard to read"
        for across, down in re.findall(r"translate\(([-\d.e]+),([-\d.e]+)\)", transform):
            x, y = x + float(across), y + float(down)
        if element.tag.endswith("}text"):
            text, size = "".join(element.itertext()), float(element.get("font-size", "11px").removesuffix("px"))
            width = text_width(text, size) * TOLERANCE
            left = x - {"start": 0.0, "middle": width / 2, "end": width}[element.get("text-anchor", "start")]
            if text.strip() and element.get("opacity") != "0":
                found.add(Words(text, Box(left, y - 0.72 * size, left + width, y + 0.02 * size)))
        for child in element:
            walk(child, x, y)

    walk(ElementTree.fromstring(svg), 0.0, 0.0)  # noqa: S314 (our own SVG)
    return found


@pytest.mark.parametrize(("name", "language"), SPOKEN)
def test_no_words_overlap_or_are_cut(name: str, language: Language) -> None:
    for picture in drawn(name, language):
        width, height = map(float, re.search(r'viewBox="0 0 (\S+) (\S+)"', picture.svg).groups())  # type: ignore[union-attr]
        words = words_of(picture.svg)
        assert words, picture.title
        for text, box in words:
            assert box.outside(width, height) < 1.5, (picture.title, text, box)
        for one, other in combinations(words, 2):
            if one.text != other.text:
                assert one.box.overlap(other.box) < 2.0, (picture.title, one, other)


@pytest.mark.parametrize("language", LANGUAGES)
def test_pictures_have_title_words_and_source(language: Language) -> None:
    found = drawn("full", language)
    assert len(found) >= 12
    for picture in found:
        assert picture.title
        assert len(picture.alternative) > 40
        assert re.search(r"(Etapa|Stage|Fuente|Source|Calculado|Computed)", picture.source)
        assert "Source Sans Pro" in picture.svg
        assert 'href="http' not in picture.svg


def energy_bands(firms: int) -> pd.DataFrame:
    energy = made_up(firms).flows.energy
    left = energy[["carrier", "use", "energy"]].set_axis(["origin", "destination", "amount"], axis="columns")
    right = energy[["use", "firm", "energy"]].set_axis(["origin", "destination", "amount"], axis="columns")
    return pd.concat([left.assign(column=0), right.assign(column=1)])


@pytest.mark.parametrize("firms", [1, 12, 40, 120])
def test_sankey_groups_to_forty_bands_and_loses_nothing(firms: int) -> None:
    bands = energy_bands(firms)
    kept, joined = grouped(bands, whole=(0, 1))
    assert len(kept) <= BANDS_MAX
    assert node_amounts(kept)["column"].value_counts().max() <= NODES_MAX
    for column in (0, 1):
        before, after = (frame[frame["column"] == column]["amount"].sum() for frame in (bands, kept))
        assert after == pytest.approx(before)
    shown = set(node_amounts(kept).query("column == 2")["node"]) - {OTHERS}
    assert len(shown) + joined[2] == firms
    assert joined[2] != 1  # one alone keeps its name


def test_sankey_nodes_are_in_order_and_apart() -> None:
    kept, _ = grouped(energy_bands(12), whole=(0, 1))
    nodes = placed(ordered(node_amounts(kept), kept, ["lpg", "electricity"]), 380)
    left = nodes[nodes["column"] == 0]
    assert list(left["node"])[:2] == ["lpg", "electricity"]
    assert nodes[nodes["column"] == 2]["node"].iloc[-1] == OTHERS
    for _, column in nodes.groupby("column"):
        centres = ((column["top"] + column["bottom"]) / 2).to_numpy()
        assert (np.diff(centres) > 11).all()
        assert (column["top"].to_numpy()[1:] >= column["bottom"].to_numpy()[:-1]).all()
    thick = nodes["bottom"] - nodes["top"]
    assert np.allclose(thick[thick > 1.01], (nodes["amount"] * nodes["scale"])[thick > 1.01])


def test_abatement_options_rise_in_cost_and_add_up() -> None:
    options = pd.DataFrame({"option": ["a", "b", "c"], "avoided": [5.0, 0.0, 3.0], "cost": [2.0, -9.0, -1.0]})
    found = ordered_options(options)
    assert list(found["option"]) == ["c", "a"]
    assert list(found["left"]) == [0.0, 3.0]
    assert list(found["right"]) == [3.0, 8.0]


def test_labels_take_the_free_side() -> None:
    taken = [Box(15, 40, 80, 60)]
    (box,) = place_labels([(10.0, 50.0)], [(30.0, 10.0)], taken, (200.0, 100.0))
    assert not any(box.overlap(other) for other in taken)
    assert box.outside(200, 100) == 0


def test_firms_on_one_spot_are_drawn_apart() -> None:
    firms = pd.DataFrame({"firm": ["A", "B", "C"], "label": ["A", "B", "C"], "latitude": -12.5, "longitude": -76.7})
    svg = network_map(firms, pd.DataFrame({"giver": ["A"], "taker": ["B"], "text": ["1 · 3 t"]}), "north up")
    places = {words.text: words.box.centre for words in words_of(svg)}
    for one, other in combinations("ABC", 2):
        assert np.hypot(*np.subtract(places[one], places[other])) > 10


def test_exchange_there_and_back_are_two_arrows() -> None:
    firms = pd.DataFrame({"firm": ["A", "B"], "label": ["A", "B"], "latitude": [-12.5, -12.51], "longitude": -76.7})
    links = pd.DataFrame({"giver": ["A", "B"], "taker": ["B", "A"], "text": ["1 · 3 t", "2 · 5 t"]})
    boxes = {words.text: words.box for words in words_of(network_map(firms, links, "north up"))}
    assert boxes["1 · 3 t"].overlap(boxes["2 · 5 t"]) == 0
