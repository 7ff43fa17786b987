"""The app's name."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """See the package."""

    name = "ayni.portal.people"
    label = "people"
