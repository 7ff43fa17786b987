"""Whose tokens there are, and what the API offers."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils import timezone

from ayni.portal.api.models import Token
from ayni.portal.people.models import Membership, Organisation, User, token_hash


def tokens_of(user: User) -> QuerySet[Token]:
    """The person's tokens, the newest first, with those that no longer open anything."""
    return Token.objects.filter(user=user).select_related("user", "organisation")


def open_tokens_of(user: User) -> QuerySet[Token]:
    """The person's tokens that still open something."""
    return tokens_of(user).filter(revoked_at=None, expires_at__gt=timezone.now())


def token_of_secret(secret: str) -> Token | None:
    """The token of a secret, open or not. It is found by its hash, so that timing tells nothing of the secret."""
    return Token.objects.select_related("user", "organisation").filter(secret_hash=token_hash(secret)).first()


def memberships_now(user: User) -> QuerySet[Membership]:
    """The person's memberships that hold now."""
    return Membership.objects.filter(Q(until=None) | Q(until__gt=timezone.now()), user=user, ended_at=None)


def organisations_of(user: User) -> QuerySet[Organisation]:
    """The organisations to which a token of the person can be bound."""
    return Organisation.objects.filter(pk__in=memberships_now(user).values("organisation")).order_by("name", "pk")
