"""A backup that comes back on either database engine, and proof that what comes back is what went in.

Kept: every table of the portal's apps and of accounts (passwords and tokens as hashes, second factors as they lie in
the database), their history, and every stored file that a row names. Left out, because they are made again: sessions
(everybody signs in anew), the queue's tasks (waiting runs are sent again), workers, the cache, and Django's tables of
content types and permissions. A backup is as secret as the database.
"""

from __future__ import annotations

import datetime
import hashlib
import os
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.files.storage import default_storage
from django.core.management.color import no_style
from django.db import DataError, IntegrityError, connection, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.db.models.sql import InsertQuery

from ayni import __version__
from ayni.base.findings import Finding, Refused, error, warning
from ayni.portal.config import archive as archives
from ayni.portal.config.archive import FORMAT, MANIFEST, Manifest, StoredFile, Table
from ayni.portal.config.canonical import canonical_line, line, python_value, rows

LEFT_OUT = frozenset(
    {
        "auth.group", "auth.group_permissions", "auth.permission", "contenttypes.contenttype", "sessions.session",
        "django_tasks_database.dbtaskresult", "runs.worker",
    }
)  # fmt: skip
BATCH = 200
"""Rows that go into the database in one statement, at most."""


@dataclass(frozen=True)
class Made:
    """What was kept or brought back, and remarks on it."""

    manifest: Manifest
    findings: tuple[Finding, ...] = ()

    def counts(self) -> dict[str, int]:
        """Rows, tables and files in all."""
        return self.manifest.counts()

    def payload(self) -> dict[str, object]:
        """What ``--json`` prints: the manifest."""
        return self.manifest.model_dump()


def kept_models() -> list[type[models.Model]]:
    """The tables that a backup keeps, in the order of their names."""
    found = apps.get_models(include_auto_created=True)
    mine = [
        model for model in found if model._meta.managed and not model._meta.proxy and label_of(model) not in LEFT_OUT
    ]
    return sorted(mine, key=label_of)


def label_of(model: type[models.Model]) -> str:
    """A table's name in a backup."""
    return model._meta.label_lower


def back_up(path: Path) -> Made:
    """Write the backup; the file is there when it is whole, or not at all. Raises Refused."""
    if path.exists():
        raise Refused([error("BACKUP-EXISTS", file=str(path))])
    _refuse_older_tables()
    part = path.with_name(f".{path.name}.part")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError as fault:
        raise Refused([error("BACKUP-WRITE", file=str(path), fault=fault.strerror or "")]) from fault
    try:
        with os.fdopen(descriptor, "wb") as target:
            with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive:
                manifest = _write(archive)
            target.flush()
            os.fsync(target.fileno())
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)
    lost = tuple(warning("BACKUP-FILE-LOST", name=name) for name in manifest.missing_files)
    return Made(manifest, lost)


def restore(path: Path) -> Made:
    """Bring a backup into an empty database, all or nothing, and compare. Raises Refused."""
    from ayni.portal.config.preparing import migrate

    with archives.open_archive(path) as archive:
        manifest = archives.read_manifest(archive)
        migrate()
        _refuse_other_tables(manifest)
        _bring_back(archive, manifest)
    lost = tuple(warning("BACKUP-FILE-LOST", name=name) for name in manifest.missing_files)
    return Made(manifest, lost)


