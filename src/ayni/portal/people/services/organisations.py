"""Organisations: who belongs to them, whether they are named, whom firms let read."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from ayni.portal.people.actor import Actor
from ayni.portal.people.answers import no
from ayni.portal.people.models import Engagement, Invitation, Kind, Membership, Organisation
from ayni.portal.people.permissions import may_add_organisation, may_end, may_end_engagement, may_manage_firm


@transaction.atomic
def add_organisation(actor: Actor, kind: str, name: str, ruc: str = "") -> Organisation:
    """A new operator, directorate or body of verifiers. Raises Forbidden; firms sign up themselves."""
    may_add_organisation(actor).require()
    if kind == Kind.FIRM:
        no("people.refused.firms_sign_up").require()
    if ruc and Organisation.objects.filter(ruc=ruc).exists():
        no("people.refused.ruc_taken").require()
    return Organisation.objects.create(kind=kind, name=name, ruc=ruc or None)


@transaction.atomic
def end_membership(actor: Actor, membership: Membership) -> None:
    """End a membership, and take back the invitations that the person has open there. Raises Forbidden."""
    # two managers who end each other at once: the second waits here and then finds that it would be the last
    Organisation.objects.select_for_update().get(pk=membership.organisation_id)
    fresh = Membership.objects.select_for_update().get(pk=membership.pk)
    may_end(actor, fresh).require()
    now = timezone.now()
    fresh.ended_at = now
    fresh.save(update_fields=["ended_at"])
    Invitation.objects.filter(
        organisation=fresh.organisation_id, invited_by=fresh.user_id, accepted_at=None, withdrawn_at=None
    ).update(withdrawn_at=now)


@transaction.atomic
def engage(actor: Actor, firm: Organisation, verifier: Organisation, until: datetime.datetime) -> Engagement:
    """Let a body of verifiers read the firm's records until a moment. Raises Forbidden."""
    may_manage_firm(actor, firm).require()
    if verifier.kind != Kind.VERIFIER:
        no("people.refused.verifiers_only").require()
    if until <= timezone.now():
        no("people.refused.until_past").require()
    Organisation.objects.select_for_update().get(pk=firm.pk)
    running = Engagement.objects.filter(firm=firm, verifier=verifier, ended_at=None).first()
    if running is None:
        return Engagement.objects.create(firm=firm, verifier=verifier, until=until)
    running.until = until
    running.save(update_fields=["until"])
    return running


@transaction.atomic
def end_engagement(actor: Actor, engagement: Engagement) -> None:
    """The verifiers no longer read the firm's records. Raises Forbidden."""
    fresh = Engagement.objects.select_for_update().get(pk=engagement.pk)
    may_end_engagement(actor, fresh).require()
    fresh.ended_at = timezone.now()
    fresh.save(update_fields=["ended_at"])


@transaction.atomic
def publish_name(actor: Actor, firm: Organisation, *, is_public: bool) -> None:
    """Show the firm's name to everybody, or no longer: the firm's own act. Raises Forbidden."""
    may_manage_firm(actor, firm).require()
    fresh = Organisation.objects.select_for_update().get(pk=firm.pk)
    fresh.is_public = is_public
    fresh.save(update_fields=["is_public"])
