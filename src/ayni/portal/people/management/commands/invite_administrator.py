"""``invite_administrator ADDRESS``: how the first administrator comes in."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.urls import reverse

from ayni.base.texts import default_language, say
from ayni.portal.people.services import invite_first_administrator


class Command(BaseCommand):
    """Prints the path of an invitation for an administrator; whoever has this terminal may do so."""

    help = "Prints the link of an invitation for an administrator of the site."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The address, and the ministry's name."""
        parser.add_argument("email")
        parser.add_argument("--ministry", default="Ministerio de la Producción")

    def handle(self, *_: Any, **options: Any) -> None:
        """Make the invitation and print its path once."""
        _invitation, secret = invite_first_administrator(options["email"], options["ministry"])
        path = reverse("people:invitation", kwargs={"secret": secret})
        self.stdout.write(say("people.invitation.terminal", default_language(), path=path))
