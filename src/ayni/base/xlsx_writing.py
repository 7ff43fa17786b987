"""XLSX out: the template of a workbook, empty or filled, and tables of results. Equal input gives equal bytes."""

from __future__ import annotations

import dataclasses
import datetime
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter
from pydantic.fields import FieldInfo
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range_abs
from xlsxwriter.worksheet import Worksheet

from ayni.base.sheet_reading import REQUIRED_MARK
from ayni.base.sheets import Choice, Row, Sheet, is_month, kind_of
from ayni.base.texts import LANGUAGES, Language, say
from ayni.base.units import plain

CREATED = datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC)
"""The date of creation that every file carries, so that equal input gives equal bytes."""

OPTIONS = {  # a text stays a text, whatever it begins with
    "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    "remove_timezone": True,
}  # fmt: skip

CHILCA, CHILCA_SOFT, INDIGO, WALNUT, WALNUT_SOFT = "#1f6b4a", "#e5efe8", "#264e7a", "#6b5443", "#efece6"
INK, LINE, WHITE = "#22262a", "#e3ddd2", "#ffffff"

ROWS_READY = 2_000
"""How many rows below the header have their lists ready."""

FONT = {"font_name": "Calibri", "font_size": 11, "font_color": INK}
NUMBER_FORMATS: Mapping[type, str] = {float: "#,##0.00####", int: "0", str: "@", bool: "@"}
DATE_FORMATS: Mapping[Language, str] = {"es": "dd/mm/yyyy", "en": "yyyy-mm-dd"}
MONTH_FORMAT = "yyyy-mm"

HEADER_ROW = 2
"""Row of a table's headers, from 0: the title and an empty row stand above."""

NAME_LENGTH = 31
"""Longest name of a sheet that spreadsheet programs take."""

Rows = Mapping[str, Sequence[Row]]


@contextmanager
def new_workbook(path: Path) -> Iterator[xlsxwriter.Workbook]:
    """A workbook that is written to ``path`` at the end, whole or not at all. Raises OSError."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, OPTIONS) as book:
        book.calc_on_load = False
        book.set_properties({"author": "Ayni", "created": CREATED.replace(tzinfo=None)})
        yield book
    path.write_bytes(stream.getvalue())


class _Styles:
    """The formats of one workbook, each made once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], Format] = {}

    def __call__(self, **properties: object) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format({**FONT, **properties})
        return self._made[key]

    def header(self, *, required: bool) -> Format:
        """A column's header over a line in ink: chilca where required, walnut where optional."""
        return self(bold=True, font_color=WHITE, bg_color=CHILCA if required else WALNUT, text_wrap=True,
                    valign="vcenter", bottom=2, bottom_color=INK)  # fmt: skip

    def value(self, info: FieldInfo, language: Language) -> Format:
        """A cell for a column's values."""
        kind = kind_of(info)
        pattern = NUMBER_FORMATS.get(kind, "@")
        if kind is datetime.date:
            pattern = MONTH_FORMAT if is_month(info) else DATE_FORMATS[language]
        return self(num_format=pattern, bottom=1, bottom_color=LINE, valign="top")


class _Lists:
    """The hidden sheet with the words of all lists, one per column, that cells are chosen from."""

    def __init__(self, sheets: Sequence[Sheet], language: Language) -> None:
        self.title = say("lists.sheet", language)
        kinds = {kind_of(info) for sheet in sheets for info in sheet.row.model_fields.values()}
        words = {kind: [choice.label(language) for choice in kind] for kind in kinds if issubclass(kind, Choice)}
        self.words: dict[type, list[str]] = {bool: [say("yes", language), say("no", language)]}
        self.words |= dict(sorted(words.items(), key=lambda item: item[0].__name__))

    def write(self, book: xlsxwriter.Workbook) -> None:
        """Write the sheet, hidden."""
        worksheet = book.add_worksheet(self.title)
        worksheet.hide()
        for column, (kind, words) in enumerate(self.words.items()):
            for row, word in enumerate([kind.__name__, *words]):
                worksheet.write_string(row, column, word)

    def offer(self, worksheet: Worksheet, kind: type, column: int, first: int, last: int) -> None:
        """Let the cells of a column be chosen from the list of ``kind``, if it has one."""
        if kind in self.words:
            at = list(self.words).index(kind)
            source = f"='{self.title}'!{xl_range_abs(1, at, len(self.words[kind]), at)}"
            worksheet.data_validation(first, column, last, column, {"validate": "list", "source": source})


def write_workbook(path: Path, sheets: Sequence[Sheet], language: Language, rows: Rows | None = None) -> None:
    """Write the template of ``sheets``, and into it the rows by sheet name where there are any. Raises OSError."""
    with new_workbook(path) as book:
        styles, lists = _Styles(book), _Lists(sheets, language)
        _write_instructions(book, sheets, language, styles)
        for sheet in sheets:
            worksheet = _new_sheet(book, sheet.title(language))
            write = _write_form if sheet.form else _write_list
            write(worksheet, sheet, (rows or {}).get(sheet.name, ()), language, styles, lists)
        lists.write(book)


