"""The portal is whole: no model without its migration, no text without its words, no entry of the navigation astray."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
from django.core.management import call_command
from django.template.loader import get_template

from ayni.base.texts import LANGUAGES, catalogue, say
from ayni.portal.people.models import Role

PORTAL = Path(__file__).parents[2] / "src/ayni/portal"
TEMPLATES = sorted(PORTAL.glob("**/templates/**/*.html"))
SAID = re.compile(r"""\{%\s*say\s+["']([^"']+)["'](?!\|)\s*([^%]*)%\}""")
"""A text asked for by a fixed key, and the values given to it."""


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_every_text_of_a_template_has_words_and_values(template: Path) -> None:
    get_template(str(template).split("/templates/", 1)[1])
    for key, values in SAID.findall(template.read_text(encoding="utf-8")):
        given = set(re.findall(r"(\w+)=", values))
        for language in LANGUAGES:
            wanted = {name for _, name, _, _ in string.Formatter().parse(catalogue()[key][language]) if name}
            assert {name.split(".")[0] for name in wanted} <= given, (key, language)


def test_roles_have_names() -> None:
    assert all(say(f"people.role.{role.value}", language) for role in Role for language in LANGUAGES)
