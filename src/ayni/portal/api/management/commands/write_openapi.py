"""``ayni manage write_openapi docs/openapi.json``: the API's document, always the same for the same code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ayni.portal.api.mounting import api


def document_text() -> str:
    """The OpenAPI document as it is committed."""
    return json.dumps(api.get_openapi_schema(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


class Command(BaseCommand):
    """Writes the OpenAPI document."""

    help = "Writes the OpenAPI document of the API to a file."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file."""
        parser.add_argument("file", type=Path)

    def handle(self, *_: Any, file: Path, **__: Any) -> None:
        """Writes it."""
        file.write_text(document_text(), encoding="utf-8")
        self.stdout.write(str(file))
