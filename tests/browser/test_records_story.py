"""The story of a record, walked in a browser: sign in, upload with findings, correct, submit, sign in with code, accept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urljoin

import openpyxl
import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from browser_samples import PHONE, Watched, axe_faults, overflow
from playwright.sync_api import Page, expect
from portal_samples import World, make_world
from records_samples import YEAR, accept_example, own_rows

from ayni.parks.parts import write_firm_template
from ayni.portal.people.models import User
from ayni.portal.records.models import Submission, SubmissionState

PASSWORD = "a long enough password"
SECRET = "JBSWY3DPEHPK3PXP"

pytestmark = pytest.mark.browser


@pytest.fixture
def story(transactional_db: None) -> World:
    """The example park in the world's own park; the officer has a second factor."""
    world = make_world()
    accept_example(world)
    TOTP.activate(world.people["officer"], SECRET)
    for user in world.people.values():
        user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    return world


def current_code() -> str:
    """The one-time code of this moment."""
    return format_hotp_value(hotp_value(SECRET, next(iter(yield_hotp_counters_from_time()))))


def enter(watched: Watched, user: User, *, with_code: bool = False) -> Page:
    """Sign in as a person does."""
    page = watched.open("/cuenta/login/")
    page.locator("input[name=login]").fill(user.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button.button").first.click()
    if with_code:
        page.locator("input[name=code]").fill(current_code())
        page.locator("main form button.button").first.click()
    page.wait_for_url("**/")
    return page


def workbooks(folder: Path, world: World) -> tuple[Path, Path]:
    """The site's workbook with an unknown unit in one cell, and as it should be."""
    right, wrong = folder / "bien.xlsx", folder / "mal.xlsx"
    write_firm_template(right, "es", own_rows(world.site))
    book = openpyxl.load_workbook(right)
    sheet = book["Flujos"]
    column = next(cell.column for cell in sheet[1] if str(cell.value).startswith("Unidad"))
    sheet.cell(row=5, column=column).value = "quintales viejos"
    book.save(wrong)
    return wrong, right


def address(page: Page, path: str) -> str:
    """A path on the server that the page came from."""
    return urljoin(page.url, path)


def upload(page: Page, world: World, file: Path) -> None:
    """Hand in a workbook for the site."""
    page.goto(address(page, f"/registros/subir/?subject=site-{world.site.pk}&year={YEAR}"))
    page.locator("input[name=file]").set_input_files(file)
    page.get_by_role("button", name="Subir y comprobar").click()


def test_a_record_is_uploaded_corrected_submitted_and_accepted(
    story: World, visit: Callable[..., Watched], tmp_path: Path
) -> None:
    wrong, right = workbooks(tmp_path, story)
    firm = enter(visit(), story.people["firm_manager"])
    upload(firm, story, wrong)
    finding = firm.locator("#findings .finding.error").first
    expect(finding).to_contain_text("LEDGER-UNIT-UNKNOWN")
    expect(finding).to_contain_text("Flujos")
    assert axe_faults(firm) == []
    upload(firm, story, right)
    expect(firm.locator("#findings .finding.error")).to_have_count(0)
    if firm.locator("input[name=accept_warnings]").count():
        firm.locator("input[name=accept_warnings]").check()
    firm.get_by_role("button", name="Enviar").first.click()
    submitted = Submission.objects.get(site=story.site, year=YEAR, state=SubmissionState.SUBMITTED)

    officer = enter(visit(), story.people["officer"], with_code=True)
    officer.goto(firm.url)
    officer.get_by_role("button", name="Aceptar").click()
    officer.wait_for_load_state()
    submitted.refresh_from_db()
    assert submitted.state == SubmissionState.ACCEPTED
    assert Submission.objects.filter(site=story.site, year=YEAR, state=SubmissionState.SUPERSEDED).count() == 1
    assert axe_faults(officer) == []


def test_a_record_is_readable_on_a_phone(story: World, visit: Callable[..., Watched]) -> None:
    page = enter(visit(PHONE), story.people["firm_manager"])
    for path in ("/registros/", f"/registros/{Submission.objects.get(site=story.site).pk}/", "/registros/nuevo/"):
        page.goto(address(page, path))
        assert overflow(page) == 0, path
        assert axe_faults(page) == [], path
