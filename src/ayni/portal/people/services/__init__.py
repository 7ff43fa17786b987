"""Every write of people: accounts, memberships, invitations, engagements, elevated access."""

from __future__ import annotations

from ayni.portal.people.services.accounts import (
    change_profile,
    found_firm,
    make_account,
    remember_firm,
    remember_language,
)
from ayni.portal.people.services.elevation import ask_elevation, end_elevation, log_access
from ayni.portal.people.services.invitations import (
    accept_as_new,
    accept_invitation,
    invite,
    invite_first_administrator,
    send_invitation,
    withdraw_invitation,
)
from ayni.portal.people.services.organisations import (
    add_organisation,
    end_engagement,
    end_membership,
    engage,
    publish_name,
)

__all__ = [
    "accept_as_new",
    "accept_invitation",
    "add_organisation",
    "ask_elevation",
    "change_profile",
    "end_elevation",
    "end_engagement",
    "end_membership",
    "engage",
    "found_firm",
    "invite",
    "invite_first_administrator",
    "log_access",
    "make_account",
    "publish_name",
    "remember_firm",
    "remember_language",
    "send_invitation",
    "withdraw_invitation",
]
