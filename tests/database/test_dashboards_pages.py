"""Dashboards: what each persona sees, what nobody else may see, and how often the database is asked."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ayni.base.texts import number
from ayni.portal.places.models import Site
from ayni.portal.records.models import IndicatorValue, RecordRow, Submission, SubmissionState
from portal_samples import PERSONAS, World, sign_in
from records_samples import YEAR, accept_example, example_sites, make_accepted, own_rows

LIVE = ("officer", "elevated_administrator")
AREAS = ("/tableros/pais/", "/tableros/regiones/15/")


def client_of(world: World, persona: str) -> Client:
    """A browser of the persona, in Spanish."""
    client = Client(headers={"accept-language": "es"})
    return client if persona == "anonymous" else sign_in(client, world.people[persona])


def page(world: World, persona: str, path: str) -> str:
    """The page as the persona gets it."""
    answer = client_of(world, persona).get(path)
    assert answer.status_code == 200, (persona, path, answer.status_code)
    return str(answer.content.decode())


def accept_first(world: World, count: int, year: int = YEAR) -> list[Submission]:
    """Accepted records of the first sites of the example in the own park."""
    _, sites = example_sites(world)
    people = world.people
    return [
        make_accepted(site, own_rows(site), people["firm_manager"], people["officer"], year)
        for site in list(sites.values())[:count]
    ]


def written(values: dict[str, float]) -> set[str]:
    """Figures as pages write them; those of fewer than four characters stand in any page."""
    return {text for value in values.values() if len(text := number(value, "es")) > 3}


def sums(**whose: object) -> dict[str, float]:
    """The year's sums by code."""
    found: dict[str, float] = {}
    for one in IndicatorValue.objects.filter(month=0, **whose):
        found[one.code] = found.get(one.code, 0.0) + one.value
    return found


@pytest.mark.django_db
def test_every_total_of_a_firm_stands_there_and_opens(world: World) -> None:
    record = accept_first(world, 1)[0]
    client = client_of(world, "firm_member")
    html = client.get(f"/tableros/empresas/{world.site.pk}/").content.decode()
    for code, value in sums(submission=record).items():
        url = f"/tableros/empresas/{world.site.pk}/{YEAR}/{code}/"
        assert f'href="{url}"' in html
        opened = client.get(url).content.decode()
        assert record.content_hash in opened
        assert number(value * 100 if code == "completeness" else value, "es") in opened
        assert f"/registros/{record.pk}/?sheet=electricity_bills#rows" in opened
    assert "f34bddafd2c0" in client.get(f"/tableros/empresas/{world.site.pk}/{YEAR}/energy.total/").content.decode()
    assert html.count('class="sankey ') == 4  # two, each wide and narrow
    assert "style=" not in html
    assert "Nada: están todas las hojas" in html


@pytest.mark.django_db
def test_an_unknown_total_year_region_or_park_is_not_found(world: World) -> None:
    accept_first(world, 1)
    client = client_of(world, "officer")
    own = f"empresas/{world.site.pk}"
    for path in (
        f"{own}/{YEAR}/none/", f"{own}/{YEAR + 1}/energy.total/", f"{own}/?year=1999", f"{own}/?year=x", "regiones/99/",
        "parques/none/", f"parques/own/{YEAR}/none/", "parques/own/?year=1999", f"empresas/{'9' * 30}/",
    ):  # fmt: skip
        assert client.get(f"/tableros/{path}").status_code == 404, path


@pytest.mark.django_db
def test_the_year_before_is_compared_and_what_lacks_is_named(world: World) -> None:
    accept_first(world, 1)
    record = accept_first(world, 1, YEAR - 1)[0]
    html = page(world, "firm_manager", f"/tableros/empresas/{world.site.pk}/")
    assert f"0 frente a {YEAR - 1}" in html
    assert f"?year={YEAR - 1}" in html
    rows = RecordRow.objects.filter(submission=record)
    rows.filter(sheet="equipment")._raw_delete(rows.db)
    rows.filter(sheet="electricity_bills", content__month__startswith=f"{YEAR}-03")._raw_delete(rows.db)
    older = page(world, "firm_manager", f"/tableros/empresas/{world.site.pk}/?year={YEAR - 1}")
    assert older.count("sin filas") == 1
    assert "faltan mar." in older


