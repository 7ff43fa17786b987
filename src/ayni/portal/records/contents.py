"""Rows as the database keeps them, and the rows of the rooms again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ayni.base.findings import Place
from ayni.base.sheets import Row
from ayni.base.texts import Language
from ayni.parks.parts import Rows, sheet_named
from ayni.portal.records.models import RecordRow, Submission


def content_of(row: Row) -> dict[str, Any]:
    """A row as JSON: what was said, and nothing where nothing was."""
    content = row.model_dump(mode="json", exclude_unset=True)
    return {key: value + 0.0 if isinstance(value, float) else value for key, value in content.items()}


def content_hash(rows: Rows) -> str:
    """SHA-256 of the rows in canonical form: sheets by name, rows in their order, keys by name."""
    content = {name: [content_of(row) for row in rows[name]] for name in sorted(rows) if rows[name]}
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def record_rows(submission: Submission, rows: Rows) -> list[RecordRow]:
    """The rows as the database keeps them, not yet saved, each with its number where it was handed in."""
    made: list[RecordRow] = []
    for name, kept in rows.items():
        numbers = _numbers(kept)
        made += [
            RecordRow(submission=submission, sheet=name, row=number, content=content_of(row))
            for number, row in zip(numbers, kept, strict=True)
        ]
    return made


def _numbers(rows: Sequence[Row]) -> list[int]:
    """Row numbers as read; where they are not all there and different, the order from 2."""
    read = [row.read_from.row or 0 for row in rows]
    return read if 0 not in read and len(set(read)) == len(read) else list(range(2, len(rows) + 2))


def rebuilt(kept: Iterable[RecordRow], language: Language) -> dict[str, list[Row]]:
    """The rows by sheet as the rooms know them, placed in sheets as titled in ``language``."""
    rows: dict[str, list[Row]] = {}
    for one in kept:
        rows.setdefault(one.sheet, []).append(row_of(one.sheet, one.row, one.content, language))
    return rows


def row_of(sheet_name: str, number: int, content: Mapping[str, Any], language: Language) -> Row:
    """One kept row as the rooms know it."""
    sheet = sheet_named(sheet_name)
    title = sheet.title(language)
    row = sheet.row.model_validate(content)
    row._read_from = Place(sheet=title, row=number)
    row._cells = {
        field: Place(sheet=title, row=number, column=sheet.header(field, language)) for field in sheet.row.model_fields
    }
    return row
