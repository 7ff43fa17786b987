"""One raw cell as the value that its column wants, or the reason why it can't be."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from functools import cache
from typing import cast

from pydantic.fields import FieldInfo

from ayni.base.sheets import Choice, is_month, kind_of
from ayni.base.texts import LANGUAGES
from ayni.base.units import plain
from ayni.base.xlsx_reading import CellFault, Value

MONTH_NAMES = (
    "enero january", "febrero february", "marzo march", "abril april", "mayo may", "junio june", "julio july",
    "agosto august", "septiembre setiembre september", "octubre october", "noviembre november", "diciembre december",
)  # fmt: skip
"""Names of the twelve months in both languages; three letters or more of one are enough."""

YEARS = range(1990, 2101)
"""Years that a date may lie in: others are slips of the pen or of a spreadsheet program."""

FAULT_CODES = {"error": "CELL-ERROR", "uncached": "CELL-UNCACHED", "percent": "CELL-PERCENT"}

YES = frozenset(("si", "s", "yes", "y", "x", "verdadero", "true", "1"))
NO = frozenset(("no", "n", "falso", "false", "0"))

_NUMERAL_TEXT = re.compile(r"[-+]?[\d.,\s]*\d[\d.,\s]*", re.ASCII)


class CellRefused(Exception):
    """A cell does not hold what its column wants: the finding's code and its values."""

    def __init__(self, code: str, **values: object) -> None:
        self.code, self.values = code, values
        super().__init__(code)


def is_empty(value: Value) -> bool:
    """Whether a cell holds nothing but blanks."""
    return value is None or (isinstance(value, str) and not value.strip())


def cell_value(value: Value, info: FieldInfo) -> object:
    """A cell that is not empty as its column's type. Raises CellRefused."""
    if isinstance(value, CellFault):
        raise CellRefused(FAULT_CODES[value.kind], found=value.text)
    kind = kind_of(info)
    if issubclass(kind, Choice):
        return _choice(value, kind)
    if kind is bool:
        return _yes_no(value)
    if kind is datetime.date:
        return _date(value, whole_month=is_month(info))
    if kind in (int, float):
        return _number(value, kind)
    return _text(value, info)


def as_written(value: Value) -> str:
    """A cell's value as a person sees it in the spreadsheet: whole numbers without a decimal point."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value.text if isinstance(value, CellFault) else value).strip()


def _number(value: Value, kind: type) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        is_numeral = isinstance(value, str) and _NUMERAL_TEXT.fullmatch(value.strip())
        raise CellRefused("CELL-NUMBER-TEXT" if is_numeral else "CELL-NUMBER", found=as_written(value))
    if kind is float:
        return float(value)
    if not float(value).is_integer():
        raise CellRefused("CELL-WHOLE", found=value)
    return int(value)


def _date(value: Value, *, whole_month: bool) -> datetime.date:
    """A date; a number is none, since 2025.1 may be January or October."""
    day = value.date() if isinstance(value, datetime.datetime) else value
    if isinstance(day, str):
        day = _date_from_text(day)
    if not isinstance(day, datetime.date) or day.year not in YEARS:
        raise CellRefused("CELL-DATE", found=as_written(value))
    return day.replace(day=1) if whole_month else day


def _date_from_text(text: str) -> datetime.date | None:
    """A month (``2025-03``, ``mar 2025``) or a day (``2025-03-31``, ``31/03/2025``), or None."""
    words = [word for word in re.split(r"[\s\-/.,]+", plain(text)) if word not in {"", "de", "del"}]
    try:
        numbers = [_month_named(word) or int(word) for word in words]
        if len(numbers) == 2:
            return datetime.date(max(numbers), min(numbers), 1)
        if len(numbers) == 3:
            year, month, day = numbers if numbers[0] in YEARS else numbers[::-1]
            return datetime.date(year, month, day)
    except ValueError:
        return None
    return None


def _month_named(word: str) -> int | None:
    """The month whose name begins with ``word``."""
    if len(word) < 3:
        return None
    return next(
        (number for number, names in enumerate(MONTH_NAMES, 1) if any(name.startswith(word) for name in names.split())),
        None,
    )


def _choice(value: Value, choices: type[Choice]) -> Choice:
    choice = _words_of(choices).get(plain(as_written(value)))
    if choice is None:
        raise CellRefused("CELL-CHOICE", found=as_written(value), allowed=tuple(choices))
    return choice


@cache
def _words_of(choices: type[Choice]) -> Mapping[str, Choice]:
    """Every word that a choice is known by, its value and its labels, compared with ``plain``."""
    return {
        plain(word): choice
        for choice in choices
        for word in (choice.value, *(choice.label(language) for language in LANGUAGES))
    }


def _yes_no(value: Value) -> bool:
    word = plain(as_written(value))
    if word in YES | NO:
        return word in YES
    raise CellRefused("CELL-YES-NO", found=as_written(value))


def _text(value: Value, info: FieldInfo) -> str:
    if isinstance(value, bool):
        raise CellRefused("CELL-TEXT", found=str(value).upper())
    text = as_written(value)
    may_lack_zero = cast("dict[str, bool]", info.json_schema_extra or {}).get("leading_zero", False)
    if may_lack_zero and isinstance(value, int | float) and len(text) % 2:
        raise CellRefused("CELL-ZERO", found=text)
    return text
