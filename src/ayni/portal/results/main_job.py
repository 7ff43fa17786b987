"""The main job on a park's assembled records, as a worker's child runs it. No Django here: the child is spawned."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ayni.base.findings import Finding
from ayni.base.sheets import Row
from ayni.base.texts import LANGUAGES, Language
from ayni.parks.intake import records_of
from ayni.parks.results import Results
from ayni.parks.run import run
from ayni.parks.workbook import write_park_workbook
from ayni.reports.writing import FILES, write_results

WORKBOOK_LANGUAGE: Language = "es"
"""The language of the assembled workbook's sheets; places in the results of every language name these."""

WRITING = "writing"
PARTS = {
    "account": (0.0, 0.03), "assessment": (0.03, 0.02), "exchange": (0.05, 0.05), "design": (0.1, 0.65),
    "savings": (0.75, 0.05), WRITING: (0.8, 0.2),
}  # fmt: skip
"""Where each stage begins within the whole, and its length: a share of the time that it takes."""

Told = Callable[..., None]
"""The report of a job: stage, the part of the whole that is done, and the text key of what is being done."""


@dataclass(frozen=True)
class Material:
    """What the child works on: rows by sheet, remarks of the assembly, the profiles' folder, the outputs' folder."""

    rows: Mapping[str, Sequence[Row]]
    findings: tuple[Finding, ...]
    profiles: Path
    out: Path
    workbook: str


def calculate(told: Told, material: Material) -> None:
    """Everything that the park's results are, written into ``out``. Raises Refused, OSError."""

    def report(stage: str, done: float, words: str = "") -> None:
        start, length = PARTS[stage]
        told(stage, start + length * done, words or f"stage_of_run.{stage}", done=round(100 * done))

    records, remarks = records_of(material.rows, material.profiles)
    results = run(records, (*material.findings, *remarks), report)
    report(WRITING, 0.0)
    write_park_workbook(material.out / material.workbook, material.rows, WORKBOOK_LANGUAGE)
    for place, language in enumerate(LANGUAGES):
        _write(results, material.out, language)
        report(WRITING, (place + 1) / len(LANGUAGES))


def _write(results: Results, out: Path, language: Language) -> None:
    """The files of one language, named with it: ``report_es.pdf``."""
    folder = out / language
    folder.mkdir()
    write_results(results, folder, language)
    for name in FILES:
        (folder / name).replace(out / output_name(name, language))
    folder.rmdir()


def output_name(name: str, language: Language) -> str:
    """``results.json`` of a language: ``results_es.json``."""
    stem, dot, ending = name.rpartition(".")
    return f"{stem}_{language}{dot}{ending}"
