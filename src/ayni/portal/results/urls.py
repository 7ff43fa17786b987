"""Addresses of the app."""

from __future__ import annotations

from django.urls import path

from ayni.portal.results import views

app_name = "results"
urlpatterns = [
    path("parques/<slug:slug>/", views.park, name="list"),
    path("parques/<slug:slug>/<int:year>/calcular", views.start, name="start"),
    path("<uuid:pk>/", views.run, name="run"),
    path("<uuid:pk>/totales.json", views.totals, {"form": "json"}, name="totals_json"),
    path("<uuid:pk>/totales.csv", views.totals, {"form": "csv"}, name="totals_csv"),
    path("<uuid:pk>/cifras/<path:figure>", views.figure, name="figure"),
]
