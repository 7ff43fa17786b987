"""The park's network: values by hand, filters with their reasons, price bands, and the ledger afterwards."""

from dataclasses import replace
from itertools import product

import pandas as pd
import pytest

from ayni.base.texts import has_text
from ayni.exchange.change import after_exchange
from ayni.exchange.freight import EARTH_RADIUS, carriage, great_circle
from ayni.exchange.links import Reason, Verdict
from ayni.exchange.rules import Legal, rule_set
from ayni.exchange.schema import OutputClass
from ayni.exchange.writing import exchange_json, reason_words, result_tables
from ayni.ledger.account import account, difference
from ayni.ledger.balance import balance
from ayni.ledger.ledger import Ledger
from ayni.ledger.prices import MissingPrice
from ayni.ledger.schema import PriceItem
from exchange_samples import CARRIAGE, LANDFILL, SEWER, WATER, flow, offer, park, purchase, solve, want, waste

SAND = [waste(1, "E01", 10.0), purchase(1, "E02", 20.0, 95.0)]


def only(frame: pd.DataFrame) -> dict[str, object]:
    (record,) = frame.to_dict("records")
    return {str(name): value for name, value in record.items()}


def assert_ledger_keeps_the_promise(ledger: Ledger, *rows: object) -> dict[str, float]:
    """Account before − after is the network's objective, and no process balance moves. Gives the saving."""
    result = solve(ledger, *rows)  # type: ignore[arg-type]
    after = after_exchange(ledger, result)
    saved = difference(account(ledger), account(after))
    assert saved["cost.total"] == pytest.approx(result.objective, abs=1e-6)
    residuals = ([one.residual for one in balance(state)] for state in (ledger, after))
    assert next(residuals) == pytest.approx(next(residuals), abs=1e-6)
    assert (after.flows["amount"] >= 0).all()
    return saved


def test_value_of_an_exchange_by_hand() -> None:
    result = solve(park(SAND), offer("O1", "E01"), want("W1", "E02"))
    row = only(result.exchanges)
    value = 10 * (95 + LANDFILL - 35 - CARRIAGE)
    assert result.objective == result.bound == pytest.approx(value)
    assert (row["amount"], row["unit"], row["month"], row["giver"], row["taker"]) == (10, "t", 1, "E01", "E02")
    assert row["avoided_purchase"] == pytest.approx(950)
    assert row["avoided_disposal"] == pytest.approx(10 * LANDFILL)
    assert (row["treatment"], row["freight"], row["handling"]) == pytest.approx((350, 250, 150))
    assert row["value"] == pytest.approx(value)


def test_price_is_what_the_taker_pays_at_the_giver_s_gate() -> None:
    """The want has room left, so it gains nothing: it pays its saving less treatment and carriage."""
    result = solve(park(SAND), offer("O1", "E01"), want("W1", "E02"))
    row = only(result.links)
    assert (row["price_low"], row["price_high"]) == pytest.approx((95 - 35 - CARRIAGE,) * 2)


def test_price_band_runs_from_the_giver_s_to_the_taker_s_limit() -> None:
    """Equal amounts leave the whole value open: from paying the landfill's fee to getting the taker's saving."""
    flows = [waste(1, "E01", 10.0), purchase(1, "E02", 10.0, 95.0)]
    row = only(solve(park(flows), offer("O1", "E01"), want("W1", "E02")).links)
    assert (row["price_low"], row["price_high"]) == pytest.approx((-LANDFILL, 95 - 35 - CARRIAGE))


def test_prices_of_months_are_weighted_by_amount() -> None:
    flows = [
        waste(1, "E01", 10.0),
        purchase(1, "E02", 20.0, 95.0),
        waste(2, "E01", 30.0),
        purchase(2, "E02", 40.0, 115.0),
    ]
    result = solve(park(flows), offer("O1", "E01"), want("W1", "E02"))
    row = only(result.links)
    assert row["amount"] == pytest.approx(40)
    assert row["price_low"] == pytest.approx((10 * 95 + 30 * 115) / 40 - 35 - CARRIAGE)
    assert list(result.exchanges["month"]) == [1, 2]


def test_shares_and_substitution_limit_the_amount() -> None:
    result = solve(
        park(SAND), offer("O1", "E01", share=80.0), want("W1", "E02", share=25.0, substitution=0.8)
    )  # fmt: skip
    assert only(result.exchanges)["amount"] == pytest.approx(20 * 0.25 / 0.8)
    result = solve(park(SAND), offer("O1", "E01", share=50.0), want("W1", "E02"))
    assert only(result.exchanges)["amount"] == pytest.approx(5)


