"""Who may invite, end, read and ask for what, and why not."""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone

from ayni.portal.people.actor import Actor
from ayni.portal.people.answers import YES, Answer, no
from ayni.portal.people.models import (
    MANAGING_ROLES,
    ROLES_OF_KIND,
    Elevation,
    Engagement,
    Invitation,
    Kind,
    Membership,
    Organisation,
    Role,
    User,
)

MANAGER_OF = {Kind.FIRM: Role.FIRM_MANAGER, Kind.OPERATOR: Role.PARK_OPERATOR}
"""Organisations that look after their own people; the others are looked after by administrators."""


def is_country_officer(actor: Actor) -> bool:
    """Whether the actor is an officer of the whole country."""
    return "" in actor.areas()


def may_give(actor: Actor, organisation: Organisation, role: str) -> Answer:
    """Whether the actor may invite somebody into the role there, and end it.

    Managers of firms and operators of parks look after their own people; administrators after the ministry's and the
    verifiers', and they bring the first operator of a park. Elevated access reaches all.
    """
    kind = Kind(organisation.kind)
    if role not in ROLES_OF_KIND[kind]:
        return no("people.refused.role_of_kind")
    if actor.is_elevated:
        return YES
    if kind in MANAGER_OF:
        if actor.holds(organisation.pk, MANAGER_OF[kind]):
            return YES
        if role == Role.PARK_OPERATOR and actor.has_role(Role.ADMINISTRATOR) and not _has_operator(organisation):
            return YES
        return no(f"people.refused.manage_{kind.value}")
    return YES if actor.has_role(Role.ADMINISTRATOR) else no("people.refused.administrators_only")


def _has_operator(organisation: Organisation) -> bool:
    return Membership.objects.filter(organisation=organisation, role=Role.PARK_OPERATOR, ended_at=None).exists()


def roles_to_give(actor: Actor, organisation: Organisation) -> list[Role]:
    """The roles that the actor may invite into, in the order of the roles."""
    return [role for role in Role if may_give(actor, organisation, role)]


def may_invite(actor: Actor, organisation: Organisation) -> Answer:
    """Whether the actor may invite into any role there."""
    roles = sorted(ROLES_OF_KIND[organisation.kind])
    answers = [may_give(actor, organisation, role) for role in roles]
    return next((answer for answer in answers if answer), answers[0])


def may_accept(user: User | None, invitation: Invitation) -> Answer:
    """Whether the link still works, and for this person."""
    if invitation.accepted_at:
        return no("people.invitation.accepted")
    if invitation.withdrawn_at:
        return no("people.invitation.withdrawn")
    if invitation.expires_at <= timezone.now():
        return no("people.invitation.expired")
    if user is not None and user.email.casefold() != invitation.email.casefold():
        return no("people.invitation.other_address")
    return YES


def may_withdraw(actor: Actor, invitation: Invitation) -> Answer:
    """Whether the actor may take the invitation back."""
    if invitation.accepted_at or invitation.withdrawn_at:
        return no("people.refused.invitation_closed")
    return may_give(actor, invitation.organisation, invitation.role)


def is_last_manager(membership: Membership) -> bool:
    """Whether nobody else keeps the managing role in the organisation when this membership ends."""
    if membership.role not in MANAGING_ROLES:
        return False
    now = timezone.now()
    others = Membership.objects.filter(
        Q(until=None) | Q(until__gt=now), ended_at=None, organisation=membership.organisation_id, role=membership.role,
        user__is_active=True,
    )  # fmt: skip
    return not others.exclude(user=membership.user_id).exists()


def may_end(actor: Actor, membership: Membership) -> Answer:
    """Whether the actor may end the membership: their own, or one that they may give; never the last manager's."""
    if membership.ended_at:
        return no("people.refused.membership_ended")
    is_own = actor.user is not None and actor.user.pk == membership.user_id
    if not is_own:
        answer = may_give(actor, membership.organisation, membership.role)
        if not answer:
            return answer
    return no("people.refused.last_manager") if is_last_manager(membership) else YES


def may_read_organisation(actor: Actor, organisation: Organisation) -> Answer:
    """Whether the actor may see who belongs to it: its own people, and those who look after it."""
    if actor.is_elevated or organisation.pk in actor.organisations(*Role):
        return YES
    if organisation.kind != Kind.FIRM and may_read_members(actor):
        return YES
    return no("people.refused.organisation")


def may_read_members(actor: Actor) -> Answer:
    """Whether the actor may see the list of the ministry's, operators' and verifiers' people."""
    if actor.has_role(Role.ADMINISTRATOR) or is_country_officer(actor):
        return YES
    return no("people.refused.members")


def may_add_organisation(actor: Actor) -> Answer:
    """Whether the actor may add an operator, a directorate or a body of verifiers; firms sign up themselves."""
    return YES if actor.has_role(Role.ADMINISTRATOR) else no("people.refused.administrators_only")


def may_register_ruc(ruc: str) -> Answer:
    """Whether no organisation has the RUC yet: one that is here lets its manager invite."""
    return no("people.refused.ruc_taken") if Organisation.objects.filter(ruc=ruc).exists() else YES


def may_manage_firm(actor: Actor, firm: Organisation) -> Answer:
    """Whether the actor may act for the firm: publish its name, engage verifiers."""
    if firm.kind != Kind.FIRM:
        return no("people.refused.firms_only")
    return YES if actor.holds(firm.pk, Role.FIRM_MANAGER) else no("people.refused.firm_manager_only")


def may_end_engagement(actor: Actor, engagement: Engagement) -> Answer:
    """Whether the actor may end the verifiers' reading before its day."""
    if engagement.ended_at:
        return no("people.refused.engagement_ended")
    return may_manage_firm(actor, engagement.firm)


def may_read_elevations(actor: Actor) -> Answer:
    """Whether the actor may read the log of elevated access."""
    if actor.has_role(Role.ADMINISTRATOR) or is_country_officer(actor):
        return YES
    return no("people.refused.elevations")


def may_elevate(actor: Actor) -> Answer:
    """Whether the actor may ask for elevated access."""
    if not actor.has_role(Role.ADMINISTRATOR):
        return no("people.refused.administrators_only")
    return no("people.refused.elevated_already") if actor.is_elevated else YES


def may_end_elevation(actor: Actor, elevation: Elevation) -> Answer:
    """Whether the actor may end the elevated access: their own, while it holds."""
    if not elevation.is_running:
        return no("people.refused.elevation_ended")
    return (
        YES if actor.user is not None and actor.user.pk == elevation.user_id else no("people.refused.elevation_other")
    )
