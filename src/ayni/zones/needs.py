"""From bills to needs: what each equipment takes per hour, and the heat and cold that the zone could give instead.

Fuel bills are spread over a month's hours by the firm's shifts: fuel bought in one month counts as burnt in it.
Chillers take a fixed share of the firm's electricity in every hour. What no equipment is named for stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ayni.base.findings import Finding, error, note, warning
from ayni.base.periods import MONTHS
from ayni.ledger.ledger import Ledger
from ayni.ledger.row_checks import carrier_word
from ayni.ledger.schema import Carrier
from ayni.zones.case import COLD, HOT_WATER, STEAM, ExistingUnit
from ayni.zones.schema import Equipment, EquipmentKind, HeatNeed, NeedKind
from ayni.zones.shapes import Array, activity, spread

HOT_WATER_MAX = 80.0  # °C, highest temperature served by hot water
STEAM_MAX = 180.0  # °C, highest temperature served by steam of 10 bar
CHILLED_WATER_MIN = 5.0  # °C, lowest temperature served by chilled water (own assumption)
EFFICIENCY_MAX = 1.1  # useful heat per lower heating value; a condensing boiler stays below it
ROUNDING = 0.5  # percentage points by which the shares of needs may miss 100
FRACTION = 1.5  # %, below it a share looks like a fraction (0.58) that was meant as a percentage (58)
EXCESS = 1e-6  # percentage points by which the shares of equipment may pass 100: none, but for the computer's rounding

BOILERS = (EquipmentKind.STEAM_BOILER, EquipmentKind.HOT_WATER_BOILER)
OWN = "own"
"""Key of the part of a boiler's or chiller's output that no plant of the zone can give."""


@dataclass(frozen=True, eq=False)
class EquipmentYear:
    """An equipment's year: ``use`` of its carrier [MW], and the useful ``output`` [MW] by carrier of the zone.

    ``own_use`` [MW] is the part of ``use`` that the zone cannot replace: all of it but for boilers and chillers.
    """

    equipment: Equipment
    use: Array
    output: Mapping[str, Array]
    own_use: Array


def fuel_use(ledger: Ledger, hours: pd.DatetimeIndex) -> dict[tuple[str, Carrier], Array]:
    """Fuel per firm and carrier over the hours [MW, lower heating value]."""
    month = np.asarray(hours.month)
    use: dict[tuple[str, Carrier], Array] = {}
    for (site, carrier), bills in ledger.fuels.groupby(["site", "carrier"], sort=True):
        monthly = bills.groupby("month")["energy"].sum().reindex(MONTHS, fill_value=0.0).to_numpy()
        use[str(site), Carrier(str(carrier))] = spread(monthly, activity(ledger.firms[str(site)], hours), month)
    return use


def check_equipment(equipment: Sequence[Equipment], use: Mapping[tuple[str, Carrier], Array]) -> list[Finding]:
    """Carriers without bills, shares above 100 % or like fractions, and efficiencies that cannot be."""
    findings: list[Finding] = []
    total: dict[tuple[str, Carrier], float] = {}
    for row in equipment:
        key = row.firm, row.carrier
        total[key] = total.get(key, 0.0) + row.share
        carrier = carrier_word(row.carrier)
        if key not in use:
            findings.append(warning("EQUIPMENT-NO-BILL", row.place_of("carrier"), firm=row.firm, carrier=carrier))
        if total[key] > 100 + EXCESS >= total[key] - row.share:
            place = row.place_of("share")
            findings.append(error("EQUIPMENT-SHARE", place, firm=row.firm, carrier=carrier, total=total[key]))
        if row.share < FRACTION:
            values = {"equipment": row.equipment, "share": row.share, "meant": row.share * 100}
            findings.append(warning("EQUIPMENT-FRACTION", row.place_of("share"), **values))
        findings += _efficiency_remarks(row)
    return findings


def _efficiency_remarks(row: Equipment) -> Iterable[Finding]:
    place = row.place_of("efficiency")
    if row.kind is EquipmentKind.CHILLER and row.carrier is not Carrier.ELECTRICITY:
        yield error("EQUIPMENT-CHILLER", row.place_of("carrier"), equipment=row.equipment)
    if row.kind in BOILERS and row.efficiency > EFFICIENCY_MAX:
        yield error("EQUIPMENT-EFFICIENCY", place, equipment=row.equipment, value=row.efficiency)
    if row.kind in (*BOILERS, EquipmentKind.CHILLER) and "efficiency" not in row.model_fields_set:
        yield warning("EQUIPMENT-NO-EFFICIENCY", row.read_from, equipment=row.equipment)


def check_needs(needs: Sequence[HeatNeed], equipment: Sequence[Equipment], ledger: Ledger) -> list[Finding]:
    """Shares that do not make 100 %, temperatures out of reach, needs that nothing serves, boilers without needs."""
    findings: list[Finding] = []
    for (firm, kind), rows in _by_firm(needs).items():
        first, total = rows[0], sum(row.share for row in rows)
        if not _servers(equipment, firm, kind):
            findings.append(warning("NEED-UNUSED", first.read_from, firm=firm))
        if total > 100 + ROUNDING:
            findings.append(error("NEED-SHARE", first.place_of("share"), firm=firm, total=total))
        elif total < 100 - ROUNDING:
            findings.append(warning("NEED-REST", first.place_of("share"), firm=firm, total=total))
        findings += [
            warning("NEED-HOT", row.place_of("temperature"), firm=firm, temperature=row.temperature)
            for row in rows
            if kind is NeedKind.HEAT and row.temperature > STEAM_MAX
        ]
        findings += [
            note("NEED-COLD", row.place_of("temperature"), firm=firm, temperature=row.temperature)
            for row in rows
            if kind is NeedKind.COLD and row.temperature < CHILLED_WATER_MIN
        ]
    for firm in ledger.firms:
        for kind in NeedKind:
            served = _servers(equipment, firm, kind)
            if served and (firm, kind) not in _by_firm(needs):
                findings.append(warning(f"NEED-MISSING-{kind.name}", served[0].read_from, firm=firm))
    return findings


def _by_firm(needs: Iterable[HeatNeed]) -> dict[tuple[str, NeedKind], list[HeatNeed]]:
    grouped: dict[tuple[str, NeedKind], list[HeatNeed]] = {}
    for row in needs:
        grouped.setdefault((row.firm, row.kind), []).append(row)
    return grouped


def _servers(equipment: Iterable[Equipment], firm: str, kind: NeedKind) -> list[Equipment]:
    """The firm's boilers, or its chillers."""
    kinds = BOILERS if kind is NeedKind.HEAT else (EquipmentKind.CHILLER,)
    return [row for row in equipment if row.firm == firm and row.kind in kinds]


