"""The report as PDF: tagged (PDF/UA-1), set by typst from the shipped template and typeface, without network."""

from __future__ import annotations

import datetime
import json
from importlib import resources
from pathlib import Path
from typing import Any

import typst

from ayni.base.texts import Language
from ayni.reports.content import ReportData
from ayni.reports.document import document
from ayni.reports.style import FONT_FOLDER

TEMPLATES = {"main.typ": "report.typ", "blocks.typ": "blocks.typ"}


class FaultyTemplate(RuntimeError):
    """The template warned while it was set: a fault of the program, never of the data."""


def pdf(data: ReportData, language: Language) -> bytes:
    """The report's bytes; the same data give the same bytes. Raises FaultyTemplate."""
    moment = datetime.datetime(data.head.year, 12, 31, tzinfo=datetime.UTC)
    return bytes(_set(data, language, format="pdf", pdf_standards="ua-1", timestamp=moment))


def page_pictures(data: ReportData, language: Language, dots_per_inch: float = 110) -> list[bytes]:
    """Every page as a PNG, for documents that show what a report looks like. Raises FaultyTemplate."""
    return [bytes(page) for page in _set(data, language, format="png", ppi=dots_per_inch)]


def _set(data: ReportData, language: Language, **output: Any) -> Any:
    """The report set by typst. Data go in as JSON, the template's files as bytes: nothing is written or fetched."""
    folder = resources.files("ayni.reports") / "templates"
    files = {name: (folder / file).read_bytes() for name, file in TEMPLATES.items()}
    content = json.dumps(document(data, language), ensure_ascii=False, allow_nan=False)
    made, warnings = typst.compile_with_warnings(
        files, font_paths=[FONT_FOLDER], ignore_system_fonts=True, sys_inputs={"data": content}, **output
    )
    if warnings:
        raise FaultyTemplate("; ".join(str(warning) for warning in warnings))
    return made


def write_pdf(path: Path, data: ReportData, language: Language) -> None:
    """Write the report. Raises OSError."""
    path.write_bytes(pdf(data, language))
