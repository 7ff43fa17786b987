"""Addresses of the app."""

from __future__ import annotations

from django.urls import path

from ayni.portal.records.views import acts, handing, reading

app_name = "records"
urlpatterns = [
    path("", reading.home, name="home"),
    path("lista/", reading.listed, name="list"),
    path("lista.csv", handing.list_csv, name="list_csv"),
    path("nuevo/", handing.new, name="new"),
    path("subir/", handing.upload, name="upload"),
    path("plantilla.xlsx", handing.template, name="template"),
    path("archivos/<int:pk>/", reading.evidence, name="evidence"),
    path("archivos/<int:pk>/quitar/", acts.evidence_remove, name="evidence_remove"),
    path("<int:pk>/", reading.submission, name="submission"),
    path("<int:pk>/libro.xlsx", handing.export, name="export"),
    path("<int:pk>/enviar/", acts.submit, name="submit"),
    path("<int:pk>/retirar/", acts.withdraw, name="withdraw"),
    path("<int:pk>/corregir/", acts.correct, name="correct"),
    path("<int:pk>/comprobar/", acts.recheck, name="recheck"),
    path("<int:pk>/aceptar/", acts.accept, name="accept"),
    path("<int:pk>/devolver/", acts.give_back, name="return"),
    path("<int:pk>/adjuntar/", acts.attach, name="attach"),
    path("<int:pk>/hojas/<slug:sheet>/nueva/", handing.row, name="row_new"),
    path("<int:pk>/hojas/<slug:sheet>/<int:number>/", handing.row, name="row"),
    path("<int:pk>/hojas/<slug:sheet>/<int:number>/quitar/", handing.row_delete, name="row_delete"),
]
