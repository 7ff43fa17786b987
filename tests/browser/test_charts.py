"""Charts in a real browser under the Content-Security-Policy: drawn, said in words, laid out anew on a phone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from browser_samples import DESKTOP, PHONE, Watched, axe_faults, overflow
from chart_samples import charts

MARKS = "figure .chart svg.marks .role-mark path"
KINDS = [chart.id for chart in charts()]


@pytest.fixture(autouse=True)
def _addresses(settings: Any) -> None:
    settings.ROOT_URLCONF = "chart_samples"


def drawn(page: Page, kind: str) -> Any:
    """The chart's drawing, once its marks are there."""
    chart = page.locator(f"[data-chart={kind}-data]")
    chart.locator("svg.marks .role-mark path").first.wait_for(state="attached")
    return chart


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_every_kind_draws_its_marks_without_a_breach_of_the_policy(
    visit: Callable[..., Watched], size: tuple[int, int]
) -> None:
    page = visit(size).open("/charts/")
    for kind in KINDS:
        chart = drawn(page, kind)
        assert chart.locator("svg.marks").bounding_box()["width"] <= chart.bounding_box()["width"] + 1
    assert overflow(page) == 0
    assert axe_faults(page) == []


def test_the_policy_that_charts_live_under_forbids_eval_and_inline_style(visit: Callable[..., Watched]) -> None:
    page = visit().open("/charts/")
    policy = page.request.get(page.url).headers["content-security-policy"]
    assert "script-src 'self';" in policy + ";"
    assert "style-src 'self';" in policy + ";"
    assert "unsafe" not in policy


def test_bars_are_as_long_as_their_values(visit: Callable[..., Watched]) -> None:
    chart = drawn(visit().open("/charts/"), "ranked")
    widths = [box.bounding_box()["width"] for box in chart.locator(".mark-rect path").all()]
    assert widths[1] / widths[0] == pytest.approx(3228 / 12400, rel=0.02)


def test_a_phone_gets_another_layout_and_a_turned_one_the_wide_one(visit: Callable[..., Watched]) -> None:
    page = visit(PHONE).open("/charts/")
    chart = drawn(page, "bars")
    assert chart.get_attribute("data-layout") == "narrow"
    few = chart.locator(".role-axis-label text").count()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.wait_for_selector("[data-chart=bars-data][data-layout=wide] svg.marks .role-mark path", state="attached")
    assert chart.locator(".role-axis-label text").count() > few


def test_pointing_at_a_mark_says_its_number_in_the_readers_form(visit: Callable[..., Watched]) -> None:
    page = visit().open("/charts/")
    drawn(page, "pairs").locator(".mark-rect path").first.hover()
    tip = page.locator("#vg-tooltip-element.visible")
    tip.wait_for()
    assert tip.inner_text() == "electricidad · antes: 12,400 MWh"


def test_the_same_numbers_stand_in_a_table(visit: Callable[..., Watched]) -> None:
    page = visit().open("/charts/")
    figure = page.locator("figure", has=page.locator("[data-chart=pairs-data]"))
    figure.get_by_text("Ver como tabla").click()
    cells = figure.locator("tbody tr").nth(1).locator("td").all_inner_texts()
    assert cells == ["gas natural", "1,830", "3,228"]
    assert figure.locator("tbody tr").nth(2).locator("td").nth(2).inner_text() == "–"
