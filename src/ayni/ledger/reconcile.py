"""Reconciliation of uncertain flows by least squares, with the test for gross errors.

Method: STAN (2016): minimise (x̂ − x)ᵀ Q⁻¹ (x̂ − x) under the balances of all nodes. For one item the balances form a
graph, and so the classification is exact: an unmeasured flow merges the nodes that it joins; what is left balances
measured flows only (Kretsovalis and Mah, 1988).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.linalg import qr, solve_triangular
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ayni.base.findings import Finding, Refused, error, note, warning
from ayni.ledger.defaults import default

FLOW_COLUMNS = ("flow", "from", "to", "amount", "sigma")
OUTSIDE_PREFIX = "outside"
GROUND = 0
"""Number of the node that stands for everything outside; it is not balanced."""

CYCLE_MARGIN = 1e-6
"""An unmeasured flow on a cycle of n unmeasured ones has a projection of at most 1 − 1/n: n may reach a million."""
EXACT_TOLERANCE = 1e-9
"""Part of the flows by which exactly known ones may fail to balance: rounding only."""

Numbers: TypeAlias = NDArray[np.float64]
Indices: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Reconciliation:
    """``flows``: flow, amount, sigma (both NaN where not observable), measured, observable, test.

    ``test`` is |x̂ − x| / √(Q − Q̂), NaN where nothing checks the flow; ``gross_errors`` (flow, test) holds those above
    1.96. ``chi2`` is compared with the χ² distribution of ``degrees_of_freedom``.
    """

    flows: pd.DataFrame
    chi2: float
    degrees_of_freedom: int
    gross_errors: pd.DataFrame

    def as_json(self) -> dict[str, object]:
        """The documented form; an amount that is not observable is null."""
        return {
            "flows": [
                {
                    "flow": row["flow"],
                    "amount": row["amount"] if row["observable"] else None,
                    "sigma": row["sigma"] if row["observable"] else None,
                    "measured": row["measured"],
                }
                for row in self.flows.to_dict("records")
            ],
            "chi2": self.chi2,
            "degrees_of_freedom": self.degrees_of_freedom,
            "gross_errors": self.gross_errors.to_dict("records"),
        }


@dataclass(frozen=True, eq=False)
class _Network:
    """Flows between numbered nodes, GROUND among them; amounts are NaN where not measured."""

    names: tuple[str, ...]
    origin: Indices
    destination: Indices
    amount: Numbers
    sigma: Numbers

    @property
    def measured(self) -> NDArray[np.bool_]:
        return ~np.isnan(self.amount)


def reconcile(flows: pd.DataFrame) -> Reconciliation:
    """Reconcile ``flows`` (FLOW_COLUMNS; amount NaN: not measured; sigma 0: exactly known).

    Raises Refused where exactly known flows contradict each other.
    """
    network = _network(flows)
    measured, unmeasured = network.measured, ~network.measured
    merged = _joined(len(network.names), network.origin[unmeasured], network.destination[unmeasured])
    balances = _independent_balances(network, merged)
    amount, covariance, variance_gone, chi2 = _adjusted(network, balances)
    sigma = np.sqrt(np.clip(np.diag(covariance), 0.0, None))
    observable = measured.copy()
    values, deviations = np.full(len(flows), np.nan), np.full(len(flows), np.nan)
    values[measured], deviations[measured] = amount, sigma
    if unmeasured.any():
        found, deviation, is_known = _propagated(network, amount, covariance)
        observable[unmeasured] = is_known
        values[unmeasured] = np.where(is_known, found, np.nan)
        deviations[unmeasured] = np.where(is_known, deviation, np.nan)
    test = np.full(len(flows), np.nan)
    test[measured] = _test_values(network.amount[measured], amount, variance_gone)
    table = pd.DataFrame({
        "flow": flows["flow"].to_numpy(), "amount": values, "sigma": deviations, "measured": measured,
        "observable": observable, "test": test,
    })  # fmt: skip
    gross = table.loc[table["test"] > default("confidence_factor").value, ["flow", "test"]]
    return Reconciliation(table, chi2, len(balances), gross.reset_index(drop=True))


def _network(flows: pd.DataFrame) -> _Network:
    """Nodes numbered in order of appearance, all outside ones together."""
    numbers: dict[str, int] = {OUTSIDE_PREFIX: GROUND}

    def number(node: str) -> int:
        return GROUND if node.lower().startswith(OUTSIDE_PREFIX) else numbers.setdefault(node, len(numbers))

    origin = np.array([number(node) for node in flows["from"]], dtype=np.int64)
    destination = np.array([number(node) for node in flows["to"]], dtype=np.int64)
    amount, sigma = (flows[name].to_numpy(dtype=np.float64, na_value=np.nan) for name in ("amount", "sigma"))
    return _Network(tuple(numbers), origin, destination, amount, sigma)


def _joined(count: int, start: Indices, end: Indices) -> Indices:
    """The number of the group that each of ``count`` nodes falls into when ``start`` and ``end`` are joined."""
    edges = coo_array((np.ones(len(start)), (start, end)), shape=(count, count))
    labels: Indices = connected_components(edges, directed=False)[1].astype(np.int64)
    return labels


def _incidence(count: int, origin: Indices, destination: Indices) -> Numbers:
    """Nodes × flows: +1 where a flow enters, −1 where it leaves, 0 where it does both."""
    matrix = np.zeros((count, len(origin)))
    columns = np.arange(len(origin))
    np.add.at(matrix, (destination, columns), 1.0)
    np.add.at(matrix, (origin, columns), -1.0)
    return matrix


def _independent_balances(network: _Network, merged: Indices) -> Numbers:
    """Balances × measured flows of the merged nodes, as many as are independent for the uncertain flows.

    Merged nodes that uncertain flows tie together without reaching the outside have one balance too many: what their
    exactly known flows must satisfy. Raises Refused where they do not.
    """
    measured = network.measured
    count = int(merged.max()) + 1
    origin, destination = merged[network.origin[measured]], merged[network.destination[measured]]
    balances = _incidence(count, origin, destination)
    is_exact = network.sigma[measured] == 0
    blocks = _joined(count, origin[~is_exact], destination[~is_exact])
    dropped = {int(merged[GROUND])}
    for block in set(blocks.tolist()) - {int(blocks[merged[GROUND]])}:
        members = np.flatnonzero(blocks == block)
        _check_exact(network, merged, members, balances[:, is_exact], network.amount[measured][is_exact])
        dropped.add(int(members[0]))
    return np.delete(balances, sorted(dropped), axis=0)


def _check_exact(network: _Network, merged: Indices, members: Indices, balances: Numbers, amount: Numbers) -> None:
    """Exactly known flows over the border of ``members`` balance. Raises Refused."""
    crossing = balances[members].sum(axis=0)
    gap, scale = float(crossing @ amount), float(np.abs(crossing) @ np.abs(amount))
    if abs(gap) > EXACT_TOLERANCE * scale:
        nodes = [name for name, group in zip(network.names, merged, strict=True) if group in members]
        raise Refused([error("RECONCILE-EXACT", nodes=", ".join(nodes), gap=abs(gap))])


def _adjusted(network: _Network, balances: Numbers) -> tuple[Numbers, Numbers, Numbers, float]:
    """Measured amounts adjusted, their covariance, the variance that the balances took away, and χ².

    With the balances A, the QR factors (AS)ᵀ = UR of S = √Q, and z = R⁻ᵀAx: x̂ = x − SUz, Q̂ = S(1 − UUᵀ)S, χ² = zᵀz.
    This is STAN's formula without forming AQAᵀ, whose condition is the square.
    """
    amount, sigma = network.amount[network.measured], network.sigma[network.measured]
    if not len(balances):
        return amount, np.diag(sigma**2), np.zeros_like(sigma), 0.0
    directions, factor = qr((balances * sigma).T, mode="economic")
    residual = solve_triangular(factor, balances @ amount, trans="T")
    scaled = sigma[:, np.newaxis] * directions
    gone = (scaled**2).sum(axis=1)
    gone[~balances.any(axis=0)] = 0.0
    return amount - scaled @ residual, np.diag(sigma**2) - scaled @ scaled.T, gone, float(residual @ residual)


def _propagated(network: _Network, amount: Numbers, covariance: Numbers) -> tuple[Numbers, Numbers, NDArray[np.bool_]]:
    """Unmeasured amounts, their standard deviations, and which of them the balances determine.

    A flow is determined where no other unmeasured way leads round it: its projection on the balances is 1.
    """
    measured = network.measured
    every = _incidence(len(network.names), network.origin, network.destination)[1:]
    inverse = np.linalg.pinv(every[:, ~measured])
    is_known = (inverse * every[:, ~measured].T).sum(axis=1) > 1 - CYCLE_MARGIN
    from_measured = -inverse @ every[:, measured]
    variance = ((from_measured @ covariance) * from_measured).sum(axis=1)
    return from_measured @ amount, np.sqrt(np.clip(variance, 0.0, None)), is_known


def _test_values(amount: Numbers, adjusted: Numbers, variance_gone: Numbers) -> Numbers:
    """|x̂ − x| / √(Q − Q̂) [–]; NaN for what no balance checks."""
    is_checked = variance_gone > 0
    test = np.full(len(amount), np.nan)
    test[is_checked] = np.abs(adjusted - amount)[is_checked] / np.sqrt(variance_gone[is_checked])
    return test


def remarks(result: Reconciliation) -> tuple[Finding, ...]:
    """What a person should see: gross errors, flows below zero, flows that nothing determines."""
    flows = result.flows
    gross = [warning("RECONCILE-GROSS", flow=row.flow, test=row.test) for row in result.gross_errors.itertuples()]
    negative = [
        warning("RECONCILE-NEGATIVE", flow=row.flow, amount=row.amount)
        for row in flows[flows["amount"] < -flows["sigma"]].itertuples()
    ]
    hidden = [note("RECONCILE-UNOBSERVABLE", flow=name) for name in flows.loc[~flows["observable"], "flow"]]
    return (*gross, *negative, *hidden)
