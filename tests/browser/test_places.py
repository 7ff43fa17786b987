"""Places in a browser: the map is drawn under the strict policy, and its lists say the same without a script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from ayni.portal.people.models import Organisation
from ayni.portal.places.services import load_programme
from browser_samples import DESKTOP, PHONE, Watched, axe_faults, overflow
from portal_samples import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = (
    "/lugares/", "/lugares/parques/", "/lugares/parques/sector-62/", "/lugares/parques/own/", "/lugares/empresas/",
    "/lugares/distritos/",
)  # fmt: skip


@pytest.fixture
def places(transactional_db: None) -> World:
    load_programme()
    world = make_world()
    Organisation.objects.filter(pk=world.firm.pk).update(is_public=True)
    return world


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_pages_of_places_are_sound(places: World, visit: Callable[..., Watched], size: tuple[int, int]) -> None:
    watched = visit(size)
    for path in (*PAGES, f"/lugares/empresas/{places.site.pk}/"):
        page = watched.open(path)
        if page.locator("[data-map]").count():
            page.wait_for_selector("[data-drawn]")
        assert page.locator("h1").count() == 1, path
        assert overflow(page) == 0, path
        assert axe_faults(page) == [], path


def test_a_park_on_the_map_leads_to_its_page(places: World, visit: Callable[..., Watched]) -> None:
    page = visit().open("/lugares/")
    page.wait_for_selector("[data-drawn]")
    assert page.locator(".leaflet-overlay-pane path").count() > 3
    marker = page.get_by_role("button", name="Sector 62")
    marker.focus()
    page.keyboard.press("Enter")
    link = page.locator(".leaflet-popup a[href='/lugares/parques/sector-62/']")
    link.click()
    page.wait_for_selector("h1:has-text('Sector 62')")


def test_without_a_script_the_lists_say_the_same(places: World, browser: Browser, live_server: object) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server}/lugares/")
    for name in ("Sector 62", "La Chutana", "Indupark", "Firm 1", "Puente Piedra"):
        assert page.locator("main").get_by_role("link", name=name, exact=True).count() == 1, name
    context.close()
