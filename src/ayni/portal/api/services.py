"""Every write of tokens."""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from ayni.base.findings import Refused, error
from ayni.base.texts import Word
from ayni.portal.api.models import Scope, Token
from ayni.portal.api.permissions import may_make_token, may_revoke
from ayni.portal.api.queries import organisations_of
from ayni.portal.people.actor import Actor
from ayni.portal.people.answers import Forbidden
from ayni.portal.people.models import Organisation, User, token_hash

LEAD = "ayni_"
DAYS_MAX = 365
USE_IS_NOTED_AFTER = datetime.timedelta(minutes=1)


@dataclass(frozen=True)
class Issued:
    """A new token with its secret, which is shown once and kept nowhere."""

    token: Token
    secret: str


@transaction.atomic
def make_token(
    actor: Actor, *, name: str, scopes: Collection[Scope], days: int, organisation: Organisation | None = None
) -> Issued:
    """A new token of the actor. Raises Forbidden, or Refused for scopes, days or an organisation that cannot be."""
    user = _owner(actor)
    User.objects.select_for_update().get(pk=user.pk)  # two at once do not pass the limit together
    may_make_token(actor).require()
    if not scopes:
        raise Refused([error("API-TOKEN-SCOPE")])
    if not 1 <= days <= DAYS_MAX:
        raise Refused([error("API-TOKEN-DAYS", days=days, most=DAYS_MAX)])
    if organisation is not None and not organisations_of(user).filter(pk=organisation.pk).exists():
        raise Refused([error("API-TOKEN-ORGANISATION")])
    secret = LEAD + secrets.token_hex(24)
    now = timezone.now()
    token = Token.objects.create(
        user=user, organisation=organisation, name=name, prefix=secret[:12], secret_hash=token_hash(secret),
        scopes=sorted(scopes), has_second_factor=actor.has_second_factor, created_at=now,
        expires_at=now + datetime.timedelta(days=days),
    )  # fmt: skip
    return Issued(token, secret)


@transaction.atomic
def revoke_token(actor: Actor, token: Token) -> None:
    """The token opens nothing any more. Raises Forbidden."""
    locked = Token.objects.select_for_update().get(pk=token.pk)
    may_revoke(actor, locked).require()
    locked.revoked_at = timezone.now()
    locked.save(update_fields=["revoked_at"])


def _owner(actor: Actor) -> User:
    if actor.user is None:
        raise Forbidden(Word("api.refused.sign_in"))
    return actor.user


def note_use(token: Token) -> None:
    """When the token was last used, written at most once a minute however often it is."""
    now = timezone.now()
    due = now - USE_IS_NOTED_AFTER
    if token.last_used_at is None or token.last_used_at <= due:
        unnoted = Q(last_used_at=None) | Q(last_used_at__lte=due)
        Token.objects.filter(unnoted, pk=token.pk).update(last_used_at=now)
