"""The app's name."""

from __future__ import annotations

from django.apps import AppConfig


class WelcomeConfig(AppConfig):
    """See the package."""

    name = "ayni.portal.welcome"
    label = "welcome"
