"""Addresses of the API's page and of one's tokens, and what stands under its path besides the operations of ``api``."""

from __future__ import annotations

from django.urls import path

from ayni.portal.api import views
from ayni.portal.api.mounting import api

__all__ = ["api", "app_name", "urlpatterns"]

app_name = "api"
urlpatterns = [
    path("", views.home, name="home"),
    path("claves/", views.tokens, name="tokens"),
    path("claves/<int:pk>/revocar/", views.revoke, name="revoke"),
    path("v1/<path:path>", views.unknown, name="unknown"),
]
