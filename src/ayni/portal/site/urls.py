"""The choice of language."""

from __future__ import annotations

from django.urls import include, path

app_name = "site"
urlpatterns = [
    path("idioma/", include("django.conf.urls.i18n")),
]
