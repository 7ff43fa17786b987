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
MOST_CORRECTORS = 3
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
PATIENCE = 25
"""Iterations without a better point after which the method gives up."""


@dataclass(frozen=True, eq=False)
class Point:
    """A positive pair and the multipliers; ``x`` and ``rows`` are what the caller is after."""

    x: Floats
    multipliers: Floats


class Path:
    """One run of the method: Newton's equations of the standard form, its costs, bounds and sides in their order."""

    def __init__(
        self, newton: Newton, cost: Floats, upper: Floats, side: Floats, is_inequality: Flags, is_free: Flags
    ) -> None:
        self.newton, self.cost, self.side = newton, cost, side
        self.signed: Indices = np.flatnonzero(~is_free)
        self.bounded: Indices = np.flatnonzero(np.isfinite(upper))
        self.upper = upper[self.bounded]
        self.loose: Indices = np.flatnonzero(is_inequality)
        ends = np.cumsum([len(self.signed), len(self.loose), len(self.bounded)])
        self.of_x, self.of_slack, self.of_room = slice(0, ends[0]), slice(ends[0], ends[1]), slice(ends[1], ends[2])
        self.side_size, self.cost_size = 1.0 + _largest(side), 1.0 + _largest(cost)
        self.iterations = 0

    def run(self, accuracy: float) -> Point | None:
        """A point whose residuals and gap are at most ``accuracy``, relatively; None where none is reached."""
        self.negligible = NEGLIGIBLE * accuracy
        try:
            with np.errstate(over="raise", divide="raise", invalid="raise"):
                return self._walk(accuracy)
        except (Singular, FloatingPointError):
            return None

    def _walk(self, accuracy: float) -> Point | None:
        self._start()
        best, since = np.inf, 0
        for self.iterations in range(MOST_ITERATIONS):
            error = self._measure()
            if error <= accuracy:
                return Point(self.x, self.multipliers)
            since = 0 if error < 0.9 * best else since + 1
            if since > PATIENCE:
                break
            best = min(best, error)
            self._iterate()
        return None

    # --- the point -----------------------------------------------------------------------------------------------

    def _start(self) -> None:
        """Mehrotra's start: least squares for rows and costs, then moved inside by as much as they miss."""
        self.barrier, self.relief = np.ones(len(self.cost)), np.full(len(self.side), EQUALITY)
        self.relief[self.loose] = 1.0
        self.newton.factor(self.barrier, self.relief)
        self.x, multipliers = self.newton.solve(np.zeros(len(self.cost)), self.side)
        reduced, self.multipliers = self.newton.solve(-self.cost, np.zeros(len(self.side)))
        reduced = -reduced
        p = np.concatenate([self.x[self.signed], -multipliers[self.loose]])
        at_bound = np.zeros(len(self.cost))
        at_bound[self.bounded] = np.maximum(-reduced[self.bounded], 0.0)
        q = np.concatenate([(reduced + at_bound)[self.signed], self.multipliers[self.loose]])
        p = p + max(-1.5 * p.min(initial=0.0), 1e-3)
        q = q + max(-1.5 * q.min(initial=0.0), 1e-3)
        product = 0.5 * float(p @ q)
        more_p, more_q = product / float(q.sum()), product / float(p.sum())
        p, q = p + more_p, q + more_q
        self.x[self.signed] = p[self.of_x]
        self.x[self.bounded] = np.minimum(self.x[self.bounded], 0.5 * self.upper)
        self.p = np.concatenate([self.x[self.signed], p[self.of_slack], self.upper - self.x[self.bounded]])
        self.q = np.concatenate([q, at_bound[self.bounded] + q.mean()])
        self.multipliers[self.loose] = self.q[self.of_slack]

    def _measure(self) -> float:
        """Residuals and gap, the largest of them relative to the sizes of sides, costs and objective."""
        self.of_columns = -(self.cost + self.newton.transposed @ self.multipliers)
        self.of_columns[self.signed] += self.q[self.of_x]
        self.of_columns[self.bounded] -= self.q[self.of_room]
        self.of_rows = self.side - self.newton.matrix @ self.x
        self.of_rows[self.loose] -= self.p[self.of_slack]
        primal = float(self.cost @ self.x)
        dual = -float(self.side @ self.multipliers) - float(self.upper @ self.q[self.of_room])
        self.target = float(self.p @ self.q) / max(len(self.p), 1)
        parts = (
            _largest(self.of_rows) / self.side_size,
            _largest(self.of_columns) / self.cost_size,
            abs(primal - dual) / (1.0 + abs(primal)),
        )
        return float(max(parts))

    # --- one iteration -------------------------------------------------------------------------------------------

    def _iterate(self) -> None:
        self._factor()
        step = self._solve(self.of_columns, self.of_rows, -self.p * self.q)
        lengths = _length(self.p, step.p), _length(self.q, step.q)
        after = float((self.p + lengths[0] * step.p) @ (self.q + lengths[1] * step.q)) / len(self.p)
        target = self.target * min(1.0, after / self.target) ** 3
        step, lengths = self._weighted(step, lengths, self._corrector(target - step.p * step.q))
        for _ in range(MOST_CORRECTORS):
            corrector = self._corrector(self._push(step, lengths, target))
            better, longer = self._weighted(step, lengths, corrector)
            if sum(longer) < sum(lengths) + WORTH:
                break
            step, lengths = better, longer
        self._move(step, lengths)

    def _factor(self) -> None:
        ratio = self.q / self.p
        self.relief[self.loose] = 1.0 / ratio[self.of_slack]
        self.barrier = np.zeros(len(self.cost))
        self.barrier[self.signed] = ratio[self.of_x]
        self.barrier[self.bounded] += ratio[self.of_room]
        self.newton.factor(self.barrier + FREE, self.relief)

    def _move(self, step: Step, lengths: tuple[float, float]) -> None:
        first, other = (TO_BOUNDARY * length if length < 1.0 else 1.0 for length in lengths)
        self.x = self.x + first * step.x
        self.p = self.p + first * step.p
        self.q = self.q + other * step.q
        self.multipliers = self.multipliers + other * step.multipliers
        self.multipliers[self.loose] = self.q[self.of_slack]

    def _corrector(self, products: Floats) -> Step:
        return self._solve(np.zeros(len(self.cost)), np.zeros(len(self.side)), products)

    def _solve(self, of_columns: Floats, of_rows: Floats, products: Floats) -> Step:
        """The step that makes up for residuals of columns and rows and adds ``products``."""
        change = products / self.p
        a, g = of_columns.copy(), of_rows.copy()
        a[self.signed] += change[self.of_x]
        a[self.bounded] -= change[self.of_room]
        g[self.loose] -= products[self.of_slack] / self.q[self.of_slack]
        x, multipliers = self._refined(a, g)
        dz = multipliers[self.loose]
        slack = (products[self.of_slack] - self.p[self.of_slack] * dz) / self.q[self.of_slack]
        p = np.concatenate([x[self.signed], slack, -x[self.bounded]])
        q = (products - self.q * p) / self.p
        q[self.of_slack] = dz
        return Step(x, p, q, multipliers)

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
        of_p, first = _best(self.p, step.p, more.p, weights)
        of_q, other = _best(self.q, step.q, more.q, weights)
        return Step(
            step.x + of_p * more.x,
            step.p + of_p * more.p,
            step.q + of_q * more.q,
            step.multipliers + of_q * more.multipliers,
        ), (first, other)


@dataclass(frozen=True, eq=False)
class Step:
    """A change of a point."""

    x: Floats
    p: Floats
    q: Floats
    multipliers: Floats


def _largest(values: Floats) -> float:
    return float(np.abs(values).max(initial=0.0))


def _length(values: Floats, change: Floats) -> float:
    return 1.0 / max(1.0, float((-change / values).max(initial=0.0)))


def _best(values: Floats, change: Floats, more: Floats, weights: Floats) -> tuple[float, float]:
    """Which of ``weights`` makes the step change + weight · more longest, and its length.

    What limits the step is linear in the weight, so that only values may do so that exceed, at the first or the last
    weight, what some value exceeds at both.
    """
    at_first, at_last = -(change + weights[0] * more) / values, -(change + weights[-1] * more) / values
    limiting = np.maximum(at_first, at_last) >= np.minimum(at_first, at_last).max(initial=0.0)
    low, high = at_first[limiting], at_last[limiting]
    shares = (weights - weights[0]) / (weights[-1] - weights[0])
    lengths = [1.0 / max(1.0, float((low + share * (high - low)).max(initial=0.0))) for share in shares]
    best = int(np.argmax(lengths))
    return float(weights[best]), lengths[best]
