"""The app's name, its indicators and its place in the navigation."""

from __future__ import annotations

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """See the package."""

    name = "ayni.portal.records"
    label = "records"

    def ready(self) -> None:
        """Offer the app's own indicators."""
        from ayni.portal.records.indicators import register_own

        register_own()
