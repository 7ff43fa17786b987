"""The app's name."""

from __future__ import annotations

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """See the package."""

    name = "ayni.portal.records"
    label = "records"
