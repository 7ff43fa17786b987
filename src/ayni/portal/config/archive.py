"""The file of a backup: a zip with a manifest, one member per table, one per stored file. Nothing is unpacked by name.

``manifest.json`` names every other member with its size and hash; a member that it does not name, a name that leads
elsewhere, a link, or more bytes than said refuse the whole file.
"""

from __future__ import annotations

import hashlib
import json
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Any

from pydantic import BaseModel, Field, ValidationError

from ayni.base.findings import Refused, error

FORMAT = 1
MANIFEST = "manifest.json"
MANIFEST_MAX = 50_000_000
"""Bytes of a manifest that are read."""
LINE_MAX = 100_000_000
"""Bytes of one row that are read."""
BLOCK = 1 << 20


class Table(BaseModel):
    """A table of the backup: number of rows, SHA-256 over its canonical rows by primary key."""

    rows: int = Field(ge=0)
    sha256: str = Field(pattern="^[0-9a-f]{64}$")


class StoredFile(BaseModel):
    """A stored file of the backup."""

    size: int = Field(ge=0)
    sha256: str = Field(pattern="^[0-9a-f]{64}$")


class Manifest(BaseModel):
    """What a backup holds. ``migrations`` are those that its tables have; ``left_out`` the tables that it lacks."""

    format: int
    ayni: str
    made_at: str
    engine: str
    migrations: dict[str, list[str]]
    tables: dict[str, Table]
    files: dict[str, StoredFile]
    missing_files: list[str]
    left_out: list[str]

    def counts(self) -> dict[str, int]:
        """Rows, tables and files in all."""
        return {
            "rows": sum(table.rows for table in self.tables.values()), "tables": len(self.tables),
            "files": len(self.files),
        }  # fmt: skip


def table_member(label: str) -> str:
    """The member that holds a table."""
    return f"tables/{label}.jsonl"


def file_member(name: str) -> str:
    """The member that holds a stored file."""
    return f"files/{name}"


def open_archive(path: Path) -> zipfile.ZipFile:
    """A backup for reading. Raises Refused where there is none."""
    try:
        return zipfile.ZipFile(path)
    except FileNotFoundError as missing:
        raise Refused([error("FILE-MISSING")]) from missing
    except (zipfile.BadZipFile, OSError) as fault:
        raise Refused([error("RESTORE-NO-BACKUP", fault=str(fault))]) from fault


def read_manifest(archive: zipfile.ZipFile) -> Manifest:
    """The manifest, and every member checked against it. Raises Refused."""
    try:
        with archive.open(MANIFEST) as content:
            manifest = Manifest.model_validate_json(content.read(MANIFEST_MAX))
    except (KeyError, ValidationError, zipfile.BadZipFile) as fault:
        raise Refused([error("RESTORE-NO-BACKUP", fault=str(fault).splitlines()[0])]) from fault
    if manifest.format != FORMAT:
        raise Refused([error("RESTORE-FORMAT", format=manifest.format, ayni=manifest.ayni)])
    wanted = {MANIFEST, *map(table_member, manifest.tables), *map(file_member, manifest.files)}
    names = [member.filename for member in archive.infolist()]
    strange = [name for name in names if name not in wanted] + [name for name in wanted if name not in names]
    unsafe = [name for name in manifest.files if not is_safe(name)]
    links = [member.filename for member in archive.infolist() if _is_no_file(member)]
    if strange or unsafe or links or len(names) != len(set(names)):
        name = (strange or unsafe or links or ["?"])[0]
        raise Refused([error("RESTORE-MEMBER", name=name[:200])])
    return manifest


def is_safe(name: str) -> bool:
    """Whether a stored file's name stays inside its folder."""
    path = PurePosixPath(name)
    plain = bool(name) and "\\" not in name and "\0" not in name and ":" not in name and str(path) == name
    return plain and not path.is_absolute() and ".." not in path.parts


def read_lines(archive: zipfile.ZipFile, label: str, table: Table) -> Iterator[dict[str, Any]]:
    """The rows of a table, one by one. Raises Refused where they are damaged or not as many as said."""
    count = 0
    try:
        with archive.open(table_member(label)) as content:
            while text := content.readline(LINE_MAX):
                count += 1
                if count > table.rows:
                    break
                yield json.loads(text)
    except (ValueError, zipfile.BadZipFile, EOFError) as fault:
        raise Refused([error("RESTORE-DAMAGED", name=label)]) from fault
    if count != table.rows:
        raise Refused([error("RESTORE-DAMAGED", name=label)])


def copy_file(archive: zipfile.ZipFile, name: str, said: StoredFile, target: IO[bytes]) -> None:
    """A stored file into ``target``. Raises Refused where it is not what the manifest says."""
    digest, size = hashlib.sha256(), 0
    try:
        with archive.open(file_member(name)) as content:
            while block := content.read(BLOCK):
                size += len(block)
                if size > said.size:
                    break
                digest.update(block)
                target.write(block)
    except (zipfile.BadZipFile, EOFError) as fault:
        raise Refused([error("RESTORE-DAMAGED", name=name)]) from fault
    if (size, digest.hexdigest()) != (said.size, said.sha256):
        raise Refused([error("RESTORE-DAMAGED", name=name)])


def _is_no_file(member: zipfile.ZipInfo) -> bool:
    """Whether a member says that it is a link, a folder or a device."""
    kind = stat.S_IFMT(member.external_attr >> 16)
    return member.is_dir() or kind not in (0, stat.S_IFREG)


def write_file(archive: zipfile.ZipFile, name: str, source: IO[bytes]) -> StoredFile:
    """A stored file into the backup."""
    digest, size = hashlib.sha256(), 0
    with archive.open(file_member(name), "w", force_zip64=True) as member:
        while block := source.read(BLOCK):
            digest.update(block)
            size += member.write(block)
    return StoredFile(size=size, sha256=digest.hexdigest())
