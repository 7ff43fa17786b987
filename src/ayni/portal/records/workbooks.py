"""Workbooks to be filled in, and one's own rows as a workbook."""

from __future__ import annotations

import tempfile
from pathlib import Path

from ayni.base.texts import Language
from ayni.parks.parts import Rows, write_firm_template
from ayni.portal.records.models import Submission
from ayni.portal.records.permissions import Subject
from ayni.portal.records.queries import latest_accepted, rows_of_submission


def template_bytes(language: Language, *, for_park: bool, subject: Subject | None = None) -> bytes:
    """The workbook of a firm or of a park, with the rows that were last accepted of the subject, if one is given."""
    accepted = latest_accepted(subject) if subject is not None else None
    rows = rows_of_submission(accepted, language) if accepted is not None else None
    return _written(language, rows, for_park=for_park)


def submission_bytes(submission: Submission, language: Language) -> bytes:
    """A submission's rows as a workbook that can be handed in again."""
    rows = rows_of_submission(submission, language)
    return _written(language, rows, for_park=submission.park_id is not None)


def _written(language: Language, rows: Rows | None, *, for_park: bool) -> bytes:
    with tempfile.TemporaryDirectory(prefix="ayni-workbook-") as folder:
        path = Path(folder) / "workbook.xlsx"
        write_firm_template(path, language, rows, for_park=for_park)
        return path.read_bytes()
