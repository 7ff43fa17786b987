"""Fills an empty database with the demonstration, through the services and in the name of its own accounts."""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ayni.base.sheets import Row
from ayni.base.texts import say
from ayni.ledger.schema import FIRMS, FUEL_BILLS, PARK, Firm, FuelBill
from ayni.ledger.schema import Park as ParkRow
from ayni.parks.example import example_profiles, example_rows
from ayni.parks.parts import split_park, write_firm_template
from ayni.portal.dashboards.publications import publish
from ayni.portal.demo.accounts import (
    ACCOUNTS,
    NAMED,
    PASSWORD,
    RETURNED,
    SHARING,
    VERIFIED,
    WAITING,
    Account,
)
from ayni.portal.people.actor import Actor, actor_of
from ayni.portal.people.models import Kind, Membership, Organisation, Role, User
from ayni.portal.people.services import engage, make_account
from ayni.portal.places.models import District, Park, Site
from ayni.portal.places.services import create_park, create_site, load_programme, publish_firm, share_site
from ayni.portal.records.contents import content_of
from ayni.portal.records.models import Channel, Submission
from ayni.portal.records.services import accept, hand_in_rows, hand_in_workbook, return_for_correction, submit
from ayni.portal.results import services as results

YEAR = 2025
DISTRICT = "150505"
ENGAGED_DAYS = 365
CORRECTED_MONTH = f"{YEAR}-09"

Sheets = Mapping[str, Sequence[Row]]


class NotADemonstration(RuntimeError):
    """The demonstration is loaded into an empty database in the mode ``demo``, and nowhere else."""


@dataclass
class Cast:
    """Who acts in the demonstration: organisations and people by the place that accounts name."""

    organisations: dict[str, Organisation] = field(default_factory=dict)
    people: dict[Role, User] = field(default_factory=dict)
    managers: dict[str, User] = field(default_factory=dict)

    def actor(self, role: Role) -> Actor:
        """The person of a role, signed in with a second factor."""
        return actor_of(self.people[role], has_second_factor=True)

    def manager(self, code: str) -> Actor:
        """The manager of a firm."""
        return actor_of(self.managers[code], has_second_factor=True)


def load_once() -> bool:
    """Load the demonstration where it is not loaded yet; whether it was. Raises NotADemonstration."""
    emails = [account.email for account in ACCOUNTS]
    if settings.IS_DEMO and User.objects.filter(email__in=emails).count() == len(emails):
        return False
    load()
    return True


@transaction.atomic
def load() -> None:
    """Load the demonstration, wholly or not at all. Raises NotADemonstration."""
    if not settings.IS_DEMO:
        raise NotADemonstration("AYNI_MODE is not demo")
    if User.objects.exists() or Organisation.objects.exists():
        raise NotADemonstration("the database holds people already")
    load_programme()
    rows = example_rows("es")
    (declared,) = (row for row in rows[PARK.name] if isinstance(row, ParkRow))
    firms = [row for row in rows[FIRMS.name] if isinstance(row, Firm)]
    cast = _make_people(declared.name, firms)
    park = _make_park(cast, declared)
    sites = _make_sites(cast, park, firms)
    park_rows, firm_rows = split_park(rows)
    _accepted(cast, hand_in_rows(cast.actor(Role.PARK_OPERATOR), park, YEAR, _values(park_rows), Channel.API))
    for code, site in sites.items():
        _accepted(cast, _hand_in(cast, site, firm_rows[code]))
    publish(cast.actor(Role.OFFICER), YEAR)
    _correct(cast, sites[WAITING], firm_rows[WAITING], 0.96)
    doubtful = _correct(cast, sites[RETURNED], firm_rows[RETURNED], 3.0)
    return_for_correction(cast.actor(Role.OFFICER), doubtful, say("welcome.demo.remark", "es"))
    until = timezone.now() + datetime.timedelta(days=ENGAGED_DAYS)
    results.start(cast.actor(Role.PARK_OPERATOR), park, YEAR)
    engage(cast.manager(VERIFIED), cast.organisations[VERIFIED], cast.organisations[Kind.VERIFIER], until)


