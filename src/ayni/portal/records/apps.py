"""The app's name, its indicators and its place in the navigation."""

from __future__ import annotations

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """See the package."""

    name = "ayni.portal.records"
    label = "records"

    def ready(self) -> None:
        """Offer the app's own indicators, and its place in the navigation to those who have signed in."""
        from ayni.portal.people.actor import asking
        from ayni.portal.records.indicators import register_own
        from ayni.portal.site.navigation import Entry, add_entry

        register_own()
        add_entry(Entry("records.nav", "records:home", 30, lambda request: asking(request).is_known))
