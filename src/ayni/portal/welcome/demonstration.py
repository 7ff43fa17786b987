"""What the demonstration shows first: a story of six steps, and the accounts with the codes of this moment."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from ayni.base.texts import Language, say
from ayni.portal.demo import ACCOUNTS, code_of, seconds_left
from ayni.portal.people.models import User

PARK = "zona-demostrativa-chilca"
"""The made-up park as its address names it."""
LEADS: tuple[str, ...] = (
    "welcome:first_visit", "account_login", "account_login", "dashboards:park", "results:list",
    "dashboards:publications",
)  # fmt: skip
"""Where each step of the story begins."""
OF_PARK = frozenset({"dashboards:park", "results:list"})


@dataclass(frozen=True)
class StepShown:
    """A step of the story and where it begins."""

    text: str
    url: str


@dataclass(frozen=True)
class AccountShown:
    """An account with its code of this moment."""

    role: str
    name: str
    email: str
    organisation: str
    code: str
    trial: str


def accounts_shown(language: Language) -> list[AccountShown]:
    """The demonstration's accounts that the database holds, in the order of the story."""
    known = User.objects.filter(email__in=[account.email for account in ACCOUNTS]).prefetch_related(
        "memberships__organisation"
    )
    by_email = {user.email: user for user in known}
    return [
        AccountShown(
            account.role.words(language), account.name, account.email,
            ", ".join(membership.organisation.name for membership in by_email[account.email].memberships.all()),
            code_of(account), say(f"welcome.demo.try.{account.role.value}", language),
        )
        for account in ACCOUNTS
        if account.email in by_email
    ]  # fmt: skip


def story(language: Language) -> list[StepShown]:
    """The steps of the story; people are named by the address of their account."""
    people = {account.role.value: account.email for account in ACCOUNTS}
    return [
        StepShown(
            say(f"welcome.demo.step.{number}", language, **people),
            reverse(name, kwargs={"slug": PARK} if name in OF_PARK else None),
        )
        for number, name in enumerate(LEADS, start=1)
    ]


def code_seconds() -> int:
    """For how many seconds the codes hold."""
    return seconds_left()
