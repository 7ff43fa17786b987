"""Pages, files and forms of places."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from ayni.portal.people.models import Kind, Organisation
from ayni.portal.places.exports import FORMULA_SIGNS, csv_text, plain_cell
from ayni.portal.places.geojson import SITES_MAX, in_peru, outline_fault
from ayni.portal.places.models import Park, ParkFact, Plot, Site
from ayni.portal.places.services import load_programme
from portal_samples import World, district, make_site, sign_in

SQUARE = [[-76.74, -12.47], [-76.73, -12.47], [-76.73, -12.46], [-76.74, -12.46], [-76.74, -12.47]]


def reader(world: World, persona: str) -> Client:
    return sign_in(Client(), world.people[persona])


@pytest.mark.django_db
def test_a_parks_page_says_value_date_source_and_status_of_every_fact() -> None:
    load_programme()
    page = Client().get("/lugares/parques/sector-62/").content.decode()
    for word in (
        "212.3 ha", "2016–2026", "construccionyvivienda.com; Gestión", "con fuente", "94 %", "74 %",
        "24 %", "cumple la línea", "no cumple la línea", "La respuesta depende de la base", "± 3 km", "2 km",
    ):  # fmt: skip
        assert word in page, word


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("slug", ["la-chutana", "indupark", "sector-62"])
def test_every_park_has_its_page_in_both_languages(slug: str, language: str) -> None:
    load_programme()
    answer = Client(headers={"accept-language": language}).get(f"/lugares/parques/{slug}/")
    assert answer.status_code == 200
    assert ("Dated facts" in answer.content.decode()) == (language == "en")


@pytest.mark.django_db
def test_no_such_park_site_or_file() -> None:
    for path in ("parques/none/", "empresas/99999999999999999999/", "datos/secrets.csv", "parques/none/mapa.geojson"):
        assert Client().get(f"/lugares/{path}").status_code == 404


def _check_geometry(geometry: dict[str, Any]) -> None:
    """RFC 7946: positions are longitude, latitude."""
    assert geometry["type"] in ("Point", "Polygon")
    positions = [geometry["coordinates"]] if geometry["type"] == "Point" else geometry["coordinates"][0]
    assert all(in_peru(latitude, longitude) for longitude, latitude in positions)


@pytest.mark.django_db
def test_the_map_is_geojson(world: World) -> None:
    load_programme()
    Plot.objects.create(park=world.park, code="L1", area=1, outline={"type": "Polygon", "coordinates": [SQUARE]})
    client = reader(world, "park_operator")
    for path, kinds in (
        ("/lugares/mapa.geojson", {"park", "zis", "site"}),
        (f"/lugares/parques/{world.park.slug}/mapa.geojson", {"park", "plot", "site"}),
    ):
        answer = client.get(path)
        assert answer["Content-Type"] == "application/geo+json"
        assert "no-store" in answer["Cache-Control"]
        document = json.loads(answer.content)
        assert set(document) == {"type", "features"}
        assert document["type"] == "FeatureCollection"
        for feature in document["features"]:
            assert set(feature) == {"type", "id", "geometry", "properties"}
            _check_geometry(feature["geometry"])
        assert {feature["properties"]["kind"] for feature in document["features"]} == kinds
    assert SITES_MAX >= 1000
    outline = Client().get("/lugares/contorno.geojson")
    assert outline["Content-Type"] == "application/geo+json"
    assert json.loads(outline.content)["features"][0]["properties"]["code"] == "PE"


@pytest.mark.parametrize(
    ("value", "key"),
    [
        ({"type": "Polygon", "coordinates": [SQUARE]}, ""),
        ({"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE]]}, ""),
        ({"type": "Point", "coordinates": [-76, -12]}, "places.outline.kind"),
        ([SQUARE], "places.outline.kind"),
        ({"type": "MultiPolygon", "coordinates": []}, "places.outline.kind"),
        ({"type": "Polygon", "coordinates": []}, "places.outline.ring"),
        ({"type": "Polygon", "coordinates": [SQUARE[:-1]]}, "places.outline.ring"),
        ({"type": "Polygon", "coordinates": [[position[::-1] for position in SQUARE]]}, "places.outline.ring"),
        ({"type": "MultiPolygon", "coordinates": [SQUARE]}, "places.outline.ring"),
        ({"type": "Polygon", "coordinates": [[["x", "y"]] * 4]}, "places.outline.ring"),
        ({"type": "Polygon", "coordinates": [[[float("nan"), -12.0]] * 4]}, "places.outline.ring"),
        ({"type": "Polygon", "coordinates": [SQUARE * 500]}, "places.outline.size"),
        ({"type": "Polygon", "coordinates": [SQUARE], "onload": "x"}, "places.outline.kind"),
    ],
)
def test_outlines_are_closed_polygons_in_peru(value: object, key: str) -> None:
    assert outline_fault(value) == key


@given(text=st.text(st.characters(codec="utf-8", exclude_characters="\0\r\n")))
def test_no_cell_is_a_formula_and_none_loses_its_text(text: str) -> None:
    cell = str(plain_cell(text))
    assert not cell.startswith(FORMULA_SIGNS)
    assert cell.removeprefix("'") == text.removeprefix("'") or cell == text
    written = csv_text(["name"], [{"name": text}])
    assert list(csv.DictReader(io.StringIO(written, newline=""))) == [{"name": cell}]


def test_numbers_truth_and_what_is_not_known_in_cells() -> None:
    assert csv_text(["a", "b", "c"], [{"a": -12.5, "b": None, "c": True}]) == "a,b,c\r\n-12.5,,true\r\n"


@pytest.mark.django_db
def test_a_firm_that_is_named_like_a_formula_is_exported_as_text(world: World) -> None:
    Organisation.objects.filter(pk=world.firm.pk).update(name="=HYPERLINK(1)", is_public=True)
    Site.objects.filter(pk=world.site.pk).update(name="@SUM(A1)")
    (row,) = csv.DictReader(io.StringIO(Client().get("/lugares/datos/firms.csv").content.decode()))
    assert (row["firm"], row["name"]) == ("'=HYPERLINK(1)", "'@SUM(A1)")


@pytest.mark.django_db
@pytest.mark.parametrize("dataset", ["parks", "facts", "districts", "firms"])
def test_csv_and_json_say_the_same(world: World, dataset: str) -> None:
    load_programme()
    client = reader(world, "officer")
    answer = client.get(f"/lugares/datos/{dataset}.csv")
    assert answer["Content-Disposition"] == f'attachment; filename="ayni-{dataset}.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode(), newline="")))
    items = client.get(f"/lugares/datos/{dataset}.json").json()["items"]
    assert rows
    assert rows == [{name: str(plain_cell(value)) for name, value in item.items()} for item in items]


@pytest.mark.django_db
def test_every_exported_fact_carries_source_and_status() -> None:
    load_programme()
    items = Client().get("/lugares/datos/facts.json").json()["items"]
    assert len(items) == ParkFact.objects.count() == 24
    assert all(item["source"] and item["status"] and item["date"] for item in items)


PAGES = (
    "/lugares/", "/lugares/mapa.geojson", "/lugares/parques/", "/lugares/parques/own/",
    "/lugares/parques/own/mapa.geojson", "/lugares/empresas/", "/lugares/empresas/?q=firm", "/lugares/distritos/",
    "/lugares/datos/parks.csv", "/lugares/datos/facts.json", "/lugares/datos/districts.csv",
    "/lugares/datos/firms.csv",
)  # fmt: skip


def _queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(path).status_code == 200
    return len(caught)


@pytest.mark.django_db
@pytest.mark.parametrize("persona", ["anonymous", "officer", "park_operator"])
def test_queries_do_not_grow_with_rows(world: World, persona: str) -> None:
    client = Client() if persona == "anonymous" else reader(world, persona)
    Organisation.objects.filter(sites__park=world.park).update(is_public=True)
    for number in (1, 2, 3):
        Plot.objects.create(park=world.park, code=f"L{number}", area=1)
    few = {path: _queries(client, path) for path in PAGES}
    for number in range(20, 47):
        site = make_site(world.park, number, f"Firm {number}")
        Organisation.objects.filter(pk=site.organisation_id).update(is_public=True)
        place = district(f"1501{number}", f"District {number}")
        park = Park.objects.create(
            slug=f"p{number}", name=f"P {number}", district=place, latitude=-12.0, longitude=-77.0,
            operator=Organisation.objects.create(kind=Kind.OPERATOR, name=f"Operator {number}"), position_status="",
        )  # fmt: skip
        ParkFact.objects.create(
            park=park, quantity="area", value=1, unit="ha", date="2024", source="x", status="sourced"
        )
        Plot.objects.create(park=world.park, code=f"L{number}", area=1)
    assert {path: _queries(client, path) for path in PAGES} == few
    assert max(few.values()) <= 14


@pytest.mark.django_db
def test_the_history_of_a_site_takes_one_query_however_long(world: World) -> None:
    client, path = reader(world, "officer"), f"/lugares/empresas/{world.site.pk}/"
    world.site.save()
    few = _queries(client, path)
    for number in range(30):
        world.site.name = f"Firm {number}"
        world.site.save()
    assert _queries(client, path) == few


@pytest.mark.django_db
def test_an_officer_enters_and_corrects_a_park(world: World) -> None:
    client = reader(world, "officer")
    values = {"name": "Parque Sur", "district": "150505", "latitude": "-12.5", "longitude": "-76.7", "place": "km 70"}
    wrong = client.post("/lugares/parques/nuevo", {**values, "latitude": "12.5"})
    assert wrong.status_code == 422
    assert "Revise los signos" in wrong.content.decode()
    assert client.post("/lugares/parques/nuevo", values)["Location"] == "/lugares/parques/parque-sur/"
    again = client.post("/lugares/parques/nuevo", values)
    assert "Ya hay un parque llamado «Parque Sur»" in again.content.decode()
    assert client.post("/lugares/parques/parque-sur/corregir", {**values, "place": "km 71"}).status_code == 302
    page = client.get("/lugares/parques/parque-sur/").content.decode()
    assert "km 71" in page
    assert "officer · Lugar" in page
    assert "officer · Lugar" not in Client().get("/lugares/parques/parque-sur/").content.decode()


@pytest.mark.django_db
def test_a_manager_corrects_publishes_and_shares_the_own_site(world: World) -> None:
    client, path = reader(world, "firm_manager"), f"/lugares/empresas/{world.site.pk}/"
    form = client.get(f"{path}corregir").context["form"]
    assert set(form.fields) == {"name", "isic", "latitude", "longitude", "is_operating"}
    values = {"name": "Planta Norte", "isic": "1020", "latitude": "-12.45", "longitude": "-76.75", "code": "E99"}
    assert client.post(f"{path}corregir", values)["Location"] == path
    site = Site.objects.get(pk=world.site.pk)
    assert (site.name, site.code, site.is_operating) == ("Planta Norte", "E01", False)
    assert client.post(f"{path}publicar", follow=True).status_code == 200
    assert "Planta Norte" in Client().get("/lugares/empresas/").content.decode()
    client.post(f"{path}compartir")
    assert Site.objects.get(pk=world.site.pk).is_shared_with_park
    assert client.get(f"{path}publicar").status_code == 405


@pytest.mark.django_db
def test_an_officer_enters_a_site_by_tax_number_and_gives_it_a_plot(world: World) -> None:
    client = reader(world, "officer")
    values = {
        "ruc": world.other_firm.ruc, "name": "Segunda", "isic": "2220", "district": "150505", "latitude": "-12.45",
        "longitude": "-76.75", "park": world.park.pk,
    }  # fmt: skip
    unknown = client.post("/lugares/empresas/nueva", {**values, "ruc": "20999999999"})
    assert "Ninguna empresa registrada tiene este RUC" in unknown.content.decode()
    client.post("/lugares/empresas/nueva", values)
    site = Site.objects.get(name="Segunda")
    assert (site.code, site.organisation) == ("E04", world.other_firm)
    outline = json.dumps({"type": "Polygon", "coordinates": [SQUARE]})
    for text in ("[" * 20_000, "{", outline.replace("-76.74", "76.74")):
        assert (
            client.post("/lugares/parques/own/lotes/nuevo", {"code": "L1", "area": 9, "outline": text}).status_code
            == 422
        )
    client.post("/lugares/parques/own/lotes/nuevo", {"code": "L1", "area": "9000", "outline": outline})
    plot = Plot.objects.get()
    assert plot.outline == json.loads(outline)
    path = f"/lugares/empresas/{site.pk}/corregir"
    taken = client.post(path, {**values, "code": "E01", "plot": plot.pk})
    assert "ya está en uso" in taken.content.decode()
    client.post(path, {**values, "code": "E07", "plot": plot.pk})
    assert Site.objects.get(pk=site.pk).plot == plot
    assert client.post(f"/lugares/lotes/{plot.pk}/quitar")["Location"] == f"/lugares/lotes/{plot.pk}/"
    assert Plot.objects.exists()


@pytest.mark.django_db
def test_a_reason_stands_under_what_cannot_be_pressed(world: World) -> None:
    page = reader(world, "firm_member").get(f"/lugares/empresas/{world.site.pk}/").content.decode()
    assert "Solo el responsable de la empresa puede decidirlo." in page
    assert 'aria-disabled="true"' in page
    tenant = reader(world, "park_operator").get(f"/lugares/empresas/{world.site.pk}/").content.decode()
    assert "la operadora del parque ve solo los totales del parque" in tenant


@pytest.mark.django_db
def test_made_up_parks_and_firms_are_marked(world: World) -> None:
    Park.objects.update(is_sample=True)
    Site.objects.update(is_sample=True)
    client = reader(world, "officer")
    for path in ("/lugares/parques/own/", f"/lugares/empresas/{world.site.pk}/"):
        assert '<span class="sample">' in client.get(path).content.decode().partition("</h1>")[0]
