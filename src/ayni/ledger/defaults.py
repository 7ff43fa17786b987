"""Defaults of the accounting: data of ``ledger_defaults.csv``, shown with every result that rests on them."""

from __future__ import annotations

from functools import cache

from ayni.base.factors import Factor, MissingFactor, data_rows, factor_from_row
from ayni.ledger.schema import Measured

DEFAULTS = "ledger_defaults"


@cache
def default(parameter: str) -> Factor:
    """A row of ``ledger_defaults.csv``, for instance ``default('balance_floor')``. Raises MissingFactor."""
    for row in data_rows(DEFAULTS)[1]:
        if row["parameter"] == parameter:
            return factor_from_row(DEFAULTS, row, parameter)
    raise MissingFactor(f"{DEFAULTS}/{parameter}")


def default_sigma(measured: Measured) -> float:
    """Standard deviation of an amount that was obtained so [part of the amount]."""
    return default(f"sigma_{measured.value}").value / 100
