"""What changed between two versions of a record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ayni.base.texts import Language
from ayni.parks.parts import sheet_named
from ayni.portal.records.models import RecordRow, Submission
from ayni.portal.records.wording import cell_text

SHOWN = 20
"""Changed rows of a sheet that are shown; the rest is counted."""


@dataclass(frozen=True)
class Change:
    """One row that changed: what names it, and each column's value before and after."""

    name: str
    cells: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class SheetDifference:
    """What changed in a sheet."""

    title: str
    added: int
    removed: int
    changed: int
    changes: tuple[Change, ...]


def difference(before: Submission, after: Submission, language: Language) -> list[SheetDifference]:
    """The sheets that changed, with the changed rows: two queries, whatever the rows."""
    old, new = _by_sheet(before), _by_sheet(after)
    names = dict.fromkeys([*new, *old])
    found = [_of_sheet(name, old.get(name, {}), new.get(name, {}), language) for name in names]
    return [one for one in found if one.added or one.removed or one.changed]


def _by_sheet(submission: Submission) -> dict[str, dict[tuple[object, ...], dict[str, Any]]]:
    """Contents by sheet and by what names a row; a row named as another before it is told apart by its turn."""
    sheets: dict[str, dict[tuple[object, ...], dict[str, Any]]] = {}
    for name, content in RecordRow.objects.filter(submission=submission).values_list("sheet", "content"):
        rows = sheets.setdefault(name, {})
        key: tuple[object, ...] = tuple(content.get(field) for field in sheet_named(name).unique)
        while key in rows:
            key = (*key, "")
        rows[key] = content
    return sheets


def _of_sheet(
    name: str,
    old: Mapping[tuple[object, ...], Mapping[str, Any]],
    new: Mapping[tuple[object, ...], Mapping[str, Any]],
    language: Language,
) -> SheetDifference:
    changed = [key for key in new if key in old and new[key] != old[key]]
    changes = [
        Change(_name(name, new[key], language), tuple(_cells(name, old[key], new[key], language)))
        for key in changed[:SHOWN]
    ]
    return SheetDifference(
        sheet_named(name).title(language), sum(key not in old for key in new), sum(key not in new for key in old),
        len(changed), tuple(changes),
    )  # fmt: skip


def _name(sheet: str, content: Mapping[str, Any], language: Language) -> str:
    unique = sheet_named(sheet).unique
    texts = [cell_text(sheet, field, content[field], language) for field in unique if content.get(field) is not None]
    return " · ".join(texts)


def _cells(
    sheet: str, old: Mapping[str, Any], new: Mapping[str, Any], language: Language
) -> Iterator[tuple[str, str, str]]:
    for field in sheet_named(sheet).row.model_fields:
        if old.get(field) != new.get(field):
            texts = [cell_text(sheet, field, content.get(field), language) for content in (old, new)]
            yield sheet_named(sheet).header(field, language), texts[0], texts[1]
