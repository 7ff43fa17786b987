"""The story of a record, walked in a browser: sign in, findings, correction, submission, acceptance."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from ayni.parks.parts import write_firm_template
from ayni.portal.records.models import Submission, SubmissionState
from browser_samples import PHONE, Watched, address, axe_faults, enter, overflow
from portal_samples import World
from records_samples import YEAR, own_rows

pytestmark = pytest.mark.browser


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
