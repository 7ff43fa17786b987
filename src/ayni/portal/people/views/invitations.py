"""The page behind an invitation's link."""

from __future__ import annotations

from allauth.account.utils import perform_login
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from ayni.base.texts import say
from ayni.portal.people import queries, services
from ayni.portal.people.forms import AcceptForm
from ayni.portal.people.models import Invitation, User
from ayni.portal.people.permissions import may_accept
from ayni.portal.site.language import page_language

GONE = 410


def link_of(request: HttpRequest, secret: str) -> str:
    """The whole address of an invitation."""
    return request.build_absolute_uri(reverse("people:invitation", kwargs={"secret": secret}))


@sensitive_post_parameters("password", "password_again")
@never_cache
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Who asks into what; the asked person takes it up, signed in or with a new account."""
    found = queries.invitation_of(secret)
    if found is None:
        raise Http404
    user = request.user if isinstance(request.user, User) else None
    closed = may_accept(None, found)
    if not closed:
        return render(request, "people/invitation_closed.html", {"reason": closed.reason}, status=GONE)
    if user is not None:
        return _of_known(request, found, user)
    return _of_stranger(request, found)


def _of_known(request: HttpRequest, found: Invitation, user: User) -> HttpResponse:
    if request.method == "POST":
        services.accept_invitation(user, found)
        messages.success(request, say("people.invitation.done", page_language(), organisation=found.organisation.name))
        return redirect("people:account")
    return render(request, "people/invitation.html", {"invitation": found, "answer": may_accept(user, found)})


def _of_stranger(request: HttpRequest, found: Invitation) -> HttpResponse:
    if queries.has_account(found.email):
        if request.method == "POST":
            return redirect(f"{reverse('account_login')}?next={request.path}")
        return render(request, "people/invitation.html", {"invitation": found, "has_account": True})
    form = AcceptForm(found.email, request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        user = services.accept_as_new(found, data["name"], data["password"], page_language())
        messages.success(request, say("people.invitation.done", page_language(), organisation=found.organisation.name))
        return perform_login(request, user, redirect_url=reverse("people:account"))
    return render(request, "people/invitation.html", {"invitation": found, "form": form})
