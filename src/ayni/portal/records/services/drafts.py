"""Handing in: a workbook, rows, or a form to be typed into becomes a draft of a new version. Nothing is half-loaded."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from ayni.base.findings import Finding, Place, Refused, error, has_errors
from ayni.base.texts import Language
from ayni.base.xlsx_reading import SIZE_MAX
from ayni.parks.parts import Part, Rows, completeness, read_firm_workbook, read_park_part, read_values
from ayni.portal.people.actor import Actor
from ayni.portal.people.answers import first_no, no
from ayni.portal.places.models import Park, Site
from ayni.portal.records.checking import check_rows, profile_folder
from ayni.portal.records.contents import content_hash, rebuilt, record_rows
from ayni.portal.records.models import (
    Channel,
    Evidence,
    EvidenceKind,
    RecordRow,
    Submission,
    SubmissionEvent,
    SubmissionState,
)
from ayni.portal.records.permissions import Subject, may_correct, may_hand_in, person_of
from ayni.portal.records.services.evidence import EvidenceRefused, copy_evidence, keep_evidence, read_evidence
from ayni.portal.records.services.files import KeptFile, TooLarge, Upload, read_upload, shown_name, write_for_reading
from ayni.portal.records.services.limits import take_upload
from ayni.portal.records.services.locks import lock_subject
from ayni.portal.site.findings import kept

YEARS = range(2000, 2101)
"""Years that a record may be of, as the workbook takes them."""

OWN_NAME = "libro.xlsx"
"""The name under which an uploaded workbook is read: never the uploader's."""

Named = Sequence[tuple[Upload, str]]


def hand_in_workbook(
    actor: Actor,
    subject: Subject,
    year: int,
    upload: Upload,
    name: str,
    language: Language,
    *,
    profiles: Named = (),
) -> Submission:
    """A draft from an uploaded workbook, with its profile files. Raises Forbidden.

    Where anything is wrong with it the draft keeps the file and the findings and no rows; of what is no workbook at all
    it keeps the findings only. A draft that has rows is then set aside, withdrawn, and loses none.
    """
    _require(actor, subject, year)
    take_upload(actor)
    file, found = _upload(upload, name)
    attached, more = _profiles(profiles)
    part = Part({}, (*found, *more))
    if file is not None:
        try:
            part = _read(subject, year, file, attached, language)
        except Refused as refused:
            file, part = None, Part({}, refused.findings)
        part = replace(part, findings=(*_named(part.findings, shown_name(name)), *more))
    return _keep(actor, subject, year, Channel.WORKBOOK, part, file, attached)


def hand_in_rows(
    actor: Actor,
    subject: Subject,
    year: int,
    rows: Mapping[str, Sequence[Mapping[str, object]]],
    channel: Channel,
    language: Language = "es",
    *,
    profiles: Named = (),
) -> Submission:
    """A draft from rows by sheet and column, as a program sends them, with their profile files. Raises Forbidden.

    Where anything is wrong with them the draft keeps the findings and no rows.
    """
    _require(actor, subject, year)
    take_upload(actor)
    attached, refused = _profiles(profiles)
    part = _checked(subject, year, read_values(rows, language), attached)
    part = replace(part, findings=(*part.findings, *refused))
    return _keep(actor, subject, year, channel, part, None, attached)


def start_form(actor: Actor, subject: Subject, year: int) -> Submission:
    """An empty draft to be typed into, or the open one. Raises Forbidden."""
    _require(actor, subject, year)
    with transaction.atomic():
        lock_subject(subject)
        latest = _latest(subject, year)
        if latest is not None and latest.is_draft:
            return latest
        return _new_draft(actor, subject, year, Channel.FORM, latest)


def correct(actor: Actor, submission: Submission) -> Submission:
    """A new draft with the rows and files of an earlier version, to be corrected. Raises Forbidden."""
    subject, year = submission.subject, submission.year
    with transaction.atomic():
        lock_subject(subject)
        latest = _latest(subject, year)
        may_correct(actor, submission, has_open=latest is not None and _is_open(latest)).require()
        draft = _new_draft(actor, subject, year, Channel.FORM, latest)
        RecordRow.objects.bulk_create(
            RecordRow(submission=draft, sheet=row.sheet, row=row.row, content=row.content)
            for row in submission.rows.all()
        )
        copy_evidence(draft, submission.evidence.exclude(kind=EvidenceKind.WORKBOOK))
        Submission.objects.filter(pk=draft.pk).update(
            findings=submission.findings, content_hash=submission.content_hash, completeness=submission.completeness
        )
        draft.refresh_from_db()
        return draft


def _require(actor: Actor, subject: Subject, year: int) -> None:
    """Whether the actor may hand in for the subject now. Raises Forbidden."""
    latest = _latest(subject, year)
    in_review = latest is not None and latest.state == SubmissionState.SUBMITTED
    first_no(
        may_hand_in(actor, subject),
        *([no("records.refused.year", first=str(YEARS[0]), last=str(YEARS[-1]))] if year not in YEARS else []),
        *([no("records.refused.in_review")] if in_review else []),
    ).require()


def _is_open(submission: Submission) -> bool:
    return submission.state in (SubmissionState.DRAFT, SubmissionState.SUBMITTED)


def versions(subject: Subject, year: int) -> list[Submission]:
    """All versions of a subject's year, the latest first."""
    own = {"site": subject} if isinstance(subject, Site) else {"park": subject}
    return list(Submission.objects.filter(**own, year=year).order_by("-version"))


