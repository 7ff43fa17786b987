"""The story of a result, walked in a browser: asked for, watched while a real worker makes it, a figure opened."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import expect

from ayni.portal.runs.models import Run, RunState
from browser_samples import PHONE, Watched, address, axe_faults, enter, overflow
from portal_samples import World
from records_samples import YEAR

pytestmark = pytest.mark.browser
RUN_MAX = 240_000
"""How long the main job may take on a busy machine [ms]."""


def database_url() -> str:
    """The address of the database that this test runs on."""
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{known['NAME']}"
    password = f":{known['PASSWORD']}" if known["PASSWORD"] else ""
    return f"postgresql://{known['USER']}{password}@{known['HOST']}:{known['PORT'] or 5432}/{known['NAME']}"


@pytest.fixture
def worker(story: World) -> Iterator[subprocess.Popen[bytes]]:
    """A worker process of its own on the test's database and files."""
    environment = {
        **os.environ, "DATABASE_URL": database_url(), "AYNI_DATA": str(settings.ENVIRONMENT.data),
        "AYNI_SECRET_KEY": settings.SECRET_KEY,
    }  # fmt: skip
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    with subprocess.Popen([sys.executable, "-m", "ayni.cli", "worker"], env=environment) as process:
        yield process
        process.terminate()
        assert process.wait(30) in (0, -15)


def test_a_result_is_asked_for_made_and_opened(
    story: World, worker: subprocess.Popen[bytes], visit: Callable[..., Watched]
) -> None:
    page = enter(visit(), story.people["officer"], with_code=True)
    page.goto(address(page, f"/resultados/parques/{story.park.slug}/"))
    page.get_by_role("button", name="Calcular resultados").first.click()
    run = Run.objects.get()
    page.goto(address(page, f"/trabajos/{run.pk}/"))
    expect(page.locator("progress").first).to_be_visible(timeout=RUN_MAX)
    expect(page.locator("main")).to_contain_text("Terminado", timeout=RUN_MAX)
    run.refresh_from_db()
    assert run.state == RunState.DONE
    assert run.attempt == 1
    page.goto(address(page, f"/resultados/{run.pk}/"))
    expect(page.locator("h1")).to_contain_text(str(YEAR))
    assert page.locator(".chart svg").count() >= 1
    assert axe_faults(page) == []
    page.get_by_role("link", name="Abrir esta cifra").first.click()
    expect(page.locator("main")).to_contain_text("potencial")
    assert axe_faults(page) == []
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    assert overflow(page) == 0
    page.goto(address(page, f"/resultados/{run.pk}/"))
    assert overflow(page) == 0
