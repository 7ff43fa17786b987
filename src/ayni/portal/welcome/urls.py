"""Addresses of the front page, the first visit and the demonstration."""

from __future__ import annotations

from django.urls import path

from ayni.portal.welcome import views

app_name = "welcome"
urlpatterns = [
    path("", views.home, name="home"),
    path("primera-visita/", views.first_visit, name="first_visit"),
    path("demostracion/", views.demo, name="demo"),
]
