"""Sheets: each room declares its rows as pydantic models; from them come the template, the checks and the docs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr
from pydantic.fields import FieldInfo

from ayni.base.findings import Place
from ayni.base.texts import Language, say, unit_words


class Choice(StrEnum):
    """A closed list. Each value has a text ``choice.<class>.<value>`` in both languages."""

    def label(self, language: Language) -> str:
        """The value in words."""
        return say(f"choice.{type(self).__name__}.{self.value}", language)


class Row(BaseModel):
    """One row of a sheet; ``read_from`` is where it was read."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, str_strip_whitespace=True)
    _read_from: Place = PrivateAttr(default_factory=Place)
    _cells: Mapping[str, Place] = PrivateAttr(default_factory=dict)

    @property
    def read_from(self) -> Place:
        """Sheet and row of the workbook; empty for rows made in code."""
        return self._read_from

    def place_of(self, field: str) -> Place:
        """The cell that ``field`` was read from; its row where the column was not in the sheet."""
        return self._cells.get(field, self._read_from)


class MonthMark:
    """Annotation mark: the date stands for its whole month."""


def column(
    title: str,
    note: str,
    *,
    unit: str = "",
    leading_zero: bool = False,
    **constraints: Any,
) -> Any:
    """A column: English title and note, unit shown in brackets, pydantic constraints (``ge``, ``le``, ``default`` …).

    ``leading_zero`` marks codes of an even count of digits: a number with an odd count may have lost its zero.
    The Spanish texts stand in the catalogue under ``column.<sheet>.<field>`` and ``note.<sheet>.<field>``.
    """
    extra: dict[str, Any] = {"unit": unit, "leading_zero": leading_zero}
    return Field(title=title, description=note, json_schema_extra=extra, **constraints)


RowOf = TypeVar("RowOf", bound=Row)


def rows_of(rows: Mapping[str, Sequence[Row]], model: type[RowOf]) -> list[RowOf]:
    """The rows of one model among those of all sheets."""
    return [row for of_sheet in rows.values() for row in of_sheet if isinstance(row, model)]


@dataclass(frozen=True)
class Sheet:
    """One sheet: key name, row model, the columns that together must be unique, form (one record down column A)."""

    name: str
    row: type[Row]
    unique: tuple[str, ...] = ()
    form: bool = False
    required: bool = True

    def title(self, language: Language) -> str:
        """The sheet's name as people see it."""
        return say(f"sheet.{self.name}", language)

    def note(self, language: Language) -> str:
        """What the sheet is for."""
        return say(f"sheetnote.{self.name}", language)

    def header(self, field: str, language: Language) -> str:
        """A column's header with its unit in brackets."""
        info = self.row.model_fields[field]
        title = info.title if language == "en" else say(f"column.{self.name}.{field}", language)
        unit = cast("dict[str, str]", info.json_schema_extra)["unit"]
        word = unit_words(unit, language)
        return f"{title} [{word}]" if unit else str(title)

    def field_note(self, field: str, language: Language) -> str:
        """A column's explanation."""
        info = self.row.model_fields[field]
        return str(info.description) if language == "en" else say(f"note.{self.name}.{field}", language)


def kind_of(info: FieldInfo) -> type:
    """The plain type of a column: str, int, float, bool, date or a Choice; ``X | None`` counts as X."""
    annotation = info.annotation
    if get_origin(annotation) in (Union, UnionType):
        annotation = next(part for part in get_args(annotation) if part is not NoneType)
    return cast("type", annotation)


def is_month(info: FieldInfo) -> bool:
    """Whether a date column stands for months."""
    return any(isinstance(mark, MonthMark) for mark in info.metadata)
