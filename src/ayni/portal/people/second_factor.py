"""The second factor of a session: whether there was one, when, and the codes of an authenticator application."""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
import struct
import time

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY, get_authentication_records
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils import timezone

from ayni.portal.people.models import User

SET_UP_KEY = "people_second_factor_set_up"
"""Where a session keeps that a second factor was set up in it, which proves it as an entered code does."""
RECENT = datetime.timedelta(minutes=5)
"""How old a second factor may be where a fresh one is asked for."""
PERIOD = 30
DIGITS = 6


def second_factor_at(request: HttpRequest, user: User) -> datetime.datetime | None:
    """When the person last gave a second factor in this session: a code, a passkey, or setting one up."""
    moments = [record["at"] for record in get_authentication_records(request, user) if record.get("method") == "mfa"]
    set_up = request.session.get(SET_UP_KEY)
    if set_up and set_up["user"] == user.pk:
        moments.append(set_up["at"])
    return datetime.datetime.fromtimestamp(max(moments), tz=datetime.UTC) if moments else None


def is_recent(moment: datetime.datetime | None) -> bool:
    """Whether a second factor was given within the last minutes."""
    return moment is not None and timezone.now() - moment < RECENT


def remember_set_up(session: SessionBase, user: User) -> None:
    """Keep that this session set up a second factor."""
    session[SET_UP_KEY] = {"user": user.pk, "at": time.time()}


def forget(session: SessionBase) -> None:
    """The last second factor was taken away: this session has none any more."""
    session.pop(SET_UP_KEY, None)
    records = session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [one for one in records if one.get("method") != "mfa"]


def code_at(secret: str, moment: float) -> str:
    """The one-time code of a base32 ``secret`` at ``moment`` [s since 1970] (RFC 6238: SHA-1, 30 s, six digits)."""
    counter = struct.pack(">Q", int(moment) // PERIOD)
    digest = hmac.new(base64.b32decode(secret, casefold=True), counter, hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    value = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{value % 10**DIGITS:0{DIGITS}}"
