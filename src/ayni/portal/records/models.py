"""Submissions, version by version, with their rows, evidence and decisions; and what accepted rows give."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from ayni.portal.places.models import Park, Site
from ayni.portal.records.frozen import AppendOnly, OfDraft, SubmissionQuerySet, refuse_frozen


class SubmissionState(models.TextChoices):
    """draft → submitted → accepted | returned; accepted → superseded. A returned one is corrected by a new version."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class Channel(models.TextChoices):
    """How the rows came in."""

    WORKBOOK = "workbook"
    FORM = "form"
    API = "api"


class Submission(models.Model):
    """What a site, or a park for itself, declares of one year. Once submitted its rows never change.

    ``findings`` are those of the last check, in the documented JSON form with ``code`` and ``values`` kept, so that
    they can be said in either language. ``content_hash`` is the SHA-256 of the rows in canonical form.
    """

    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="submissions")
    park = models.ForeignKey(Park, on_delete=models.PROTECT, null=True, blank=True, related_name="submissions")
    year = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=SubmissionState.choices, default=SubmissionState.DRAFT)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="submissions")
    created_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    remarks = models.TextField(blank=True)
    findings = models.JSONField(default=list)
    content_hash = models.CharField(max_length=64, blank=True)
    completeness = models.FloatField(default=0.0)
    is_sample = models.BooleanField(default=False)
    objects = SubmissionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-year", "-version", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(site=None, park__isnull=False) | Q(site__isnull=False, park=None), name="submission_of_one"
            ),
            models.UniqueConstraint(fields=["site", "year", "version"], name="submission_version_of_site"),
            models.UniqueConstraint(fields=["park", "year", "version"], name="submission_version_of_park"),
            models.UniqueConstraint(
                fields=["site", "year"], condition=Q(state="accepted"), name="one_accepted_of_site"
            ),
            models.UniqueConstraint(
                fields=["park", "year"], condition=Q(state="accepted"), name="one_accepted_of_park"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["state", "year"])]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep a draft; what was submitted changes by its decision alone. Raises Frozen."""
        if self.pk is not None:
            refuse_frozen(Submission, [self.pk])
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Drafts are withdrawn, nothing is deleted. Raises Frozen."""
        return Submission.objects.filter(pk=self.pk).delete(*args, **kwargs)

    @property
    def subject(self) -> Site | Park:
        """Whose record it is."""
        found = self.site or self.park
        if found is None:
            raise AssertionError("a submission is of a site or of a park")
        return found

    @property
    def is_draft(self) -> bool:
        """Whether its rows may still change."""
        return self.state == SubmissionState.DRAFT

    @property
    def district_id(self) -> str:
        """The district whose officers answer for it."""
        return self.subject.district_id


class RecordRow(models.Model):
    """One row of a sheet of a submission, as the room that declares the sheet validated it.

    ``row`` is its number in the file that was handed in (from 2), or in the order of typing.
    """

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="rows")
    sheet = models.CharField(max_length=40)
    row = models.PositiveIntegerField()
    content = models.JSONField()
    objects = OfDraft.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["submission_id", "sheet", "row"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["submission", "sheet", "row"], name="record_row_once")
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep a row of a draft. Raises Frozen."""
        refuse_frozen(Submission, [self.submission_id])
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Take a row out of a draft. Raises Frozen."""
        refuse_frozen(Submission, [self.submission_id])
        return super().delete(*args, **kwargs)


class EvidenceKind(models.TextChoices):
    """What a file shows."""

    WORKBOOK = "workbook"
    BILL = "bill"
    WEIGHING = "weighing"
    PROFILE = "profile"
    OTHER = "other"


class Evidence(models.Model):
    """A file behind a submission, known by its hash; ``sheet`` and ``row`` say which row it stands behind, if one."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=10, choices=EvidenceKind.choices)
    name = models.CharField(max_length=160)
    file = models.FileField(upload_to="evidence/%Y/%m", max_length=200)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    sheet = models.CharField(max_length=40, blank=True)
    row = models.PositiveIntegerField(null=True, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    objects = OfDraft.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep a file behind a draft. Raises Frozen."""
        refuse_frozen(Submission, [self.submission_id])
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Take a file away from a draft. Raises Frozen."""
        refuse_frozen(Submission, [self.submission_id])
        return super().delete(*args, **kwargs)


class SubmissionEvent(AppendOnly, models.Model):
    """One step of a submission: who did what, when, with which remark. Append-only.

    ``warnings_accepted`` counts the warnings that its author accepted by submitting.
    """

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=SubmissionState.choices)
    remark = models.TextField(blank=True)
    warnings_accepted = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]


class IndicatorValue(AppendOnly, models.Model):
    """What an indicator of the registry gives for one accepted submission, computed once when it was accepted.

    ``month`` is 0 for the year. A superseded submission's values stay, and no page counts them.
    """

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="indicators")
    code = models.CharField(max_length=60)
    month = models.PositiveSmallIntegerField(default=0)
    value = models.FloatField()
    unit = models.CharField(max_length=20)
    stage = models.CharField(max_length=12)
    status = models.CharField(max_length=12)
    factors = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["submission", "code", "month"], name="indicator_once")
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["code", "month"])]


class FlowTotal(AppendOnly, models.Model):
    """A year's sum of what passes a site's fence, for Sankeys: computed once when the submission was accepted.

    ``giver`` and ``taker`` are ``site`` for the site itself, an outside node, or the code of another site of the park.
    ``kind`` is a kind of flow or ``energy``; ``name`` a resource or a carrier; ``way`` a management or a use.
    """

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="flow_totals")
    giver = models.CharField(max_length=40)
    taker = models.CharField(max_length=40)
    kind = models.CharField(max_length=12)
    name = models.CharField(max_length=160)
    way = models.CharField(max_length=40, blank=True)
    amount = models.FloatField()
    unit = models.CharField(max_length=8)
