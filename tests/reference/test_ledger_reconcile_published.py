"""Reconciliation against published cases."""

from typing import TypeAlias

import pandas as pd
import pytest

from ayni.ledger.reconcile import FLOW_COLUMNS, reconcile

FlowRow: TypeAlias = tuple[str, str, str, float | None, float | None]


def flows(*rows: FlowRow) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(FLOW_COLUMNS)).astype({"amount": float, "sigma": float})


@pytest.mark.parametrize(("sigma", "both", "deviation", "chi2"), [(10.0, 105.0, 7.071, 0.5), (5.0, 102.0, 4.472, 0.8)])
def test_import_and_export_of_one_process(sigma: float, both: float, deviation: float, chi2: float) -> None:
    """knowledge/ledger.md section 4 (derived; agrees with the help of STAN): import 100 ± σ, export 110 ± 10."""
    found = reconcile(flows(("import", "outside", "P", 100, sigma), ("export", "P", "Outside world", 110, 10)))
    assert found.flows["amount"].to_list() == pytest.approx([both, both], abs=1e-9)
    assert found.flows["sigma"].to_list() == pytest.approx([deviation, deviation], abs=0.0005)
    assert found.chi2 == pytest.approx(chi2)
    assert found.degrees_of_freedom == 1


EXCHANGER = (
    ("1", "outside", "splitter"), ("2", "splitter", "exchanger"), ("3", "splitter", "valve"),
    ("4", "exchanger", "mixer"), ("5", "valve", "mixer"), ("6", "mixer", "outside"),
)  # fmt: skip
MEASURED = (101.91, 68.45, 34.65, 64.20, 36.44, 98.88)


def test_heat_exchanger_with_bypass() -> None:
    """Narasimhan and Jordache, Data Reconciliation and Gross Error Detection (2000), chapter 1: six flows, variance 1.

    Reconciled to two decimals; the exact solution by hand is F1 = 100.8867, F2 = 65.8333.
    """
    found = reconcile(flows(*((*edge, amount, 1.0) for edge, amount in zip(EXCHANGER, MEASURED, strict=True))))
    expected = [100.89, 65.83, 35.05, 65.83, 35.05, 100.89]
    assert found.flows["amount"].to_list() == pytest.approx(expected, abs=0.005)
    assert found.degrees_of_freedom == 4
    assert found.flows["sigma"].to_list() == pytest.approx([3**-0.5] * 6)


def test_heat_exchanger_with_one_branch_measured() -> None:
    """The same plant without flows 3, 4, 5: by hand, 1 and 6 meet at their mean, 4 is 2, 3 and 5 the difference."""
    rows: list[FlowRow] = [(*edge, amount, 1.0) for edge, amount in zip(EXCHANGER, MEASURED, strict=True)]
    for hidden in (2, 3, 4):
        rows[hidden] = (*EXCHANGER[hidden], None, None)
    found = reconcile(flows(*rows))
    assert found.flows["amount"].to_list() == pytest.approx([100.395, 68.45, 31.945, 68.45, 31.945, 100.395])
    assert found.flows["sigma"].to_list() == pytest.approx([0.5**0.5, 1.0, 1.5**0.5, 1.0, 1.5**0.5, 0.5**0.5])
    assert found.degrees_of_freedom == 1
    assert found.gross_errors["flow"].to_list() == ["1", "6"]
    assert found.gross_errors["test"].to_list() == pytest.approx([3.03 / 2**0.5] * 2)
