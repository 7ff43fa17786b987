"""Addresses of the app."""

from __future__ import annotations

from django.urls import path

from ayni.portal.dashboards import views

app_name = "dashboards"
urlpatterns = [
    path("", views.home, name="home"),
    path("pais/", views.country, name="country"),
    path("regiones/<slug:ubigeo>/", views.region, name="region"),
    path("parques/<slug:slug>/", views.park, name="park"),
    path("parques/<slug:slug>/<int:year>/<str:code>/", views.park_indicator, name="park_indicator"),
    path("empresas/<int:pk>/", views.firm, name="firm"),
    path("empresas/<int:pk>/<int:year>/<str:code>/", views.indicator, name="indicator"),
]