def _latest(subject: Subject, year: int) -> Submission | None:
    found = versions(subject, year)
    return found[0] if found else None


def _known_profiles(subject: Subject, year: int) -> list[Evidence]:
    """The profile files of the latest version: they stand behind the next one too."""
    latest = _latest(subject, year)
    return list(latest.evidence.filter(kind=EvidenceKind.PROFILE)) if latest is not None else []


def _upload(upload: Upload, name: str) -> tuple[KeptFile | None, tuple[Finding, ...]]:
    """The uploaded file, or why it is not taken."""
    try:
        return read_upload(upload, name), ()
    except TooLarge:
        place = Place(file=shown_name(name))
        limit = SIZE_MAX // 1_000_000
        return None, (error("EVIDENCE-SIZE", place, limit=limit),)


def _profiles(profiles: Named) -> tuple[list[KeptFile], list[Finding]]:
    """The profile files that may be taken, and why the others are not."""
    files, findings = [], []
    for upload, name in profiles:
        try:
            files.append(read_evidence(upload, name, EvidenceKind.PROFILE))
        except EvidenceRefused as refused:
            findings.append(refused.finding)
    return files, findings


def _read(subject: Subject, year: int, file: KeptFile, attached: Sequence[KeptFile], language: Language) -> Part:
    """The part that a workbook holds, checked. Raises Refused for what is no readable workbook."""
    with tempfile.TemporaryDirectory(prefix="ayni-upload-") as folder:
        path = write_for_reading(file, Path(folder), OWN_NAME)
        if isinstance(subject, Park):
            part = read_park_part(path)
        else:
            previous = next((one for one in versions(subject, year) if one.content_hash), None)
            rows = rebuilt(previous.rows.all(), language) if previous is not None else None
            part = read_firm_workbook(path, subject.code, rows)
    return _checked(subject, year, part, attached)


def _checked(subject: Subject, year: int, part: Part, attached: Sequence[KeptFile]) -> Part:
    """The part with what the checks in the context of the park say of it."""
    with profile_folder(_known_profiles(subject, year)) as profiles:
        for one in attached:
            write_for_reading(one, profiles, one.name)
        faulty = part.faulty | ({"workbook"} if has_errors(part.findings) else set())
        found = check_rows(subject, year, part.rows, profiles, faulty)
    return replace(part, findings=(*part.findings, *found))


def _named(findings: Sequence[Finding], name: str) -> tuple[Finding, ...]:
    """Findings with the file's shown name in place of the one that it was read under."""
    return tuple(
        replace(finding, place=replace(finding.place, file=name)) if finding.place.file == OWN_NAME else finding
        for finding in findings
    )


@transaction.atomic
def _keep(
    actor: Actor,
    subject: Subject,
    year: int,
    channel: Channel,
    part: Part,
    file: KeptFile | None,
    attached: Sequence[KeptFile],
) -> Submission:
    """The draft that the part goes into: the open one, or that of a new version. Equal rows make no new version."""
    lock_subject(subject)
    _require(actor, subject, year)
    latest = _latest(subject, year)
    rows: Rows = {} if has_errors(part.findings) else {name: rows for name, rows in part.rows.items() if rows}
    fingerprint = content_hash(rows) if rows else ""
    is_same = latest is not None and latest.state == SubmissionState.ACCEPTED and latest.content_hash == fingerprint
    if latest is not None and is_same and not attached:
        return latest
    draft = latest if latest is not None and latest.is_draft else None
    if draft is not None and draft.content_hash and has_errors(part.findings):
        _set_aside(actor, draft)
        draft = None
    if draft is None:
        draft = _new_draft(actor, subject, year, channel, latest)
        copy_evidence(draft, latest.evidence.filter(kind=EvidenceKind.PROFILE) if latest is not None else ())
    draft.rows.all().delete()
    RecordRow.objects.bulk_create(record_rows(draft, rows), batch_size=500)
    if file is not None:
        keep_evidence(actor, draft, file, EvidenceKind.WORKBOOK)
    for one in attached:
        keep_evidence(actor, draft, one, EvidenceKind.PROFILE)
    is_park = isinstance(subject, Park)
    Submission.objects.filter(pk=draft.pk).update(
        channel=channel, findings=kept(part.findings), content_hash=fingerprint,
        completeness=completeness(rows, of_park=is_park) if rows else 0.0,
    )  # fmt: skip
    draft.refresh_from_db()
    return draft


def _set_aside(actor: Actor, draft: Submission) -> None:
    """Withdraw a draft whose rows a faulty file must not replace: they stay, and a new version can begin with them."""
    Submission.objects.filter(pk=draft.pk).update(state=SubmissionState.WITHDRAWN, decided_at=timezone.now())
    SubmissionEvent(submission=draft, author=person_of(actor), state=SubmissionState.WITHDRAWN).save()


def _new_draft(actor: Actor, subject: Subject, year: int, channel: Channel, latest: Submission | None) -> Submission:
    """An empty draft of the next version, within a transaction of the caller's that holds the subject."""
    own = {"site": subject} if isinstance(subject, Site) else {"park": subject}
    draft = Submission(
        **own, year=year, version=latest.version + 1 if latest is not None else 1, channel=channel,
        author=person_of(actor), is_sample=subject.is_sample,
    )  # fmt: skip
    draft.save()
    SubmissionEvent(submission=draft, author=person_of(actor), state=SubmissionState.DRAFT).save()
    return draft
