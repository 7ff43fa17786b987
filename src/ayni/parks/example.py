"""The example park that ships with Ayni: made-up firms, one measured profile; ``data/example/README.md`` says more."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib import resources
from pathlib import Path

from ayni.base.csv_reading import read_csv_rows
from ayni.base.findings import Finding, Place, refuse_errors
from ayni.base.sheets import Row, Sheet
from ayni.base.texts import Language
from ayni.parks.workbook import SHEETS, write_park_workbook
from ayni.zones.schema import PROFILES, Profile

FILE_NAMES: dict[Language, str] = {"es": "parque_de_ejemplo.xlsx", "en": "example_park.xlsx"}


@contextmanager
def _folder() -> Iterator[Path]:
    """The shipped folder as a path."""
    with resources.as_file(resources.files("ayni.data") / "example") as folder:
        yield folder


def example_rows(language: Language = "es") -> dict[str, list[Row]]:
    """The example's rows by sheet name, placed where they stand in its workbook. Raises Refused where one is faulty."""
    rows: dict[str, list[Row]] = {}
    findings: list[Finding] = []
    with _folder() as folder:
        for sheet in SHEETS:
            path = folder / f"{sheet.name}.csv"
            rows[sheet.name], found = read_csv_rows(path, sheet.row, sheet.unique, required=sheet.required)
            findings += found
            for row in rows[sheet.name]:
                _place(row, sheet, language)
    refuse_errors(findings)
    return rows


def _place(row: Row, sheet: Sheet, language: Language) -> None:
    """Place a row of a CSV where its workbook has it: columns and rows are the same, but a form stands on its side."""
    title = sheet.title(language)
    cells = {} if sheet.form else row._cells
    row._read_from = Place(sheet=title, row=row.read_from.row)
    row._cells = {
        field: replace(cell, file=None, sheet=title, column=sheet.header(field, language))
        for field, cell in cells.items()
    }


@contextmanager
def example_profiles(rows: Mapping[str, Sequence[Row]]) -> Iterator[list[Path]]:
    """The shipped profile files that the rows name."""
    with _folder() as folder:
        named = [row for row in rows.get(PROFILES.name, ()) if isinstance(row, Profile)]
        yield [folder / "profiles" / row.file for row in named]


def write_example(folder: Path, language: Language) -> Path:
    """Write the example's workbook into ``folder``, its profiles beside it, and give the workbook's path."""
    rows = example_rows(language)
    path = folder / FILE_NAMES[language]
    write_park_workbook(path, rows, language)
    with example_profiles(rows) as files:
        for file in files:
            shutil.copyfile(file, folder / file.name)
    return path
