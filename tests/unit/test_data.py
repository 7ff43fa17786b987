"""The data that ship: texts of all sheets, the calendar, the factor files."""

import datetime
import importlib
import tomllib
from collections import Counter
from importlib import resources

import pytest

from ayni.base.periods import holidays, working_day
from ayni.base.sheets import Choice, Sheet
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
