"""An interior point method for zones: a year of hours in a chain, tied by a few sizes, maxima and measures.

``standard`` takes out what has no interior and scales, ``structure`` finds hours and what ties them, ``newton`` solves
the method's equations by that structure, ``path`` walks to the optimum. Where one of them cannot, there is no solution
and another solver has to do: nothing here claims that a programme is infeasible.
"""

from __future__ import annotations

import numpy as np

from ayni.zones.interior.newton import Newton
from ayni.zones.interior.path import Path
from ayni.zones.interior.standard import standard_form
from ayni.zones.interior.structure import find_structure
from ayni.zones.model.program import Floats, LinearProgram

NAME = "Ayni interior point 1"
"""Name and version, as results state them."""


def solve_interior(program: LinearProgram, accuracy: float) -> tuple[Floats, Floats] | None:
    """Values of the columns and prices of the rows, with residuals and gap within ``accuracy``; None if not reached."""
    standard = standard_form(program)
    if standard is None:
        return None
    if not len(standard.rows):
        x = np.where(standard.cost < 0.0, standard.upper, 0.0)
        return standard.restore(x, np.array([])) if np.isfinite(x).all() else None
    found = find_structure(program, standard)
    if found is None:
        return None
    newton = Newton(found.ordered(standard.matrix), len(found.chained), len(found.limits), len(found.local))
    rows, columns = found.rows, found.columns
    path = Path(
        newton, standard.cost[columns], standard.upper[columns], standard.side[rows],
        standard.is_inequality[rows], standard.is_free[columns],
    )  # fmt: skip
    point = path.run(accuracy)
    if point is None:
        return None
    x, multipliers = np.empty(len(columns)), np.empty(len(rows))
    x[columns], multipliers[rows] = point
    return standard.restore(x, multipliers)
