"""The first visit on a phone, without an account, in both languages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from browser_samples import PHONE, Watched, axe_faults, overflow

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("language", "power"), [("es-PE", "1,250.50"), ("en-US", "1250.50")])
def test_three_questions_give_a_band_on_a_phone(visit: Callable[..., Watched], language: str, power: str) -> None:
    page = visit(PHONE, language).open("/primera-visita/")
    assert overflow(page) == 0
    assert axe_faults(page) == []
    page.locator("select[name=branch]").select_option(index=1)
    page.locator("input[name=workers]").fill("12")
    page.locator("input[name=power]").fill(power)
    page.locator("main form button.button").click()
    expect(page.locator(".big").first).to_contain_text("S/")
    assert page.locator("html").get_attribute("lang") == ("es-PE" if language == "es-PE" else "en")
    assert overflow(page) == 0
    assert axe_faults(page) == []


def test_nothing_answered_is_asked_again(visit: Callable[..., Watched]) -> None:
    page = visit(PHONE).open("/primera-visita/")
    page.locator("main form button.button").click()
    expect(page.locator(".finding.error")).to_be_visible()
    assert axe_faults(page) == []
