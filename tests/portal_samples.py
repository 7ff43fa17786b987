"""A small world of the portal: two parks, their firms, and one person per role on the own side and on the other.

Everything that tests ask for belongs to the own side: park ``park``, firm ``firm`` with its site ``site``. A persona
whose name begins with ``other_`` has the same role elsewhere.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from django.test import Client
from django.utils import timezone

from ayni.ledger.schema import ruc_check_digit
from ayni.portal.people.actor import ANONYMOUS, Actor, actor_of
from ayni.portal.people.models import Elevation, Engagement, Kind, Membership, Organisation, Role, User
from ayni.portal.places.models import District, Park, Site

PERSONAS = (
    "anonymous", "firm_member", "firm_manager", "other_firm_manager", "park_operator", "other_park_operator",
    "consultant", "other_consultant", "officer", "other_officer", "verifier", "other_verifier", "administrator",
    "elevated_administrator",
)  # fmt: skip


def ruc(number: int) -> str:
    """A tax number with a right check digit that no firm has."""
    first_ten = f"20999{number:05d}"
    return first_ten + str(ruc_check_digit(first_ten))


@dataclass
class World:
    """What ``make_world`` made."""

    park: Park
    other_park: Park
    firm: Organisation
    other_firm: Organisation
    site: Site
    neighbours: list[Site]
    other_site: Site
    ministry: Organisation
    verifiers: Organisation
    people: dict[str, User] = field(default_factory=dict)

    def actor(self, persona: str) -> Actor:
        """The persona as services know it."""
        return ANONYMOUS if persona == "anonymous" else actor_of(self.people[persona], has_second_factor=True)


def sign_in(client: Client, user: User) -> Client:
    """A session as it is after password and second factor."""
    client.force_login(user)
    session = client.session
    now = timezone.now().timestamp()
    session["account_authentication_methods"] = [
        {"method": "password", "at": now, "email": user.email}, {"method": "mfa", "type": "totp", "at": now},
    ]  # fmt: skip
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


def district(ubigeo: str, name: str) -> District:
    """A district, its position made up."""
    return District.objects.get_or_create(
        ubigeo=ubigeo,
        defaults={
            "name": name, "province": name, "region": name, "latitude": -12.0, "longitude": -77.0,
            "position_status": "made_up", "source": "test",
        },
    )[0]  # fmt: skip


def make_site(park: Park, number: int, name: str) -> Site:
    """A firm with one site in the park."""
    firm = Organisation.objects.create(kind=Kind.FIRM, name=name, ruc=ruc(number))
    return Site.objects.create(
        organisation=firm, park=park, district=park.district, code=f"E{number:02d}", name=name, isic="1010",
        latitude=park.latitude, longitude=park.longitude,
    )  # fmt: skip


def _member(world: World, persona: str, organisation: Organisation, role: Role, area: str = "") -> User:
    user = User.objects.create_user(f"{persona.replace('_', '.')}@example.org", "a long enough password", name=persona)
    Membership.objects.create(user=user, organisation=organisation, role=role, area=area)
    world.people[persona] = user
    return user


def make_world() -> World:
    """Two parks with three firms each, and every persona."""
    parks = []
    for slug, ubigeo, name in (("own", "150505", "Chilca"), ("other", "070101", "Callao")):
        operator = Organisation.objects.create(kind=Kind.OPERATOR, name=f"Operator of {slug}")
        parks.append(
            Park.objects.create(
                slug=slug, name=f"Park {slug}", operator=operator, district=district(ubigeo, name),
                latitude=-12.4, longitude=-76.7, position_status="made_up",
            )
        )  # fmt: skip
    park, other_park = parks
    sites = [make_site(park, number, f"Firm {number}") for number in (1, 2, 3)]
    others = [make_site(other_park, number, f"Firm {number}") for number in (11, 12, 13)]
    ministry = Organisation.objects.create(kind=Kind.MINISTRY, name="Ministry")
    verifiers, strangers = (
        Organisation.objects.create(kind=Kind.VERIFIER, name=name) for name in ("Verifiers", "Other verifiers")
    )
    world = World(
        park, other_park, sites[0].organisation, others[0].organisation, sites[0], sites[1:], others[0], ministry,
        verifiers,
    )  # fmt: skip
    _member(world, "firm_member", world.firm, Role.FIRM_MEMBER)
    _member(world, "firm_manager", world.firm, Role.FIRM_MANAGER)
    _member(world, "other_firm_manager", world.other_firm, Role.FIRM_MANAGER)
    for side, where in (("", park), ("other_", other_park)):
        assert where.operator is not None
        _member(world, f"{side}park_operator", where.operator, Role.PARK_OPERATOR)
        _member(world, f"{side}consultant", where.operator, Role.CONSULTANT)
    _member(world, "officer", ministry, Role.OFFICER, "15")
    _member(world, "other_officer", ministry, Role.OFFICER, "07")
    _member(world, "verifier", verifiers, Role.VERIFIER)
    _member(world, "other_verifier", strangers, Role.VERIFIER)
    _member(world, "administrator", ministry, Role.ADMINISTRATOR)
    elevated = _member(world, "elevated_administrator", ministry, Role.ADMINISTRATOR)
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    Engagement.objects.create(firm=world.firm, verifier=verifiers, until=tomorrow)
    Elevation.objects.create(user=elevated, reason="test", expires_at=tomorrow)
    return world
