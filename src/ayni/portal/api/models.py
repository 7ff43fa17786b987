"""Tokens: secrets with which a program asks in the name of a person."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from ayni.base.texts import Language, say
from ayni.portal.people.models import Organisation


class Scope(models.TextChoices):
    """What a token may do of that which its owner may do."""

    READ = "read"
    WRITE = "write"

    def words(self, language: Language) -> str:
        """The scope's name."""
        return say(f"api.scope.{self.value}", language)


class Token(models.Model):
    """A token of a person. Of its secret only the SHA-256 is kept; ``prefix`` lets its owner tell it from others.

    Bound to an ``organisation`` it carries only what its owner holds there. ``has_second_factor`` says whether it was
    made in a session with one: without it, roles that need a second factor give it nothing. It is revoked, never
    deleted.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="tokens")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="tokens"
    )
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12)
    secret_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    has_second_factor = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="token_ends_after_it_began")
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def is_expired(self) -> bool:
        """Whether its time is over."""
        return self.expires_at <= timezone.now()

    @property
    def is_open(self) -> bool:
        """Whether it still opens anything."""
        return self.revoked_at is None and not self.is_expired and self.user.is_active
