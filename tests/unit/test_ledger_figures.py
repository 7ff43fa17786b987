"""The ledger's figures: every total is there, sums add up, and trees end in workbook rows and factors."""

from collections.abc import Iterator
from dataclasses import replace
from math import fsum, prod

import pytest

from ayni.base.factors import Factor
from ayni.base.figures import Figure, FigureBook, SourceRow, Stage
from ayni.base.status import Status
from ayni.base.texts import LANGUAGES
from ayni.base.units import convert
from ayni.ledger.account import Account, account
from ayni.ledger.figures import add_figures, add_savings
from ayni.ledger.ledger import COST_COLUMNS, ELECTRICITY_COLUMNS, ZONE, Ledger, table
from ledger_samples import SHEETS, sample_ledger, sample_values

DESIGN = "design.cost"


def redesigned(ledger: Ledger) -> Ledger:
    """All electricity through the zone's connection, E01's diesel gone, a plant to pay, less waste to landfill."""
    bill = {
        "site": ZONE, "month": 1, "energy_peak": 20.0, "energy_off_peak": 120.0, "demand_peak": 0.3,
        "demand_off_peak": 0.5, "reactive": 10.0, "sheet": "design", "row": 1,
    }  # fmt: skip
    flows = ledger.flows.copy()
    flows.loc[flows["management"] == "landfill", "amount"] *= 0.5
    return replace(
        ledger,
        electricity=table(ELECTRICITY_COLUMNS, [bill]),
        fuels=ledger.fuels[ledger.fuels["carrier"] != "diesel"],
        flows=flows,
        other_costs=table(COST_COLUMNS, [{"site": ZONE, "item": "plant.pv_roof", "amount": 900.0}]),
    )


@pytest.fixture(scope="module")
def both() -> tuple[FigureBook, Account, Account]:
    before, book = sample_ledger(), FigureBook()
    after = redesigned(before)
    accounts = account(before), account(after)
    add_figures(book, before, accounts[0], "before")
    book.add(DESIGN, 1.0, "PEN/year", "figure.cost", "the design's own figure", what="", when="")
    add_figures(book, after, accounts[1], "after", recorded=before, made_by=[DESIGN])
    add_savings(book, *accounts)
    return book, *accounts


def leaves(book: FigureBook, figure: Figure) -> Iterator[Factor | SourceRow | Figure]:
    for item in figure.inputs:
        if not isinstance(item, str):
            yield item
        elif book[item].inputs:
            yield from leaves(book, book[item])
        else:
            yield book[item]


def test_every_total_has_its_figure(both: tuple[FigureBook, Account, Account]) -> None:
    book, before, after = both
    for when, totals in (("before", before.totals), ("after", after.totals)):
        for key, value in totals.items():
            assert book[f"{key}.{when}"].value == pytest.approx(value, rel=1e-12, abs=1e-12), key


def test_sums_are_the_sums_of_their_inputs(both: tuple[FigureBook, Account, Account]) -> None:
    book = both[0]
    sums = [figure for figure in book if figure.formula == "sum"]
    for figure in sums:
        values = [book[item].value if isinstance(item, str) else item.value for item in figure.inputs]
        units = {book[item].unit if isinstance(item, str) else f"{item.unit}/year" for item in figure.inputs}
        assert figure.value == pytest.approx(fsum(values), rel=1e-9, abs=1e-9), figure.id
        assert units <= {figure.unit}, figure.id
    assert len(sums) > 50


def test_products_are_the_products_of_their_inputs(both: tuple[FigureBook, Account, Account]) -> None:
    book = both[0]
    checked = 0
    for figure in book:
        if figure.formula in {"energy × grid factor", "amount × heating value", "energy × CO2", "amount × price"}:
            amount, *others = figure.inputs
            assert isinstance(amount, str)
            assert not any(isinstance(item, str) for item in others)
            product = book[amount].value * prod(item.value for item in others if not isinstance(item, str))
            if isinstance(others[0], SourceRow):
                product *= convert(1.0, book[amount].unit.removesuffix("/year"), others[0].unit.partition("/")[2])
            assert figure.value == pytest.approx(product), figure.id
            checked += 1
    assert checked > 12