def test_nothing_is_stored_from_month_to_month() -> None:
    flows = [waste(1, "E01", 10.0), purchase(2, "E02", 20.0, 95.0)]
    result = solve(park(flows), offer("O1", "E01"), want("W1", "E02"))
    assert only(result.links)["reason"] == Reason.NO_FLOW
    assert result.objective == 0


def test_names_are_compared_without_case_and_accents() -> None:
    flows = [waste(1, "E01", 10.0, "Arena usada"), purchase(1, "E02", 20.0, 95.0)]
    result = solve(
        park(flows),
        offer("O1", "E01", resource="ARENA  Usada", material="Sílice"),
        want("W1", "E02", material="silice"),
    )
    assert only(result.links)["verdict"] == Verdict.CHOSEN


def test_a_firm_does_not_exchange_with_itself() -> None:
    flows = [waste(1, "E01", 10.0), purchase(1, "E01", 20.0, 95.0)]
    assert solve(park(flows), offer("O1", "E01"), want("W1", "E01")).links.empty


@pytest.mark.parametrize(
    ("offered", "wanted", "verdict", "reason", "detail"),
    [
        ({}, {}, Verdict.CHOSEN, Reason.SAVES, ""),
        ({"quality_value": 1.5}, {}, Verdict.REFUSED, Reason.QUALITY, "phenol: 1.5 > 1"),
        ({"quality_value": 1.0}, {}, Verdict.CHOSEN, Reason.SAVES, ""),
        ({"quality": "PHENOL"}, {}, Verdict.CHOSEN, Reason.SAVES, ""),
        ({"quality": "moisture"}, {}, Verdict.NOT_KNOWN, Reason.QUALITY_OTHER, "moisture / phenol"),
        ({"quality": None}, {}, Verdict.NOT_KNOWN, Reason.QUALITY_NOT_KNOWN, "phenol"),
        ({"quality_value": None}, {}, Verdict.NOT_KNOWN, Reason.QUALITY_NOT_KNOWN, "phenol"),
        ({}, {"quality_max": None}, Verdict.NOT_KNOWN, Reason.QUALITY_NOT_KNOWN, "phenol"),
        ({"quality": None, "quality_value": None}, {"quality": None, "quality_max": None},
         Verdict.NOT_KNOWN, Reason.QUALITY_NOT_KNOWN, ""),
        ({"material": "Agua caliente"}, {"material": "agua caliente"}, Verdict.REFUSED, Reason.HEAT, "Agua caliente"),
        ({"treatment_cost": 400.0}, {}, Verdict.POSSIBLE, Reason.COSTS_MORE, ""),
        ({"resource": "nothing"}, {}, Verdict.REFUSED, Reason.NO_FLOW, ""),
        ({"output_class": "waste"}, {}, Verdict.REFUSED, "waste_without_operator", ""),
        ({"output_class": "waste"}, {"is_waste_operator": True}, Verdict.CHOSEN, Reason.SAVES, ""),
        ({"hazardous": True}, {}, Verdict.REFUSED, "hazardous_without_operator", ""),
        ({"hazardous": True}, {"is_waste_operator": True}, Verdict.NOT_KNOWN, "operator_code_not_known", ""),
        ({"instrument_covers": False}, {}, Verdict.NEEDS_PERMIT, "instrument_does_not_cover", ""),
        ({}, {"instrument_covers": False}, Verdict.NEEDS_PERMIT, "instrument_does_not_cover", ""),
        ({"output_class": "waste", "quality_value": 9.0}, {}, Verdict.REFUSED, "waste_without_operator", ""),
        ({"instrument_covers": False, "quality_value": 9.0}, {}, Verdict.REFUSED, Reason.QUALITY, "phenol: 9 > 1"),
    ],
)  # fmt: skip
def test_each_link_has_a_verdict_and_a_reason(
    offered: dict[str, object], wanted: dict[str, object], verdict: Verdict, reason: str, detail: str
) -> None:
    result = solve(park(SAND), offer("O1", "E01", **offered), want("W1", "E02", **wanted))
    row = only(result.links)
    assert (row["verdict"], row["reason"], row["detail"]) == (verdict, reason, detail)
    assert (row["value"] > 0) == (verdict is Verdict.CHOSEN)  # type: ignore[operator]
    assert len(result.exchanges) == (verdict is Verdict.CHOSEN)
    for language in ("es", "en"):
        assert reason_words(str(reason), detail, language)


def test_weighed_and_measured_by_volume_do_not_meet() -> None:
    flows = [waste(1, "E01", 10.0), flow(1, "market", "E02", "material", "quartz", 5.0, "m3", unit_cost=95.0)]
    row = only(solve(park(flows), offer("O1", "E01"), want("W1", "E02")).links)
    assert (row["verdict"], row["reason"], row["detail"]) == (Verdict.REFUSED, Reason.UNITS, "t / m3")


