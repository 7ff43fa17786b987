"""Elevated access in place of a standing superuser: for a reason, for half an hour, every answer logged."""

from __future__ import annotations

import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ayni.portal.people.actor import Actor
from ayni.portal.people.answers import no
from ayni.portal.people.models import ElevatedAccess, Elevation, User
from ayni.portal.people.permissions import may_elevate, may_end_elevation
from ayni.portal.people.second_factor import is_recent

LENGTH = datetime.timedelta(minutes=30)
REASON_MIN = 10
PATH_MAX = 500


@transaction.atomic
def ask_elevation(actor: Actor, reason: str, confirmed_at: datetime.datetime | None) -> Elevation:
    """Elevated access for half an hour. ``confirmed_at``: when the second factor was last given. Raises Forbidden."""
    may_elevate(actor).require()
    assert actor.user is not None  # noqa: S101 an administrator is known
    if not is_recent(confirmed_at):
        no("people.refused.second_factor_old").require()
    if len(reason.strip()) < REASON_MIN:
        no("people.refused.reason_short", count=REASON_MIN).require()
    User.objects.select_for_update().get(pk=actor.user.pk)
    now = timezone.now()
    if Elevation.objects.filter(user=actor.user, ended_at=None, expires_at__gt=now).exists():
        no("people.refused.elevated_already").require()
    return Elevation.objects.create(user=actor.user, reason=reason.strip(), expires_at=now + LENGTH)


@transaction.atomic
def end_elevation(actor: Actor, elevation: Elevation) -> None:
    """End one's own elevated access before its time. Raises Forbidden."""
    fresh = Elevation.objects.select_for_update().get(pk=elevation.pk)
    may_end_elevation(actor, fresh).require()
    fresh.ended_at = timezone.now()
    fresh.save(update_fields=["ended_at"])


def log_access(elevation_id: UUID, method: str, path: str, status: int) -> None:
    """Keep one request that was answered with elevated access."""
    ElevatedAccess.objects.create(elevation_id=elevation_id, method=method, path=path[:PATH_MAX], status=status)
