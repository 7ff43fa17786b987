"""Districts, parks with their dated facts, plots, and the sites of firms."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from ayni.portal.people.models import Organisation


class District(models.Model):
    """A district by its code (ubigeo of INEI, six digits: region, province, district)."""

    ubigeo = models.CharField(max_length=6, primary_key=True)
    name = models.CharField(max_length=80)
    province = models.CharField(max_length=80)
    region = models.CharField(max_length=80)
    latitude = models.FloatField()
    longitude = models.FloatField()
    position_status = models.CharField(max_length=12)
    position_source = models.TextField(blank=True)
    is_zis = models.BooleanField(default=False)
    source = models.TextField()
    date = models.CharField(max_length=10, blank=True)
    status = models.CharField(max_length=12, blank=True)
    note_es = models.TextField(blank=True)
    note_en = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["ubigeo"]

    def __str__(self) -> str:
        return self.name


class Park(models.Model):
    """An industrial park or zone. ``position_error`` is how far its true position may be [km]; None is not known.

    ``source``, ``date`` and ``status`` say where its place is from; a park that an officer entered is ``declared``.
    """

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=160)
    operator = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="operated_parks"
    )
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="parks")
    latitude = models.FloatField()
    longitude = models.FloatField()
    position_status = models.CharField(max_length=12)
    position_source = models.TextField(blank=True)
    position_error = models.FloatField(null=True, blank=True, help_text="km")
    place = models.CharField(max_length=200, blank=True)
    source = models.TextField(blank=True)
    date = models.CharField(max_length=10, blank=True)
    status = models.CharField(max_length=12, blank=True)
    note_es = models.TextField(blank=True)
    note_en = models.TextField(blank=True)
    is_sample = models.BooleanField(default=False)
    history = HistoricalRecords()

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class ParkFact(models.Model):
    """What a source said of a park on a date. Two bases of one quantity stand side by side; nothing is overwritten.

    ``part`` is the part of the park that it speaks of, such as ``stage_1``; ``qualifier`` is ``about``, ``more_than``
    or ``from`` where the source says so. ``date`` is a day, a month, a year, or the years between which it lies.
    """

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="facts")
    quantity = models.CharField(max_length=40)
    basis = models.CharField(max_length=40, blank=True)
    part = models.CharField(max_length=20, blank=True)
    qualifier = models.CharField(max_length=12, blank=True)
    value = models.FloatField(null=True, blank=True)
    low = models.FloatField(null=True, blank=True)
    high = models.FloatField(null=True, blank=True)
    unit = models.CharField(max_length=20, blank=True)
    date = models.CharField(max_length=10)
    source = models.CharField(max_length=300)
    status = models.CharField(max_length=12)
    note_es = models.TextField(blank=True)
    note_en = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["park_id", "quantity", "basis", "part", "date", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["park", "quantity", "basis", "part", "date", "source"], name="park_fact_once"
            )
        ]


class Plot(models.Model):
    """A plot of a park; ``outline`` is a GeoJSON geometry."""

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="plots")
    code = models.CharField(max_length=20)
    area = models.FloatField(help_text="m2")
    outline = models.JSONField(null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering: ClassVar[list[str]] = ["park_id", "code"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["park", "code"], name="plot_code_once")
        ]

    def __str__(self) -> str:
        return self.code


class Site(models.Model):
    """A firm at one place. ``code`` is its code in the records of its park, such as E01."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="sites")
    park = models.ForeignKey(Park, on_delete=models.PROTECT, null=True, blank=True, related_name="sites")
    plot = models.ForeignKey(Plot, on_delete=models.PROTECT, null=True, blank=True, related_name="sites")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="sites")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=160)
    isic = models.CharField(max_length=4)
    latitude = models.FloatField()
    longitude = models.FloatField()
    is_operating = models.BooleanField(default=True)
    is_sample = models.BooleanField(default=False)
    is_shared_with_park = models.BooleanField(
        default=False, help_text="The firm itself lets its park's operator and consultants read its records."
    )
    created_at = models.DateTimeField(default=timezone.now)
    history = HistoricalRecords()

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["park", "code"], condition=~Q(park=None), name="site_code_once_in_park")
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["isic"])]

    def __str__(self) -> str:
        return self.name
