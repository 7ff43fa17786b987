"""The ledger's results as tables and as JSON."""

import json

from ayni.ledger.account import account
from ayni.ledger.balance import balance
from ayni.ledger.writing import account_json, balance_table, result_tables
from ledger_samples import sample_ledger, sample_values


def test_tables_hold_both_states() -> None:
    ledger = sample_ledger()
    found = account(ledger)
    tables = result_tables(found, found, balance(ledger))
    assert set(tables) == {"balance", "energy", "emissions", "water", "wastewater", "waste", "cost"}
    assert tables["cost"].groupby("state")["amount"].sum().round(6).nunique() == 1
    assert tables["balance"].loc[0, "verdict"] == "balanced"
    assert list(tables["energy"]) == ["state", "site", "carrier", "energy", "amount", "unit"]


def test_json_has_null_for_blank_and_the_totals() -> None:
    values = sample_values()
    values["flows"][1].update(management=None, waste_code=None)
    payload = json.loads(json.dumps(account_json(account(sample_ledger(values))), allow_nan=False))
    assert payload["footprint"]["waste"][0]["management"] is None
    assert payload["totals"]["waste.not_stated"] == 20.0
    assert sum(line["amount"] for line in payload["cost"]) == payload["totals"]["cost.total"]


def test_a_park_without_processes_has_an_empty_balance_table() -> None:
    assert list(balance_table(()))[:2] == ["process", "firm"]
