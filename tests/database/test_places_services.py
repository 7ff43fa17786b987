"""Writes: who may, what is refused, what stands in the history."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ayni.base.findings import Refused
from ayni.portal.people.answers import Forbidden
from ayni.portal.people.models import Kind, Organisation
from ayni.portal.places.history import changes_of
from ayni.portal.places.models import Park, Plot, Site
from ayni.portal.places.services import (
    change_park,
    change_site,
    create_park,
    create_site,
    publish_firm,
    remove_plot,
    save_plot,
    share_site,
)
from portal_samples import PERSONAS, World, district

POINT: dict[str, Any] = {"latitude": -12.4, "longitude": -76.7}


def code_of(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [finding.code for finding in refused.value.findings]


def test_an_officer_enters_a_park_of_their_area_only(world: World) -> None:
    park = create_park(world.actor("officer"), name="Parque Ñandú 2", district=world.park.district, **POINT)
    assert (park.slug, park.position_status, park.status) == ("parque-nandu-2", "declared", "declared")
    with pytest.raises(Forbidden):
        create_park(world.actor("officer"), name="Elsewhere", district=world.other_park.district, **POINT)
    with pytest.raises(Refused) as refused:
        create_park(world.actor("officer"), name="Parque Ñandú 2", district=world.park.district, **POINT)
    assert code_of(refused) == ["PLACE-PARK-TAKEN"]
    assert [change.who for change in changes_of(park, "es")] == ["officer"]


@pytest.mark.parametrize("persona", sorted(set(PERSONAS) - {"officer"}))
def test_nobody_else_changes_a_park(world: World, persona: str) -> None:
    with pytest.raises(Forbidden):
        change_park(world.actor(persona), world.park, {"name": "Taken"})
    assert Park.objects.get(pk=world.park.pk).name == "Park own"


def test_a_token_that_only_reads_changes_nothing(world: World) -> None:
    reading = replace(world.actor("officer"), scopes=frozenset({"read"}))
    writing = replace(world.actor("officer"), scopes=frozenset({"read", "write"}))
    with pytest.raises(Forbidden) as refused:
        change_park(reading, world.park, {"name": "Taken"})
    assert "leer" in refused.value.words("es")
    assert change_park(writing, world.park, {"name": "Renamed"}).name == "Renamed"


def test_a_park_with_firms_keeps_its_district(world: World) -> None:
    elsewhere = district("150119", "Lurín")
    with pytest.raises(Refused) as refused:
        change_park(world.actor("officer"), world.park, {"district": elsewhere})
    assert code_of(refused) == ["PLACE-PARK-DISTRICT"]
    empty = create_park(world.actor("officer"), name="Empty", district=world.park.district, **POINT)
    assert change_park(world.actor("officer"), empty, {"district": elsewhere}).district == elsewhere
    with pytest.raises(Forbidden):
        change_park(world.actor("officer"), empty, {"district": world.other_park.district})


def test_what_a_person_says_is_no_longer_the_sources_word(world: World) -> None:
    Park.objects.filter(pk=world.park.pk).update(
        position_source="recalled", position_error=3, status="sourced", source="Gestión", date="2024", place="km 60"
    )
    moved = change_park(world.actor("officer"), world.park, {"latitude": -12.41})
    assert (moved.position_status, moved.position_source, moved.position_error) == ("declared", "", None)
    assert (moved.status, moved.source) == ("sourced", "Gestión")
    placed = change_park(world.actor("officer"), moved, {"place": "km 61"})
    assert (placed.status, placed.source, placed.date) == ("declared", "", "")


def test_a_new_operator_does_not_inherit_what_firms_shared(world: World) -> None:
    share_site(world.actor("firm_manager"), world.site, is_shared=True)
    change_park(world.actor("officer"), world.park, {"name": "Renamed"})
    assert Site.objects.get(pk=world.site.pk).is_shared_with_park
    change_park(world.actor("officer"), world.park, {"operator": world.other_park.operator})
    site = Site.objects.get(pk=world.site.pk)
    assert not site.is_shared_with_park
    assert [change.who for change in changes_of(site, "es")][:2] == ["officer", "firm_manager"]


def test_the_operator_edits_plots_and_a_used_plot_stays(world: World) -> None:
    operator = world.actor("park_operator")
    plot = save_plot(operator, world.park, None, code="L1", area=5000, outline=None)
    save_plot(operator, world.park, plot, code="L1", area=5200, outline=None)
    with pytest.raises(Refused) as refused:
        save_plot(operator, world.park, None, code="L1", area=1, outline=None)
    assert code_of(refused) == ["PLACE-CODE-TAKEN"]
    change_site(world.actor("officer"), world.site, {"plot": plot})
    with pytest.raises(Refused) as refused:
        remove_plot(operator, plot)
    assert code_of(refused) == ["PLACE-PLOT-USED"]
    change_site(world.actor("officer"), world.site, {"plot": None})
    remove_plot(operator, plot)
    assert not Plot.objects.exists()
    assert [(kept.history_type, kept.area) for kept in Plot.history.all()] == [("-", 5200), ("~", 5200), ("+", 5000)]
    assert {kept.history_user for kept in Plot.history.all()} == {operator.user}
    for stranger in ("other_park_operator", "consultant", "firm_manager", "other_officer"):
        with pytest.raises(Forbidden):
            save_plot(world.actor(stranger), world.park, None, code="L2", area=1, outline=None)


def site_values(world: World, **more: Any) -> dict[str, Any]:
    return {"name": "Plant", "isic": "1020", "district": world.park.district, **POINT, **more}


def test_a_manager_enters_an_own_site_outside_parks(world: World) -> None:
    manager = world.actor("firm_manager")
    site = create_site(manager, world.firm, **site_values(world))
    assert (site.park, site.code) == (None, "E02")
    with pytest.raises(Forbidden):
        create_site(manager, world.firm, **site_values(world, park=world.park))
    with pytest.raises(Forbidden):
        create_site(manager, world.firm, **site_values(world, code="E01"))
    with pytest.raises(Forbidden):
        create_site(manager, world.other_firm, **site_values(world))
    with pytest.raises(Forbidden):
        create_site(world.actor("firm_member"), world.firm, **site_values(world))


def test_an_officer_enters_a_site_in_a_park_with_the_next_code(world: World) -> None:
    officer = world.actor("officer")
    site = create_site(officer, world.firm, **site_values(world, park=world.park))
    assert (site.code, site.district) == ("E04", world.park.district)
    with pytest.raises(Refused) as refused:
        create_site(officer, world.firm, **site_values(world, park=world.park, code="E01"))
    assert code_of(refused) == ["PLACE-CODE-TAKEN"]
    with pytest.raises(Forbidden):
        create_site(officer, world.firm, **site_values(world, park=world.other_park))
    body = Organisation.objects.create(kind=Kind.VERIFIER, name="No firm")
    with pytest.raises(Refused) as refused:
        create_site(officer, body, **site_values(world))
    assert code_of(refused) == ["PLACE-NOT-A-FIRM"]


def test_a_manager_says_what_stands_there_and_an_officer_where_it_belongs(world: World) -> None:
    manager, officer = world.actor("firm_manager"), world.actor("officer")
    assert change_site(manager, world.site, {"name": "Renamed", "is_operating": False}).name == "Renamed"
    for assigned in ({"code": "E09"}, {"park": None}, {"district": district("150119", "Lurín")}):
        with pytest.raises(Forbidden):
            change_site(manager, world.site, assigned)  # type: ignore[arg-type]
    assert change_site(officer, world.site, {"code": "E09"}).code == "E09"
    assert change_site(manager, world.site, {"code": "E09", "isic": "2220"}).isic == "2220"
    assert [change.who for change in changes_of(world.site, "es")][:3] == ["firm_manager", "officer", "firm_manager"]
    assert changes_of(world.site, "es")[1].fields == "Código"


def test_a_site_that_leaves_its_park_takes_its_records_along(world: World) -> None:
    officer = world.actor("officer")
    share_site(world.actor("firm_manager"), world.site, is_shared=True)
    second = create_park(officer, name="Second", district=district("150119", "Lurín"), **POINT)
    moved = change_site(officer, world.site, {"park": second})
    assert (moved.is_shared_with_park, moved.plot, moved.district_id) == (False, None, "150119")
    with pytest.raises(Forbidden):
        change_site(officer, moved, {"park": world.other_park})
    with pytest.raises(Refused) as refused:
        change_site(officer, moved, {"district": world.park.district})
    assert code_of(refused) == ["PLACE-SITE-DISTRICT"]
    strange = Plot.objects.create(park=world.park, code="L1", area=1)
    with pytest.raises(Refused) as refused:
        change_site(officer, moved, {"plot": strange})
    assert code_of(refused) == ["PLACE-PLOT-ELSEWHERE"]


@pytest.mark.parametrize("persona", sorted(set(PERSONAS) - {"firm_manager"}))
def test_what_is_the_firms_own_act_nobody_else_does(world: World, persona: str) -> None:
    actor = world.actor(persona)
    with pytest.raises(Forbidden):
        publish_firm(actor, world.firm, is_public=True)
    with pytest.raises(Forbidden):
        share_site(actor, world.site, is_shared=True)
    assert not Organisation.objects.get(pk=world.firm.pk).is_public
    assert not Site.objects.get(pk=world.site.pk).is_shared_with_park


def test_the_manager_publishes_and_shares_and_takes_it_back(world: World) -> None:
    manager = world.actor("firm_manager")
    for is_on in (True, True, False):
        publish_firm(manager, world.firm, is_public=is_on)
        share_site(manager, world.site, is_shared=is_on)
        assert Organisation.objects.get(pk=world.firm.pk).is_public is is_on
        assert Site.objects.get(pk=world.site.pk).is_shared_with_park is is_on
    assert Site.history.filter(id=world.site.pk).count() == 3
    outside = create_site(manager, world.firm, **site_values(world))
    with pytest.raises(Forbidden):
        share_site(manager, outside, is_shared=True)
