"""A run is a row that one can read: kind, state, progress, log, author, inputs by hash, outputs."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from ayni.portal.places.models import Park, Site


class RunState(models.TextChoices):
    """queued → running → done | failed | cancelled; a run whose worker died goes back to queued."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN_STATES = (RunState.QUEUED, RunState.RUNNING)


class Run(models.Model):
    """A job. ``attempt`` counts how often it was taken up; only the attempt that holds the lease may finish it.

    ``inputs`` names what it reads (for the main job: submissions with their hashes), ``inputs_hash`` is its SHA-256.
    ``error`` holds findings as JSON where it failed. ``progress`` runs from 0 to 1. ``task_id`` is the task of the
    queue that carries it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.QUEUED)
    park = models.ForeignKey(Park, on_delete=models.PROTECT, null=True, blank=True, related_name="runs")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="runs")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="runs")
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    parameters = models.JSONField(default=dict)
    inputs = models.JSONField(default=dict)
    inputs_hash = models.CharField(max_length=64)
    is_sample = models.BooleanField(default=False)
    progress = models.FloatField(default=0.0)
    stage = models.CharField(max_length=40, blank=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    task_id = models.UUIDField(null=True, blank=True)
    worker = models.CharField(max_length=64, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    cancel_asked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    error = models.JSONField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "pk"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["state", "lease_until"])]


class RunLine(models.Model):
    """One line of a run's log: a key of the text catalogue with its values."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="lines")
    attempt = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=timezone.now)
    key = models.CharField(max_length=80)
    values = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]


def output_path(output: RunOutput, name: str) -> str:
    """Where an attempt's file lies: each attempt has its own folder, so that what a dead one left is found."""
    return f"{output_folder(output.run_id, output.attempt)}/{name}"


def output_folder(run_id: uuid.UUID, attempt: int) -> str:
    """The folder of an attempt's files among the stored files."""
    return f"runs/{run_id}/{attempt}"


class RunOutput(models.Model):
    """A file that a run made."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="outputs")
    attempt = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=80)
    file = models.FileField(upload_to=output_path, max_length=200)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["run", "name"], name="run_output_once")
        ]


class Worker(models.Model):
    """A process that takes up runs. One that was not seen for two leases counts as dead."""

    name = models.CharField(max_length=64, primary_key=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]
