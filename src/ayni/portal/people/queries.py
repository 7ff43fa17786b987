"""What pages read about people."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from ayni.portal.people.models import (
    ElevatedAccess,
    Elevation,
    Engagement,
    Invitation,
    Kind,
    Membership,
    Organisation,
    PendingFirm,
    User,
    token_hash,
)
from ayni.portal.people.second_factor import code_at

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class NotInDemo(RuntimeError):
    """Something that only a demonstration may show was asked for elsewhere."""


@dataclass(frozen=True)
class Factors:
    """What a person can give as second factor."""

    has_application: bool
    passkeys: int
    has_recovery_codes: bool

    @property
    def is_set_up(self) -> bool:
        """Whether there is any."""
        return self.has_application or self.passkeys > 0


def factors_of(user: User) -> Factors:
    """The person's second factors."""
    types = list(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    return Factors(
        Authenticator.Type.TOTP in types,
        types.count(Authenticator.Type.WEBAUTHN),
        Authenticator.Type.RECOVERY_CODES in types,
    )


def current_totp(user: User) -> str:
    """The code that the person's authenticator shows now: only in a demonstration. Raises NotInDemo."""
    if not settings.IS_DEMO:
        raise NotInDemo("one-time codes are shown in a demonstration only")
    authenticator = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    return code_at(get_adapter().decrypt(authenticator.data["secret"]), time.time())


def current_memberships() -> QuerySet[Membership]:
    """Memberships that hold now."""
    return Membership.objects.filter(Q(until=None) | Q(until__gt=timezone.now()), ended_at=None)


def memberships_of(user: User) -> QuerySet[Membership]:
    """A person's memberships that hold now."""
    return current_memberships().filter(user=user).select_related("organisation").order_by("organisation__name", "role")


def members_of(organisation: Organisation) -> QuerySet[Membership]:
    """Who belongs to the organisation now, with ``has_factor``: whether they have a second factor."""
    return _with_factor(current_memberships().filter(organisation=organisation)).order_by("user__name", "user__email")


def staff() -> QuerySet[Membership]:
    """The people of the ministry, of operators and verifiers, with ``has_factor``; firms keep theirs to themselves."""
    return _with_factor(current_memberships().exclude(organisation__kind=Kind.FIRM)).order_by("user__name", "pk")


def _with_factor(memberships: QuerySet[Membership]) -> QuerySet[Membership]:
    found = Authenticator.objects.filter(user=OuterRef("user"), type__in=FACTORS)
    return memberships.select_related("user", "organisation").annotate(has_factor=Exists(found))


def looked_after() -> QuerySet[Organisation]:
    """Operators, directorates and bodies of verifiers with ``people``, the number of their members."""
    holds = Q(memberships__ended_at=None) & (Q(memberships__until=None) | Q(memberships__until__gt=timezone.now()))
    counted = Count("memberships__user", filter=holds, distinct=True)
    return Organisation.objects.exclude(kind=Kind.FIRM).annotate(people=counted).order_by("kind", "name")


def names_of(organisations: Iterable[int]) -> dict[int, str]:
    """Names of organisations by their key."""
    return dict(Organisation.objects.filter(pk__in=list(organisations)).values_list("pk", "name"))


def pending_firm(user: User) -> PendingFirm | None:
    """The firm that the person signed up for and that is not made yet."""
    return PendingFirm.objects.filter(user=user).first()


def has_account(email: str) -> bool:
    """Whether the address has an account."""
    return User.objects.filter(email__iexact=email).exists()


def open_invitations(organisation: Organisation) -> QuerySet[Invitation]:
    """Invitations that can still be taken up."""
    return organisation.invitations.filter(
        accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now()
    ).select_related("invited_by", "organisation")


def invitation_of(secret: str) -> Invitation | None:
    """The invitation whose link holds the secret."""
    found = Invitation.objects.filter(secret_hash=token_hash(secret))
    return found.select_related("organisation", "invited_by").first()


def engagements_of(organisation: Organisation) -> QuerySet[Engagement]:
    """The verifiers who may read the firm's records now, or the firms whose records these verifiers may read."""
    side = Q(firm=organisation) | Q(verifier=organisation)
    return Engagement.objects.filter(side, ended_at=None, until__gt=timezone.now()).select_related("firm", "verifier")


def bodies_of_verifiers() -> QuerySet[Organisation]:
    """Whom a firm can engage."""
    return Organisation.objects.filter(kind=Kind.VERIFIER)


def elevations() -> QuerySet[Elevation]:
    """Every elevated access, newest first, with ``requests``, the number of what was answered under it."""
    return Elevation.objects.select_related("user").annotate(requests=Count("accesses")).order_by("-started_at")


def running_elevation(user: User) -> Elevation | None:
    """The person's elevated access that holds now."""
    return Elevation.objects.filter(user=user, ended_at=None, expires_at__gt=timezone.now()).first()


def accesses_of(elevation: Elevation) -> QuerySet[ElevatedAccess]:
    """What was answered under the elevated access, newest first."""
    return ElevatedAccess.objects.filter(elevation=elevation)
