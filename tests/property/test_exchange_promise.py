"""Random parks: what the network promises is what the ledger's account shows, and nothing is counted twice."""

from math import fsum

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ayni.exchange.change import after_exchange
from ayni.exchange.schema import Offer, Want
from ayni.ledger.account import account, difference
from ayni.ledger.balance import balance
from ayni.ledger.ledger import Ledger
from exchange_samples import offer, park, purchase, solve, want, waste

FIRMS = ("E01", "E02", "E03")
amounts = st.sampled_from([0.0, 0.3, 1.0, 2.5, 7.0, 40.0])
shares = st.sampled_from([10.0, 33.3, 50.0, 100.0])


@st.composite
def parks(draw: st.DrawFn) -> tuple[Ledger, list[Offer | Want]]:
    """Three firms; each may offer sand and want quartz, through its gate or through a process."""
    flows, rows = [], list[Offer | Want]()
    nodes = {"E01": "E01", "E02": "E02", "E03": draw(st.sampled_from(["E03", "E03-HORNO"]))}
    for number in (1, 2):
        for firm in FIRMS:
            managements = draw(st.lists(st.sampled_from(["landfill", "recycling"]), unique=True))
            flows += [waste(number, nodes[firm], draw(amounts), management=management) for management in managements]
            price = draw(st.sampled_from([None, 20.0, 95.0, 300.0]))
            flows.append(purchase(number, nodes[firm], draw(amounts), price))
    for firm in FIRMS:
        rows.append(
            offer(f"O{firm}", firm, share=draw(shares), treatment_cost=draw(st.sampled_from([0.0, 35.0, 90.0])))
        )
        rows.append(
            want(f"W{firm}", firm, share=draw(shares), substitution=draw(st.sampled_from([0.25, 0.9, 1.0, 1.6])))
        )
    return park(flows), rows


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(parks())
def test_the_account_shows_what_the_network_promises(made: tuple[Ledger, list[Offer | Want]]) -> None:
    ledger, rows = made
    result = solve(ledger, *rows)
    after = after_exchange(ledger, result)
    saved = difference(account(ledger), account(after))
    assert saved["cost.total"] == pytest.approx(result.objective, abs=1e-6)
    assert saved["waste.total"] == pytest.approx(result.exchanges["amount"].sum(), abs=1e-9)
    assert result.objective == pytest.approx(fsum(result.exchanges["value"]), abs=1e-6)
    assert result.low - 1e-6 <= result.objective <= result.bound <= result.high + 1e-6
    assert result.gap < 1e-9
    assert (result.exchanges["price_low"] <= result.exchanges["price_high"] + 1e-9).all()
    assert (after.flows["amount"] >= 0).all()
    before_and_after = ([one.residual for one in balance(state)] for state in (ledger, after))
    assert next(before_and_after) == pytest.approx(next(before_and_after), abs=1e-6)