def instruction_titles() -> set[str]:
    """The titles, in every language, of the sheets that carry no data."""
    return {say(key, language) for key in ("instructions.sheet", "lists.sheet") for language in LANGUAGES}


def _new_sheet(book: xlsxwriter.Workbook, title: str) -> Worksheet:
    """A sheet without grid lines that prints on A4 across, all columns on one page's width."""
    worksheet = book.add_worksheet(title)
    worksheet.hide_gridlines(2)
    worksheet.set_landscape()
    worksheet.set_paper(9)
    worksheet.fit_to_pages(1, 0)
    return worksheet


def _write_instructions(
    book: xlsxwriter.Workbook, sheets: Sequence[Sheet], language: Language, styles: _Styles
) -> None:
    """What the workbook is, how it is filled, and which sheets it has."""
    worksheet = _new_sheet(book, say("instructions.sheet", language))
    worksheet.set_row(0, 30)
    worksheet.set_column(0, 0, 30)
    worksheet.set_column(1, 1, 120)
    worksheet.set_column(2, 2, 16)
    worksheet.write_string(0, 0, say("instructions.title", language), styles(bold=True, font_size=20))
    worksheet.write_string(1, 0, say("instructions.about", language), styles(font_color=WALNUT))
    for number in range(1, 7):
        worksheet.write_string(2 + number, 0, f"{number}. {say(f'instructions.step.{number}', language)}", styles())
    top = 10
    for column, key in enumerate(("name", "about", "needed")):
        worksheet.write_string(top, column, say(f"instructions.column.{key}", language),
                               styles(bold=True, bottom=2, bottom_color=INK))  # fmt: skip
    cell = {"bottom": 1, "bottom_color": LINE, "valign": "top", "text_wrap": True}
    for row, sheet in enumerate(sheets, top + 1):
        title = sheet.title(language)
        worksheet.write_url(row, 0, f"internal:'{title}'!A1", styles(**{**cell, "font_color": INDIGO}), title)
        worksheet.write_string(row, 1, sheet.note(language), styles(**cell))
        worksheet.write_string(row, 2, _needed(sheet.required, language), styles(**cell))


def _needed(required: bool, language: Language) -> str:
    return say("workbook.required" if required else "workbook.optional", language)


def _marked(sheet: Sheet, field: str, language: Language) -> str:
    """The header, with the mark of required columns."""
    mark = f" {REQUIRED_MARK}" if sheet.row.model_fields[field].is_required() else ""
    return sheet.header(field, language) + mark


def _write_list(
    worksheet: Worksheet, sheet: Sheet, rows: Sequence[Row], language: Language, styles: _Styles, lists: _Lists
) -> None:
    """A sheet with a header row and one record per row."""
    last = max(ROWS_READY, len(rows))
    for column, (field, info) in enumerate(sheet.row.model_fields.items()):
        header, form = _marked(sheet, field, language), styles.value(info, language)
        shown = [_shown(getattr(row, field), language) for row in rows]
        longest = max((len(value) for value in shown if isinstance(value, str)), default=0)
        worksheet.set_column(column, column, min(40, max(13, longest + 2, max(map(len, header.split())) + 3)), form)
        worksheet.write_string(0, column, header, styles.header(required=info.is_required()))
        remark = f"{_needed(info.is_required(), language)}. {sheet.field_note(field, language)}"
        worksheet.write_comment(0, column, remark, {"author": "Ayni", "x_scale": 1.6, "font_size": 9})
        lists.offer(worksheet, kind_of(info), column, 1, last)
        for row, value in enumerate(shown, 1):
            _write(worksheet, row, column, value, form)
    worksheet.set_row(0, 48)
    worksheet.freeze_panes(1, 0)
    worksheet.autofilter(0, 0, max(1, len(rows)), len(sheet.row.model_fields) - 1)


def _write_form(
    worksheet: Worksheet, sheet: Sheet, rows: Sequence[Row], language: Language, styles: _Styles, lists: _Lists
) -> None:
    """A sheet with one record: names down column A, values in B, what they mean in C."""
    worksheet.set_column(0, 0, 34)
    worksheet.set_column(1, 1, 30)
    worksheet.set_column(2, 2, 90)
    for column, key in enumerate(("name", "value", "note")):
        worksheet.write_string(0, column, say(f"form.{key}", language),
                               styles(bold=True, bottom=2, bottom_color=INK))  # fmt: skip
    for row, (field, info) in enumerate(sheet.row.model_fields.items(), 1):
        colours = (CHILCA, CHILCA_SOFT) if info.is_required() else (WALNUT, WALNUT_SOFT)
        line = {"bottom": 1, "bottom_color": LINE, "valign": "top"}
        name = styles(bold=True, font_color=colours[0], bg_color=colours[1], text_wrap=True, **line)
        note = f"{_needed(info.is_required(), language)}. {sheet.field_note(field, language)}"
        worksheet.write_string(row, 0, _marked(sheet, field, language), name)
        value = _shown(getattr(rows[0], field), language) if rows else None
        _write(worksheet, row, 1, value, styles.value(info, language))
        worksheet.write_string(row, 2, note, styles(font_color=WALNUT, text_wrap=True, **line))
        lists.offer(worksheet, kind_of(info), 1, row, row)
    worksheet.freeze_panes(1, 0)


