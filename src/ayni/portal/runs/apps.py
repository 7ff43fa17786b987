"""The app's name."""

from __future__ import annotations

from django.apps import AppConfig


class RunsConfig(AppConfig):
    """See the package."""

    name = "ayni.portal.runs"
    label = "runs"
