"""The door to the solvers: a linear programme in, a solution out, with the solver that really ran.

The zones' own interior point method is tried first, then those of HiGHS: HiPO (from ``highspy[extras]``; without it
HiGHS refuses the option), IPX, and the simplex.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

import highspy
import numpy as np
from numpy.typing import NDArray

from ayni.zones.interior import NAME, solve_interior
from ayni.zones.model import LinearProgram

Floats = NDArray[np.float64]


class SolverFault(RuntimeError):
    """HiGHS refused an option or a model that it must take: a program's fault."""


class Engine(StrEnum):
    """The solvers that are used, from first to last choice."""

    OWN = "own"
    HIPO = "hipo"
    IPX = "ipx"
    SIMPLEX = "simplex"


OPTIONS: dict[Engine, dict[str, str]] = {
    # the augmented system: normal equations fill up by the dense columns of capacities
    Engine.HIPO: {"run_crossover": "off", "hipo_system": "augmented"},
    Engine.IPX: {"run_crossover": "off"},
    Engine.SIMPLEX: {},
}

SMALLEST_ENTRY = 1e-9
"""HiGHS would leave smaller entries out, with a warning. The bound and the repaired plan rest on the exact matrix."""


class Outcome(StrEnum):
    """How a solve ended."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    STOPPED = "stopped"


@dataclass(frozen=True, eq=False)
class Solution:
    """``values`` of the columns, ``prices`` of the rows (∂cost/∂row), and the ``solver`` that really ran.

    Values and prices are the solver's: nearly feasible, to be repaired and certified. Both are empty unless optimal.
    """

    outcome: Outcome
    values: Floats
    prices: Floats
    solver: str


FIRST_CHOICE = NAME
"""What results name where the first engine did; others are slower."""

ACCURACY_RANGE = (1e-8, 1e-5)
"""Finest and coarsest relative accuracy that is asked of an interior point method."""


def solve(program: LinearProgram, accuracy: float = 0.0, engines: Iterable[Engine] = tuple(Engine)) -> Solution:
    """The first optimal solution that one of ``engines`` finds; else what the last one says.

    ``accuracy`` is the relative error of the cost that will do. An engine's word that the programme is infeasible
    counts at once.
    """
    solution = Solution(Outcome.STOPPED, np.array([]), np.array([]), "")
    for engine in engines:
        found = _run(program, engine, accuracy)
        if found is not None:
            solution = found
            if solution.outcome is not Outcome.STOPPED:
                break
    return solution


def solver_version() -> str:
    """Name and version of the solver library."""
    return f"HiGHS {highspy.Highs().version()}"  # type: ignore[no-untyped-call]


def _run(program: LinearProgram, engine: Engine, accuracy: float) -> Solution | None:
    """One engine's solution; None where this installation lacks the engine."""
    asked = min(max(accuracy, ACCURACY_RANGE[0]), ACCURACY_RANGE[1])
    return _run_own(program, asked) if engine is Engine.OWN else _run_highs(program, engine, asked)


def _run_own(program: LinearProgram, asked: float) -> Solution:
    """The zones' own method: a solution, or word that it stopped short of one."""
    found = solve_interior(program, asked)
    if found is None:
        return Solution(Outcome.STOPPED, np.array([]), np.array([]), NAME)
    return Solution(Outcome.OPTIMAL, *found, NAME)


def _run_highs(program: LinearProgram, engine: Engine, asked: float) -> Solution | None:
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    _check(highs.setOptionValue("log_to_console", False), "log_to_console")
    if highs.setOptionValue("solver", engine.value) != highspy.HighsStatus.kOk:
        return None
    for option, setting in OPTIONS[engine].items():
        _check(highs.setOptionValue(option, setting), option)
    _check(highs.setOptionValue("ipm_optimality_tolerance", asked), "ipm_optimality_tolerance")
    log: list[str] = []
    highs.cbLogging += lambda event: log.append(event.message)
    _check(highs.passModel(_model(program)), "model")
    ended = highs.run()
    status = highs.getModelStatus()
    if ended == highspy.HighsStatus.kError:
        raise SolverFault(f"HiGHS {engine}: {''.join(log[-5:])}")
    solution = highs.getSolution()
    name = _solver_that_ran(highs, log)
    if status == highspy.HighsModelStatus.kOptimal and solution.value_valid and solution.dual_valid:
        return Solution(Outcome.OPTIMAL, np.array(solution.col_value), np.array(solution.row_dual), name)
    is_infeasible = status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible)
    return Solution(Outcome.INFEASIBLE if is_infeasible else Outcome.STOPPED, np.array([]), np.array([]), name)


def _solver_that_ran(highs: highspy.Highs, log: list[str]) -> str:
    """HiGHS may run another solver than the one asked for without saying so: its log and counts tell."""
    info = highs.getInfo()
    signs: tuple[tuple[str, Callable[[], bool]], ...] = (
        ("HiPO", lambda: any("Hipo" in line for line in log)),
        ("IPX", lambda: any("IPX version" in line for line in log)),
        ("simplex", lambda: info.simplex_iteration_count > 0),
    )
    ran = [name for name, sign in signs if sign()]
    return f"HiGHS {highs.version()} {' + '.join(ran) or 'presolve'}"


def _check(status: highspy.HighsStatus, what: str) -> None:
    if status != highspy.HighsStatus.kOk:
        raise SolverFault(f"HiGHS: {what}: {status}")


def _model(program: LinearProgram) -> highspy.HighsLp:
    matrix = program.matrix.copy()
    matrix.data[np.abs(matrix.data) <= SMALLEST_ENTRY] = 0.0
    matrix.eliminate_zeros()
    rows, columns = matrix.shape
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = columns, rows
    model.offset_ = program.offset
    model.col_cost_ = program.cost
    model.col_lower_, model.col_upper_ = program.column_lower, program.column_upper
    model.row_lower_, model.row_upper_ = program.row_lower, program.row_upper
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = matrix.indptr.astype(np.int32)
    model.a_matrix_.index_ = matrix.indices.astype(np.int32)
    model.a_matrix_.value_ = matrix.data
    return model
