"""Water cascades: the least fresh water where what one gives off is clean enough for another.

One contaminant. Outlets of processes run at their limit, which is optimal for one contaminant (Savelski and Bagajewicz,
2000), so the problem is a linear programme. Fresh water has 0 ppm and no limit: every need can be met by it alone, so
no case is infeasible.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, vstack

from ayni.exchange.cascade_case import CascadeCase
from ayni.exchange.solver import Floats, Integers, LinearProgram, minimise

FRESH = 0
"""Position of fresh water among the givers; sources and processes follow."""

GRAMS_PER_KILOGRAM = 1000.0
"""Load [kg/h] → [t/h · ppm], since 1 ppm is 1 g/t."""

AMOUNT_MIN = 1e-7
"""Smallest flow that is shown, relative to all fresh water and sources: the solver's own tolerance."""


@dataclass(frozen=True)
class CascadeResult:
    """The network with the least fresh water and, among those, the least water moved; all flows in t/h.

    ``exchanges``: from, to, amount, quality [ppm]. ``fresh_by_group``: what each group needs without the others.
    ``fresh_to`` and ``waste_from``: fresh water by its user, waste water by its giver.
    """

    status: str
    solver: str
    fresh: float
    waste: float
    fresh_by_group: Mapping[str, float]
    exchanges: pd.DataFrame
    fresh_to: Mapping[str, float]
    waste_from: Mapping[str, float]


@dataclass(frozen=True)
class _Flows:
    """Every possible flow: its giver (fresh water, sources, processes) and its taker (sinks, processes)."""

    giver_names: tuple[str, ...]
    taker_names: tuple[str, ...]
    giver: Integers
    taker: Integers
    quality: Floats
    program: LinearProgram


def cascade(case: CascadeCase) -> CascadeResult:
    """The best water network of ``case``."""
    flows = _flows(case)
    amount, fresh, solver = _least_fresh(flows)
    from_source = sum(source.amount for source in case.sources)
    amount = np.where(amount > AMOUNT_MIN * (fresh + from_source), amount, 0.0)
    table = pd.DataFrame({
        "from": np.array(flows.giver_names, dtype=object)[flows.giver],
        "to": np.array(flows.taker_names, dtype=object)[flows.taker],
        "amount": amount,
        "quality": flows.quality,
    })[amount > 0]  # fmt: skip
    given, taken = table.groupby("from")["amount"].sum(), table.groupby("to")["amount"].sum()
    held = {source.id: source.amount for source in case.sources}
    held |= {process.id: float(taken.get(process.id, 0.0)) for process in case.processes}
    is_fresh = (flows.giver == FRESH)[amount > 0]
    return CascadeResult(
        status="optimal",
        solver=solver,
        fresh=fresh,
        waste=from_source + fresh - sum(sink.amount for sink in case.sinks),
        fresh_by_group={name: _least_fresh(_flows(case.part(ids)))[1] for name, ids in case.groups.items()},
        exchanges=table[~is_fresh].reset_index(drop=True),
        fresh_to=dict(zip(table.loc[is_fresh, "to"], table.loc[is_fresh, "amount"], strict=True)),
        waste_from={name: max(amount - float(given.get(name, 0.0)), 0.0) for name, amount in held.items()},
    )


def _flows(case: CascadeCase) -> _Flows:
    """All possible flows, and the programme that minimises fresh water.

    Rows: what each giver has (a process: what it took), the limit at each taker's inlet, and each taker's need: a
    sink's amount, a process's load = Σ flow·(outlet − quality).
    """
    sources, sinks, processes = case.sources, case.sinks, case.processes
    outlet = [process.quality_out_max for process in processes]
    quality = np.array([0.0, *(source.quality for source in sources), *outlet])
    limit = np.array([sink.quality_max for sink in sinks] + [process.quality_in_max for process in processes])
    is_process = np.repeat([0.0, 1.0], [len(sinks), len(processes)])
    passes = np.zeros((len(quality), len(limit)))
    passes[1 + len(sources) :, len(sinks) :] = np.eye(len(processes))
    giver, taker = np.nonzero(passes == 0)
    out_of, into = _indicator(giver, len(quality)), _indicator(taker, len(limit))
    worth = np.concatenate([np.ones(len(sinks)), outlet])[taker] - is_process[taker] * quality[giver]
    rows = (
        (out_of - csr_array(passes) @ into)[1:],
        into * (quality[giver] - limit[taker]),
        into * worth,
    )
    need = [sink.amount for sink in sinks] + [process.load * GRAMS_PER_KILOGRAM for process in processes]
    at_most = np.array([source.amount for source in sources] + [0.0] * (len(processes) + len(limit)))
    program = LinearProgram(
        cost=(giver == FRESH).astype(float),
        matrix=vstack(rows, format="csc"),
        row_lower=np.concatenate([np.full(len(at_most), -np.inf), need]),
        row_upper=np.concatenate([at_most, need]),
        upper=np.full(len(giver), np.inf),
    )
    giver_names = ("", *(giver.id for giver in (*sources, *processes)))
    return _Flows(giver_names, tuple(taker.id for taker in (*sinks, *processes)), giver, taker, quality[giver], program)


def _indicator(position: Integers, count: int) -> csr_array:
    """One row per position, one column per flow: 1 where the flow belongs to the position."""
    return csr_array((np.ones(len(position)), (position, np.arange(len(position)))), shape=(count, len(position)))


def _least_fresh(flows: _Flows) -> tuple[Floats, float, str]:
    """Flows and fresh water at the least fresh water, and, that being fixed, the least water moved; the solver."""
    program = flows.program
    if not len(program.cost):
        return program.cost, 0.0, "none"
    fresh = float(program.cost @ minimise(program).values)
    frugal = LinearProgram(
        cost=1.0 - program.cost,
        matrix=vstack([program.matrix, program.cost[None, :]], format="csc"),
        row_lower=np.append(program.row_lower, -np.inf),
        row_upper=np.append(program.row_upper, fresh),
        upper=program.upper,
    )
    solution = minimise(frugal)
    return solution.values, fresh, solution.solver
