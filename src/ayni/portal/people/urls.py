"""Addresses of the app."""

from __future__ import annotations

from django.urls import path

from ayni.portal.people.views import account, elevation, invitations, organisations

app_name = "people"
urlpatterns = [
    path("cuenta/", account.account, name="account"),
    path("segundo-factor/", account.second_factor, name="second_factor"),
    path("organizaciones/<int:pk>/", organisations.organisation, name="organisation"),
    path("organizaciones/<int:pk>/invitar/", organisations.invite, name="invite"),
    path("organizaciones/<int:pk>/verificadores/", organisations.engage, name="engage"),
    path("organizaciones/<int:pk>/nombre/", organisations.publish, name="publish"),
    path("invitaciones/<int:pk>/retirar/", organisations.withdraw_invitation, name="withdraw_invitation"),
    path("membresias/<int:pk>/terminar/", organisations.end_membership, name="end_membership"),
    path("encargos/<int:pk>/terminar/", organisations.end_engagement, name="end_engagement"),
    path("invitacion/<str:secret>/", invitations.invitation, name="invitation"),
    path("miembros/", organisations.members, name="members"),
    path("acceso-elevado/", elevation.elevations, name="elevations"),
    path("acceso-elevado/<uuid:pk>/", elevation.elevation, name="elevation"),
    path("acceso-elevado/<uuid:pk>/terminar/", elevation.end_elevation, name="end_elevation"),
]
