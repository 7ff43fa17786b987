"""Files behind a submission: kept by their hash under random names, attached to drafts only."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.core.files.base import ContentFile
from django.db import transaction

from ayni.base.findings import Finding, Place, error
from ayni.base.xlsx_reading import SIZE_MAX
from ayni.portal.people.actor import Actor
from ayni.portal.records.models import Evidence, EvidenceKind, Submission
from ayni.portal.records.permissions import may_change, person_of
from ayni.portal.records.services.files import KeptFile, TooLarge, Upload, random_name, read_upload, type_of
from ayni.portal.records.services.limits import take_upload
from ayni.portal.records.services.locks import locked

PROFILE_NAME = re.compile(r"[\w\-.]+\.csv(\.gz)?")
"""Names that the sheet of profiles can give."""

EVIDENCE_MAX = 200
"""Files behind one submission."""


class EvidenceRefused(Exception):
    """A file that is not taken; carries why."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        super().__init__(finding.code)


def attach_evidence(
    actor: Actor,
    submission: Submission,
    upload: Upload,
    name: str,
    kind: EvidenceKind,
    *,
    sheet: str = "",
    row: int | None = None,
) -> Evidence:
    """Put a file behind a draft; a profile of the same name is replaced. Raises Forbidden, EvidenceRefused."""
    may_change(actor, submission).require()
    take_upload(actor)
    file = read_evidence(upload, name, kind)
    with transaction.atomic():
        draft = locked(submission)
        may_change(actor, draft).require()
        if draft.evidence.count() >= EVIDENCE_MAX:
            raise EvidenceRefused(error("EVIDENCE-MANY", Place(file=file.name), limit=EVIDENCE_MAX))
        return keep_evidence(actor, draft, file, kind, sheet=sheet, row=row)


def remove_evidence(actor: Actor, evidence: Evidence) -> None:
    """Take a file away from a draft. Raises Forbidden."""
    with transaction.atomic():
        draft = locked(evidence.submission)
        may_change(actor, draft).require()
        drop_evidence(draft.evidence.filter(pk=evidence.pk))


def read_evidence(upload: Upload, name: str, kind: EvidenceKind) -> KeptFile:
    """The upload, if it may be evidence of its kind. Raises EvidenceRefused."""
    try:
        file = read_upload(upload, name)
    except TooLarge:
        limit = SIZE_MAX // 1_000_000
        raise EvidenceRefused(error("EVIDENCE-SIZE", limit=limit)) from None
    place = Place(file=file.name)
    if not file.content:
        raise EvidenceRefused(error("EVIDENCE-EMPTY", place))
    found = type_of(file.content)
    if found is None or kind == EvidenceKind.WORKBOOK:
        raise EvidenceRefused(error("EVIDENCE-TYPE", place))
    if kind == EvidenceKind.PROFILE and not (found in ("csv", "csv.gz") and PROFILE_NAME.fullmatch(file.name)):
        raise EvidenceRefused(error("EVIDENCE-PROFILE", place))
    return file


def keep_evidence(
    actor: Actor, draft: Submission, file: KeptFile, kind: EvidenceKind, *, sheet: str = "", row: int | None = None
) -> Evidence:
    """The file behind a draft, within a transaction of the caller's; one profile or workbook of a name at a time."""
    if kind == EvidenceKind.PROFILE:
        drop_evidence(draft.evidence.filter(kind=kind, name=file.name))
    if kind == EvidenceKind.WORKBOOK:
        drop_evidence(draft.evidence.filter(kind=kind))
    evidence = Evidence(
        submission=draft, kind=kind, name=file.name, size=file.size, sha256=file.sha256, sheet=sheet, row=row,
        author=person_of(actor),
    )  # fmt: skip
    evidence.file.save(random_name(), ContentFile(file.content), save=False)
    evidence.save()
    return evidence


def copy_evidence(draft: Submission, evidence: Iterable[Evidence]) -> None:
    """The same files behind another version: the file itself is kept once."""
    Evidence.objects.bulk_create(
        Evidence(
            submission=draft, kind=one.kind, name=one.name, file=one.file.name, size=one.size, sha256=one.sha256,
            sheet=one.sheet, row=one.row, author=one.author,
        )
        for one in evidence
    )  # fmt: skip


def drop_evidence(evidence: Iterable[Evidence]) -> None:
    """Take files away; what no other version stands on is deleted once the transaction holds."""
    for one in evidence:
        file = one.file
        one.delete()
        if not Evidence.objects.filter(file=file.name).exists():
            transaction.on_commit(lambda kept=file: kept.storage.delete(kept.name))  # type: ignore[misc]
