"""Checks of offers and wants, and the figures of a network."""

from dataclasses import replace

import pytest

from ayni.base.figures import FigureBook, SourceRow, Stage
from ayni.base.findings import Finding
from ayni.base.status import Status
from ayni.exchange.checks import check_exchange
from ayni.exchange.figures import add_figures
from ayni.exchange.schema import Offer, Want
from ayni.ledger.ledger import Ledger
from ayni.ledger.schema import PriceItem
from exchange_samples import CARRIAGE, LANDFILL, WATER, flow, offer, park, purchase, solve, want, waste

SAND = [waste(1, "E01", 10.0), purchase(1, "E02", 20.0, 95.0)]


def check(ledger: Ledger, *rows: Offer | Want) -> list[Finding]:
    offers = [row for row in rows if isinstance(row, Offer)]
    findings = check_exchange(ledger, offers, [row for row in rows if isinstance(row, Want)])
    assert all(finding.message(language) for finding in findings for language in ("es", "en"))
    return list(findings)


def codes(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.code, finding.severity.value) for finding in findings]


def test_a_clean_park_has_no_findings() -> None:
    assert check(park(SAND), offer("O1", "E01"), want("W1", "E02")) == []


def test_a_flow_listed_twice_over_is_an_error() -> None:
    halves = offer("O1", "E01", share=50.0), offer("O2", "E01", share=50.0, resource="SAND")
    assert check(park(SAND), *halves, want("W1", "E02")) == []
    found = check(park(SAND), *halves, offer("O3", "E01", share=1.0), want("W1", "E02"), want("W2", "E02"))
    assert codes(found) == [("EXCHANGE-SHARE", "error")] * 2


def test_a_starred_waste_code_contradicts_not_hazardous() -> None:
    ledger = park([waste(1, "E01", 10.0, waste_code="10 09 07*"), SAND[1]])
    assert codes(check(ledger, offer("O1", "E01"), want("W1", "E02"))) == [("EXCHANGE-HAZARD", "error")]
    assert check(ledger, offer("O1", "E01", hazardous=True), want("W1", "E02")) == []


def test_what_is_sold_warns() -> None:
    ledger = park([flow(1, "E01", "market", "product", "sand", 10.0), SAND[1]])
    assert codes(check(ledger, offer("O1", "E01"), want("W1", "E02"))) == [("EXCHANGE-SOLD", "warning")]


@pytest.mark.parametrize(
    ("offered", "wanted", "listed"),
    [
        ({"quality": None}, {}, "O1"),
        ({"quality_value": None}, {}, "O1"),
        ({}, {"quality": None}, "W1"),
        ({}, {"quality_max": None}, "W1"),
    ],
)
def test_a_quality_that_nobody_states_warns_once(
    offered: dict[str, object], wanted: dict[str, object], listed: str
) -> None:
    found = check(park(SAND), offer("O1", "E01", **offered), want("W1", "E02", **wanted))
    assert codes(found) == [("EXCHANGE-QUALITY", "warning")]
    assert found[0].values["listed"] == listed


def test_prices_of_want_and_ledger_are_compared() -> None:
    far = check(park(SAND), offer("O1", "E01"), want("W1", "E02", purchase_price=120.0))
    assert codes(far) == [("EXCHANGE-PRICE-DIFFERS", "warning")]
    assert far[0].values["paid"] == pytest.approx(95)
    assert check(park(SAND), offer("O1", "E01"), want("W1", "E02", purchase_price=96.0)) == []
    unpriced = park([SAND[0], purchase(1, "E02", 20.0, None)])
    assert codes(check(unpriced, offer("O1", "E01"), want("W1", "E02"))) == [("EXCHANGE-PRICE-UNRECORDED", "note")]