def _shown(value: object, language: Language) -> object:
    """A row's value as it is typed into a workbook: choices and yes or no in words."""
    if isinstance(value, Choice):
        return value.label(language)
    return say("yes" if value else "no", language) if isinstance(value, bool) else value


def _write(worksheet: Worksheet, row: int, column: int, value: Any, form: Format) -> None:
    """One cell by its type; nothing but a text can come from a text. Raises TypeError for an unknown type."""
    if value is None:
        worksheet.write_blank(row, column, None, form)
    elif isinstance(value, str):
        worksheet.write_string(row, column, value, form)
    elif isinstance(value, int | float):
        worksheet.write_number(row, column, value, form)
    elif isinstance(value, datetime.date):
        worksheet.write_datetime(row, column, value, form)
    else:
        raise TypeError(f"no cell for {type(value).__name__}")


@dataclasses.dataclass(frozen=True, eq=False)
class Table:
    """A table to be written: the sheet's name, a title, the data with its columns named as readers see them.

    ``units`` gives the unit of a column, shown in brackets; ``notes`` stand below the table; ``mixed`` names columns
    of numbers in many units, which are shown as they are. The index is not written.
    """

    name: str
    title: str
    frame: pd.DataFrame
    units: Mapping[str, str] = dataclasses.field(default_factory=dict)
    notes: Sequence[str] = ()
    mixed: Sequence[str] = ()


def write_tables(path: Path, tables: Sequence[Table], language: Language) -> None:
    """Write the tables, a sheet each, in their order. NaN is an empty cell. Raises OSError."""
    with new_workbook(path) as book:
        styles = _Styles(book)
        for table, name in zip(tables, _names(tables), strict=True):
            _write_table(_new_sheet(book, name), table, language, styles)


def _names(tables: Sequence[Table]) -> list[str]:
    """The names of the sheets as spreadsheet programs take them: no odd signs, short, no two alike."""
    names: list[str] = []
    for table in tables:
        wanted = re.sub(r"[\[\]:*?/\\]", "-", table.name).strip("' ")[:NAME_LENGTH] or "-"
        name, number = wanted, 1
        while plain(name) in map(plain, names):
            number += 1
            name = f"{wanted[: NAME_LENGTH - len(str(number)) - 1]} {number}"
        names.append(name)
    return names


def _write_table(worksheet: Worksheet, table: Table, language: Language, styles: _Styles) -> None:
    worksheet.write_string(0, 0, table.title, styles(bold=True, font_size=16))
    for column, name in enumerate(table.frame.columns):
        values = [_cell(value, language) for value in table.frame[name].tolist()]
        unit = table.units.get(name)
        header = f"{name} [{unit}]" if unit else str(name)
        form = styles(num_format="General" if name in table.mixed else _pattern(values), bottom=1, bottom_color=LINE)
        is_number = any(isinstance(value, int | float) for value in values)
        head = styles(bold=True, text_wrap=True, valign="vcenter", bottom=2, bottom_color=INK,
                      align="right" if is_number else "left")  # fmt: skip
        longest = max((len(value) for value in values if isinstance(value, str)), default=0)
        worksheet.set_column(column, column, min(60, max(14, longest + 2, max(map(len, header.split())) + 3)))
        worksheet.write_string(HEADER_ROW, column, header, head)
        for row, value in enumerate(values, HEADER_ROW + 1):
            _write(worksheet, row, column, value, form)
    worksheet.freeze_panes(HEADER_ROW + 1, 0)
    height, width = table.frame.shape
    if height and width:
        worksheet.autofilter(HEADER_ROW, 0, HEADER_ROW + height, width - 1)
    for row, text in enumerate(table.notes, HEADER_ROW + height + 2):
        worksheet.write_string(row, 0, text, styles(font_color=WALNUT))


def _cell(value: Any, language: Language) -> Any:
    """A value of a data frame as a cell; what is missing is None."""
    if isinstance(value, bool):
        return say("yes" if value else "no", language)
    if isinstance(value, str):
        return value
    if value is None or pd.isna(value):
        return None
    return value.to_pydatetime() if isinstance(value, pd.Timestamp) else value


def _pattern(values: Sequence[object]) -> str:
    """The number format of a column: by the largest magnitude, or by whether dates carry an hour."""
    if any(isinstance(value, datetime.datetime) and value.time() != datetime.time() for value in values):
        return "yyyy-mm-dd hh:mm"
    if any(isinstance(value, datetime.date) for value in values):
        return "yyyy-mm-dd"
    numbers = [abs(value) for value in values if isinstance(value, int | float)]
    if not numbers:
        return "@"
    if all(isinstance(value, int) for value in values if value is not None) or max(numbers) >= 10_000:
        return "#,##0"
    return "#,##0.0" if max(numbers) >= 1_000 else "#,##0.00" if max(numbers) >= 10 else "#,##0.0000"
