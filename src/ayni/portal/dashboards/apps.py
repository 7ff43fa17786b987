"""The app's name, and its place in the navigation."""

from __future__ import annotations

from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    """See the package."""

    name = "ayni.portal.dashboards"
    label = "dashboards"

    def ready(self) -> None:
        """Offer the dashboards in the navigation."""
        from ayni.portal.site.navigation import Entry, add_entry

        add_entry(Entry("dashboards.nav", "dashboards:home", 40))
