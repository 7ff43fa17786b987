"""A submission's year, as indicators are computed from it."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from ayni.parks.parts import FirmYear, firm_year
from ayni.portal.records.checking import context_of
from ayni.portal.records.contents import rebuilt
from ayni.portal.records.indicators import SubjectYear
from ayni.portal.records.models import Submission


def subject_year(submission: Submission) -> SubjectYear:
    """The rows of a submission and, of a site, what they come to."""
    rows = rebuilt(submission.rows.all(), "es")

    def compute() -> FirmYear | None:
        if submission.site is None:
            return None
        with TemporaryDirectory() as folder:
            return firm_year(rows, context_of(submission.site, submission.year, Path(folder)))

    return SubjectYear(submission, rows, compute)
