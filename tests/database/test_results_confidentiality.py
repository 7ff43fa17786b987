"""Rule 11 on made-up parks: whatever the firms use, nothing of one or two of them follows from what is published."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import combinations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ayni.portal.results.book import Book
from ayni.portal.results.confidentiality import FIRMS_MIN, SHARE_MAX, published

FACTORS = {"electricity": 0.2, "natural_gas": 0.25, "diesel": 0.5, "lpg": 0.375, "biomass": 0.0625}
"""Emissions per unit of energy: what everybody knows."""

Use = Mapping[tuple[str, str], int]
"""Energy by firm and carrier."""


def figure(value: float, inputs: list[dict[str, Any]], formula: str = "sum") -> dict[str, Any]:
    return {"value": value, "unit": "MWh/year", "label": "", "stage": "recorded", "status": "declared", "low": None,
            "high": None, "formula": formula, "inputs": inputs}  # fmt: skip


def book_of_use(use: Use) -> Book:
    """A park's results with energy and emissions of carriers, each firm's on one row."""
    figures: dict[str, Any] = {}
    rows: dict[str, tuple[str, int]] = {}
    sums: dict[str, list[str]] = {"energy": [], "emissions": []}
    for carrier in FACTORS:
        parts = []
        for (firm, own), amount in use.items():
            if own == carrier:
                rows[str(len(rows) + 2)] = (firm, 2)
                row = {"sheet": "Bills", "row": len(rows) + 1, "text": "", "value": float(amount), "unit": "MWh"}
                figures[f"energy.{carrier}.{firm}.x.before"] = figure(amount, [{"row": row}])
                parts.append(f"energy.{carrier}.{firm}.x.before")
        total = sum(amount for (_, own), amount in use.items() if own == carrier)
        figures[f"energy.{carrier}.before"] = figure(total, [{"figure": part} for part in parts])
        energy = [{"figure": f"energy.{carrier}.before"}]
        figures[f"emissions.{carrier}.before"] = figure(total * FACTORS[carrier], energy, "energy × factor")
        for kind, names in sums.items():
            names.append(f"{kind}.{carrier}.before")
    for kind, names in sums.items():
        value = sum(figures[name]["value"] for name in names)
        figures[f"{kind}.total.before"] = figure(value, [{"figure": name} for name in names])
    firms = sorted({firm for firm, _ in use})
    content = {
        "figures": figures,
        "factors": {},
        "park": {"firms": [{"firm": one, "name": f"Name {one}"} for one in firms]},
    }
    return Book(content, {"submissions": {one: {"name": ""} for one in firms}, "missing": [], "rows": {"Bills": rows}})


def vectors(names: frozenset[str], use: Use) -> list[list[Fraction]]:
    """What each published total says, over the cells of ``use``: written down anew, not taken from the figures."""
    made = []
    for name in sorted(names):
        kind, carrier, *_ = name.split(".")
        weights = [Fraction(1) if kind == "energy" else Fraction(FACTORS[own]) for _, own in use]
        made.append([
            weight if carrier in ("total", own) else Fraction(0)
            for weight, (_, own) in zip(weights, use, strict=True)
        ])  # fmt: skip
    return made


def rank(rows: list[list[Fraction]]) -> int:
    rows = [list(row) for row in rows]
    found = 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((place for place in range(found, len(rows)) if rows[place][column]), None)
        if pivot is None:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        for place in range(found + 1, len(rows)):
            share = rows[place][column] / rows[found][column]
            rows[place] = [one - share * other for one, other in zip(rows[place], rows[found], strict=True)]
        found += 1
    return found


def follows(rows: list[list[Fraction]], use: Use, group: frozenset[str], known: frozenset[str]) -> bool:
    """Whether some combination of the totals says something of the group's cells alone, where ``known`` are known."""
    cells = [place for place, (firm, _) in enumerate(use) if firm not in known]
    others = [place for place, (firm, _) in enumerate(use) if firm not in known | group]
    whole, rest = ([[row[place] for place in places] for row in rows] for places in (cells, others))
    return rank(whole) > rank(rest)


firms = st.sampled_from(["F1", "F2", "F3", "F4", "F5", "F6"])
uses = st.dictionaries(
    st.tuples(firms, st.sampled_from(sorted(FACTORS))), st.integers(1, 1000), min_size=1, max_size=18
)


@given(use=uses)
@settings(max_examples=150, deadline=None)
def test_nothing_of_one_or_two_firms_follows(use: Use) -> None:
    everybody = {firm for firm, _ in use}
    names = published(book_of_use(use), frozenset())
    rows = vectors(names, use)
    for size in range(1, FIRMS_MIN):
        for group in combinations(sorted(everybody), size):
            assert not follows(rows, use, frozenset(group), frozenset())


@given(use=uses, known=st.sets(firms, min_size=1, max_size=4).map(frozenset))
@settings(max_examples=150, deadline=None)
def test_nothing_of_one_firm_follows_for_who_knows_others(use: Use, known: frozenset[str]) -> None:
    names = published(book_of_use(use), known)
    rows = vectors(names, use)
    for firm in {firm for firm, _ in use} - known:
        assert not follows(rows, use, frozenset({firm}), known)


@given(use=uses)
@settings(max_examples=150, deadline=None)
def test_no_published_total_is_of_few_or_of_one_above_all(use: Use) -> None:
    for name in published(book_of_use(use), frozenset()):
        kind, carrier, *_ = name.split(".")
        parts: dict[str, float] = {}
        for (firm, own), amount in use.items():
            if carrier in ("total", own):
                parts[firm] = parts.get(firm, 0.0) + amount * (1.0 if kind == "energy" else FACTORS[own])
        assert len(parts) >= FIRMS_MIN
        assert max(parts.values()) <= SHARE_MAX * sum(parts.values()) * (1 + 1e-9)


def test_two_hidden_fuels_are_not_solved_for_by_energy_and_emissions() -> None:
    shared = {
        (f"F{place}", carrier): 100 + place for place in range(1, 6) for carrier in ("electricity", "diesel", "lpg")
    }
    names = published(book_of_use({**shared, ("F1", "biomass"): 90, ("F2", "natural_gas"): 80}), frozenset())
    assert {"energy.total.before", "emissions.total.before"} <= names
    assert "energy.biomass.before" not in names
    assert "energy.natural_gas.before" not in names
    open_carriers = [name for name in names if name.startswith("energy.") and ".total." not in name]
    assert 0 < len(open_carriers) < 3


def test_a_park_of_even_firms_hides_nothing() -> None:
    use = {(f"F{place}", carrier): 100 + place for place in range(1, 6) for carrier in FACTORS}
    names = published(book_of_use(use), frozenset())
    assert {f"energy.{carrier}.before" for carrier in (*FACTORS, "total")} <= names
