"""The way to the optimum: Mehrotra's predictor and corrector, with weighted correctors for centrality.

A point is a pair of positive vectors, P = (x, s, u − x) and Q = (v, z, w), one product for every bound, and the
multipliers λ of the rows. Every iteration factors Newton's equations once and solves them a few times:

- *predictor*: straight at the optimum, all products to zero;
- *corrector*: what the predictor leaves of second order, and a target μ for all products;
- *centrality correctors*: products that would end far from μ are pushed back (Gondzio 1996).

A corrector is taken with the weight that makes the longest step (Colombo and Gondzio 2008).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ayni.zones.interior.newton import Newton, Singular
from ayni.zones.interior.standard import Flags
from ayni.zones.model.program import Floats, Indices

MOST_ITERATIONS = 200
MOST_CORRECTORS = 5
TO_BOUNDARY = 0.999
"""Part of the way to the nearest bound that a step takes."""
WEIGHTS = 6
"""Weights of a corrector that are tried."""
FAR = (0.1, 10.0)
"""Products outside these multiples of the target are pushed back to them."""
LONGER, FURTHER = 1.5, 0.2
"""Correctors aim at steps this much longer."""
WORTH = 0.02
"""A corrector that lengthens the steps by less than this is the last."""
FREE = 1e-8
"""Barrier that free columns are given; refinement takes it out again."""
EQUALITY = 1e-12
"""Relief of equalities, which keeps dependent rows apart."""
MOST_REFINEMENTS = 2
NEGLIGIBLE = 0.01
"""Residuals of Newton's equations that are left, as a part of the accuracy asked for."""
LEAST_MOVE = 1e-3
"""The start lies at least this far inside, in scaled units."""
PATIENCE = 25
"""Iterations without a better point after which the method gives up."""


@dataclass(frozen=True, eq=False)
class Step:
    """A change of the point: of P and of Q."""

    p: Floats
    q: Floats


