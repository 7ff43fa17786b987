"""Files that people hand in: what they are by their content, how they are kept, under which names they are shown."""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
import uuid
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ayni.base.xlsx_reading import SIZE_MAX

NAME_MAX = 160
LOOKED_AT = 65_536
"""Bytes of a text that are looked at to know what it is."""


class Upload(Protocol):
    """What Django gives of an uploaded file; any file opened for reading bytes has the same."""

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes."""
        ...


@dataclass(frozen=True)
class KeptFile:
    """A file read whole from an upload: its bytes, hash, and a name that is safe to show."""

    name: str
    content: bytes
    sha256: str

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.content)


class TooLarge(Exception):
    """The file has more bytes than may be handed in."""


def shown_name(name: str) -> str:
    """The last part of a name without signs that control or mislead, never empty."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    plain = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C").strip(" .")
    if len(plain) > NAME_MAX:
        stem, dot, ending = plain.rpartition(".")
        plain = f"{(stem or ending)[: NAME_MAX - len(ending) - 1]}{dot}{ending}"[:NAME_MAX]
    return plain or "archivo"


def read_upload(upload: Upload, name: str, limit: int = SIZE_MAX) -> KeptFile:
    """The upload's bytes. Raises TooLarge without reading more than the limit."""
    content = upload.read(limit + 1)
    if len(content) > limit:
        raise TooLarge
    return KeptFile(shown_name(name), content, hashlib.sha256(content).hexdigest())


def random_name() -> str:
    """A name to keep a file under that says nothing and that nobody chose."""
    return uuid.uuid4().hex


def type_of(content: bytes) -> str | None:
    """What a file is by its content: pdf, png, jpeg, xlsx, csv, csv.gz; None for everything else."""
    if content.startswith(b"%PDF-"):
        return "pdf"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if content.startswith(b"PK\x03\x04"):
        return "xlsx" if _is_workbook(content) else None
    if content.startswith(b"\x1f\x8b"):
        return "csv.gz" if _is_csv(_unpacked(content)) else None
    return "csv" if _is_csv(content[:LOOKED_AT]) else None


def _unpacked(content: bytes) -> bytes:
    """The first bytes of a gzip file; none where it is broken."""
    try:
        return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(content, LOOKED_AT)
    except zlib.error:
        return b""


def _is_csv(start: bytes) -> bool:
    """Whether the text's first line has columns, and nothing in it looks like markup."""
    try:
        text = start.decode("utf-8-sig", errors="strict" if len(start) < LOOKED_AT else "ignore")
    except UnicodeDecodeError:
        return False
    first = text.lstrip().partition("\n")[0]
    return "," in first and not text.lstrip().startswith("<") and "\0" not in text and "<script" not in text.lower()


def _is_workbook(content: bytes) -> bool:
    """Whether a zip holds a workbook without macros; nothing is unpacked."""
    try:
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return False
    lower = [name.lower() for name in names]
    return "xl/workbook.xml" in lower and not any(name.endswith("vbaproject.bin") for name in lower)


def write_for_reading(file: KeptFile, folder: Path, name: str) -> Path:
    """The file on disk under a name of ours."""
    path = folder / name
    path.write_bytes(file.content)
    return path
