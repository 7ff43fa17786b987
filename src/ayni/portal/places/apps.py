"""The app's name."""

from __future__ import annotations

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """See the package."""

    name = "ayni.portal.places"
    label = "places"
