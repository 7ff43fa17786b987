"""Addresses of the app."""

from __future__ import annotations

from django.urls import path

from ayni.portal.runs import views

app_name = "runs"
urlpatterns = [
    path("", views.runs, name="list"),
    path("<uuid:pk>/", views.run, name="run"),
    path("<uuid:pk>/cancelar/", views.cancel, name="cancel"),
    path("<uuid:pk>/repetir/", views.retry, name="retry"),
    path("<uuid:pk>/archivos/<str:name>", views.output, name="output"),
]
