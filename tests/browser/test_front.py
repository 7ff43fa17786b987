"""The front page in a browser: style, typeface, language, nothing from elsewhere."""

from collections.abc import Callable

import pytest

from browser_samples import DESKTOP, PHONE, Watched, axe_faults, overflow


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_the_front_page_is_sound(visit: Callable[..., Watched], size: tuple[int, int]) -> None:
    page = visit(size).open("/")
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.fonts.ready.then(() => document.fonts.check('16px \"Source Sans Pro\"'))")
    assert overflow(page) == 0
    assert axe_faults(page) == []


def test_the_language_is_changed_and_kept(visit: Callable[..., Watched]) -> None:
    page = visit().open("/")
    assert page.locator("html").get_attribute("lang") == "es-PE"
    page.get_by_role("button", name="English").click()
    page.wait_for_selector("html[lang=en]")
    page.reload()
    assert page.locator("html").get_attribute("lang") == "en"
