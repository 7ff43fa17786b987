"""The door to HiGHS: arrays in, arrays out, every return status checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


OPTIONS: Mapping[str, bool | float | str] = {
    "output_flag": False,
    "solver": "simplex",
    "primal_feasibility_tolerance": 1e-10,
    "dual_feasibility_tolerance": 1e-10,
    # Perturbed costs make HiGHS 1.15 end as "unbounded" on a few bounded, degenerate transport problems.
    "dual_simplex_cost_perturbation_multiplier": 0.0,
}


class SolverFault(RuntimeError):
    """The solver refused an option or a model, or ended in a state that the model cannot have: a program's fault."""


@dataclass(frozen=True)
class LinearProgram:
    """Minimise ``cost``·x subject to ``row_lower`` ≤ ``matrix``·x ≤ ``row_upper`` and 0 ≤ x ≤ ``upper``."""

    cost: Floats
    matrix: csc_array
    row_lower: Floats
    row_upper: Floats
    upper: Floats


@dataclass(frozen=True)
class Solution:
    """An optimal vertex: ``values`` of the columns, ``row_duals`` = ∂cost/∂row, and the solver that really ran."""

    values: Floats
    row_duals: Floats
    solver: str


def minimise(program: LinearProgram) -> Solution:
    """The optimum by HiGHS's simplex. Raises SolverFault where the program has none."""
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, setting in OPTIONS.items():
        _check(highs.setOptionValue(option, setting), option)
    _check(highs.passModel(_model(program)), "model")
    _check(highs.run(), "run")
    status = highs.getModelStatus()
    if status != highspy.HighsModelStatus.kOptimal:
        raise SolverFault(highs.modelStatusToString(status))
    solution = highs.getSolution()
    engine = "simplex" if highs.getInfo().simplex_iteration_count > 0 else "presolve"
    return Solution(np.array(solution.col_value), np.array(solution.row_dual), f"HiGHS {highs.version()} {engine}")


def _check(status: highspy.HighsStatus, what: str) -> None:
    if status != highspy.HighsStatus.kOk:
        raise SolverFault(f"HiGHS: {what}: {status}")


def _model(program: LinearProgram) -> highspy.HighsLp:
    rows, columns = program.matrix.shape
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = columns, rows
    model.col_cost_ = program.cost
    model.col_lower_, model.col_upper_ = np.zeros(columns), program.upper
    model.row_lower_, model.row_upper_ = program.row_lower, program.row_upper
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = program.matrix.indptr
    model.a_matrix_.index_ = program.matrix.indices
    model.a_matrix_.value_ = program.matrix.data
    return model