@pytest.mark.django_db
def test_live_totals_are_for_those_who_read_every_record(world: World) -> None:
    accept_first(world, 3)
    hidden = written(sums())
    every = {code: written({code: value}) for code, value in sums().items() if code == "energy.total"}
    for persona in PERSONAS:
        html = page(world, persona, "/tableros/parques/own/")
        assert (every["energy.total"] <= set(re.findall(r"[\d,.]+", html))) == (persona in LIVE), persona
        assert ("Todavía no se publicó" in html) == (persona not in LIVE)
        if persona not in LIVE:
            assert not hidden & set(re.findall(r"[\d,.]+", html)), persona
            assert "<svg" not in html.partition("<main")[2]


@pytest.mark.django_db
def test_areas_show_nothing_live_to_others(world: World) -> None:
    accept_first(world, 3)
    hidden = written(sums())
    readers = {"/tableros/pais/": {"elevated_administrator"}, "/tableros/regiones/15/": set(LIVE)}
    for path in AREAS:
        for persona in PERSONAS:
            html = page(world, persona, path)
            assert bool(hidden & set(re.findall(r"[\d,.]+", html))) == (persona in readers[path]), (path, persona)
            assert ("Rama" in html) == (persona in readers[path])


@pytest.mark.django_db
def test_the_park_reads_totals_once_every_firm_shares(world: World) -> None:
    accept_first(world, 3)
    path = f"/tableros/parques/own/{YEAR}/energy.total/"
    sites = Site.objects.filter(park=world.park, submissions__state=SubmissionState.ACCEPTED)
    for shared, status in ((2, 403), (3, 200)):
        for site in sites.order_by("code")[:shared]:
            Site.objects.filter(pk=site.pk).update(is_shared_with_park=True)
        assert client_of(world, "park_operator").get(path).status_code == status
        assert client_of(world, "other_park_operator").get(path).status_code == 403
        is_hidden = "Todavía no se publicó" in page(world, "consultant", "/tableros/parques/own/")
        assert is_hidden == (status == 403)


@pytest.mark.django_db
def test_tenants_states_are_for_the_park_and_officers_without_figures(world: World) -> None:
    accept_first(world, 2)
    for persona in PERSONAS:
        html = page(world, persona, "/tableros/parques/own/")
        reads = persona in ("park_operator", "consultant", *LIVE)
        assert ("aceptado</td>" in html) == reads, persona


def accept_sample(world: World, site: Site) -> Submission:
    """An accepted record that was made up."""
    site.is_sample = True
    site.save()
    return make_accepted(site, own_rows(site), world.people["firm_manager"], world.people["officer"])


@pytest.mark.django_db
def test_what_was_made_up_says_so_and_is_never_added_to_what_was_not(world: World) -> None:
    sites = list(example_sites(world)[1].values())
    made_up = accept_sample(world, sites[0])
    chip = 'class="sample">'
    for path in (f"/tableros/empresas/{sites[0].pk}/", f"/tableros/empresas/{sites[0].pk}/{YEAR}/energy.total/",
                 "/tableros/parques/own/", "/tableros/regiones/15/"):  # fmt: skip
        assert chip in page(world, "officer", path), path
    own = make_accepted(sites[1], own_rows(sites[1]), world.people["firm_manager"], world.people["officer"])
    for path in ("/tableros/parques/own/", "/tableros/regiones/15/"):
        html = page(world, "officer", path)
        assert chip not in html
        assert number(sums(submission=own)["energy.total"], "es") in html
        assert number(sums(submission__in=[own, made_up])["energy.total"], "es") not in html


@pytest.mark.django_db
def test_a_page_asks_as_often_for_twelve_sites_as_for_three(world: World) -> None:
    client, people = client_of(world, "elevated_administrator"), world.people
    sites = list(example_sites(world)[1].values())
    paths = ("/tableros/", "/tableros/parques/own/", f"/tableros/parques/own/{YEAR}/energy.total/", *AREAS)
    asked: list[dict[str, int]] = []
    for some in (sites[:3], sites[3:]):
        for site in some:
            make_accepted(site, own_rows(site), people["firm_manager"], people["officer"])
        asked.append({path: _queries(client, path) for path in paths})
    assert asked[0] == asked[1]


def _queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


@pytest.mark.django_db
def test_small_flows_are_joined_until_they_are_opened(world: World) -> None:
    accept_example(world)
    path = "/tableros/parques/own/"
    html = page(world, "officer", path)
    assert "open=materials#materials" in html
    opened = page(world, "officer", f"{path}?year={YEAR}&open=materials")
    assert len(opened) > len(html)
    assert "open=materials#materials" not in opened
