"""Water cascades against pinch analysis, which finds the least fresh water without an optimiser."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ayni.exchange.cascade import GRAMS_PER_KILOGRAM, CascadeResult, cascade
from ayni.exchange.cascade_case import CascadeCase, Sink, Source, WaterProcess

amounts = st.integers(0, 60).map(float)
qualities = st.sampled_from([0.0, 20.0, 50.0, 100.0, 150.0, 400.0, 800.0])


@st.composite
def cases(draw: st.DrawFn) -> CascadeCase:
    sources = draw(st.lists(st.tuples(amounts, qualities), max_size=5))
    sinks = draw(st.lists(st.tuples(amounts, qualities), max_size=5))
    limits = st.tuples(qualities, st.sampled_from([50.0, 100.0, 800.0]), st.integers(0, 30))
    uses = draw(st.lists(limits.filter(lambda limit: limit[0] < limit[1]), max_size=5))
    return CascadeCase(
        sources=tuple(Source(id=f"s{at}", amount=amount, quality=ppm) for at, (amount, ppm) in enumerate(sources)),
        sinks=tuple(Sink(id=f"d{at}", amount=amount, quality_max=ppm) for at, (amount, ppm) in enumerate(sinks)),
        processes=tuple(
            WaterProcess(id=f"p{at}", quality_in_max=inlet, quality_out_max=outlet, load=load)
            for at, (inlet, outlet, load) in enumerate(uses)
        ),
    )


def pinch_target(case: CascadeCase) -> float:
    """Least fresh water by the composite curves (Wang and Smith, 1994; Hallale, 2002).

    Below every quality q the water must carry off what is taken up there: fresh·q + Σ source·(q − quality) ≥
    Σ sink·(q − limit) + load of the processes below q; and sources and fresh water together must fill the sinks.
    """
    levels = {source.quality for source in case.sources} | {sink.quality_max for sink in case.sinks}
    levels |= {limit for process in case.processes for limit in (process.quality_in_max, process.quality_out_max)}
    target = max(0.0, sum(sink.amount for sink in case.sinks) - sum(source.amount for source in case.sources))
    for level in levels - {0.0}:
        needed = sum(sink.amount * max(level - sink.quality_max, 0.0) for sink in case.sinks)
        needed -= sum(source.amount * max(level - source.quality, 0.0) for source in case.sources)
        for process in case.processes:
            span = process.quality_out_max - process.quality_in_max
            below = min(max(level - process.quality_in_max, 0.0), span)
            needed += process.load * GRAMS_PER_KILOGRAM * below / span
        target = max(target, needed / level)
    return target


def received(result: CascadeResult, taker: str) -> tuple[float, float]:
    """Water that a taker gets [t/h] and what it carries [t/h · ppm]."""
    into = result.exchanges[result.exchanges["to"] == taker]
    return into["amount"].sum() + result.fresh_to.get(taker, 0.0), (into["amount"] * into["quality"]).sum()


def assert_network_is_sound(case: CascadeCase, result: CascadeResult) -> None:
    """Every flow respects what is there, every sink is filled, every inlet is clean enough."""
    flows = result.exchanges
    for source in case.sources:
        given_away = flows.loc[flows["from"] == source.id, "amount"].sum()
        assert given_away + result.waste_from[source.id] == pytest.approx(source.amount, abs=1e-4)
    for sink in case.sinks:
        total, carried = received(result, sink.id)
        assert total == pytest.approx(sink.amount, abs=1e-4)
        assert carried <= total * sink.quality_max + 1e-2
    for process in case.processes:
        total, carried = received(result, process.id)
        assert carried <= total * process.quality_in_max + 1e-2
        taken_up = total * process.quality_out_max - carried
        assert taken_up == pytest.approx(process.load * GRAMS_PER_KILOGRAM, abs=1e-1)
    assert np.isclose(result.waste, sum(result.waste_from.values()), atol=1e-3)


@settings(max_examples=150, deadline=None)
@given(cases())
def test_fresh_water_equals_the_pinch_target(case: CascadeCase) -> None:
    result = cascade(case)
    assert result.fresh == pytest.approx(pinch_target(case), abs=1e-5)
    assert_network_is_sound(case, result)


@settings(max_examples=40, deadline=None)
@given(cases())
def test_a_group_needs_what_it_would_need_as_a_case(case: CascadeCase) -> None:
    members = tuple(part.id for part in (*case.sources, *case.sinks, *case.processes))[::2]
    result = cascade(case.model_copy(update={"groups": {"g": members}}))
    assert result.fresh_by_group == {"g": pytest.approx(pinch_target(case.part(members)), abs=1e-5)}