def test_totals_open_to_rows_and_factors_with_source_and_status(both: tuple[FigureBook, Account, Account]) -> None:
    book = both[0]
    found = list(leaves(book, book["emissions.total.before"]))
    rows = {(item.sheet, item.row) for item in found if isinstance(item, SourceRow)}
    bills, fuels = (SHEETS[name].title("es") for name in ("electricity_bills", "fuel_bills"))
    assert rows == {(bills, at) for at in (2, 3, 4)} | {(fuels, at) for at in range(2, 7)}
    factors = {item.id: item for item in found if isinstance(item, Factor)}
    assert factors["grid_pe/SEIN/consumption/2024"].date == "2024"
    assert all(factor.source and factor.version for factor in factors.values())
    assert book["emissions.total.before"].status is Status.MADE_UP


def test_costs_open_to_the_price_list_and_the_tariff(both: tuple[FigureBook, Account, Account]) -> None:
    book = both[0]
    found = list(leaves(book, book["cost.total.before"]))
    assert {"tariffs_pe/MT2/energy_peak", "contracts/E02/price_demand_peak"} <= {
        item.id for item in found if isinstance(item, Factor)
    }
    texts = [item.text for item in found if isinstance(item, SourceRow)]
    assert any(text.startswith("natural_gas 2025-11") for text in texts)
    assert any(text.startswith("pen_per_usd") for text in texts)
    assert "scrap: 100000 kg × 0.8 PEN" in texts


def test_after_rests_on_the_design_where_rows_changed_and_on_before_elsewhere(
    both: tuple[FigureBook, Account, Account],
) -> None:
    book = both[0]
    assert book["electricity.energy_peak.zone.after"].inputs == (DESIGN,)
    assert book["cost.plant.pv_roof.zone.after"].inputs == (DESIGN,)
    assert book["waste.landfill.after"].inputs == ("waste.landfill.E01.after",)
    assert book["waste.secure_landfill.after"].inputs == ("waste.secure_landfill.E01.before",)
    assert book["energy.lpg.after"].inputs == ("energy.lpg.E02.mass.before",)
    assert "energy.lpg.E02.mass.after" not in book


def test_savings_are_differences_with_their_stage(both: tuple[FigureBook, Account, Account]) -> None:
    book, before, after = both
    saved = book["saving.amount.diesel"]
    assert saved.value == pytest.approx(1500.0)
    assert (saved.unit, saved.stage) == ("gal/year", Stage.POTENTIAL)
    assert saved.inputs == ("amount.diesel.before", "amount.diesel.after")
    assert book["saving.cost.plant"].value == -900.0
    assert book["saving.cost.total"].value == pytest.approx(before.totals["cost.total"] - after.totals["cost.total"])


def test_every_figure_has_words_in_both_languages(both: tuple[FigureBook, Account, Account]) -> None:
    for figure in both[0]:
        if figure.id != DESIGN:
            assert all(figure.title(language) for language in LANGUAGES)
    assert both[0]["energy.diesel.E01.volume.before"].title("es") == "Energía final, diésel en E01, antes"


def test_bills_in_other_units_are_published_by_equal_energy() -> None:
    values = sample_values()
    values["fuel_bills"] = [
        {**values["fuel_bills"][0], "carrier": "lpg", "amount": 1.0, "unit": "m3"},
        {**values["fuel_bills"][1], "carrier": "natural_gas", "amount": 1.0, "unit": "MWh"},
    ]
    ledger, book = sample_ledger(values), FigureBook()
    found = account(ledger)
    add_figures(book, ledger, found, "before")
    assert book["amount.lpg.before"].value == pytest.approx(26_400 / 47.3)
    assert book["amount.natural_gas.before"].value == pytest.approx(100.0)
    assert book["cost.lpg.E01.volume.before"].value == pytest.approx(26.4 / 0.0473 * 2.16)
    assert {item.id for item in book["cost.lpg.E01.volume.before"].inputs if isinstance(item, Factor)} == {
        "fuels/lpg_pe/heating_value", "fuels/lpg_ipcc/heating_value"
    }  # fmt: skip
    for key, value in found.totals.items():
        assert book[f"{key}.before"].value == pytest.approx(value), key
