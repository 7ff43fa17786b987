"""The data that ship: texts of all sheets, the calendar, the factor files."""

import csv
import datetime
import importlib
import io
import tomllib
from collections import Counter
from importlib import resources

import pytest
from dateutil.easter import easter  # type: ignore[import-untyped]

from ayni.base.factors import data_rows
from ayni.base.periods import holidays, working_day
from ayni.base.sheets import Choice, Sheet
from ayni.base.status import parse_status
from ayni.base.texts import LANGUAGES, Language
from ayni.base.units import plain

ROOMS = ("ledger", "assessment", "exchange", "zones")
SCHEMAS = [importlib.import_module(f"ayni.{room}.schema") for room in ROOMS]
SHEETS: list[Sheet] = [sheet for schema in SCHEMAS for sheet in schema.SHEETS]
CHOICES: list[type[Choice]] = [
    kind
    for schema in SCHEMAS
    for kind in vars(schema).values()
    if isinstance(kind, type) and issubclass(kind, Choice) and kind.__module__ == schema.__name__
]


def texts() -> dict[str, dict[str, str]]:
    return tomllib.loads((resources.files("ayni.data") / "texts" / "sheets.toml").read_text(encoding="utf-8"))


def expected_keys() -> set[str]:
    keys = {f"choice.{kind.__name__}.{value.value}" for kind in CHOICES for value in kind}
    for sheet in SHEETS:
        keys |= {f"sheet.{sheet.name}", f"sheetnote.{sheet.name}"}
        keys |= {f"{part}.{sheet.name}.{field}" for field in sheet.row.model_fields for part in ("column", "note")}
    return keys


def test_every_sheet_column_and_choice_has_its_text_and_no_text_is_left_over() -> None:
    written = {key for key in texts() if not key.startswith("unit.")}
    assert written == expected_keys()
    assert all(set(entry) == set(LANGUAGES) and all(entry.values()) for entry in texts().values())


def test_units_with_words_are_units_of_some_column() -> None:
    used = {
        info.json_schema_extra["unit"]
        for sheet in SHEETS
        for info in sheet.row.model_fields.values()
        if isinstance(info.json_schema_extra, dict)
    }
    assert {key.removeprefix("unit.") for key in texts() if key.startswith("unit.")} <= used


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_english_texts_are_those_of_the_schema(sheet: Sheet) -> None:
    catalogue = texts()
    for field, info in sheet.row.model_fields.items():
        assert catalogue[f"column.{sheet.name}.{field}"]["en"] == info.title
        assert catalogue[f"note.{sheet.name}.{field}"]["en"] == info.description


@pytest.mark.parametrize("language", LANGUAGES)
def test_sheet_names_fit_a_spreadsheet_and_differ(language: Language) -> None:
    titles = [sheet.title(language) for sheet in SHEETS]
    assert all(len(title) <= 31 and not set(title) & set("[]:*?/\\'") for title in titles)
    assert max(Counter(plain(title) for title in titles).values()) == 1


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_a_column_is_known_by_names_that_no_other_column_of_its_sheet_has(sheet: Sheet) -> None:
    catalogue = texts()
    owners = Counter(
        name
        for field in sheet.row.model_fields
        for name in {plain(field)} | {plain(catalogue[f"column.{sheet.name}.{field}"][tongue]) for tongue in LANGUAGES}
    )
    assert max(owners.values()) == 1


@pytest.mark.parametrize("kind", CHOICES, ids=lambda kind: kind.__name__)
def test_a_choice_is_known_by_words_that_no_other_choice_of_its_list_has(kind: type[Choice]) -> None:
    owners = Counter(
        name for value in kind for name in {plain(value.value)} | {plain(value.label(tongue)) for tongue in LANGUAGES}
    )
    assert max(owners.values()) == 1


def calendar_rows() -> list[dict[str, str]]:
    text = (resources.files("ayni.data") / "calendar" / "holidays_pe.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def test_fifteenth_working_day_of_april_2021() -> None:
    """The declaration of 2021 was due on 23 April (naturalezainterior.org.pe; 1 and 2 April were holidays)."""
    assert working_day(2021, 4, 15) == datetime.date(2021, 4, 23)


@pytest.mark.parametrize("year", range(2018, 2028))
def test_holidays_of_a_year(year: int) -> None:
    """Thursday and Friday before Easter by another package, and the holidays added by law from their year."""
    sunday = easter(year)
    kept = holidays(year)
    assert {sunday - datetime.timedelta(days=3), sunday - datetime.timedelta(days=2)} <= kept
    first_years = {(6, 7): 2024, (7, 23): 2023, (8, 6): 2022, (12, 9): 2022}
    for (month, day), first in first_years.items():
        assert (datetime.date(year, month, day) in kept) == (year >= first)
    assert len(kept) == 12 + sum(year >= first for first in first_years.values())


def test_calendar_rows_are_sorted_once_each_and_say_that_they_are_unverified() -> None:
    rows = calendar_rows()
    dates = [row["date"] for row in rows]
    assert dates == sorted(set(dates))
    assert all(row["status"] == "unverified" and row["source"].startswith("recalled:") and row["name"] for row in rows)


@pytest.mark.parametrize(
    "name",
    ["coefficients_waste", "economics_pe", "fuels", "grid_pe", "prices_pe", "solar_pe", "tariffs_pe", "technologies"],
)
def test_every_factor_names_its_source_and_status(name: str) -> None:
    _, rows = data_rows(name)
    for row in rows:
        parse_status(row["status"])
        assert row["source"]
        numbers = [row[column] for column in ("low", "value", "mid", "high") if row.get(column)]
        bounds = [float(number) for number in numbers if number[0].isdigit() and ":" not in number]
        assert bounds == sorted(bounds)
