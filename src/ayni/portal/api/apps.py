"""The app's name."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """See the package."""

    name = "ayni.portal.api"
    label = "api"
