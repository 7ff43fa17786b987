"""The app's name, and its place in the navigation."""

from __future__ import annotations

from django.apps import AppConfig

from ayni.portal.site.navigation import Entry, add_entry


class RunsConfig(AppConfig):
    """See the package."""

    name = "ayni.portal.runs"
    label = "runs"

    def ready(self) -> None:
        """Offer the list to those who have signed in."""
        add_entry(Entry("runs.nav", "runs:list", 50, lambda request: request.user.is_authenticated))
