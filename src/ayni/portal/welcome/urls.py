"""Addresses of the front page and the first visit."""

from __future__ import annotations

from django.urls import path

from ayni.portal.welcome import views

app_name = "welcome"
urlpatterns = [path("", views.home, name="home")]
