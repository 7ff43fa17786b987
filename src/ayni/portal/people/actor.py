"""Who asks: the grants of a person or a token, read once per request and handed to every service."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from ayni.portal.people.models import SECOND_FACTOR_ROLES, Elevation, Engagement, Membership, Role, User


@dataclass(frozen=True)
class Grant:
    """One membership that holds now."""

    role: Role
    organisation_id: int
    area: str = ""


@dataclass(frozen=True)
class Actor:
    """A reader or writer with all that decides what they may do.

    ``scopes`` is None for a person at a page; a token may do only what its scopes name. ``has_second_factor`` says
    whether this session was opened with one; without it the grants that ask for one stand in ``held_back`` and give
    nothing. ``engaged_firms`` are those whose records this verifier may read.
    """

    user: User | None = None
    grants: tuple[Grant, ...] = ()
    engaged_firms: frozenset[int] = frozenset()
    elevation_id: UUID | None = None
    has_second_factor: bool = False
    scopes: frozenset[str] | None = None
    held_back: tuple[Grant, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether somebody has signed in."""
        return self.user is not None

    @property
    def is_elevated(self) -> bool:
        """Whether an administrator's elevated access holds."""
        return self.elevation_id is not None

    def has_role(self, *roles: Role) -> bool:
        """Whether one of the roles is held anywhere."""
        return any(grant.role in roles for grant in self.grants)

    def holds(self, organisation_id: int | None, *roles: Role) -> bool:
        """Whether one of the roles is held in the organisation."""
        return organisation_id is not None and any(
            grant.organisation_id == organisation_id and grant.role in roles for grant in self.grants
        )

    def organisations(self, *roles: Role) -> frozenset[int]:
        """The organisations in which one of the roles is held."""
        return frozenset(grant.organisation_id for grant in self.grants if grant.role in roles)

    def covers(self, ubigeo: str) -> bool:
        """Whether an officer's area holds the district."""
        return any(grant.role is Role.OFFICER and ubigeo.startswith(grant.area) for grant in self.grants)

    def areas(self) -> Collection[str]:
        """The areas of an officer's grants; one that is empty is the country."""
        return {grant.area for grant in self.grants if grant.role is Role.OFFICER}

    def may_use(self, scope: str) -> bool:
        """Whether the token, if any, has the scope."""
        return self.scopes is None or scope in self.scopes


ANONYMOUS = Actor()


def asking(request: HttpRequest) -> Actor:
    """The actor of a request, as the middleware set it."""
    return request.actor  # type: ignore[attr-defined]


def actor_of(
    user: User,
    *,
    has_second_factor: bool = False,
    scopes: frozenset[str] | None = None,
    organisation_id: int | None = None,
) -> Actor:
    """The actor that a signed-in user is: three queries, none of which grows with the records.

    With ``organisation_id`` only what is held in that organisation counts: a token may be bound to one. Without a
    second factor grants of SECOND_FACTOR_ROLES are held back: a token counts as having one if it was made with one.
    """
    now = timezone.now()
    holds_now = Q(ended_at=None) & (Q(until=None) | Q(until__gt=now))
    if organisation_id is not None:
        holds_now &= Q(organisation=organisation_id)
    held = tuple(
        Grant(Role(membership.role), membership.organisation_id, membership.area)
        for membership in Membership.objects.filter(holds_now, user=user).order_by("pk")
    )
    grants = tuple(grant for grant in held if has_second_factor or grant.role not in SECOND_FACTOR_ROLES)
    bodies = [grant.organisation_id for grant in grants if grant.role is Role.VERIFIER]
    engaged = Engagement.objects.filter(verifier__in=bodies, ended_at=None, until__gt=now) if bodies else ()
    is_administrator = any(grant.role is Role.ADMINISTRATOR for grant in grants)
    elevation = (
        Elevation.objects.filter(user=user, ended_at=None, expires_at__gt=now).order_by("-started_at").first()
        if is_administrator and scopes is None
        else None
    )
    return Actor(
        user,
        grants,
        frozenset(one.firm_id for one in engaged),
        elevation.pk if elevation else None,
        has_second_factor,
        scopes,
        tuple(grant for grant in held if grant not in grants),
    )
