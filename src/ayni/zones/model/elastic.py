"""The zone's equations with slack on some requirements, to find the least slack that makes the others hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csc_array, hstack

from ayni.zones.model.program import Indices, LinearProgram


@dataclass(frozen=True)
class Slack:
    """Slack on a block of rows: it counts ``weight`` per unit, and adds to (``sign`` 1) or takes off (−1) the row."""

    sign: float
    weight: float


def with_slack(program: LinearProgram, wanted: Mapping[str, Slack]) -> tuple[LinearProgram, dict[str, Indices]]:
    """The programme with the slack of row blocks for its only cost, and the slack columns by block."""
    sizes = [len(program.rows[name]) for name in wanted]
    rows = np.concatenate([program.rows[name] for name in wanted])
    sign = np.repeat([slack.sign for slack in wanted.values()], sizes)
    weight = np.repeat([slack.weight for slack in wanted.values()], sizes)
    first, count = len(program.cost), len(rows)
    columns = np.split(first + np.arange(count), np.cumsum(sizes)[:-1])
    matrix = csc_array((sign, (rows, np.arange(count))), shape=(program.matrix.shape[0], count))
    elastic = replace(
        program,
        cost=np.concatenate([np.zeros(first), weight]),
        column_lower=np.concatenate([program.column_lower, np.zeros(count)]),
        column_upper=np.concatenate([program.column_upper, np.full(count, np.inf)]),
        matrix=csc_array(hstack([program.matrix, matrix])),
        offset=0.0,
    )
    return elastic, dict(zip(wanted, columns, strict=True))


def without(program: LinearProgram, names: tuple[str, ...]) -> LinearProgram:
    """The programme with the upper limits of row blocks taken away."""
    upper = program.row_upper.copy()
    for name in names:
        upper[program.rows[name]] = np.inf
    return replace(program, row_upper=upper)
