"""Codes that two firms chose alike: in the assembled park each gets its firm's code in front."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from ayni.base.sheets import Row
from ayni.exchange.schema import OFFERS, WANTS
from ayni.ledger.schema import FLOWS, PROCESSES
from ayni.parks.parts.sheets import Rows
from ayni.zones.schema import EQUIPMENT, MEASURES

CODE_FIELDS: Mapping[str, str] = {
    PROCESSES.name: "process", EQUIPMENT.name: "equipment", MEASURES.name: "measure", OFFERS.name: "offer",
    WANTS.name: "want",
}  # fmt: skip
"""Sheets whose rows are known by a code of their own → the column that holds it."""

REFERENCES: Mapping[tuple[str, str], str] = {
    (FLOWS.name, "origin"): PROCESSES.name, (FLOWS.name, "destination"): PROCESSES.name,
    (MEASURES.name, "equipment"): EQUIPMENT.name,
}  # fmt: skip
"""Column that names a code → the sheet in which the code is declared."""

Renames = Mapping[str, Mapping[str, str]]
"""Sheet → code → the code in the assembled park."""


def told_apart(firm_rows: Mapping[str, Rows]) -> dict[str, Rows]:
    """The firms' rows with no code twice: where two chose one alike, or one is another's firm code, both are renamed.

    What a firm says of a code means its own: a neighbour's process is named by the neighbour's code, or told apart.
    """
    uses = {sheet: Counter(_codes(firm_rows, sheet)) for sheet in CODE_FIELDS}
    return {firm: _renamed(rows, _renames(firm, rows, uses, set(firm_rows))) for firm, rows in firm_rows.items()}


def _codes(firm_rows: Mapping[str, Rows], sheet: str) -> list[str]:
    return [getattr(row, CODE_FIELDS[sheet]) for rows in firm_rows.values() for row in rows.get(sheet, ())]


def _renames(firm: str, rows: Rows, uses: Mapping[str, Mapping[str, int]], firms: set[str]) -> Renames:
    """The codes of a firm that clash, each with its new one."""
    renames: dict[str, dict[str, str]] = {}
    for sheet, field in CODE_FIELDS.items():
        for row in rows.get(sheet, ()):
            code = str(getattr(row, field))
            if uses[sheet][code] > 1 or (sheet == PROCESSES.name and code in firms):
                new = f"{firm}-{code}"
                while new in uses[sheet]:
                    new = f"{firm}-{new}"
                renames.setdefault(sheet, {})[code] = new
    return renames


def _renamed(rows: Rows, renames: Renames) -> Rows:
    if not renames:
        return rows
    columns = {(sheet, field): sheet for sheet, field in CODE_FIELDS.items()} | dict(REFERENCES)
    changed = dict(rows)
    for (sheet, field), declared in columns.items():
        if declared in renames and changed.get(sheet):
            changed[sheet] = [_with(row, field, renames[declared]) for row in changed[sheet]]
    return changed


def _with(row: Row, field: str, new: Mapping[str, str]) -> Row:
    code = getattr(row, field)
    return row.model_copy(update={field: new[code]}) if code in new else row