def _make_people(park_name: str, firms: Sequence[Firm]) -> Cast:
    """Organisations, accounts and memberships: what sign-ups and invitations would have made."""
    cast = Cast()
    for kind in (Kind.OPERATOR, Kind.MINISTRY, Kind.VERIFIER):
        name = say(f"welcome.demo.organisation.{kind.value}", "es", park=park_name)
        cast.organisations[kind] = Organisation.objects.create(kind=kind, name=name, is_sample=True)
    for firm in firms:
        cast.organisations[firm.firm] = Organisation.objects.create(
            kind=Kind.FIRM, name=firm.name, ruc=firm.ruc, is_sample=True
        )
    for account in ACCOUNTS:
        cast.people[account.role] = _make_person(account, cast.organisations[account.place])
    cast.managers[RETURNED] = cast.people[Role.FIRM_MANAGER]
    for firm in firms:
        if firm.firm not in cast.managers:
            email, name = f"{firm.firm.lower()}@example.org", say("welcome.demo.manager", "es", firm=firm.firm)
            cast.managers[firm.firm] = make_account(email, name, None)
            _join(cast.managers[firm.firm], cast.organisations[firm.firm], Role.FIRM_MANAGER)
    return cast


def _make_person(account: Account, organisation: Organisation) -> User:
    user = make_account(account.email, account.name, PASSWORD, totp_secret=account.secret)
    _join(user, organisation, account.role)
    return user


def _join(user: User, organisation: Organisation, role: Role) -> None:
    Membership.objects.create(user=user, organisation=organisation, role=role)


def _make_park(cast: Cast, declared: ParkRow) -> Park:
    return create_park(
        cast.actor(Role.OFFICER), name=declared.name, district=District.objects.get(pk=DISTRICT),
        latitude=declared.latitude, longitude=declared.longitude, operator=cast.organisations[Kind.OPERATOR],
        place=declared.place, is_sample=True,
    )  # fmt: skip


def _make_sites(cast: Cast, park: Park, firms: Sequence[Firm]) -> dict[str, Site]:
    """Each firm's site; some firms let their park read, some let their name be shown."""
    sites: dict[str, Site] = {}
    for firm in firms:
        organisation, manager = cast.organisations[firm.firm], cast.manager(firm.firm)
        sites[firm.firm] = create_site(
            cast.actor(Role.OFFICER), organisation, name=firm.name, isic=firm.isic, district=park.district,
            latitude=firm.latitude, longitude=firm.longitude, park=park, code=firm.firm, is_sample=True,
        )  # fmt: skip
        if firm.firm in SHARING:
            share_site(manager, sites[firm.firm], is_shared=True)
        if firm.firm in NAMED:
            publish_firm(manager, organisation, is_public=True)
    return sites


def _hand_in(cast: Cast, site: Site, rows: Sheets) -> Submission:
    """A firm's year: as a workbook where measured profiles belong to it, else row by row."""
    actor = cast.manager(site.code)
    with example_profiles(rows) as profiles, tempfile.TemporaryDirectory(prefix="ayni-demo-") as folder:
        if not profiles:
            return hand_in_rows(actor, site, YEAR, _values(rows), Channel.API)
        name = f"{site.code}.xlsx"
        path = Path(folder) / name
        write_firm_template(path, "es", {key: list(kept) for key, kept in rows.items()})
        with path.open("rb") as workbook:
            opened = [(profile.open("rb"), profile.name) for profile in profiles]
            try:
                return hand_in_workbook(actor, site, YEAR, workbook, name, "es", profiles=opened)
            finally:
                for file, _ in opened:
                    file.close()


def _accepted(cast: Cast, draft: Submission) -> None:
    """Submit a draft as its author and accept it as the officer."""
    submitted = submit(actor_of(draft.author, has_second_factor=True), draft, accept_warnings=True)
    accept(cast.actor(Role.OFFICER), submitted)


def _correct(cast: Cast, site: Site, rows: Sheets, factor: float) -> Submission:
    """A new version in which the fuel of one month is another, submitted."""
    values = _values(rows)
    bills = [row for row in rows[FUEL_BILLS.name] if isinstance(row, FuelBill)]
    for value, bill in zip(values[FUEL_BILLS.name], bills, strict=True):
        if f"{bill.month:%Y-%m}" == CORRECTED_MONTH:
            value["amount"] = round(bill.amount * factor, 1)
    draft = hand_in_rows(cast.manager(site.code), site, YEAR, values, Channel.API)
    return submit(cast.manager(site.code), draft, accept_warnings=True)


def _values(rows: Sheets) -> dict[str, list[dict[str, Any]]]:
    return {sheet: [content_of(row) for row in kept] for sheet, kept in rows.items() if kept}
