"""The app's name."""

from __future__ import annotations

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """What every page shares."""

    name = "ayni.portal.site"
    label = "site"
