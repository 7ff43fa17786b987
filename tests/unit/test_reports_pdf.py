"""The PDF: length, tags, language, the figures of page 1, extremes, and bytes that depend on nothing but the data."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from functools import cache

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from ayni.base.texts import LANGUAGES, Language
from ayni.reports.blocks import Bullets, Cards, Table
from ayni.reports.pdf import pdf
from ayni.reports.voice import Voice
from reports_samples import SPOKEN, bare, case, made_up, planned


@cache
def made(name: str, language: Language) -> bytes:
    return pdf(case(name), language)


@cache
def words(name: str, language: Language) -> list[str]:
    """The text of every page, without line breaks."""
    reader = PdfReader(io.BytesIO(made(name, language)))
    return [" ".join(page.extract_text().split()) for page in reader.pages]


def entry(parent: DictionaryObject, name: str) -> DictionaryObject:
    child = parent[name].get_object()
    assert isinstance(child, DictionaryObject)
    return child


def bounded(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(("name", "language"), SPOKEN)
def test_six_to_ten_pages(name: str, language: Language) -> None:
    printed, wanted = words(name, language), planned(name, language)
    assert 6 <= len(printed) <= 10
    assert len(printed) == len(wanted)  # no page runs over
    for text, page in zip(printed, wanted, strict=True):
        assert bounded(page.title) in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_tagged_with_language_and_title(language: Language) -> None:
    root = PdfReader(io.BytesIO(made("full", language))).root_object
    assert isinstance(root, DictionaryObject)
    assert entry(root, "/MarkInfo")["/Marked"]
    assert "/StructTreeRoot" in root
    assert str(root["/Lang"]).startswith(language)
    assert entry(root, "/ViewerPreferences")["/DisplayDocTitle"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_picture_has_words_for_who_cannot_see_it(language: Language) -> None:
    reader = PdfReader(io.BytesIO(made("full", language)))
    found = []

    def walk(element: object) -> None:
        for child in element if isinstance(element, list) else [element]:
            entry = child.get_object() if hasattr(child, "get_object") else child
            if isinstance(entry, DictionaryObject):
                if entry.get("/S") == "/Figure":
                    found.append(str(entry.get("/Alt", "")))
                walk(entry.get("/K", []))
            elif isinstance(entry, list):
                walk(list(entry))

    walk(reader.root_object["/StructTreeRoot"])
    assert len(found) >= 12
    assert all(found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_one_says_every_figure_with_its_id(language: Language) -> None:
    data, voice = case("full"), Voice(language)
    first = words("full", language)[0]
    plain = first.replace(" ", "")
    for figure_id in ("saving.emissions.total", "saving.cost.total", "design.investment", "design.payback",
                      "assessment.score_low", "assessment.score_high"):  # fmt: skip
        assert figure_id.replace(" ", "") in plain
    for carrier in ("electricity", "natural_gas", "diesel", "lpg", "residual_fuel"):
        for kind in ("amount", "energy", "emissions"):
            figure = data.book[f"saving.{kind}.{carrier}"]
            assert figure.id in plain
            assert voice.number(figure.value).replace(" ", "") in plain
    for part in ("6,410", "9.1", "46", "58", voice.say("no_certificate"), voice.say("sample")):
        assert part.replace(" ", "") in plain


@pytest.mark.parametrize("language", LANGUAGES)
def test_ids_of_page_one_are_figures_of_the_book(language: Language) -> None:
    data = case("full")
    page = planned("full", language)[0]
    said = set(page.figures)
    for block in page.blocks:
        if isinstance(block, Cards):
            said |= {name for card in block.cards for name in card.figures}
        if isinstance(block, Table):
            said |= {cell.small for row in block.rows for cell in row if cell.small}
        if isinstance(block, Bullets):
            said |= {name for _, names in block.items for name in names}
    assert len(said) > 25
    assert all(name in data.book for name in said)


@pytest.mark.parametrize(("name", "language"), SPOKEN)
def test_no_code_stands_where_a_word_belongs(name: str, language: Language) -> None:
    data = case(name)
    names = [*(figure.id for figure in data.book), *data.book.factors(), data.exchange.rules if data.exchange else ""]
    known = " ".join(names)
    for text in words(name, language)[1:]:
        codes = set(re.findall(r"\b[a-z]+_[a-z_]+\b", text))
        assert not {code for code in codes if code not in known}


def test_sample_is_said_on_every_page_and_only_for_made_up_data() -> None:
    voice = Voice("es")
    assert all(voice.say("sample") in text and voice.say("watermark") in text for text in words("full", "es"))
    assert not any(voice.say("sample") in text for text in words("bare", "es"))


def test_self_check_is_no_certificate() -> None:
    assert any("no es un certificado" in text and "borrador sin verificar" in text for text in words("full", "es"))


def test_same_data_give_the_same_bytes() -> None:
    assert pdf(bare(), "es") == made("bare", "es")


def test_date_is_of_the_park_and_not_of_the_clock() -> None:
    head = replace(bare().head, year=2019)
    reader = PdfReader(io.BytesIO(pdf(replace(bare(), head=head), "en")))
    assert reader.metadata is not None
    assert reader.metadata.creation_date is not None
    assert reader.metadata.creation_date.year == 2019


def test_names_of_users_are_letters_and_no_commands() -> None:
    odd = made_up(1, lambda _: '#panic() $x^2$ *a* _b_ <c> @d "e" \\f')
    text = " ".join(PdfReader(io.BytesIO(pdf(odd, "es"))).pages[2].extract_text().split())
    assert "#panic()" in text
