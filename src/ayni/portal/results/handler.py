"""The kind of run ``park_results``: a park's accepted records put together and taken through the main job."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ayni.base.findings import Refused, error
from ayni.portal.records.queries import Assembled, assemble
from ayni.portal.results.accepted import inputs_of
from ayni.portal.results.main_job import WORKBOOK_LANGUAGE, Material, calculate
from ayni.portal.runs.jobs import Job

ORIGINS = "origins.json"


def handle(job: Job) -> None:
    """Make the results of the run's park and year. Raises Refused where the records do not let them be made."""
    run = job.run
    if run.park is None or run.year is None:
        raise Refused([error("RESULTS-NO-PARK")])
    assembled = assemble(run.park, run.year, WORKBOOK_LANGUAGE)
    if inputs_of(assembled.submissions) != run.inputs:
        raise Refused([error("RESULTS-INPUTS-CHANGED")])
    with TemporaryDirectory(prefix="ayni-profiles-") as name:
        assembled.write_attachments(Path(name))
        workbook = f"{run.park.slug}_{run.year}.xlsx"
        material = Material(dict(assembled.rows), assembled.findings, Path(name), job.folder, workbook)
        job.in_child(calculate, material)
    text = json.dumps(origins_document(assembled), ensure_ascii=False, separators=(",", ":"))
    (job.folder / ORIGINS).write_text(text, encoding="utf-8")


def origins_document(assembled: Assembled) -> dict[str, Any]:
    """Where each row of the assembled workbook came from: by sheet and row the firm's code, and the row handed in.

    The code of the park's own record is empty; ``missing`` are the codes of tenants without an accepted record.
    """
    rows: dict[str, dict[str, tuple[str, int]]] = {}
    for (sheet, row), (code, handed_in) in assembled.origins.items():
        rows.setdefault(sheet, {})[str(row)] = (code, handed_in)
    return {
        "submissions": {
            code: {
                "id": one.pk, "version": one.version, "hash": one.content_hash, "site": one.site_id,
                "name": one.site.name if one.site else "",
            }
            for code, one in assembled.submissions.items()
        },
        "missing": [site.code for site in assembled.missing_sites],
        "rows": rows,
    }  # fmt: skip
