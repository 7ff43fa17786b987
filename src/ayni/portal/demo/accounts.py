"""The accounts of a demonstration. Their secrets are known to everybody: they exist in no other database."""

from __future__ import annotations

import base64
import hashlib
import time
from dataclasses import dataclass

from allauth.mfa import app_settings
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from ayni.portal.people.models import Role

PASSWORD = "zona chilca de muestra"  # noqa: S105 everybody may know it
RETURNED, WAITING, VERIFIED = "E03", "E05", "E08"
"""Firms with a returned correction, with one that waits for review, and with verifiers."""
SHARING = frozenset({"E02", "E03", "E04", "E06", "E07", "E08", "E10"})
"""Firms that let their park read their records."""
NAMED = frozenset({"E06", "E08"})
"""Firms that let their name be shown to everybody."""


@dataclass(frozen=True)
class Account:
    """One account: ``place`` is the code of its firm, or the kind of organisation that it belongs to."""

    role: Role
    email: str
    name: str
    place: str

    @property
    def secret(self) -> str:
        """The secret of its one-time codes, base32."""
        digest = hashlib.sha256(f"ayni demonstration {self.role.value}".encode()).digest()
        return base64.b32encode(digest[:20]).decode()


ACCOUNTS: tuple[Account, ...] = (
    Account(Role.FIRM_MANAGER, "empresa@example.org", "Rosa Huamán", RETURNED),
    Account(Role.FIRM_MEMBER, "planta@example.org", "Julio Ccori", WAITING),
    Account(Role.PARK_OPERATOR, "parque@example.org", "Elena Távara", "operator"),
    Account(Role.CONSULTANT, "consultora@example.org", "Martín Yupanqui", "operator"),
    Account(Role.OFFICER, "ministerio@example.org", "Carmen Salas", "ministry"),
    Account(Role.VERIFIER, "verificadora@example.org", "Nora Chumpitaz", "verifier"),
    Account(Role.ADMINISTRATOR, "administra@example.org", "Iván Rojas", "ministry"),
)
"""One per role, in the order of the story on the front page; the officer answers for the whole country."""


def code_of(account: Account) -> str:
    """The account's one-time code of this moment."""
    return format_hotp_value(hotp_value(account.secret, int(time.time()) // int(app_settings.TOTP_PERIOD)))


def seconds_left() -> int:
    """For how many seconds the codes of this moment are shown."""
    period = int(app_settings.TOTP_PERIOD)
    return period - int(time.time()) % period
