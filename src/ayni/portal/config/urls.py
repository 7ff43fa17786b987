"""The root of the addresses: each app brings its own."""

from __future__ import annotations

from django.urls import include, path

from ayni.portal.api.urls import api

urlpatterns = [
    path("", include("ayni.portal.welcome.urls")),
    path("", include("ayni.portal.site.urls")),
    path("cuenta/", include("allauth.urls")),
    path("personas/", include("ayni.portal.people.urls")),
    path("lugares/", include("ayni.portal.places.urls")),
    path("trabajos/", include("ayni.portal.runs.urls")),
    path("registros/", include("ayni.portal.records.urls")),
    path("resultados/", include("ayni.portal.results.urls")),
    path("tableros/", include("ayni.portal.dashboards.urls")),
    path("api/v1/", api.urls),
    path("api/", include("ayni.portal.api.urls")),
]

handler403 = "ayni.portal.site.views.forbidden"
handler404 = "ayni.portal.site.views.not_found"
handler500 = "ayni.portal.site.views.failed"
