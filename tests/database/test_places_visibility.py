"""Who may know which firm: lists, files, map and API never show what the firm's page would refuse."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from access import PARK
from access_places import KNOWERS
from ayni.portal.people.models import Organisation
from ayni.portal.places.exports import site_record
from ayni.portal.places.models import Site
from ayni.portal.places.permissions import (
    may_know_site,
    may_know_site_closely,
    may_read_park_records,
    may_read_site_records,
    readable_parks,
    readable_sites,
    visible_sites,
)
from portal_samples import PERSONAS, World, make_site, sign_in

flags = st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), min_size=6, max_size=6)


def reader(world: World, persona: str) -> Client:
    client = Client()
    return client if persona == "anonymous" else sign_in(client, world.people[persona])


def publish(*sites: Site) -> None:
    Organisation.objects.filter(sites__in=sites).update(is_public=True)


@pytest.mark.parametrize("persona", PERSONAS)
def test_the_query_of_visible_sites_is_the_rule_for_one_site(world: World, persona: str) -> None:
    actor = world.actor(persona)

    @settings(max_examples=15, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(drawn=flags)
    def law(drawn: list[tuple[bool, bool, bool]]) -> None:
        with transaction.atomic():
            for site, (is_public, is_shared, is_outside) in zip(Site.objects.order_by("pk"), drawn, strict=True):
                Organisation.objects.filter(pk=site.organisation_id).update(is_public=is_public)
                park = None if is_outside else site.park
                Site.objects.filter(pk=site.pk).update(is_shared_with_park=is_shared, park=park)
            sites = list(Site.objects.select_related("organisation", "park"))
            known = {site.pk for site in sites if may_know_site(actor, site)}
            assert set(visible_sites(actor).values_list("pk", flat=True)) == known
            readable = {site.pk for site in sites if may_read_site_records(actor, site)}
            assert set(readable_sites(actor).values_list("pk", flat=True)) == readable
            close = {site.pk for site in sites if may_know_site_closely(actor, site)}
            assert readable <= close <= known
            parks = {site.park for site in sites if site.park}
            assert {park.slug for park in parks if may_read_park_records(actor, park)} == {
                park.slug for park in readable_parks(actor) if park in parks
            }
            transaction.set_rollback(True)

    law()


@pytest.mark.parametrize("persona", PERSONAS)
def test_no_list_shows_what_the_page_refuses(world: World, persona: str) -> None:
    publish(world.neighbours[0])
    client = reader(world, persona)
    answers = {site.pk: client.get(f"/lugares/empresas/{site.pk}/").status_code for site in Site.objects.all()}
    assert set(answers.values()) <= {200, 404}
    open_ones = {pk for pk, status in answers.items() if status == 200}
    assert world.neighbours[0].pk in open_ones
    assert (world.site.pk in open_ones) == (persona in KNOWERS)

    rows = list(csv.DictReader(io.StringIO(client.get("/lugares/datos/firms.csv").content.decode())))
    assert {int(row["id"]) for row in rows} == open_ones
    assert {row["id"] for row in client.get("/lugares/datos/firms.json").json()["items"]} == open_ones
    assert _on_map(client, "/lugares/mapa.geojson") == open_ones
    in_park = {site.pk for site in Site.objects.filter(park=world.park)}
    assert _on_map(client, f"/lugares/parques/{world.park.slug}/mapa.geojson") == open_ones & in_park
    for path in ("/lugares/", "/lugares/empresas/", f"/lugares/parques/{world.park.slug}/"):
        page = client.get(path).content.decode()
        for site in Site.objects.all():
            shown = f"/lugares/empresas/{site.pk}/" in page
            assert shown <= (site.pk in open_ones), (path, site.name)
            if path.endswith("empresas/"):
                assert shown == (site.pk in open_ones)


def _on_map(client: Client, path: str) -> set[int]:
    features = json.loads(client.get(path).content)["features"]
    return {int(one["id"].removeprefix("site-")) for one in features if one["properties"]["kind"] == "site"}


@pytest.mark.parametrize("persona", PERSONAS)
def test_code_and_tax_number_are_for_those_who_know_the_firm_closely(world: World, persona: str) -> None:
    publish(world.site)
    actor, site = world.actor(persona), Site.objects.select_related("organisation", "park").get(pk=world.site.pk)
    is_close = persona in KNOWERS
    record = site_record(actor, site)
    assert (record["code"], record["ruc"]) == (("E01", world.firm.ruc) if is_close else (None, None))
    page = reader(world, persona).get(f"/lugares/empresas/{site.pk}/").content.decode()
    assert ("E01" in page) == is_close
    assert (str(world.firm.ruc) in page) == is_close
    listed = reader(world, persona).get(f"/lugares/parques/{world.park.slug}/").content.decode()
    assert ("E01" in listed) == (persona in PARK | {"officer", "elevated_administrator"})
    assert "E01" not in reader(world, persona).get("/lugares/empresas/").content.decode()


@pytest.mark.parametrize("query", ["q=E01", "q=20999", "branch=10&q=E0", "sort=code", "sort=organisation__ruc"])
def test_codes_are_neither_searched_nor_sorted_by(world: World, query: str) -> None:
    publish(world.site, world.neighbours[0])
    names = _listed(Client(), query)
    assert names in ([], [world.site.name, world.neighbours[0].name])


def _listed(client: Client, query: str) -> list[str]:
    return [row.record.name for row in client.get(f"/lugares/empresas/?{query}").context["table"].paginated_rows]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("branch=10", {"Firm 1", "Firm 3"}), ("branch=22", {"Firm 2"}), ("branch=22&q=firm 1", set()),
        ("q=FIRM 2", {"Firm 2"}), ("district=070101", set()), ("park=other", set()),
        ("district=150505&park=own", {"Firm 1", "Firm 2", "Firm 3"}),
    ],
)  # fmt: skip
def test_filters_narrow_down(world: World, query: str, found: set[str]) -> None:
    Site.objects.filter(pk=world.neighbours[0].pk).update(isic="2220")
    client = reader(world, "park_operator")
    assert set(_listed(client, query)) == found
    exported = client.get(f"/lugares/datos/firms.json?{query}").json()["items"]
    assert {row["name"] for row in exported} == found


def test_a_filter_that_cannot_be_read_exports_nothing(world: World) -> None:
    answer = reader(world, "officer").get("/lugares/datos/firms.csv?district=nowhere")
    assert (answer.status_code, answer["Location"]) == (302, "/lugares/empresas/?district=nowhere")


def test_how_many_firms_a_district_holds_is_public_and_which_ones_is_not(world: World) -> None:
    make_site(world.park, 77, "Firm 77")
    rows: list[dict[str, Any]] = Client().get("/lugares/datos/districts.json").json()["items"]
    assert {row["ubigeo"]: row["firm_count"] for row in rows} == {"150505": 4, "070101": 3}
    assert Client().get("/lugares/datos/firms.json").json()["items"] == []