def _bring_back(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Rows and files, or nothing."""
    written: list[str] = []
    is_whole = False
    try:
        with transaction.atomic():
            _refuse_full_database()
            _load(archive, manifest)
            _compare(manifest)
            for name in _bring_files(archive, manifest):
                written.append(name)  # noqa: PERF402 what was begun is known when the next one fails
        is_whole = True
    except (IntegrityError, DataError) as fault:
        raise Refused([error("RESTORE-ROWS", fault=str(fault).splitlines()[0])]) from fault
    finally:
        if not is_whole:
            _take_back(written)


def table_state(model: type[models.Model]) -> Table:
    """Number of rows and hash of a table as it is."""
    digest, count = hashlib.sha256(), 0
    for row in rows(model):
        digest.update(canonical_line(row))
        count += 1
    return Table(rows=count, sha256=digest.hexdigest())


@contextmanager
def snapshot() -> Iterator[None]:
    """One moment of the database, while others go on writing."""
    if connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    connection.ensure_connection()
    before = connection.transaction_mode  # type: ignore[attr-defined]
    connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]
    try:
        with transaction.atomic():
            yield
    finally:
        connection.transaction_mode = before  # type: ignore[attr-defined]


def _write(archive: zipfile.ZipFile) -> Manifest:
    with snapshot():
        migrations = applied_migrations()
        names: set[str] = set()
        tables = {label_of(model): _write_table(archive, model, names) for model in kept_models()}
    files, missing = _write_files(archive, sorted(names))
    manifest = Manifest(
        format=FORMAT, ayni=__version__, made_at=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        engine=connection.vendor, migrations=migrations, tables=tables, files=files, missing_files=missing,
        left_out=sorted(LEFT_OUT),
    )  # fmt: skip
    archive.writestr(MANIFEST, manifest.model_dump_json(indent=1))
    return manifest


def _write_table(archive: zipfile.ZipFile, model: type[models.Model], names: set[str]) -> Table:
    """The rows of a table; the stored files that they name are added to ``names``."""
    file_fields = [field.attname for field in model._meta.concrete_fields if isinstance(field, models.FileField)]
    digest, count = hashlib.sha256(), 0
    with archive.open(archives.table_member(label_of(model)), "w", force_zip64=True) as member:
        for row in rows(model):
            member.write(line(row).encode() + b"\n")
            digest.update(canonical_line(row))
            count += 1
            names.update(str(row[name]) for name in file_fields if row[name])
    return Table(rows=count, sha256=digest.hexdigest())


def _write_files(archive: zipfile.ZipFile, names: Iterable[str]) -> tuple[dict[str, StoredFile], list[str]]:
    files: dict[str, StoredFile] = {}
    missing: list[str] = []
    for name in names:
        try:
            with default_storage.open(name) as content:
                files[name] = archives.write_file(archive, name, content)
        except FileNotFoundError:
            missing.append(name)
    return files, missing


def applied_migrations() -> dict[str, list[str]]:
    """The migrations that this database has, by app."""
    found: dict[str, list[str]] = {}
    for app, name in sorted(MigrationRecorder(connection).applied_migrations()):
        found.setdefault(app, []).append(name)
    return found


def _refuse_older_tables() -> None:
    """A backup holds the tables of this version: a database that was not brought up to date lacks some."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise Refused([error("BACKUP-TABLES")])


def _refuse_other_tables(manifest: Manifest) -> None:
    """The backup must be of this version's tables: what a column would hold is not guessed."""
    here = applied_migrations()
    for app in sorted({*here, *manifest.migrations}):
        if here.get(app) != manifest.migrations.get(app):
            raise Refused([error("RESTORE-VERSION", ayni=manifest.ayni, here=__version__, app=app)])
    if sorted(manifest.tables) != [label_of(model) for model in kept_models()]:
        raise Refused([error("RESTORE-VERSION", ayni=manifest.ayni, here=__version__, app="")])


def _refuse_full_database() -> None:
    full = next((model for model in kept_models() if model._base_manager.exists()), None)
    if full is not None:
        raise Refused([error("RESTORE-NOT-EMPTY", table=full._meta.db_table)])


def _load(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Every row, as it was; references between tables are checked when all are there."""
    for model in kept_models():
        batch: list[models.Model] = []
        fields = list(model._meta.concrete_fields)
        size = min(connection.ops.bulk_batch_size([field.attname for field in fields], range(BATCH)), BATCH)
        for row in archives.read_lines(archive, label_of(model), manifest.tables[label_of(model)]):
            batch.append(_instance(model, fields, row))
            if len(batch) >= size:
                _insert(model, fields, batch)
                batch = []
        _insert(model, fields, batch)
    statements = connection.ops.sequence_reset_sql(no_style(), kept_models())
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _instance(model: type[models.Model], fields: list[Any], row: dict[str, Any]) -> models.Model:
    names = {field.attname for field in fields}
    if not isinstance(row, dict) or row.keys() != names:
        raise Refused([error("RESTORE-DAMAGED", name=label_of(model))])
    return model(**{field.attname: python_value(field, row[field.attname]) for field in fields})


def _insert(model: type[models.Model], fields: list[Any], batch: list[models.Model]) -> None:
    """Rows exactly as they are: no default, no clock and no signal touches them."""
    if not batch:
        return
    query = InsertQuery(model)
    query.insert_values(fields, batch, raw=True)
    query.get_compiler(connection=connection).execute_sql()


def _compare(manifest: Manifest) -> None:
    for model in kept_models():
        if table_state(model) != manifest.tables[label_of(model)]:
            raise Refused([error("RESTORE-DIFFERS", table=label_of(model))])


def _bring_files(archive: zipfile.ZipFile, manifest: Manifest) -> Iterator[str]:
    """Write the stored files; gives the name of each before it is written."""
    root = Path(default_storage.path(""))
    for name, said in manifest.files.items():
        target = root / name
        if target.exists():
            raise Refused([error("RESTORE-FILE-EXISTS", name=name)])
        target.parent.mkdir(parents=True, exist_ok=True)
        yield name
        with target.open("xb") as content:
            archives.copy_file(archive, name, said, content)
        target.chmod(0o600)


def _take_back(names: Iterable[str]) -> None:
    for name in names:
        default_storage.delete(name)
