"""The app's name, what it listens to, and its place in the navigation."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """See the package."""

    name = "ayni.portal.people"
    label = "people"

    def ready(self) -> None:
        """Listen to allauth; offer the list of people to those who look after them."""
        from ayni.portal.people import receivers  # noqa: F401
        from ayni.portal.people.actor import asking
        from ayni.portal.people.permissions import may_read_members
        from ayni.portal.site.navigation import Entry, add_entry

        add_entry(Entry("people.nav", "people:members", 60, lambda request: bool(may_read_members(asking(request)))))
