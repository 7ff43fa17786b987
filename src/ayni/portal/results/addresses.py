"""Where results are shown."""

from __future__ import annotations

from django.urls import reverse

from ayni.portal.runs.models import Run


def result_url(run: Run) -> str:
    """The page of a run's results."""
    return reverse("results:run", args=[run.pk])
