"""Pictures of the portal's main pages at 1280 and 390 pixels, taken of a fresh demonstration.

``python tools/make_screenshots.py FOLDER [NAME ...]`` starts ``ayni serve --demo`` with data of its own, signs in once
per role with password and one-time code, waits for the park's results, and writes ``FOLDER/NN-name-WIDTH.png``. With
names only those pages are taken.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

WIDTHS = {1280: 900, 390: 844}
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
)  # fmt: skip
RESULTS_WITHIN = 1200.0
"""Seconds that the results of the park may take."""
SETTLE = 800
"""Milliseconds for charts and maps to be drawn."""


@dataclass(frozen=True)
class Shot:
    """A page: who looks (empty: nobody signed in), at which address, and what is done there first."""

    name: str
    role: str
    path: Callable[[], str]
    act: Callable[[Page], None] = lambda _: None


def main() -> None:
    """Take the pictures."""
    folder, wanted = Path(sys.argv[1]), set(sys.argv[2:])
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("Chromium is missing: apt-get install -y chromium")
    folder.mkdir(parents=True, exist_ok=True)
    import django

    with demonstration() as origin:
        django.setup()
        shots = [(number, shot) for number, shot in enumerate(SHOTS, start=1) if not wanted or shot.name in wanted]
        roles = {shot.role for _, shot in shots}
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
            states = {role: signed_in(browser, origin, *how) for role, how in accounts().items() if role in roles}
            for number, shot in shots:
                take(browser, origin, shot, states.get(shot.role), folder / f"{number:02d}-{shot.name}")
            browser.close()
    print(f"{len(shots) * len(WIDTHS)} pictures in {folder}")


@contextmanager
def demonstration() -> Iterator[str]:
    """A portal with a demonstration of its own, and its address."""
    with tempfile.TemporaryDirectory(prefix="ayni-screenshots-") as data:
        os.environ.update(AYNI_MODE="demo", AYNI_DATA=data, AYNI_LANG="es", DJANGO_ALLOW_ASYNC_UNSAFE="true")
        os.environ.pop("DATABASE_URL", None)
        os.environ["DJANGO_SETTINGS_MODULE"] = "ayni.portal.config.settings"
        command = [sys.executable, "-u", "-m", "ayni.cli", "serve", "--demo", "--port", "0"]
        serving = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 our own command
        try:
            yield address_of(serving)
        finally:
            serving.terminate()
            serving.wait(timeout=60)


def address_of(serving: subprocess.Popen[str]) -> str:
    """The address that the portal says when it is ready."""
    assert serving.stdout is not None  # noqa: S101 asked for above
    for line in serving.stdout:
        found = re.search(r"http://[^\s/]+", line)
        if found:
            return found[0]
    sys.exit("the portal did not start")


def accounts() -> Mapping[str, tuple[str, str, Callable[[], str]]]:
    """Address, password and the code of this moment of each role."""
    from ayni.portal.demo import ACCOUNTS, PASSWORD, code_of

    return {one.role.value: (one.email, PASSWORD, partial(code_of, one)) for one in ACCOUNTS}


def address(name: str, argument: Callable[[], object] | None = None) -> Callable[[], str]:
    """The path of a page by the name of its address, once it is asked for."""

    def path() -> str:
        from django.urls import reverse

        return reverse(name, args=[argument()] if argument else None)

    return path


def park() -> str:
    """The made-up park as its address names it."""
    from ayni.portal.places.models import Park

    return Park.objects.get(is_sample=True).slug


def submission(state: str) -> int:
    """The one submission of a state."""
    from ayni.portal.records.models import Submission

    return Submission.objects.get(state=state).pk


def returned_site() -> object:
    """The site whose submission was returned."""
    from ayni.portal.records.models import Submission

    return Submission.objects.get(state="returned").site_id


def results_run() -> str:
    """The run of the park's results, once it has ended."""
    from ayni.portal.runs.models import OPEN_STATES, Run

    deadline = time.monotonic() + RESULTS_WITHIN
    while time.monotonic() < deadline:
        run = Run.objects.get(kind="park_results")
        if run.state not in OPEN_STATES:
            return str(run.pk)
        time.sleep(2)
    sys.exit("the results of the park did not end")


def answer_first_visit(page: Page) -> None:
    """A bakery of one shift."""
    page.select_option("#id_branch", "bakery")
    page.fill("#id_workers", "8")
    page.fill("#id_power", "900")
    page.select_option("#id_fuel", "lpg")
    page.fill("#id_fuel_amount", "1,250.50")
    page.click("form.visit button")


def signed_in(browser: Browser, origin: str, email: str, password: str, code: Callable[[], str]) -> Path:
    """Sign in with password and one-time code; the file with the session."""
    context = browser.new_context(locale="es-PE")
    page = context.new_page()
    page.goto(f"{origin}/cuenta/login/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", password)
    page.click("main form button")
    page.fill("[name=code]", code())
    page.click("main form button")
    page.wait_for_url(lambda address: "/cuenta/" not in address)
    state = Path(os.environ["AYNI_DATA"]) / f"{email}.json"
    context.storage_state(path=state)
    context.close()
    return state


def take(browser: Browser, origin: str, shot: Shot, state: Path | None, path: Path) -> None:
    """The page at both widths."""
    for width, height in WIDTHS.items():
        context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": height}, locale="es-PE", storage_state=state
        )
        page = context.new_page()
        page.goto(origin + shot.path())
        shot.act(page)
        page.wait_for_timeout(SETTLE)
        page.screenshot(path=f"{path}-{width}.png", full_page=True)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        print(f"{path.name}-{width}" + (f": {wide} px too wide" if wide else ""))
        context.close()


SHOTS = (
    Shot("front", "", address("welcome:home")),
    Shot("first-visit", "", address("welcome:first_visit"), answer_first_visit),
    Shot("accounts", "", address("welcome:demo")),
    Shot("map", "", address("places:map")),
    Shot("park", "park_operator", address("places:park", park)),
    Shot("records", "firm_manager", address("records:home")),
    Shot("returned", "firm_manager", address("records:submission", lambda: submission("returned"))),
    Shot("review", "officer", address("records:submission", lambda: submission("submitted"))),
    Shot("firm-dashboard", "firm_manager", address("dashboards:firm", returned_site)),
    Shot("park-dashboard", "park_operator", address("dashboards:park", park)),
    Shot("country-dashboard", "officer", address("dashboards:country")),
    Shot("publications", "", address("dashboards:publications")),
    Shot("results", "officer", address("results:run", results_run)),
    Shot("run", "officer", address("runs:run", results_run)),
)
"""The main pages; their addresses are looked up when they are taken."""


if __name__ == "__main__":
    main()
