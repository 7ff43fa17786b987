"""What ships of the programme: complete, sourced, loaded once; and what occupancy says on each basis."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from django.db.models import Model
from hypothesis import given
from hypothesis import strategies as st

from ayni.base.status import Status
from ayni.base.texts import LANGUAGES, Language, has_text
from ayni.portal.places import programme
from ayni.portal.places.facts import (
    GROUPS,
    ORDER,
    Basis,
    Verdict,
    date_words,
    fact_lines,
    occupancy_of,
    value_words,
    verdict_of,
)
from ayni.portal.places.geojson import in_peru
from ayni.portal.places.models import District, Park, ParkFact
from ayni.portal.places.services import change_park, load_programme
from portal_samples import World

NINE_AS_PRINTED = {
    "150125", "150132", "150112", "150101", "150118", "150103", "150119", "150124", "070101",
}  # fmt: skip
CHILCA = "150505"
ends = st.none() | st.floats(0, 100)


def rows_of(*models: type[Model]) -> list[list[dict[str, Any]]]:
    return [list(model._default_manager.order_by("pk").values()) for model in models]


def test_the_nine_districts_of_the_zones_with_chilca_beside_pucusana() -> None:
    rows = {row.ubigeo: row for row in programme.district_rows()}
    assert rows.keys() == NINE_AS_PRINTED | {CHILCA}
    assert all(row.is_zis and row.status == "sourced" and "eBIZ" in row.source for row in rows.values())
    assert all(row.position_status == "unverified" for row in rows.values())
    noted = {code for code, row in rows.items() if "Pucusana (Chilca)" in row.note_es and row.note_en}
    assert noted == {"150124", CHILCA}


def test_the_three_parks_and_how_unsure_their_positions_are() -> None:
    rows = {row.slug: row for row in programme.park_rows()}
    assert rows.keys() == {"la-chutana", "indupark", "sector-62"}
    assert {(row.position_status, row.position_error) for row in rows.values()} == {("unverified", 3)}
    assert all(in_peru(row.latitude, row.longitude) for row in rows.values())


def test_every_fact_names_a_park_a_source_a_date_and_one_value_or_a_range() -> None:
    slugs = {row.slug for row in programme.park_rows()}
    for row in programme.fact_rows():
        assert row.park in slugs
        assert (row.value is None) == (row.low is not None)
        assert (row.low is None) == (row.high is None)
        assert row.low is None or row.high is None or row.low < row.high
        assert bool(row.note_es) == bool(row.note_en)


def test_dated_values_that_differ_by_source_stand_side_by_side() -> None:
    areas = [(row.value, row.date) for row in programme.fact_rows() if (row.park, row.quantity) == ("indupark", "area")]
    assert areas == [(207, "2017–2018"), (230, "2024")]


def test_every_quantity_basis_part_and_qualifier_has_words() -> None:
    for row in programme.fact_rows():
        assert row.quantity in ORDER
        keys = [f"places.fact.{row.quantity}", f"status.{row.status}"]
        keys += [f"places.basis.{row.basis}"] if row.basis else []
        keys += [f"places.part.{row.part}"] if row.part else []
        keys += [f"places.qualifier.{row.qualifier}"] if row.qualifier else []
        assert [key for key in keys if not has_text(key)] == []
        assert not row.basis or row.basis in set(Basis)
    assert all(has_text(f"places.verdict.{verdict}") for verdict in Verdict)
    assert all(has_text(f"places.basis_note.{basis}") for basis, _ in GROUPS)


def test_the_outline_is_geojson_of_the_country() -> None:
    document = json.loads(programme.outline())
    (feature,) = document["features"]
    assert (document["type"], feature["geometry"]["type"]) == ("FeatureCollection", "MultiPolygon")
    assert "Natural Earth" in feature["properties"]["source"]
    for polygon in feature["geometry"]["coordinates"]:
        for ring in polygon:
            assert ring[0] == ring[-1]
            assert all(in_peru(latitude, longitude) for longitude, latitude in ring)
            # the outer ring goes against the clock (RFC 7946, 3.1.6)
            assert sum(one[0] * other[1] - other[0] * one[1] for one, other in pairwise(ring)) > 0


@pytest.mark.django_db
def test_loading_twice_leaves_the_same_rows() -> None:
    load_programme()
    once = rows_of(District, Park, ParkFact, Park.history.model)
    load_programme()
    assert rows_of(District, Park, ParkFact, Park.history.model) == once
    assert [len(rows) for rows in once] == [10, 3, len(programme.fact_rows()), 3]


@pytest.mark.django_db
def test_what_a_person_changed_stays_and_what_nobody_did_follows_the_files(world: World) -> None:
    load_programme()
    park = Park.objects.get(slug="indupark")
    change_park(world.actor("officer"), park, {"place": "km 58"})
    Park.objects.filter(slug="sector-62").update(place="somewhere")
    ParkFact.objects.filter(park=park).update(value=1)
    load_programme()
    assert Park.objects.get(slug="indupark").place == "km 58"
    assert Park.objects.get(slug="sector-62").place == "km 62, Panamericana Sur"
    assert set(ParkFact.objects.filter(park=park, quantity="area").values_list("value", flat=True)) == {207, 230}


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_verdict_on_the_line_flips_between_the_bases(language: Language) -> None:
    load_programme()
    for slug, sold, working in (("indupark", ["met"], ["not_met"]), ("sector-62", ["met", "met"], ["not_met"])):
        found = occupancy_of(Park.objects.get(slug=slug).facts.all(), language)
        assert [[line.verdict for line in card.lines] for card in found.cards] == [sold, working]
        assert found.flips
    chutana = occupancy_of(Park.objects.get(slug="la-chutana").facts.all(), language)
    assert not chutana.flips
    assert [len(card.lines) for card in chutana.cards] == [0, 0]
    assert [line.verdict for line in chutana.unstated] == [Verdict.MET]


@given(value=ends, low=ends, high=ends, qualifier=st.sampled_from(["", "about", "more_than", "from"]))
def test_a_verdict_is_told_only_where_every_reading_of_the_fact_agrees(
    value: float | None, low: float | None, high: float | None, qualifier: str
) -> None:
    fact = ParkFact(quantity="occupancy", value=value, low=low, high=high, unit="%", qualifier=qualifier)
    readings = [one for one in (value if low is None else low, value if high is None else high) if one is not None]
    verdict = verdict_of(fact)
    if verdict is Verdict.MET:
        assert readings[0] >= 50
    if verdict is Verdict.NOT_MET:
        assert readings[-1] < 50
        assert qualifier in ("", "about")
    assert verdict_of(ParkFact(quantity="occupancy", value=value, unit="ha")) is Verdict.OPEN


def test_a_range_across_the_line_and_a_least_value_below_it_are_open() -> None:
    assert verdict_of(ParkFact(low=40, high=60, unit="%")) is Verdict.OPEN
    assert verdict_of(ParkFact(value=40, qualifier="more_than", unit="%")) is Verdict.OPEN
    assert verdict_of(ParkFact(value=50, unit="%")) is Verdict.MET
    assert verdict_of(ParkFact(unit="%")) is Verdict.OPEN


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        (ParkFact(value=90, unit="ha", qualifier="about"), "≈ 90 ha"),
        (ParkFact(low=2500, high=150000, unit="m2"), "2,500–150,000 m²"),
        (ParkFact(value=20, qualifier="more_than"), "más de 20"),
        (ParkFact(), "–"),
    ],
)
def test_values_in_words(fact: ParkFact, words: str) -> None:
    assert value_words(fact, "es") == words


@pytest.mark.parametrize(
    ("date", "words"),
    [("2026-03-11", "11 mar. 2026"), ("2024-04", "abr. 2024"), ("2018", "2018"), ("2016–2026", "2016–2026")],
)
def test_dates_are_as_precise_as_they_are_known(date: str, words: str) -> None:
    assert date_words(date, "es") == words


@pytest.mark.django_db
def test_facts_come_in_the_order_of_a_reader() -> None:
    load_programme()
    lines = fact_lines(Park.objects.get(slug="la-chutana").facts.all(), "es")
    places = [ORDER.index(line.fact.quantity) for line in lines]
    assert places == sorted(places)
    assert len(lines) == 11
    assert all(line.status_words and line.source and line.date for line in lines)
    assert {line.fact.status for line in lines} <= {status.value for status in Status}