class Path:
    """One run of the method: Newton's equations of the standard form, its costs, bounds and sides in their order.

    P = (x, s, u − x) and Q = (v, λ, w) hold all columns and rows. A free column has no v and an equality no s: both
    stay zero, and so do the inverses of their partners, by which such a pair limits no step and enters no product.
    """

    def __init__(
        self, newton: Newton, cost: Floats, upper: Floats, side: Floats, is_inequality: Flags, is_free: Flags
    ) -> None:
        self.newton, self.cost, self.side = newton, cost, side
        self.bounded: Indices = np.flatnonzero(np.isfinite(upper))
        self.upper = upper[self.bounded]
        self.is_pair: Flags = np.concatenate([~is_free, is_inequality, np.ones(len(self.bounded), dtype=bool)])
        self.pairs = int(self.is_pair.sum())
        ends = np.cumsum([len(cost), len(side), len(self.bounded)])
        self.of_x, self.of_slack, self.of_room = slice(0, ends[0]), slice(ends[0], ends[1]), slice(ends[1], ends[2])
        self.least_relief = np.where(is_inequality, 0.0, EQUALITY)
        self.side_size, self.cost_size = 1.0 + _largest(side), 1.0 + _largest(cost)
        self.iterations = 0

    def run(self, accuracy: float) -> tuple[Floats, Floats] | None:
        """Columns and multipliers with relative residuals and gap of at most ``accuracy``; None where not reached."""
        self.negligible = NEGLIGIBLE * accuracy
        try:
            with np.errstate(over="raise", divide="raise", invalid="raise"):
                return self._walk(accuracy)
        except (Singular, FloatingPointError):
            return None

    def _walk(self, accuracy: float) -> tuple[Floats, Floats] | None:
        self._start()
        best, since = np.inf, 0
        for self.iterations in range(MOST_ITERATIONS):
            error = self._measure()
            if error <= accuracy:
                return self.p[self.of_x], self.q[self.of_slack]
            since = 0 if error < 0.9 * best else since + 1
            if since > PATIENCE:
                break
            best = min(best, error)
            self._iterate()
        return None

    # --- the point -----------------------------------------------------------------------------------------------

    def _start(self) -> None:
        """Mehrotra's start: least squares for rows and costs, then moved inside by as much as they miss."""
        loose = self.is_pair[self.of_slack]
        self.newton.factor(np.ones(len(self.cost)), np.where(loose, 1.0, EQUALITY))
        x, minus_slack = self.newton.solve(np.zeros(len(self.cost)), self.side)
        minus_reduced, multipliers = self.newton.solve(-self.cost, np.zeros(len(self.side)))
        at_bound = np.zeros(len(self.cost))
        at_bound[self.bounded] = np.maximum(minus_reduced[self.bounded], 0.0)
        p, q = np.concatenate([x, -minus_slack]), np.concatenate([at_bound - minus_reduced, multipliers])
        pairs = self.is_pair[: len(p)]
        inner_p, inner_q = _inside(p[pairs], q[pairs])
        p[pairs], q[pairs] = inner_p, inner_q
        p[self.of_slack][~loose] = 0.0
        q[self.of_x][~self.is_pair[self.of_x]] = 0.0
        p[self.bounded] = np.minimum(p[self.bounded], 0.5 * self.upper)
        typical = float(inner_q.mean()) if len(inner_q) else 1.0
        self.p = np.concatenate([p, self.upper - p[self.bounded]])
        self.q = np.concatenate([q, at_bound[self.bounded] + typical])

    def _measure(self) -> float:
        """Residuals and gap, the largest of them relative to the sizes of sides, costs and objective."""
        x, multipliers, room = self.p[self.of_x], self.q[self.of_slack], self.q[self.of_room]
        self.of_columns = self.q[self.of_x] - self.cost - self.newton.transposed @ multipliers
        self.of_columns[self.bounded] -= room
        self.of_rows = self.side - self.newton.matrix @ x - self.p[self.of_slack]
        primal, dual = float(self.cost @ x), -float(self.side @ multipliers) - float(self.upper @ room)
        self.target = float(self.p @ self.q) / max(self.pairs, 1)
        return max(
            _largest(self.of_rows) / self.side_size,
            _largest(self.of_columns) / self.cost_size,
            abs(primal - dual) / (1.0 + abs(primal)),
        )

    # --- one iteration -------------------------------------------------------------------------------------------

    def _iterate(self) -> None:
        self._factor()
        step = self._solve(self.of_columns, self.of_rows, -self.p * self.q)
        lengths = _length(self.per_p, step.p), _length(self.per_q, step.q)
        after = float((self.p + lengths[0] * step.p) @ (self.q + lengths[1] * step.q)) / max(self.pairs, 1)
        target = self.target * min(1.0, max(after, 0.0) / self.target) ** 3
        step, lengths = self._weighted(step, lengths, self._corrector(target - step.p * step.q))
        for _ in range(MOST_CORRECTORS):
            corrector = self._corrector(self._push(step, lengths, target))
            better, longer = self._weighted(step, lengths, corrector)
            if sum(longer) < sum(lengths) + WORTH:
                break
            step, lengths = better, longer
        first, other = (TO_BOUNDARY * length if length < 1.0 else 1.0 for length in lengths)
        self.p = self.p + first * step.p
        self.q = self.q + other * step.q

    def _factor(self) -> None:
        """Newton's equations at the point: D = v/x + w/(u − x), R = s/λ."""
        self.per_p, self.per_q = (
            np.divide(1.0, values, out=np.zeros(len(values)), where=self.is_pair) for values in (self.p, self.q)
        )
        self.ratio = self.q * self.per_p
        self.relief = self.p[self.of_slack] * self.per_q[self.of_slack] + self.least_relief
        self.barrier = self.ratio[self.of_x].copy()
        self.barrier[self.bounded] += self.ratio[self.of_room]
        self.newton.factor(self.barrier + FREE, self.relief)

    def _corrector(self, products: Floats) -> Step:
        return self._solve(np.zeros(len(self.cost)), np.zeros(len(self.side)), products)

    def _solve(self, of_columns: Floats, of_rows: Floats, products: Floats) -> Step:
        """The step that makes up for residuals of columns and rows and adds ``products`` to those of P and Q."""
        change = products * self.per_p
        slack = products[self.of_slack] * self.per_q[self.of_slack]
        a = of_columns + change[self.of_x]
        a[self.bounded] -= change[self.of_room]
        x, multipliers = self._refined(a, of_rows - slack)
        slack -= self.p[self.of_slack] * self.per_q[self.of_slack] * multipliers
        p = np.concatenate([x, slack, -x[self.bounded]])
        change -= self.ratio * p
        change[self.of_slack] = multipliers
        return Step(p, change)

    def _refined(self, a: Floats, g: Floats) -> tuple[Floats, Floats]:
        """The solution of Newton's equations, refined while what it leaves would be seen in the residuals."""
        x, multipliers = self.newton.solve(a, g)
        for _ in range(MOST_REFINEMENTS):
            of_columns = a - self.barrier * x - self.newton.transposed @ multipliers
            of_rows = g - self.newton.matrix @ x + self.relief * multipliers
            if max(_largest(of_columns) / self.cost_size, _largest(of_rows) / self.side_size) <= self.negligible:
                break
            more_x, more = self.newton.solve(of_columns, of_rows)
            x, multipliers = x + more_x, multipliers + more
        return x, multipliers

    def _push(self, step: Step, lengths: tuple[float, float], target: float) -> Floats:
        """What brings the products at a longer step back near the target."""
        first, other = (min(1.0, LONGER * length + FURTHER) for length in lengths)
        products = (self.p + first * step.p) * (self.q + other * step.q)
        low, high = FAR[0] * target, FAR[1] * target
        return np.maximum(np.clip(products, low, high) - products, -high)

    def _weighted(self, step: Step, lengths: tuple[float, float], more: Step) -> tuple[Step, tuple[float, float]]:
        """``step`` with that part of ``more`` which makes the longest steps, chosen for P and Q apart."""
        weights = np.linspace(min(max(lengths[0] * lengths[1], 0.05), 0.95), 1.0, WEIGHTS)
        of_p, first = _best(self.per_p, step.p, more.p, weights)
        of_q, other = _best(self.per_q, step.q, more.q, weights)
        return Step(step.p + of_p * more.p, step.q + of_q * more.q), (first, other)


