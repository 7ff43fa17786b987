"""Why a zone has no plan: which requirement cannot be met, and by how much."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ayni.base.findings import Finding, Place, error
from ayni.zones.case import CARRIERS, ELECTRICITY, Series, ZoneCase
from ayni.zones.model import LinearProgram
from ayni.zones.model.elastic import Slack, with_slack, without
from ayni.zones.solve import Outcome, solve

NEGLIGIBLE = 1e-6
"""Slack that counts as none, relative to the largest demand or to the limit."""


def unmet_requirements(case: ZoneCase, program: LinearProgram) -> tuple[Finding, ...]:
    """The requirements of ``case`` that cannot be met together with the others; nothing where all can be.

    Where demand can be met at all, the limits on emissions and budget are to blame; else the demand that is short.
    """
    limits = {
        name: limit for name, limit in (("co2", case.limits.co2), ("budget", case.limits.budget)) if limit is not None
    }
    if limits:
        slack = {name: Slack(-1.0, 1.0 / max(limit, 1.0)) for name, limit in limits.items()}
        elastic, columns = with_slack(program, slack)
        solution = solve(elastic)
        if solution.outcome is Outcome.OPTIMAL:
            more = {name: float(solution.values[columns[name][0]]) for name in limits}
            return tuple(
                error(
                    f"ZONE-UNMET-{name.upper()}", Place(column=f"limits.{name}"), limit=limit, needed=limit + more[name]
                )
                for name, limit in limits.items()
                if more[name] > NEGLIGIBLE * max(limit, 1.0)
            )
    balances = {f"balance.{carrier}": Slack(1.0, 1.0) for carrier in CARRIERS}
    elastic, columns = with_slack(without(program, tuple(limits)), balances)
    solution = solve(elastic)
    if solution.outcome is not Outcome.OPTIMAL:
        return ()
    short = {carrier: solution.values[columns[f"balance.{carrier}"]] for carrier in CARRIERS}
    return tuple(_unmet_demand(case, short))


def _unmet_demand(case: ZoneCase, short: dict[str, Series]) -> Iterator[Finding]:
    largest = max(float(load.max()) for load in case.demand.values())
    for carrier, power in short.items():
        is_short = power > NEGLIGIBLE * largest
        if is_short.any():
            row = int(np.argmax(power)) + 2
            has_limit = carrier == ELECTRICITY and case.limits.grid is not None
            yield error(
                "ZONE-UNMET-GRID" if has_limit else "ZONE-UNMET-DEMAND",
                Place(column=f"demand.{carrier}", row=row),
                carrier=carrier, hours=str(int(is_short.sum())), power=float(power.max()), row=str(row),
                limit=case.limits.grid,
            )  # fmt: skip