def test_what_is_sold_is_not_on_offer() -> None:
    flows = [flow(1, "E01", "market", "product", "sand", 10.0), purchase(1, "E02", 20.0, 95.0)]
    row = only(solve(park(flows), offer("O1", "E01"), want("W1", "E02")).links)
    assert (row["verdict"], row["reason"]) == (Verdict.REFUSED, Reason.SOLD)


def test_the_better_taker_wins_and_the_other_stays_possible() -> None:
    flows = [waste(1, "E01", 10.0), purchase(1, "E02", 20.0, 95.0), purchase(1, "E03", 10.0, 120.0)]
    ledger = park(flows)
    rows = (offer("O1", "E01"), want("W1", "E02"), want("W2", "E03"))
    links = solve(ledger, *rows).links.set_index("want")
    assert links["verdict"].to_dict() == {"W1": Verdict.POSSIBLE, "W2": Verdict.CHOSEN}
    assert links.loc["W1", "reason"] == Reason.OTHERS_ARE_WORTH_MORE
    band = (links.loc["W2", "price_low"], links.loc["W2", "price_high"])
    assert band == pytest.approx((95 - 35 - CARRIAGE, 120 - 35 - CARRIAGE))
    saved = assert_ledger_keeps_the_promise(ledger, *rows)
    assert saved["waste.total"] == pytest.approx(10)


def test_two_wants_share_one_offer_without_counting_it_twice() -> None:
    ledger = park([waste(1, "E01", 10.0), purchase(1, "E02", 4.0, 95.0), purchase(1, "E03-HORNO", 20.0, 90.0)])
    saved = assert_ledger_keeps_the_promise(ledger, offer("O1", "E01"), want("W1", "E02"), want("W2", "E03"))
    assert saved["waste.landfill"] == pytest.approx(10)
    assert saved["cost.materials"] == pytest.approx(4 * 95 + 6 * 90)
    assert saved["cost.waste"] == pytest.approx(10 * LANDFILL)
    assert saved["cost.treatment"] == pytest.approx(-350)
    assert saved["cost.freight"] == pytest.approx(-10 * CARRIAGE)


@pytest.mark.parametrize("substitution", [0.25, 1.0, 1.5])
def test_processes_stay_closed_whatever_is_replaced(substitution: float) -> None:
    ledger = park([waste(1, "E01", 10.0), purchase(1, "E03-HORNO", 20.0, 300.0)])
    rows = offer("O1", "E01"), want("W1", "E03", substitution=substitution)
    assert_ledger_keeps_the_promise(ledger, *rows)
    after = after_exchange(ledger, solve(ledger, *rows)).flows
    given = after[(after["origin"] == "E01") & (after["destination"] == "E03-HORNO")]
    assert given["amount"].sum() == pytest.approx(10_000)
    assert list(given["kind"]) == ["material"]
    assert given["waste_code"].isna().all()
    bought = after.loc[after["origin"] == "market", "amount"].sum()
    assert bought == pytest.approx(20_000 - 10_000 * substitution)


def test_flows_behind_one_offer_shrink_in_proportion_with_their_uncertainty() -> None:
    flows = [waste(1, "E01", 6.0), waste(1, "E01", 2.0, management="secure_landfill", unit_cost=600.0),
             purchase(1, "E02", 4.0, 95.0)]  # fmt: skip
    ledger = park(flows)
    rows = offer("O1", "E01", share=50.0), want("W1", "E02")
    result = solve(ledger, *rows)
    assert only(result.exchanges)["avoided_disposal"] == pytest.approx(3 * LANDFILL + 600)
    assert_ledger_keeps_the_promise(ledger, *rows)
    wastes = after_exchange(ledger, result).flows.query("kind == 'waste'")
    assert wastes["amount"].tolist() == pytest.approx([3000, 1000])
    assert (wastes["sigma"] / wastes["amount"]).tolist() == pytest.approx([0.05, 0.05])


def test_what_the_ledger_has_no_price_for_is_a_negative_cost_afterwards() -> None:
    ledger = park([waste(1, "E01", 10.0), purchase(1, "E02", 20.0, None)])
    result = solve(ledger, offer("O1", "E01"), want("W1", "E02"))
    assert only(result.exchanges)["unrecorded"] == pytest.approx(950)
    saved = assert_ledger_keeps_the_promise(ledger, offer("O1", "E01"), want("W1", "E02"))
    assert saved["cost.materials"] == pytest.approx(950)


