"""Rows in one form, whichever database holds them: what is written to a backup, and what is hashed to compare.

Written exactly, compared in canonical form: PostgreSQL gives some numbers inside JSON back in another notation
(``1e+22`` as a whole number), so that for the hash a number that is whole and below 2^53 is written as a whole number,
and every other as a float.
"""

from __future__ import annotations

import base64
import datetime
import decimal
import json
import math
import uuid
from collections.abc import Iterator
from typing import Any

from django.db import connection, models
from django.db.models.functions import Collate

CHUNK = 2000
WHOLE_MAX = 2**53
_UTC = datetime.UTC


def rows(model: type[models.Model]) -> Iterator[dict[str, Any]]:
    """Every row of a table by primary key, as JSON values; a few at a time."""
    names = [field.attname for field in model._meta.concrete_fields]
    found = model._base_manager.order_by(_key(model)).values_list(*names)
    for values in found.iterator(chunk_size=CHUNK):
        yield {name: plain(value) for name, value in zip(names, values, strict=True)}


def _key(model: type[models.Model]) -> str | Collate:
    """The primary key as both engines sort it: letters by their number, not by a language."""
    is_text = isinstance(model._meta.pk, models.CharField)
    return Collate("pk", "C") if is_text and connection.vendor == "postgresql" else "pk"


def plain(value: Any) -> Any:
    """A database value as JSON."""
    if isinstance(value, datetime.datetime):
        return value.astimezone(_UTC).isoformat(timespec="microseconds")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return value // datetime.timedelta(microseconds=1)
    if isinstance(value, uuid.UUID | decimal.Decimal):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode("ascii")
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def python_value(field: models.Field[Any, Any], value: Any) -> Any:
    """What ``plain`` made of a field's value, back as the field takes it."""
    if value is None:
        return None
    if isinstance(field, models.BinaryField):
        return base64.b64decode(value)
    if isinstance(field, models.DurationField):
        return datetime.timedelta(microseconds=value)
    if isinstance(field, models.JSONField):
        return value
    if isinstance(field, models.ForeignKey):
        return python_value(field.target_field, value)
    return field.to_python(value)


def line(row: dict[str, Any]) -> str:
    """A row as a line of a backup: values exactly as they are."""
    return json.dumps(row, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def canonical_line(row: dict[str, Any]) -> bytes:
    """A row as it is hashed."""
    text = json.dumps(_canonical(row), ensure_ascii=True, allow_nan=False, separators=(",", ":"), sort_keys=True)
    return text.encode("ascii") + b"\n"


def _canonical(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _canonical(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_canonical(part) for part in value]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    if abs(value) < WHOLE_MAX and value == int(value):
        return int(value)
    return float(value)
