"""Addresses of the app."""

from __future__ import annotations

from django.urls import path

from ayni.portal.dashboards import publication_views, views

app_name = "dashboards"
urlpatterns = [
    path("", views.home, name="home"),
    path("pais/", views.country, name="country"),
    path("regiones/<slug:ubigeo>/", views.region, name="region"),
    path("parques/<slug:slug>/", views.park, name="park"),
    path("parques/<slug:slug>/<int:year>/<str:code>/", views.park_indicator, name="park_indicator"),
    path("empresas/<int:pk>/", views.firm, name="firm"),
    path("empresas/<int:pk>/<int:year>/<str:code>/", views.indicator, name="indicator"),
    path("publicaciones/", publication_views.publications, name="publications"),
    path("publicaciones/<int:year>/publicar", publication_views.publish_year, name="publish"),
    path("publicaciones/<int:year>/<int:number>/", publication_views.publication, name="publication"),
    path(
        "publicaciones/<int:year>/<int:number>/totales.csv", publication_views.publication_file, {"form": "csv"},
        name="publication_csv",
    ),
    path(
        "publicaciones/<int:year>/<int:number>/totales.json", publication_views.publication_file, {"form": "json"},
        name="publication_json",
    ),
    path(
        "publicaciones/<int:year>/<int:number>/<str:area>/<str:code>/", publication_views.published_total,
        name="published_total",
    ),
]  # fmt: skip