def test_water_flows_in_a_pipe_and_leaves_sewer_and_purchase() -> None:
    ledger = park([
        flow(1, "E01", "environment", "wastewater", "effluent", 100.0, "m3", management="sewer"),
        flow(1, "market", "E02-TINTE", "water", "tap water", 80.0, "m3"),
    ])  # fmt: skip
    rows = (
        offer("O1", "E01", resource="effluent", material="water", treatment_cost=2.5),
        want("W1", "E02", resource="tap water", material="water", purchase_price=WATER),
    )
    result = solve(ledger, *rows)
    row = only(result.exchanges)
    assert (row["amount"], row["unit"], row["freight"], row["handling"]) == (80, "m3", 0, 0)
    assert result.objective == pytest.approx(80 * (WATER + SEWER - 2.5))
    saved = assert_ledger_keeps_the_promise(ledger, *rows)
    assert (saved["water.total"], saved["wastewater.total"]) == pytest.approx((80, 80))


def test_band_is_the_best_network_at_the_ends_of_the_prices() -> None:
    ledger = park(SAND, landfill={"low": 60.0, "high": 280.0}, handling={"low": 6.0, "high": 40.0})
    result = solve(ledger, offer("O1", "E01"), want("W1", "E02"))
    fixed = 95 - 35 - 25
    assert result.objective == pytest.approx(10 * (fixed + LANDFILL - 15))
    assert result.low == pytest.approx(10 * (fixed + 60 - 40))
    assert result.high == pytest.approx(10 * (fixed + 280 - 6))


def test_no_offers_and_no_wants() -> None:
    ledger = park(SAND)
    result = solve(ledger)
    assert (result.objective, result.bound, result.gap, result.solver) == (0, 0, 0, "none")
    assert result.links.empty
    assert result.exchanges.empty
    assert after_exchange(ledger, result).flows.equals(ledger.flows)
    assert exchange_json(result, "es")["links"] == []


def test_a_missing_price_stops_the_network() -> None:
    ledger = park(SAND)
    prices = dict(ledger.prices)
    del prices[PriceItem.FREIGHT]
    with pytest.raises(MissingPrice):
        solve(replace(ledger, prices=prices), offer("O1", "E01"), want("W1", "E02"))


def test_freight_grows_with_distance_above_the_short_haul() -> None:
    ledger = park(SAND)
    far = ledger.firms["E02"].model_copy(update={"latitude": ledger.firms["E01"].latitude + 1})
    ledger = replace(ledger, firms={**ledger.firms, "E02": far})
    degree = EARTH_RADIUS * 3.141592653589793 / 180
    assert great_circle(ledger.firms["E01"], far) == pytest.approx(degree, rel=1e-12)
    way = carriage(ledger, "E01", "E02", "t")
    assert way.freight == pytest.approx(0.35 * degree)
    assert carriage(ledger, "E01", "E03", "t").freight == 25


def test_rules_decide_on_every_delivery_and_say_why() -> None:
    rules = rule_set()
    assert len(rules.version) == 12
    for output_class, hazardous, operator, gives, takes in product(OutputClass, *[(True, False)] * 4):
        rule = rules.decide(
            offer("O", "E01", output_class=output_class, hazardous=hazardous, instrument_covers=gives),
            want("W", "E02", is_waste_operator=operator, instrument_covers=takes),
        )
        assert rule.legal is Legal.NO_OBJECTION or has_text(f"exchange.reason.{rule.reason}")
        assert rule.source
        assert not (hazardous and rule.legal is Legal.NO_OBJECTION)
        if output_class is OutputClass.WASTE and not operator:
            assert rule.legal is Legal.REFUSED


def test_no_rule_cites_an_article() -> None:
    """The knowledge names none."""
    words = " ".join(f"{rule.text['es']} {rule.text['en']} {rule.source}" for rule in rule_set().rules).lower()
    assert "art." not in words
    assert "artículo" not in words
    assert "article" not in words


def test_every_word_of_a_result_exists() -> None:
    keys = [f"exchange.verdict.{verdict.value}" for verdict in Verdict if verdict is not Verdict.OPEN]
    keys += [f"exchange.reason.{reason.value}" for reason in Reason]
    keys += [f"exchange.legal.{legal.value}" for legal in Legal]
    assert [key for key in keys if not has_text(key)] == []


def test_tables_say_verdict_rule_set_and_that_it_is_no_advice() -> None:
    result = solve(park(SAND), offer("O1", "E01"), want("W1", "E02"))
    tables = result_tables(result, "en")
    assert set(tables) == {"links", "exchanges", "rules"}
    assert only(tables["links"])["legal"] == f"no objection in rule set exchange_pe {result.rules.version}"
    assert "no legal advice" in str(exchange_json(result, "en")["notice"])