def test_each_missing_price_of_carriage_is_an_error() -> None:
    ledger = park(SAND)
    prices = dict(ledger.prices)
    del prices[PriceItem.FREIGHT], prices[PriceItem.HANDLING]
    found = check(replace(ledger, prices=prices), offer("O1", "E01"), want("W1", "E02"))
    assert codes(found) == [("EXCHANGE-PRICE-MISSING", "error")] * 2
    assert {finding.values["item"] for finding in found} == {PriceItem.FREIGHT, PriceItem.HANDLING}


def test_water_needs_its_pipe_in_the_treatment_cost() -> None:
    ledger = park([
        flow(1, "E01", "environment", "wastewater", "effluent", 100.0, "m3", management="sewer"),
        flow(1, "market", "E02", "water", "tap water", 80.0, "m3"),
    ])  # fmt: skip
    rows = (
        offer("O1", "E01", resource="effluent", material="water"),
        want("W1", "E02", resource="tap water", material="water", purchase_price=WATER),
    )
    assert codes(check(ledger, *rows)) == [("EXCHANGE-PIPE", "note")]


def test_value_opens_to_links_prices_and_rows() -> None:
    ledger = park(SAND, landfill={"low": 60.0, "high": 280.0, "status": "unverified"})
    book = FigureBook()
    add_figures(book, ledger, solve(ledger, offer("O1", "E01"), want("W1", "E02")))
    value = book["exchange.value"]
    assert value.value == pytest.approx(10 * (95 + LANDFILL - 35 - CARRIAGE))
    assert (value.stage, value.unit) == (Stage.POTENTIAL, "PEN/year")
    assert value.low is not None
    assert value.high is not None
    assert value.low < value.value < value.high
    assert value.inputs == ("exchange.value.O1-W1",)
    assert book["exchange.links"].value == 1
    assert book["exchange.amount.t"].value == pytest.approx(10)
    assert book["exchange.amount.t"].unit == "t/year"
    parts = {part.split(".")[1]: book[part].value for part in map(str, book["exchange.value.O1-W1"].inputs)}
    signs = {"avoided_purchase": 1, "avoided_disposal": 1, "treatment": -1, "freight": -1, "handling": -1}
    assert sum(signs[part] * amount for part, amount in parts.items()) == pytest.approx(value.value)
    leaves = [item for figure in book for item in figure.inputs if isinstance(item, SourceRow)]
    assert {leaf.sheet for leaf in leaves} >= {"offers", "wants"}
    fee = next(leaf for leaf in book["exchange.avoided_disposal.O1-W1"].inputs if isinstance(leaf, SourceRow))
    assert (fee.value, fee.status) == (LANDFILL, Status.UNVERIFIED)
    assert all(figure.title(language) for figure in book for language in ("es", "en"))


def test_price_figure_carries_the_band() -> None:
    ledger = park([waste(1, "E01", 10.0), purchase(1, "E02", 10.0, 95.0)])
    book = FigureBook()
    add_figures(book, ledger, solve(ledger, offer("O1", "E01"), want("W1", "E02")))
    price = book["exchange.price.O1-W1"]
    assert (price.low, price.high) == pytest.approx((-LANDFILL, 95 - 35 - CARRIAGE))
    assert price.unit == "PEN/t"


def test_foreign_currency_brings_its_exchange_rate() -> None:
    ledger = park(SAND, freight_minimum={"currency": "USD", "value": 8.0})
    book = FigureBook()
    add_figures(book, ledger, solve(ledger, offer("O1", "E01"), want("W1", "E02")))
    freight = book["exchange.freight.O1-W1"]
    assert freight.value == pytest.approx(10 * 8 * 3.374)
    assert "PEN/USD" in [leaf.unit for leaf in freight.inputs if isinstance(leaf, SourceRow)]


def test_a_park_without_exchanges_has_a_value_of_zero() -> None:
    ledger, book = park(SAND), FigureBook()
    add_figures(book, ledger, solve(ledger))
    assert (book["exchange.value"].value, book["exchange.links"].value) == (0, 0)
