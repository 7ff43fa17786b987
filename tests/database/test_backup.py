"""Backups come back on either engine with equal rows and files; hostile and damaged ones are refused whole."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.recorder import MigrationRecorder
from hypothesis import given
from hypothesis import strategies as st

from ayni.base.findings import Refused
from ayni.portal.config.archive import is_safe
from ayni.portal.config.backup import LEFT_OUT, applied_migrations, back_up, kept_models, label_of, restore, table_state
from ayni.portal.config.canonical import canonical_line
from ayni.portal.people.models import User
from ayni.portal.places.models import ParkFact
from ayni.portal.runs.models import Run, RunOutput
from portal_samples import World, make_world
from runs_samples import make_done_run, make_run

POSTGRES = os.environ.get("POSTGRES", "postgresql://postgres@127.0.0.1:5432/test")
"""The server on which databases are made and dropped; the same as that of ``make test``."""

pytestmark = pytest.mark.django_db(transaction=True)

ODD = {
    "text": "ñandú 🐧 \u2028",
    "small": 1e-7,
    "big": 1e22,
    "whole": 1.0,
    "third": 1 / 3,
    "none": None,
    "list": [True, {}],
}


@pytest.fixture
def town(transactional_db: None) -> World:
    """A world with runs, a file and odd values."""
    town = make_world()
    make_run(town, parameters=ODD, inputs={"b": 1, "a": "x"})
    make_done_run(town)
    ParkFact.objects.create(
        park=town.park, quantity="area", basis="", value=0.1 + 0.2, low=-0.0, high=1e300, unit="m2",
        date="2026", source="s", status="made_up",
    )  # fmt: skip
    return town


@pytest.fixture
def other_folder(tmp_path: Path, settings: Any) -> Callable[[], Path]:
    """When called: stored files lie elsewhere from here on, as on another machine."""

    def move() -> Path:
        folder = tmp_path / "other-files"
        backend = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": folder}}
        settings.STORAGES = {**settings.STORAGES, "default": backend}
        return folder

    return move


def empty_database() -> None:
    call_command("flush", interactive=False, verbosity=0)


def states() -> dict[str, Any]:
    return {label_of(model): table_state(model) for model in kept_models()}


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [finding.code for finding in refusal.value.findings]


def test_what_comes_back_is_what_went_in(town: World, tmp_path: Path, other_folder: Callable[[], Path]) -> None:
    before, users = states(), User.objects.count()
    made = back_up(tmp_path / "ayni.zip")
    assert made.counts()["files"] == 1
    assert (tmp_path / "ayni.zip").stat().st_mode & 0o077 == 0
    empty_database()
    folder = other_folder()
    assert restore(tmp_path / "ayni.zip").counts() == made.counts()
    assert states() == before
    assert [path.read_text() for path in folder.rglob("*.txt")] == ["an answer"]
    assert Run.objects.get(state="queued").parameters["third"] == 1 / 3
    # numbers of new rows go on where the old ones ended
    assert User.objects.create_user("new@example.org").pk > users
    assert before["people.user"] != table_state(User)


def test_rows_written_while_a_backup_is_made_are_not_in_it(
    town: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ayni.portal.config import backup

    write_table = backup._write_table

    def write_and_disturb(archive: zipfile.ZipFile, model: Any, names: set[str]) -> Any:
        made = write_table(archive, model, names)
        if label_of(model) == "people.organisation":
            thread = threading.Thread(target=_make_user)
            thread.start()
            thread.join(20)
            assert not thread.is_alive(), "a backup keeps others from writing"
        return made

    monkeypatch.setattr(backup, "_write_table", write_and_disturb)
    before = table_state(User)
    made = back_up(tmp_path / "ayni.zip")
    assert User.objects.filter(email="meanwhile@example.org").exists()
    assert made.manifest.tables["people.user"] == before


def _make_user() -> None:
    User.objects.create_user("meanwhile@example.org")
    connections.close_all()


def test_a_full_database_and_an_existing_file_are_not_touched(town: World, tmp_path: Path) -> None:
    back_up(tmp_path / "ayni.zip")
    before = states()
    with pytest.raises(Refused) as refusal:
        back_up(tmp_path / "ayni.zip")
    assert codes(refusal) == ["BACKUP-EXISTS"]
    with pytest.raises(Refused) as refusal:
        restore(tmp_path / "ayni.zip")
    assert codes(refusal) == ["RESTORE-NOT-EMPTY"]
    empty_database()
    with pytest.raises(Refused) as refusal:
        restore(tmp_path / "ayni.zip")
    assert codes(refusal) == ["RESTORE-FILE-EXISTS"]
    assert User.objects.count() == 0
    assert all(default_storage.exists(name) for name in _file_names(tmp_path / "ayni.zip"))
    assert before


def test_a_database_of_an_older_version_is_not_backed_up_in_part(town: World, tmp_path: Path) -> None:
    recorder, last = MigrationRecorder(connection), max(applied_migrations()["runs"])
    recorder.record_unapplied("runs", last)
    try:
        with pytest.raises(Refused) as refusal:
            back_up(tmp_path / "ayni.zip")
    finally:
        recorder.record_applied("runs", last)
    assert codes(refusal) == ["BACKUP-TABLES"]
    assert list(tmp_path.iterdir()) == []


def test_a_lost_file_is_told_and_does_not_stop_the_backup(town: World, tmp_path: Path) -> None:
    default_storage.delete(str(RunOutput.objects.get().file.name))
    made = back_up(tmp_path / "ayni.zip")
    assert [finding.code for finding in made.findings] == ["BACKUP-FILE-LOST"]
    empty_database()
    assert [finding.code for finding in restore(tmp_path / "ayni.zip").findings] == ["BACKUP-FILE-LOST"]


Change = Callable[[dict[str, bytes], dict[str, Any]], None]


def _escape(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
    name, said = next(iter(manifest["files"].items()))
    manifest["files"]["../../escaped.txt"] = said
    members["files/../../escaped.txt"] = members[f"files/{name}"]


def _add(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
    members["files/more.txt"] = b"more"


def _drop(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
    del members["tables/people.user.jsonl"]


def _change_file(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
    members[f"files/{next(iter(manifest['files']))}"] = b"an answeR"


def _grow_file(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
    members[f"files/{next(iter(manifest['files']))}"] += b"\0" * 10_000_000


def _change_row(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
    name = "tables/people.user.jsonl"
    members[name] = members[name].replace(b"consultant@", b"c0nsultant@")


def _drop_row(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
    members["tables/people.user.jsonl"] = members["tables/people.user.jsonl"].split(b"\n", 1)[1]


def _orphan(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
    """A membership of a user who is not there, its hash as it should be."""
    name = "tables/people.membership.jsonl"
    rows = [json.loads(line) for line in members[name].splitlines()]
    rows[0]["user_id"] = 999_999
    members[name] = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    manifest["tables"]["people.membership"]["sha256"] = hashlib.sha256(b"".join(map(canonical_line, rows))).hexdigest()


def _other_version(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
    manifest["migrations"]["runs"].append("9999_of_tomorrow")


def _other_format(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
    manifest["format"] = 99


def _no_json(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
    members["tables/people.user.jsonl"] = b"{" + members["tables/people.user.jsonl"]


HOSTILE: list[tuple[Change, str]] = [
    (_escape, "RESTORE-MEMBER"), (_add, "RESTORE-MEMBER"), (_drop, "RESTORE-MEMBER"),
    (_change_file, "RESTORE-DAMAGED"), (_grow_file, "RESTORE-DAMAGED"), (_change_row, "RESTORE-DIFFERS"),
    (_drop_row, "RESTORE-DAMAGED"), (_orphan, "RESTORE-ROWS"), (_other_version, "RESTORE-VERSION"),
    (_other_format, "RESTORE-FORMAT"), (_no_json, "RESTORE-DAMAGED"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "code"), HOSTILE, ids=[change.__name__ for change, _ in HOSTILE])
def test_a_hostile_or_damaged_backup_is_refused_and_nothing_is_left_of_it(
    town: World, tmp_path: Path, other_folder: Callable[[], Path], change: Change, code: str
) -> None:
    back_up(tmp_path / "ayni.zip")
    _rewrite(tmp_path / "ayni.zip", tmp_path / "changed.zip", change)
    empty_database()
    folder = other_folder()
    with pytest.raises(Refused) as refusal:
        restore(tmp_path / "changed.zip")
    assert codes(refusal) == [code]
    assert all(state.rows == 0 for state in states().values())
    assert [path for path in folder.rglob("*") if path.is_file()] == []
    assert list(tmp_path.rglob("escaped.txt")) == []


def test_a_link_in_a_backup_is_refused(town: World, tmp_path: Path) -> None:
    back_up(tmp_path / "ayni.zip")
    with zipfile.ZipFile(tmp_path / "ayni.zip") as old, zipfile.ZipFile(tmp_path / "link.zip", "w") as new:
        for member in old.infolist():
            info = zipfile.ZipInfo(member.filename)
            info.external_attr = (0o120777 if member.filename.startswith("files/") else 0o100600) << 16
            new.writestr(info, old.read(member))
    empty_database()
    with pytest.raises(Refused) as refusal:
        restore(tmp_path / "link.zip")
    assert codes(refusal) == ["RESTORE-MEMBER"]


@pytest.mark.parametrize("content", [b"", b"no zip at all", b"PK\x03\x04 half a zip"])
def test_what_is_no_backup_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "file.zip").write_bytes(content)
    with pytest.raises(Refused) as refusal:
        restore(tmp_path / "file.zip")
    assert codes(refusal) == ["RESTORE-NO-BACKUP"]


def _rewrite(source: Path, target: Path, change: Change) -> None:
    with zipfile.ZipFile(source) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(members.pop("manifest.json"))
    change(members, manifest)
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
        archive.writestr("manifest.json", json.dumps(manifest))


def _file_names(backup: Path) -> list[str]:
    with zipfile.ZipFile(backup) as archive:
        return list(json.loads(archive.read("manifest.json"))["files"])


@pytest.fixture
def new_postgres() -> Iterator[Callable[[], str]]:
    """Makes empty databases; they are dropped at the end."""
    made: list[str] = []
    with closing(psycopg.connect(_postgres("postgres"), autocommit=True)) as server:

        def make() -> str:
            made.append(f"backup_{uuid4().hex}")
            server.execute(f'CREATE DATABASE "{made[-1]}"')
            return _postgres(made[-1])

        yield make
        for name in made:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _postgres(name: str) -> str:
    return POSTGRES.rpartition("/")[0] + f"/{name}"


def _ayni(folder: Path, database: str, *arguments: str) -> dict[str, Any]:
    """A command of ours on another database, in a process of its own."""
    environment = {**os.environ, "AYNI_DATA": str(folder), "DATABASE_URL": database}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run(
        [sys.executable, "-m", "ayni.cli", *arguments, "--json"], env=environment, capture_output=True, check=False,
        text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return dict(json.loads(done.stdout))


def test_a_backup_goes_to_the_other_engine_and_back_with_equal_rows_and_hashes(
    town: World, tmp_path: Path, new_postgres: Callable[[], str]
) -> None:
    made = back_up(tmp_path / "here.zip").manifest
    is_postgres = connection.vendor == "postgresql"
    files = (f"sqlite:///{tmp_path / name}.sqlite3" for name in ("one", "two"))
    there, here = (next(files), new_postgres()) if is_postgres else (new_postgres(), next(files))
    _ayni(tmp_path / "there", there, "restore", str(tmp_path / "here.zip"))
    kept = _ayni(tmp_path / "there", there, "backup", str(tmp_path / "there.zip"))
    back = _ayni(tmp_path / "back", here, "restore", str(tmp_path / "there.zip"))
    assert kept["engine"] != made.engine
    wanted = made.model_dump(include={"tables", "files"})
    assert {"tables": kept["tables"], "files": kept["files"]} == wanted
    assert {"tables": back["tables"], "files": back["files"]} == wanted
    assert sum(table["rows"] for table in back["tables"].values()) > 50


def test_every_table_is_kept_or_left_out_on_purpose() -> None:
    from django.apps import apps

    tables = {label_of(model) for model in apps.get_models(include_auto_created=True)}
    assert tables == LEFT_OUT | {label_of(model) for model in kept_models()}
    assert {"people.user", "people.historicaluser", "runs.runoutput", "records.recordrow"} <= tables - LEFT_OUT


@given(value=st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_has_one_canonical_form_however_an_engine_writes_it(value: float) -> None:
    again = json.loads(_as_postgresql_writes(value))
    assert canonical_line({"n": value}) == canonical_line({"n": again})


def _as_postgresql_writes(value: float) -> str:
    """A JSON number in the notation of PostgreSQL's numeric: never an exponent."""
    from decimal import Decimal

    return format(Decimal(repr(value)), "f")


@given(name=st.text(max_size=40))
def test_a_safe_name_stays_in_its_folder(name: str) -> None:
    if is_safe(name):
        folder = Path("/folder")
        assert (folder / name).resolve().is_relative_to(folder)
        assert (folder / name).resolve() != folder
