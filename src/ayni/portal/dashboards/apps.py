"""The app's name."""

from __future__ import annotations

from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    """See the package."""

    name = "ayni.portal.dashboards"
    label = "dashboards"
