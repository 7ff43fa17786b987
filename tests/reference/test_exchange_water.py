"""Published water networks with one contaminant (exchange knowledge, check cases 1 to 3)."""

from collections.abc import Sequence

import pytest

from ayni.exchange.cascade import cascade
from ayni.exchange.cascade_case import CascadeCase, Sink, Source, WaterProcess

TOLERANCE = 1e-3
"""[t/h]; the literature prints two or three decimals."""

PARK: dict[str, Sequence[tuple[float, float, float]]] = {
    "A": ((0, 100, 2), (50, 80, 2), (50, 100, 5), (80, 800, 30), (400, 800, 4)),
    "B": ((0, 100, 2), (50, 80, 2), (80, 400, 5), (100, 800, 30), (400, 1000, 4)),
    "C": ((0, 100, 2), (25, 50, 2), (25, 125, 5), (50, 800, 30), (100, 150, 15)),
}


def processes(name: str, rows: Sequence[tuple[float, float, float]]) -> tuple[WaterProcess, ...]:
    return tuple(
        WaterProcess(id=f"{name}{number}", quality_in_max=inlet, quality_out_max=outlet, load=load)
        for number, (inlet, outlet, load) in enumerate(rows, 1)
    )


def test_four_processes() -> None:
    """Wang and Smith (1994): 112.5 t/h without reuse, 90.0 t/h with."""
    rows = ((0, 100, 2), (50, 100, 5), (50, 800, 30), (400, 800, 4))
    result = cascade(CascadeCase(processes=processes("P", rows)))
    assert sum(load * 1000 / outlet for _, outlet, load in rows) == 112.5
    assert (result.fresh, result.waste) == pytest.approx((90.0, 90.0), abs=TOLERANCE)


def test_sources_and_sinks() -> None:
    """Polley and Polley (2000): fresh 70, waste 50 t/h."""
    sinks = ((50, 20), (100, 50), (80, 100), (70, 200))
    sources = ((50, 50), (100, 100), (70, 150), (60, 250))
    case = CascadeCase(
        sources=tuple(Source(id=f"S{at}", amount=amount, quality=ppm) for at, (amount, ppm) in enumerate(sources)),
        sinks=tuple(Sink(id=f"D{at}", amount=amount, quality_max=ppm) for at, (amount, ppm) in enumerate(sinks)),
    )
    result = cascade(case)
    assert (result.fresh, result.waste) == pytest.approx((70.0, 50.0), abs=TOLERANCE)


def test_three_plants_of_a_park() -> None:
    """Olesen and Polley (1996) as a park: A 98.333, B 54.643, C 186.667, alone 339.643; together 314.355 t/h."""
    plants = {name: processes(name, rows) for name, rows in PARK.items()}
    groups = {name: tuple(process.id for process in members) for name, members in plants.items()}
    case = CascadeCase(processes=tuple(process for members in plants.values() for process in members), groups=groups)
    result = cascade(case)
    assert result.fresh_by_group == pytest.approx({"A": 98.333, "B": 54.643, "C": 186.667}, abs=TOLERANCE)
    assert sum(result.fresh_by_group.values()) == pytest.approx(339.643, abs=TOLERANCE)
    assert result.fresh == pytest.approx(314.355, abs=TOLERANCE)
    assert 1 - result.fresh / sum(result.fresh_by_group.values()) == pytest.approx(0.074, abs=5e-4)
