"""What was published of a year: frozen totals, whose records they count, and what is hidden and why."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from ayni.portal.people.models import Organisation
from ayni.portal.records.frozen import AppendOnly
from ayni.portal.records.models import Submission


class Publication(AppendOnly, models.Model):
    """The totals of a year as they were made public at one moment, in the whole lattice of areas. Never changed.

    ``number`` counts the publications of the year from 1. ``rule`` holds the numbers of the confidentiality rule then
    in force. ``rows_hash`` is the SHA-256 over the content hashes of all records counted.
    """

    year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="publications")
    rule = models.JSONField(default=dict)
    rows_hash = models.CharField(max_length=64)
    is_sample = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["-year", "-number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["year", "number"], name="publication_number_of_year")
        ]


class PublicationRecord(AppendOnly, models.Model):
    """An accepted record that a publication counts, with firm, place and branch as they were when it was first counted.

    ``park`` is the park's slug, empty outside of parks; ``branch`` the division of ISIC.
    """

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="records")
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="publication_records")
    firm = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    ubigeo = models.CharField(max_length=6)
    park = models.CharField(max_length=50, blank=True)
    branch = models.CharField(max_length=2)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["publication", "submission"], name="publication_record_once")
        ]


class PublicationCell(AppendOnly, models.Model):
    """One total of a publication; ``month`` is 0 for the year, ``branch`` is filled for branches of the country.

    ``value`` is None where it is hidden. ``shown`` is the publication whose total stands here: this one, or the one
    before whose total is kept. ``reason`` says why it is hidden or kept; only officers of the country read it.
    """

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="cells")
    area = models.CharField(max_length=60)
    branch = models.CharField(max_length=2, blank=True)
    code = models.CharField(max_length=60)
    month = models.PositiveSmallIntegerField(default=0)
    shown = models.ForeignKey(Publication, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=10, blank=True)
    value = models.FloatField(null=True)
    firms = models.PositiveIntegerField(null=True)
    unit = models.CharField(max_length=20)
    stage = models.CharField(max_length=12, blank=True)
    status = models.CharField(max_length=12, blank=True)
    factors = models.JSONField(default=list)
    rows_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["publication", "area", "branch", "code", "month"], name="published_once"),
            models.CheckConstraint(
                condition=models.Q(shown=None, value=None, firms=None)
                | models.Q(shown__isnull=False, value__isnull=False, firms__isnull=False),
                name="hidden_has_no_value",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["area", "code", "month"])]
