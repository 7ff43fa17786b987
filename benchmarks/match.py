"""Best network of exchanges: ours beside scipy's linear programme (HiGHS), each in a fresh process.

``python benchmarks/match.py [--offers N] [--seed S] [--json]``: N offers and N wants on a plane, each offer linked to
its 20 nearest wants, whole amounts 1–100, value = 100 − distance cost. Prints CPU and wall seconds and peak memory.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from ayni.exchange.match import match

NEIGHBOURS = 20
Tables = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]


def market(count: int, seed: int) -> Tables:
    """Offers, wants and edges."""
    random = np.random.default_rng(seed)
    places = random.random((2, count, 2)) * np.sqrt(count)
    distance, nearest = cKDTree(places[1]).query(places[0], k=min(NEIGHBOURS, count))
    offer = np.repeat(np.arange(count), nearest.shape[1])
    value = np.round(100.0 - 40.0 * distance.ravel() + random.normal(0.0, 5.0, offer.size), 2)
    edges = pd.DataFrame({"offer": offer.astype(str), "want": nearest.ravel().astype(str), "value": value})
    names = np.arange(count).astype(str)
    amounts = random.integers(1, 101, (2, count)).astype(float)
    return (
        pd.DataFrame({"offer": names, "amount": amounts[0]}),
        pd.DataFrame({"want": names, "amount": amounts[1]}),
        edges[edges["value"] > 0].reset_index(drop=True),
    )


def ours(tables: Tables) -> dict[str, object]:
    """Exact network with bound and price bands."""
    result = match(*tables)
    return {"objective": result.objective, "bound": result.bound, "gap": result.gap}


def scipy_linprog(tables: Tables) -> dict[str, object]:
    """The same optimum as one linear programme, without price bands."""
    offers, wants, edges = tables
    count = len(edges)
    rows = np.concatenate([edges["offer"].astype(int), len(offers) + edges["want"].astype(int)])
    columns = np.tile(np.arange(count), 2)
    matrix = csr_array((np.ones(2 * count), (rows, columns)), shape=(len(offers) + len(wants), count))
    limits = np.concatenate([offers["amount"], wants["amount"]])
    result = linprog(-edges["value"].to_numpy(), A_ub=matrix, b_ub=limits, method="highs")
    return {"objective": -result.fun, "bound": None, "gap": None}


TOOLS: dict[str, Callable[[Tables], dict[str, object]]] = {"ayni": ours, "scipy": scipy_linprog}


def measure(tool: str, count: int, seed: int) -> dict[str, object]:
    """One tool's run in this process; making the market is not counted."""
    tables = market(count, seed)
    wall, cpu = time.perf_counter(), time.process_time()
    result = TOOLS[tool](tables)
    return {
        "case": f"match {count} x {count}, {len(tables[2])} edges, seed {seed}", "tool": tool,
        "cpu_s": round(time.process_time() - cpu, 2), "wall_s": round(time.perf_counter() - wall, 2),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024), **result,
    }  # fmt: skip


def main() -> None:
    """Run every tool in a process of its own and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--offers", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--tool", choices=TOOLS, help="run one tool in this process")
    asked = parser.parse_args()
    if asked.tool:
        print(json.dumps(measure(asked.tool, asked.offers, asked.seed)))
        return
    for tool in TOOLS:
        words = [sys.executable, __file__, "--tool", tool, "--offers", str(asked.offers), "--seed", str(asked.seed)]
        line = json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)
        print(json.dumps(line) if asked.json else "  ".join(f"{key} {value}" for key, value in line.items()))


if __name__ == "__main__":
    main()
