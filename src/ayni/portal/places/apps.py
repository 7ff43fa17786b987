"""The app's name, and its place in the navigation."""

from __future__ import annotations

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """See the package."""

    name = "ayni.portal.places"
    label = "places"

    def ready(self) -> None:
        """Offer the map in the navigation."""
        from ayni.portal.site.navigation import Entry, add_entry

        add_entry(Entry("places.nav", "places:map", 20))
