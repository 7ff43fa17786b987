"""What every answer carries and refuses, whoever asks."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

TAG = re.compile(r"\{[%{].*?[%}]\}")
"""What the server fills in: not what the browser gets."""
FORBIDDEN_IN_POLICY = ("unsafe-inline", "unsafe-eval", "http:", "https:", "*")
TEMPLATES = sorted(Path(__file__).parents[2].glob("src/ayni/portal/**/templates/**/*.html"))


@pytest.mark.django_db
def test_the_policy_lets_no_other_origin_in() -> None:
    policy = Client().get("/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert not [word for word in FORBIDDEN_IN_POLICY if word in policy]


@pytest.mark.django_db
def test_answers_are_not_framed_nor_guessed() -> None:
    headers = Client().get("/").headers
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post("/idioma/setlang/", {"language": "en"}).status_code == 403


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_holds_what_the_policy_forbids(template: Path) -> None:
    text = TAG.sub("", template.read_text(encoding="utf-8")).lower()
    assert " style=" not in text
    assert "<style" not in text
    assert " onclick=" not in text
    assert "javascript:" not in text
    assert "<script>" not in text


def test_the_settings_of_service_pass_djangos_deployment_check(tmp_path: Path) -> None:
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("AYNI_", "DJANGO_"))}
    environment = {
        **inherited, "AYNI_MODE": "production", "AYNI_DATA": str(tmp_path), "AYNI_HOSTS": "ayni.example.org",
        "AYNI_SECRET_KEY": "k" * 25 + "0123456789abcdefghijklmnopqrstuvwxyz", "AYNI_FIELD_KEY": "0" * 43 + "=",
        "DJANGO_SETTINGS_MODULE": "ayni.portal.config.settings", "DATABASE_URL": f"sqlite:///{tmp_path / 'a.sqlite3'}",
    }  # fmt: skip
    check = [sys.executable, "-W", "error", "-m", "django", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(check, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_service_without_its_secrets_does_not_start(tmp_path: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("AYNI_")}
    environment |= {
        "AYNI_MODE": "production", "AYNI_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "ayni.portal.config.settings",
        "AYNI_HOSTS": "ayni.example.org",
    }  # fmt: skip
    done = subprocess.run([sys.executable, "-m", "django", "check"], env=environment, capture_output=True, check=False)
    assert done.returncode != 0
    assert b"AYNI_SECRET_KEY must be set" in done.stderr