def _medium(kind: NeedKind, temperature: float) -> str:
    if kind is NeedKind.COLD:
        return COLD if temperature >= CHILLED_WATER_MIN else OWN
    if temperature > STEAM_MAX:
        return OWN
    return STEAM if temperature > HOT_WATER_MAX else HOT_WATER


def need_parts(needs: Iterable[HeatNeed], kind: NeedKind, default: str) -> dict[str, float]:
    """Parts of a firm's heat or cold by carrier of the zone, and OWN; what the shares leave open is ``default``."""
    parts: dict[str, float] = {}
    for row in needs:
        medium = _medium(kind, row.temperature)
        parts[medium] = parts.get(medium, 0.0) + row.share / 100.0
    total = sum(parts.values())
    parts[default] = parts.get(default, 0.0) + max(0.0, 1.0 - total)
    return {medium: part / max(1.0, total) for medium, part in parts.items()}


def equipment_years(
    equipment: Sequence[Equipment], needs: Sequence[HeatNeed], use: Mapping[tuple[str, Carrier], Array]
) -> tuple[tuple[EquipmentYear, ...], tuple[Finding, ...]]:
    """What each equipment takes and gives per hour; remarks where hot-water boilers give more than is needed as such.

    ``use`` [MW] per firm and carrier, electricity among them; equipment of a carrier without bills takes nothing.
    """
    years: list[EquipmentYear] = []
    findings: list[Finding] = []
    taken = {row.equipment: row.share / 100.0 * use[row.firm, row.carrier] for row in _billed(equipment, use)}
    grouped = _by_firm(needs)
    for firm in dict.fromkeys(row.firm for row in equipment):
        rows = [row for row in _billed(equipment, use) if row.firm == firm]
        heat, remarks = _boiler_parts(rows, taken, grouped.get((firm, NeedKind.HEAT), []))
        cold = need_parts(grouped.get((firm, NeedKind.COLD), []), NeedKind.COLD, COLD)
        findings += remarks
        for row in rows:
            parts = cold if row.kind is EquipmentKind.CHILLER else heat.get(row.equipment, {OWN: 1.0})
            years.append(_year(row, taken[row.equipment], parts))
    return tuple(years), tuple(findings)


