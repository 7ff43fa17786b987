"""The ledger's results as tables (XLSX) and as plain values (JSON)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict

import pandas as pd

from ayni.ledger.account import Account
from ayni.ledger.balance import ProcessBalance


def balance_table(balances: Iterable[ProcessBalance]) -> pd.DataFrame:
    """One row per process."""
    rows = [{**asdict(one), "quantity": one.quantity.value, "verdict": one.verdict.value} for one in balances]
    return pd.DataFrame(rows, columns=[*ProcessBalance.__dataclass_fields__])


def result_tables(before: Account, after: Account, balances: Iterable[ProcessBalance]) -> dict[str, pd.DataFrame]:
    """The tables of results by name; footprint and cost have a column ``state`` (before, after)."""
    states = {"before": before, "after": after}
    tables = {"balance": balance_table(balances)}
    for name in ("energy", "emissions", "water", "wastewater", "waste"):
        tables[name] = _stacked({state: getattr(one.footprint, name) for state, one in states.items()})
    tables["cost"] = _stacked({state: one.cost.lines for state, one in states.items()})
    return tables


def _stacked(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    parts = [table.assign(state=state) for state, table in tables.items()]
    stacked = pd.concat([part for part in parts if not part.empty] or parts[:1], ignore_index=True)
    return stacked[["state", *(column for column in stacked if column != "state")]]


def account_json(account: Account) -> dict[str, object]:
    """Footprint and cost of one state as lists of records, and its totals; blank cells are null."""
    footprint = {
        name: records(getattr(account.footprint, name))
        for name in ("energy", "emissions", "water", "wastewater", "waste")
    }
    return {"footprint": footprint, "cost": records(account.cost.lines), "totals": dict(account.totals)}


def records(table: pd.DataFrame) -> list[dict[str, object]]:
    """A table as records for JSON."""
    return [
        {str(name): None if pd.isna(value) else value for name, value in row.items()}
        for row in table.to_dict("records")
    ]
