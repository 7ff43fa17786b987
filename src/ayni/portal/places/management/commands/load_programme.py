"""``load_programme``: the programme's own districts, parks and facts."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from ayni.portal.places.services import load_programme


class Command(BaseCommand):
    """See ``ayni.portal.places.services.load_programme``."""

    help = "Brings the districts, parks and facts that ship with Ayni into the database; safe to repeat."

    def handle(self, *_: Any, **__: Any) -> None:
        """Load."""
        load_programme()
