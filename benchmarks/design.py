"""The example park's zone, full year: one programme by the zones' own method and by HiGHS (HiPO), fresh processes.

``python benchmarks/design.py [--accuracy A] [--json]``. Prints CPU and wall seconds, peak memory, the cost of the
programme and the proven bound. HiPO takes several minutes.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from ayni.parks.example import write_example
from ayni.parks.intake import take_in
from ayni.parks.run import zone_case
from ayni.zones.bound import lower_bound
from ayni.zones.model import zone_program
from ayni.zones.solve import Engine, solve

TOOLS = (Engine.OWN, Engine.HIPO)


def measure(tool: Engine, accuracy: float) -> dict[str, object]:
    """One engine's run in this process; reading the park and building the programme are not counted."""
    with tempfile.TemporaryDirectory() as folder:
        case = zone_case(take_in(write_example(Path(folder), "es"))[0])
    program = zone_program(case, case.tariff.classes[0])
    wall, cpu = time.perf_counter(), time.process_time()
    solution = solve(program, accuracy, (tool,))
    line: dict[str, object] = {
        "case": f"example zone, {program.matrix.shape[0]} rows, {program.matrix.shape[1]} columns", "tool": tool.value,
        "cpu_s": round(time.process_time() - cpu, 1), "wall_s": round(time.perf_counter() - wall, 1),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024), "solver": solution.solver,
        "outcome": solution.outcome.value,
    }  # fmt: skip
    if len(solution.values):
        cost = float(program.cost @ np.maximum(solution.values, 0.0) + program.offset)
        bound = lower_bound(program, solution.prices, cost)
        line |= {"objective": cost, "bound": bound, "gap": (cost - bound) / cost}
    return line


def main() -> None:
    """Run every engine in a process of its own and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accuracy", type=float, default=1e-5)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--tool", choices=[tool.value for tool in TOOLS], help="run one engine in this process")
    asked = parser.parse_args()
    if asked.tool:
        print(json.dumps(measure(Engine(asked.tool), asked.accuracy)))
        return
    for tool in TOOLS:
        words = [sys.executable, __file__, "--tool", tool.value, "--accuracy", str(asked.accuracy)]
        line = json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)
        print(json.dumps(line) if asked.json else "  ".join(f"{key} {value}" for key, value in line.items()))


if __name__ == "__main__":
    main()
