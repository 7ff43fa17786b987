"""Results in a browser: the page at both widths, a figure opened in its place, and without a script on its own page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page

from ayni.portal.runs.models import Run
from browser_samples import DESKTOP, PHONE, Watched, axe_faults, overflow
from portal_samples import World, sign_in
from results_samples import tiny_run

pytestmark = pytest.mark.usefixtures("transactional_db")


def opened(visited: Watched, persona: str, world: World, path: str) -> Page:
    """A page of the portal as the persona sees it."""
    session = sign_in(Client(), world.people[persona]).cookies["ayni_session"].value
    cookie: Any = {"name": "ayni_session", "value": session, "url": visited.origin}
    visited.page.context.add_cookies([cookie])
    return visited.open(path)


@pytest.fixture
def run(world: World) -> Run:
    """A finished run of a tiny park."""
    return tiny_run(world)


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
@pytest.mark.parametrize("persona", ["officer", "park_operator", "firm_member"])
def test_pages_are_sound_at_both_widths(
    visit: Callable[..., Watched], world: World, run: Run, size: tuple[int, int], persona: str
) -> None:
    visited = visit(size)
    for path in (
        f"/resultados/{run.pk}/",
        f"/resultados/parques/{world.park.slug}/",
        f"/resultados/{run.pk}/cifras/park.firms",
    ):
        page = opened(visited, persona, world, path)
        assert page.locator("h1").count() == 1
        assert overflow(page) == 0
        assert axe_faults(page) == []


def test_a_figure_opens_in_its_place(visit: Callable[..., Watched], world: World, run: Run) -> None:
    page = opened(visit(), "officer", world, f"/resultados/{run.pk}/cifras/energy.total.before")
    page.locator("a[hx-get]").click()
    page.get_by_text("2025 E01").wait_for()
    assert page.url.endswith("energy.total.before")


def test_a_figure_stays_closed_to_who_may_not_read_it(visit: Callable[..., Watched], world: World, run: Run) -> None:
    page = opened(visit(), "park_operator", world, f"/resultados/{run.pk}/cifras/energy.total.before")
    page.locator("a[hx-get]").click()
    page.get_by_text("cerrado para usted").first.wait_for()
    assert page.get_by_text("2025 E01").count() == 0