def _inside(p: Floats, q: Floats) -> tuple[Floats, Floats]:
    """Both moved to positive values, by what the worst misses and by what half their products come to."""
    p = p + max(-1.5 * p.min(initial=0.0), LEAST_MOVE)
    q = q + max(-1.5 * q.min(initial=0.0), LEAST_MOVE)
    product = 0.5 * float(p @ q)
    return (p + product / float(q.sum()), q + product / float(p.sum())) if len(p) else (p, q)


def _largest(values: Floats) -> float:
    return float(np.abs(values).max(initial=0.0))


def _length(inverse: Floats, change: Floats) -> float:
    """The longest step, up to 1, that leaves all values positive whose ``inverse`` is given."""
    return 1.0 / max(1.0, -float((change * inverse).min(initial=0.0)))


def _best(inverse: Floats, change: Floats, more: Floats, weights: Floats) -> tuple[float, float]:
    """Which of ``weights`` makes the step change + weight · more longest, and its length.

    What limits the step is linear in the weight, so that only values may do so that exceed, at the first or the last
    weight, what some value exceeds at both.
    """
    at_none, more = change * inverse, more * inverse
    at_first, at_last = at_none + weights[0] * more, at_none + weights[-1] * more
    limiting = np.minimum(at_first, at_last) <= np.maximum(at_first, at_last).min(initial=0.0)
    low, high = at_first[limiting], at_last[limiting]
    shares = (weights - weights[0]) / (weights[-1] - weights[0])
    lengths = [1.0 / max(1.0, -float((low + share * (high - low)).min(initial=0.0))) for share in shares]
    best = int(np.argmax(lengths))
    return float(weights[best]), lengths[best]
