"""What a reader has to know about a plan before believing it."""

from __future__ import annotations

from collections.abc import Iterator

from ayni.base.factors import MissingFactor, economics, technology
from ayni.base.findings import Finding, warning
from ayni.base.texts import Word
from ayni.zones.case import ZoneCase
from ayni.zones.dispatch.plan import Plan
from ayni.zones.parameters import CHOICES, GAS


def check_plan(case: ZoneCase, plan: Plan) -> tuple[Finding, ...]:
    """Sizes below what is usual, and what the plan needs and nobody has paid for."""
    built = {name: size for name, size in plan.capacities.items() if size > 0.0}
    findings = list(_small(built))
    if any(name in case.technologies or name.startswith("waste_heat") for name in built):
        findings.append(warning("DESIGN-NO-NETWORK"))
    if any(GAS in case.technologies[name].inputs for name in built if name in case.technologies):
        link = economics("gas_connection_industry")
        findings.append(warning("DESIGN-GAS-CONNECTION", value=link.value, low=link.low, high=link.high))
    return tuple(findings)


def _small(built: dict[str, float]) -> Iterator[Finding]:
    """Technologies below the smallest usual size of ``technologies.csv``; the programme knows no smallest size."""
    rows = {pick.technology: pick.row for pick in CHOICES}
    for name, size in built.items():
        key, _, part = name.partition(".")
        try:
            least = technology(rows[key], "size_min") if key in rows and part != "power" else None
        except MissingFactor:
            least = None
        if least is None:
            continue
        unit = least.unit.split()[0]
        size_shown = size * (1000.0 if unit == "kWp" else 1.0)
        if size_shown < least.value:
            name_shown = Word(f"technology.{key}")
            yield warning("DESIGN-SMALL", technology=name_shown, size=size_shown, unit=unit, least=least.value)
