"""Write a park's results: JSON for programs, XLSX for tables, PDF for people."""

from __future__ import annotations

from pathlib import Path

from ayni.base.texts import Language
from ayni.parks.results import Results
from ayni.reports.content_of_results import content_of
from ayni.reports.json import write_json
from ayni.reports.pdf import write_pdf
from ayni.reports.xlsx import write_xlsx

FILES = ("report.pdf", "results.xlsx", "results.json")


def write_results(results: Results, folder: Path, language: Language) -> None:
    """Write FILES into ``folder``, which must exist. Raises OSError."""
    content = content_of(results, language)
    write_pdf(folder / "report.pdf", content, language)
    write_xlsx(folder / "results.xlsx", content, language)
    write_json(folder / "results.json", content, language)
