"""An organisation's page with all that its managers do there; the list of those whom administrators look after."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST
from django_tables2 import RequestConfig

from ayni.base.texts import say
from ayni.portal.people import permissions, queries, services
from ayni.portal.people.actor import asking
from ayni.portal.people.filters import StaffFilter
from ayni.portal.people.forms import EngageForm, InviteForm, OrganisationForm, end_of
from ayni.portal.people.models import Engagement, Invitation, Kind, Membership, Organisation
from ayni.portal.people.tables import StaffTable
from ayni.portal.people.views.invitations import link_of
from ayni.portal.site.language import page_language

LINK_KEY = "people_invitation_link"
"""Where a session keeps a link that its author sees once, because no mail took it."""


@login_required
@require_GET
def organisation(request: HttpRequest, pk: int) -> HttpResponse:
    """Who belongs to it, who is asked, whom it lets read."""
    found = get_object_or_404(Organisation, pk=pk)
    permissions.may_read_organisation(asking(request), found).require()
    return _page(request, found)


def _page(request: HttpRequest, found: Organisation, **forms: Any) -> HttpResponse:
    actor = asking(request)
    may_invite = permissions.may_invite(actor, found)
    members = [(one, permissions.may_end(actor, one)) for one in queries.members_of(found)]
    context = {
        "organisation": found, "members": members, "may_invite": may_invite, "is_firm": found.kind == Kind.FIRM,
        "invitations": queries.open_invitations(found) if may_invite else (),
        "may_manage": permissions.may_manage_firm(actor, found), "engagements": queries.engagements_of(found),
        "link": request.session.pop(LINK_KEY, ""),
        "invite_form": forms.get("invite") or (InviteForm(actor, found) if may_invite else None),
        "engage_form": forms.get("engage") or EngageForm(auto_id="id_engage_%s"),
    }  # fmt: skip
    return render(request, "people/organisation.html", context)


@login_required
@require_POST
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Invite an address; the link is shown once where no mail took it."""
    found = get_object_or_404(Organisation, pk=pk)
    actor = asking(request)
    permissions.may_invite(actor, found).require()
    form = InviteForm(actor, found, request.POST)
    if not form.is_valid():
        return _page(request, found, invite=form)
    data = form.cleaned_data
    invitation, secret = services.invite(
        actor, found, data["email"], data["role"], area=data.get("area", ""), until=form.membership_until
    )
    link = link_of(request, secret)
    is_sent = services.send_invitation(invitation, link, page_language())
    if is_sent and settings.ENVIRONMENT.mail_url:
        messages.success(request, say("people.invite.sent", page_language(), email=invitation.email))
    else:
        request.session[LINK_KEY] = link
    return redirect("people:organisation", pk=pk)


@login_required
@require_POST
def withdraw_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an invitation back."""
    invitation = get_object_or_404(Invitation, pk=pk)
    services.withdraw_invitation(asking(request), invitation)
    messages.success(request, say("people.invite.withdrawn", page_language(), email=invitation.email))
    return redirect("people:organisation", pk=invitation.organisation_id)


@login_required
@require_POST
def end_membership(request: HttpRequest, pk: int) -> HttpResponse:
    """End a membership; whoever ended their own goes to their account."""
    membership = get_object_or_404(Membership.objects.select_related("organisation", "user"), pk=pk)
    services.end_membership(asking(request), membership)
    messages.success(request, say("people.members.ended", page_language(), name=str(membership.user)))
    if membership.user_id == request.user.pk:
        return redirect("people:account")
    return redirect("people:organisation", pk=membership.organisation_id)


@login_required
@require_POST
def engage(request: HttpRequest, pk: int) -> HttpResponse:
    """Let verifiers read the firm's records until a day."""
    firm = get_object_or_404(Organisation, pk=pk)
    permissions.may_manage_firm(asking(request), firm).require()
    form = EngageForm(request.POST, auto_id="id_engage_%s")
    if not form.is_valid():
        return _page(request, firm, engage=form)
    data = form.cleaned_data
    services.engage(asking(request), firm, data["verifier"], end_of(data["until"]))
    messages.success(request, say("people.engage.done", page_language(), name=data["verifier"].name))
    return redirect("people:organisation", pk=pk)


@login_required
@require_POST
def end_engagement(request: HttpRequest, pk: int) -> HttpResponse:
    """The verifiers no longer read the firm's records."""
    engagement = get_object_or_404(Engagement.objects.select_related("firm", "verifier"), pk=pk)
    services.end_engagement(asking(request), engagement)
    messages.success(request, say("people.engage.ended", page_language(), name=engagement.verifier.name))
    return redirect("people:organisation", pk=engagement.firm_id)


@login_required
@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the firm's name to everybody, or no longer."""
    firm = get_object_or_404(Organisation, pk=pk)
    services.publish_name(asking(request), firm, is_public=request.POST.get("is_public") == "yes")
    messages.success(request, say("people.publish.done", page_language()))
    return redirect("people:organisation", pk=pk)


@login_required
def members(request: HttpRequest) -> HttpResponse:
    """The people of the ministry, of operators and verifiers; a new organisation by POST."""
    actor = asking(request)
    permissions.may_read_members(actor).require()
    may_add = permissions.may_add_organisation(actor)
    form = OrganisationForm(request.POST or None, auto_id="id_new_%s")
    if request.method == "POST":
        may_add.require()
        if form.is_valid():
            data = form.cleaned_data
            added = services.add_organisation(actor, data["kind"], data["organisation_name"], data["ruc"])
            return redirect("people:organisation", pk=added.pk)
    filters = StaffFilter(request.GET, queryset=queries.staff())
    table = StaffTable(filters.qs)
    RequestConfig(request, paginate={"per_page": 25}).configure(table)
    context = {
        "filter": filters, "table": table, "organisations": queries.looked_after(), "form": form, "may_add": may_add,
    }  # fmt: skip
    return render(request, "people/members.html", context)