def _billed(equipment: Iterable[Equipment], use: Mapping[tuple[str, Carrier], Array]) -> list[Equipment]:
    return [row for row in equipment if (row.firm, row.carrier) in use]


def _year(row: Equipment, use: Array, parts: Mapping[str, float]) -> EquipmentYear:
    output = {medium: part * row.efficiency * use for medium, part in parts.items() if medium != OWN and part > 0}
    return EquipmentYear(row, use, output, parts.get(OWN, 0.0) * use)


def _boiler_parts(
    rows: Iterable[Equipment], taken: Mapping[str, Array], needs: Sequence[HeatNeed]
) -> tuple[dict[str, dict[str, float]], list[Finding]]:
    """Per boiler of one firm the parts of its heat by carrier; hot-water boilers serve the need of hot water first.

    Where they give more than that, the boilers are believed and the needs are not.
    """
    boilers = [row for row in rows if row.kind in BOILERS]
    heat = {row.equipment: row.efficiency * float(taken[row.equipment].sum()) for row in boilers}
    total = sum(heat.values())
    if total == 0 or not needs:
        return {row.equipment: {_own_medium(row): 1.0} for row in boilers}, []
    has_steam = any(row.kind is EquipmentKind.STEAM_BOILER for row in boilers)
    wanted = need_parts(needs, NeedKind.HEAT, STEAM if has_steam else HOT_WATER)
    by_water = sum(heat[row.equipment] for row in boilers if row.kind is EquipmentKind.HOT_WATER_BOILER) / total
    surplus = by_water - wanted.get(HOT_WATER, 0.0)
    findings = []
    if surplus > ROUNDING / 100.0:
        findings.append(warning("NEED-HOT-WATER", needs[0].read_from, firm=needs[0].firm, given=100 * by_water))
    rest = {**wanted, HOT_WATER: max(0.0, -surplus)}
    rest_total = sum(rest.values()) or 1.0
    steam_parts = {medium: part / rest_total for medium, part in rest.items()}
    return {
        row.equipment: steam_parts if row.kind is EquipmentKind.STEAM_BOILER else {HOT_WATER: 1.0} for row in boilers
    }, findings


def _own_medium(boiler: Equipment) -> str:
    return STEAM if boiler.kind is EquipmentKind.STEAM_BOILER else HOT_WATER


def unit_name(equipment: Equipment) -> str:
    """The existing unit of the zone case that an equipment is part of: its like, of all firms.

    Boilers are alike in kind and fuel. Chillers are alike in COP, so that hour by hour, and so at every maximum, they
    take the electricity that the bills say.
    """
    if equipment.kind is EquipmentKind.CHILLER:
        return f"chillers_{equipment.efficiency:g}"
    return f"{equipment.kind.value}s_{equipment.carrier.value}"


def existing_units(years: Iterable[EquipmentYear]) -> tuple[ExistingUnit, ...]:
    """The boilers by kind and fuel, the chillers by COP, each with the yearly mean efficiency of what it gives.

    The mean keeps a year's fuel where a unit gives all its output; where it gives part, good and bad stop alike.
    """
    members: dict[str, list[EquipmentYear]] = {}
    for year in years:
        if any(output.any() for output in year.output.values()):
            members.setdefault(unit_name(year.equipment), []).append(year)
    return tuple(_unit(name, rows) for name, rows in sorted(members.items()))


def _unit(name: str, rows: Sequence[EquipmentYear]) -> ExistingUnit:
    first = rows[0].equipment
    output = sum((given for row in rows for given in row.output.values()), start=0.0 * rows[0].use)
    taken = sum(float((row.use - row.own_use).sum()) for row in rows)
    outputs = {
        EquipmentKind.STEAM_BOILER: (STEAM, HOT_WATER), EquipmentKind.HOT_WATER_BOILER: (HOT_WATER,),
    }.get(first.kind, (COLD,))  # fmt: skip
    return ExistingUnit(name, first.carrier.value, outputs, output, float(output.sum()) / taken if taken else 1.0)
