"""Reads of records: what is accepted, the park put together from it, lists, and what changed between two versions."""

from ayni.portal.records.queries.assembling import Assembled, assemble
from ayni.portal.records.queries.differences import Change, SheetDifference, difference
from ayni.portal.records.queries.lists import (
    OwnYear,
    Tenant,
    latest_full_year,
    own_subjects,
    own_years,
    readable,
    review_queue,
    subject_of,
    tenants_state,
    versions_of,
)
from ayni.portal.records.queries.submissions import (
    accepted_submissions,
    accepted_years,
    evidence_of,
    has_open_version,
    latest_accepted,
    previous_of,
    rows_of_submission,
    sheet_counts,
    submission_of,
    submissions,
)

__all__ = [
    "Assembled",
    "Change",
    "OwnYear",
    "SheetDifference",
    "Tenant",
    "accepted_submissions",
    "accepted_years",
    "assemble",
    "difference",
    "evidence_of",
    "has_open_version",
    "latest_accepted",
    "latest_full_year",
    "own_subjects",
    "own_years",
    "previous_of",
    "readable",
    "review_queue",
    "rows_of_submission",
    "sheet_counts",
    "subject_of",
    "submission_of",
    "submissions",
    "tenants_state",
    "versions_of",
]
