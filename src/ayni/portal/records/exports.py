"""The list of records as CSV, and a submission as JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

from ayni.portal.records.models import Submission
from ayni.portal.records.queries.lists import subject_key

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet would calculate a text that begins so."""

COLUMNS = (
    "id", "subject", "name", "park", "year", "version", "state", "channel", "completeness", "created_at",
    "submitted_at", "decided_at", "content_hash", "is_sample",
)  # fmt: skip


def submission_record(submission: Submission) -> dict[str, Any]:
    """A submission without its rows, as files and the API give it."""
    park = submission.site.park if submission.site else submission.park
    return {
        "id": submission.pk, "subject": subject_key(submission.subject), "name": submission.subject.name,
        "park": park.slug if park else None, "year": submission.year, "version": submission.version,
        "state": submission.state, "channel": submission.channel, "completeness": submission.completeness,
        "created_at": submission.created_at, "submitted_at": submission.submitted_at,
        "decided_at": submission.decided_at, "content_hash": submission.content_hash,
        "is_sample": submission.is_sample,
    }  # fmt: skip


def csv_of_list(submissions: Iterable[Submission]) -> str:
    """Submissions as CSV; a text that a spreadsheet would calculate is quoted."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    for submission in submissions:
        record = submission_record(submission)
        writer.writerow({name: _safe(value) for name, value in record.items()})
    return text.getvalue()


def _safe(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_SIGNS) else value
