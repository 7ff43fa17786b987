"""The shipped example park: what its README says must be refused is refused, and the ledger keeps the promise."""

import pytest

from ayni.base.findings import Severity
from ayni.exchange.change import after_exchange
from ayni.exchange.checks import check_exchange
from ayni.exchange.network import best_network
from ayni.exchange.schema import Offer, Want
from ayni.ledger.account import account, difference
from ayni.ledger.balance import balance
from ayni.ledger.reading import read_ledger
from ayni.parks.example import example_rows


def test_example_park() -> None:
    rows = example_rows()
    ledger, _ = read_ledger(rows)
    assert ledger is not None
    offers = [row for row in rows["offers"] if isinstance(row, Offer)]
    wants = [row for row in rows["wants"] if isinstance(row, Want)]
    assert {finding.severity for finding in check_exchange(ledger, offers, wants)} <= {Severity.NOTE}
    result = best_network(ledger, offers, wants)
    verdicts = result.links.set_index(["offer", "want"])["verdict"]
    stopped = verdicts[~verdicts.isin(["chosen", "possible"])].to_dict()
    assert stopped == {
        ("O03", "W01"): "needs_permit", ("O05", "W02"): "refused", ("O07", "W03"): "refused",
        ("O10", "W05"): "refused", ("O11", "W05"): "refused", ("O13", "W07"): "refused", ("O16", "W10"): "refused",
    }  # fmt: skip
    after = after_exchange(ledger, result)
    saved = difference(account(ledger), account(after))
    assert saved["cost.total"] == pytest.approx(result.objective, abs=1e-6)
    assert result.low <= result.objective <= result.high
    before_and_after = ([one.residual for one in balance(state)] for state in (ledger, after))
    assert next(before_and_after) == pytest.approx(next(before_and_after), abs=1e-3)
