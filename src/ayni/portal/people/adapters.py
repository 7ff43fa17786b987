"""How allauth behaves here."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Accounts begin with an invitation or by a firm's own sign-up."""


class MFAAdapter(DefaultMFAAdapter):
    """Second factors."""
