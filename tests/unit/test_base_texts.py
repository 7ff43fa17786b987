import datetime
import re
import string
import tomllib
from importlib import resources
from pathlib import Path

import pytest

from ayni.base.findings import Place, Refused, error, in_file, refuse_errors, warning
from ayni.base.texts import LANGUAGES, UnknownText, catalogue, has_text, number, say, significant


def test_every_text_has_the_same_placeholders_in_both_languages() -> None:
    def names(template: str) -> set[str | None]:
        return {field for _, field, _, _ in string.Formatter().parse(template) if field is not None}

    uneven = [key for key, entry in catalogue().items() if names(entry["es"]) != names(entry["en"])]
    assert not uneven


def test_no_text_is_empty() -> None:
    assert not [key for key, entry in catalogue().items() for language in LANGUAGES if not entry[language].strip()]


def test_no_key_stands_in_two_catalogues() -> None:
    seen: set[str] = set()
    for file in (resources.files("ayni.data") / "texts").iterdir():
        keys = set(tomllib.loads(file.read_text(encoding="utf-8")))
        assert not keys & seen
        seen |= keys


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1234.5, "1,234"), (12345678.0, "12,345,678"), (0.5, "0.50"), (12.34, "12.3"), (0.0012, "0.0012"), (-3.0, "-3")],
)
def test_numbers_are_written_as_in_peru(value: float, expected: str) -> None:
    assert number(value, "es") == expected


@pytest.mark.parametrize("value", [1e15, -1e300, 1.7976931348623157e308])
def test_a_number_beyond_all_amounts_is_a_power_of_ten(value: float) -> None:
    for language in LANGUAGES:
        assert "E" in number(value, language)
        assert "E" in significant(value, language)
        assert "E" in say("CELL-DATE", language, found=value)


def test_values_in_texts_take_the_readers_form() -> None:
    assert "Facturas" in say("explain.row", "es", sheet="Facturas", row="17")
    with pytest.raises(UnknownText):
        say("nothing.like.it", "es")


def test_findings_speak_both_languages_and_name_their_place() -> None:
    finding = error("CELL-DATE", Place(sheet="Flujos", row=5, cell="A5"), found="31/02/2025")
    (placed,) = in_file([finding], "park.xlsx")
    spanish, english = placed.as_json("es"), placed.as_json("en")
    assert spanish["message"] != english["message"]
    assert (spanish["file"], spanish["sheet"], spanish["cell"]) == ("park.xlsx", "Flujos", "A5")


def test_errors_block_and_warnings_pass() -> None:
    mild = warning("CELL-DATE", found="x")
    assert refuse_errors([mild]) == (mild,)
    with pytest.raises(Refused):
        refuse_errors([mild, error("CELL-DATE", found="x")])


def test_dates_in_texts() -> None:
    assert "2026" in say("CELL-DATE", "es", found=datetime.date(2026, 11, 23))


SOURCES = sorted(Path(str(resources.files("ayni"))).rglob("*.py"))


def test_every_finding_of_the_program_has_its_words() -> None:
    made = re.compile(r'\b(?:error|warning|note|_CellRefused|CellRefused)\(\s*"([A-Z][A-Z0-9-]+)"')
    codes = {code for path in SOURCES for code in made.findall(path.read_text(encoding="utf-8"))}
    assert len(codes) > 100
    assert not {code for code in codes if not has_text(code)}


def test_every_text_that_is_said_by_name_exists() -> None:
    said = re.compile(r'(?<!voice\.)\bsay\(\s*"([^"{}]+)",')  # a voice has keys of its own
    keys = {key for path in SOURCES if "reports" not in path.parts for key in said.findall(path.read_text("utf-8"))}
    assert len(keys) > 50
    assert not {key for key in keys if not has_text(key)}
