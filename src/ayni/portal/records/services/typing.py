"""Typing into a draft, row by row, and checking it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from django.db import transaction

from ayni.base.findings import Finding, Place, error
from ayni.base.sheets import Row
from ayni.base.texts import Language
from ayni.parks.parts import completeness, read_values, sheet_named
from ayni.portal.people.actor import Actor
from ayni.portal.places.models import Park
from ayni.portal.records.checking import check_rows, profile_folder
from ayni.portal.records.contents import content_hash, content_of, rebuilt
from ayni.portal.records.models import Channel, EvidenceKind, RecordRow, Submission
from ayni.portal.records.permissions import may_change
from ayni.portal.records.services.drafts import hand_in_workbook
from ayni.portal.records.services.locks import locked
from ayni.portal.site.findings import kept

ROWS_MAX = 20_000
"""Rows of one draft."""


def save_form_row(
    actor: Actor,
    submission: Submission,
    sheet_name: str,
    values: Mapping[str, object],
    language: Language,
    *,
    row: int | None = None,
) -> tuple[RecordRow | None, tuple[Finding, ...]]:
    """A typed row kept in a draft, new or in place of ``row``; None and what is wrong where it is not kept.

    Raises Forbidden, KeyError for a sheet that is not there, RecordRow.DoesNotExist.
    """
    may_change(actor, submission).require()
    part = read_values({sheet_name: [values]}, language)
    if part.findings or not part.rows[sheet_name]:
        return None, part.findings
    typed = part.rows[sheet_name][0]
    with transaction.atomic():
        draft = locked(submission)
        may_change(actor, draft).require()
        own = draft.rows.filter(sheet=sheet_name)
        others = own if row is None else own.exclude(row=row)
        found = _clash(sheet_name, typed, rebuilt(others, language).get(sheet_name, []))
        if found is None and row is None and draft.rows.count() >= ROWS_MAX:
            found = error("RECORD-MANY", limit=ROWS_MAX)
        if found is not None:
            return None, (found,)
        saved = _keep_row(draft, sheet_name, typed, row)
        Submission.objects.filter(pk=draft.pk).update(channel=Channel.FORM)
        recheck_draft(draft, language)
    return saved, ()


def delete_form_row(actor: Actor, submission: Submission, sheet_name: str, row: int, language: Language) -> None:
    """Take a row out of a draft. Raises Forbidden, RecordRow.DoesNotExist."""
    with transaction.atomic():
        draft = locked(submission)
        may_change(actor, draft).require()
        draft.rows.get(sheet=sheet_name, row=row).delete()
        Submission.objects.filter(pk=draft.pk).update(channel=Channel.FORM)
        recheck_draft(draft, language)


def recheck(actor: Actor, submission: Submission, language: Language) -> Submission:
    """A draft whose rows are checked again, as after a profile file was attached. Raises Forbidden."""
    may_change(actor, submission).require()
    book = submission.evidence.filter(kind=EvidenceKind.WORKBOOK).first()
    if book is not None and not submission.content_hash:
        with book.file.open("rb") as stream:
            return hand_in_workbook(actor, submission.subject, submission.year, stream, book.name, language)
    with transaction.atomic():
        draft = locked(submission)
        may_change(actor, draft).require()
        recheck_draft(draft, language)
    draft.refresh_from_db()
    return draft


def recheck_draft(draft: Submission, language: Language) -> None:
    """Findings, hash and completeness of a draft's rows as they are, within a transaction that holds the draft."""
    rows = rebuilt(draft.rows.all(), language)
    with profile_folder(draft.evidence.filter(kind=EvidenceKind.PROFILE)) as folder:
        found = check_rows(draft.subject, draft.year, rows, folder) if rows else ()
    is_park = isinstance(draft.subject, Park)
    Submission.objects.filter(pk=draft.pk).update(
        findings=kept(found), content_hash=content_hash(rows) if rows else "",
        completeness=completeness(rows, of_park=is_park) if rows else 0.0,
    )  # fmt: skip


def _keep_row(draft: Submission, sheet_name: str, typed: Row, row: int | None) -> RecordRow:
    if row is not None:
        saved = draft.rows.get(sheet=sheet_name, row=row)
        saved.content = content_of(typed)
        saved.save()
        return saved
    last = draft.rows.filter(sheet=sheet_name).order_by("-row").values_list("row", flat=True).first()
    saved = RecordRow(submission=draft, sheet=sheet_name, row=(last or 1) + 1, content=content_of(typed))
    saved.save()
    return saved


def _clash(sheet_name: str, typed: Row, others: list[Row]) -> Finding | None:
    """What says that a row repeats another one, or that the sheet holds only one."""
    sheet = sheet_named(sheet_name)
    if sheet.form and others:
        return error("PART-ONE-ROW", sheet=sheet)
    for other in others:
        if sheet.unique and all(getattr(other, field) == getattr(typed, field) for field in sheet.unique):
            words = tuple(word for field in sheet.unique if (word := getattr(typed, field)) is not None)
            place = replace(Place(), sheet=other.read_from.sheet)
            return error("ROW-TWICE", place, first=str(other.read_from.row), key=words)
    return None
