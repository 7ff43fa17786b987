"""The portal served: one command starts and checks it, production asks for its secrets, what dies comes back."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from django.db import connection

from ayni.base.findings import Refused
from ayni.portal.config.environment import MissingSetting, read_environment
from ayni.portal.config.preparing import StaticMark, set_up
from ayni.portal.config.serving import listen
from ayni.portal.config.supervising import Post, Supervisor

PRODUCTION = {
    "AYNI_MODE": "production", "AYNI_SECRET_KEY": "k" * 20 + "0123456789abcdefghijklmnopqrstuvwxyz",
    "AYNI_FIELD_KEY": "f" * 43 + "=", "AYNI_HOSTS": "ayni.example.org",
}  # fmt: skip


def ayni(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """A command of ours in a process of its own, with its own data."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AYNI", "DJANGO"))}
    environment |= {"AYNI_DATA": str(folder), "AYNI_LANG": "en", **more}
    return subprocess.run(
        [sys.executable, "-m", "ayni.cli", *arguments], env=environment, capture_output=True, check=False, text=True,
        timeout=300,
    )  # fmt: skip


@pytest.fixture
def own_database(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An empty database on the engine of this test, as the environment names it."""
    if connection.vendor == "sqlite":
        yield {"DATABASE_URL": f"sqlite:///{tmp_path / 'own.sqlite3'}"}
        return
    server_url = os.environ["DATABASE_URL"].rpartition("/")[0]
    name = f"serving_{uuid4().hex}"
    with closing(psycopg.connect(f"{server_url}/postgres", autocommit=True)) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        yield {"DATABASE_URL": f"{server_url}/{name}"}
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_one_command_starts_everything_checks_it_and_ends(tmp_path: Path, own_database: dict[str, str]) -> None:
    done = ayni(tmp_path / "data", "serve", "--once", "--port", "0", "--workers", "2", **own_database)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Ayni answered at http://127.0.0.1:" in done.stdout
    collected = tmp_path / "data" / "static"
    assert (collected / "staticfiles.json").exists()
    assert list(collected.glob("leaflet/*.css"))
    assert list(collected.glob("charts/vega*.js.gz"))
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0


def test_a_port_that_is_taken_is_told_before_anything_else(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Refused) as refusal, listen("127.0.0.1", port):
            pass
    assert [finding.code for finding in refusal.value.findings] == ["SERVE-PORT"]
    assert str(port) in refusal.value.findings[0].message("es")


@pytest.mark.parametrize("name", ["AYNI_SECRET_KEY", "AYNI_FIELD_KEY", "AYNI_HOSTS"])
def test_production_does_not_start_without_its_secrets(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for known, value in PRODUCTION.items():
        monkeypatch.setenv(known, value)
    read_environment()
    monkeypatch.delenv(name)
    with pytest.raises(MissingSetting, match=name):
        read_environment()
    with pytest.raises(Refused) as refusal:
        set_up()
    assert refusal.value.findings[0].values == {"name": name}


@pytest.mark.parametrize(("name", "value"), [("AYNI_MODE", "x"), ("DATABASE_URL", "x://y"), ("AYNI_MAIL_URL", "x")])
def test_a_setting_that_makes_no_sense_is_told(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(Refused) as refusal:
        set_up()
    assert [finding.code for finding in refusal.value.findings] == ["SERVE-SETTING-VALUE"]


def test_the_settings_of_production_pass_djangos_own_check(tmp_path: Path) -> None:
    done = ayni(tmp_path, "manage", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no issues" in done.stdout


def test_static_files_are_collected_again_only_when_a_source_changed(tmp_path: Path) -> None:
    root, mark = tmp_path / "static", tmp_path / "mark"
    assert StaticMark(root, mark).is_stale()
    root.mkdir()
    (root / "staticfiles.json").write_text("{}")
    StaticMark(root, mark).write()
    assert not StaticMark(root, mark).is_stale()
    mark.write_text("of another version")
    assert StaticMark(root, mark).is_stale()


def test_what_dies_at_once_is_started_again_ever_more_slowly() -> None:
    post = Post("dying", [])
    starts: list[float] = []

    def seen_three_times() -> bool:
        if not starts or post.started_at != starts[-1]:
            starts.append(post.started_at)
        return len(starts) == 3

    begun = time.monotonic()
    with Supervisor("no_such_module_anywhere", [post]) as supervisor:
        assert supervisor.run(seen_three_times)
    assert time.monotonic() - begun < 30
    assert starts[2] - starts[1] > starts[1] - starts[0] > 0.4
