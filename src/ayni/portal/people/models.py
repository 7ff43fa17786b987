"""Accounts, organisations and what joins them: memberships with a role, invitations, engagements, elevated access."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from ayni.base.texts import Language, Word, say


class Role(models.TextChoices):
    """What a person is in an organisation."""

    FIRM_MEMBER = "firm_member"
    FIRM_MANAGER = "firm_manager"
    PARK_OPERATOR = "park_operator"
    CONSULTANT = "consultant"
    OFFICER = "officer"
    VERIFIER = "verifier"
    ADMINISTRATOR = "administrator"

    def words(self, language: Language) -> str:
        """The role's name."""
        return say(f"people.role.{self.value}", language)


SECOND_FACTOR_ROLES = frozenset({Role.OFFICER, Role.VERIFIER, Role.ADMINISTRATOR})
"""Roles that work only with a passkey or one-time codes."""


class Kind(models.TextChoices):
    """What an organisation is."""

    FIRM = "firm"
    OPERATOR = "operator"
    MINISTRY = "ministry"
    VERIFIER = "verifier"

    def words(self, language: Language) -> str:
        """The kind's name."""
        return say(f"people.kind.{self.value}", language)


MANAGING_ROLES = frozenset({Role.FIRM_MANAGER, Role.PARK_OPERATOR, Role.ADMINISTRATOR})
"""Roles of those who invite others: the last who holds one in an organisation cannot go."""

ROLES_OF_KIND: dict[str, frozenset[str]] = {
    Kind.FIRM: frozenset({Role.FIRM_MEMBER, Role.FIRM_MANAGER}),
    Kind.OPERATOR: frozenset({Role.PARK_OPERATOR, Role.CONSULTANT}),
    Kind.MINISTRY: frozenset({Role.OFFICER, Role.ADMINISTRATOR}),
    Kind.VERIFIER: frozenset({Role.VERIFIER}),
}


class UserManager(BaseUserManager["User"]):
    """Makes accounts."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A new account; without a password it can only be entered by an invitation or a reset."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """The account of an address, however its letters are written."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person's account, known by its e-mail address. There is no standing superuser: see Elevation."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=2, default="es")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)
    history = HistoricalRecords(excluded_fields=["password", "last_login"])

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()

    def __str__(self) -> str:
        return self.name or self.email


class Organisation(models.Model):
    """A firm, a park's operator, a directorate of the ministry, or a body of verifiers."""

    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=160)
    ruc = models.CharField(max_length=11, unique=True, null=True, blank=True)
    is_sample = models.BooleanField(default=False)
    is_public = models.BooleanField(default=False, help_text="The firm itself lets its name be shown to everybody.")
    created_at = models.DateTimeField(default=timezone.now)
    history = HistoricalRecords()

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def kind_word(self) -> Word:
        """The kind's name, for pages."""
        return Word(f"people.kind.{self.kind}")


class Membership(models.Model):
    """A person's role in an organisation. It ends, and is never deleted.

    ``area`` is a prefix of district codes (ubigeo) that an officer answers for: ``15`` is Lima, empty is the country.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role.choices)
    area = models.CharField(max_length=6, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role", "area"], condition=Q(ended_at=None), name="membership_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.role} · {self.organisation}"

    @property
    def role_word(self) -> Word:
        """The role's name, for pages."""
        return Word(f"people.role.{self.role}")


def token_hash(token: str) -> str:
    """What is kept of a secret that was sent or shown once."""
    return hashlib.sha256(token.encode()).hexdigest()


class Invitation(models.Model):
    """An address asked to join an organisation in a role; the link in the message holds the secret once."""

    email = models.EmailField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="invitations")
    role = models.CharField(max_length=16, choices=Role.choices)
    area = models.CharField(max_length=6, blank=True)
    membership_until = models.DateTimeField(null=True, blank=True)
    invited_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, help_text="Nobody: from the server's own terminal."
    )
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]

    @property
    def role_word(self) -> Word:
        """The role's name, for pages."""
        return Word(f"people.role.{self.role}")


class PendingFirm(models.Model):
    """What a firm's first person signed up for: it becomes an organisation when their address is confirmed."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="pending_firm")
    name = models.CharField(max_length=160)
    ruc = models.CharField(max_length=11)
    created_at = models.DateTimeField(default=timezone.now)


class Engagement(models.Model):
    """A firm lets a body of verifiers read its records until a day."""

    firm = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="engagements")
    verifier = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="engaged_by")
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    history = HistoricalRecords()

    class Meta:
        ordering: ClassVar[list[str]] = ["until", "pk"]


class Elevation(models.Model):
    """An administrator's access to what administrators otherwise do not see: for a reason, for a short time, logged."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="elevations")
    reason = models.TextField()
    started_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-started_at"]

    @property
    def is_running(self) -> bool:
        """Whether it still holds."""
        return self.ended_at is None and self.expires_at > timezone.now()


class ElevatedAccess(models.Model):
    """One request that was answered with elevated access."""

    elevation = models.ForeignKey(Elevation, on_delete=models.PROTECT, related_name="accesses")
    at = models.DateTimeField(default=timezone.now)
    method = models.CharField(max_length=8)
    path = models.CharField(max_length=500)
    status = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-pk"]
