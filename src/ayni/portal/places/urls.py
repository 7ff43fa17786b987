"""Addresses of the app."""

from __future__ import annotations

from django.urls import path

from ayni.portal.places.views import editing, files, reading

app_name = "places"
urlpatterns = [
    path("", reading.map_page, name="map"),
    path("mapa.geojson", files.features, name="features"),
    path("contorno.geojson", files.outline, name="outline"),
    path("parques/", reading.parks, name="parks"),
    path("parques/nuevo", editing.park_new, name="park_new"),
    path("parques/<slug:slug>/", reading.park, name="park"),
    path("parques/<slug:slug>/mapa.geojson", files.park_features, name="park_features"),
    path("parques/<slug:slug>/corregir", editing.park_edit, name="park_edit"),
    path("parques/<slug:slug>/lotes/nuevo", editing.plot_new, name="plot_new"),
    path("lotes/<int:pk>/", editing.plot_edit, name="plot"),
    path("lotes/<int:pk>/quitar", editing.plot_remove, name="plot_remove"),
    path("empresas/", reading.firms, name="firms"),
    path("empresas/nueva", editing.site_new, name="site_new"),
    path("empresas/<int:pk>/", reading.site, name="site"),
    path("empresas/<int:pk>/corregir", editing.site_edit, name="site_edit"),
    path("empresas/<int:pk>/publicar", editing.publish, {"is_public": True}, name="publish"),
    path("empresas/<int:pk>/ocultar", editing.publish, {"is_public": False}, name="hide"),
    path("empresas/<int:pk>/compartir", editing.share, {"is_shared": True}, name="share"),
    path("empresas/<int:pk>/reservar", editing.share, {"is_shared": False}, name="unshare"),
    path("distritos/", reading.districts, name="districts"),
    path("datos/<slug:dataset>.csv", files.export, {"form": "csv"}, name="export_csv"),
    path("datos/<slug:dataset>.json", files.export, {"form": "json"}, name="export_json"),
]
