"""Addresses of the front page."""

from __future__ import annotations

from django.urls import include, path

from ayni.portal.site import views

app_name = "site"
urlpatterns = [
    path("", views.home, name="home"),
    path("idioma/", include("django.conf.urls.i18n")),
]
