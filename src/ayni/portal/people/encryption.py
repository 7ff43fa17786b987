"""Secrets of second factors are encrypted in the database when AYNI_FIELD_KEY is set."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MARK = "fernet:"


class MissingFieldKey(RuntimeError):
    """Something is encrypted in the database, and AYNI_FIELD_KEY is not set."""


def encrypt(text: str, field_key: str) -> str:
    """The text for the database: encrypted with the first of the keys, as it is without a key."""
    return MARK + _fernet(field_key).encrypt(text.encode()).decode() if field_key else text


def decrypt(kept: str, field_key: str) -> str:
    """The text of the database in clear. Raises MissingFieldKey; cryptography's InvalidToken for a wrong key."""
    if not kept.startswith(MARK):
        return kept
    if not field_key:
        raise MissingFieldKey("AYNI_FIELD_KEY must be set to read the secrets of second factors")
    return _fernet(field_key).decrypt(kept.removeprefix(MARK).encode()).decode()


def _fernet(field_key: str) -> MultiFernet:
    """Keys are any words, separated by commas: a new one is put first, and the old ones still read."""
    return MultiFernet([Fernet(_derived(one.strip())) for one in field_key.split(",") if one.strip()])


def _derived(word: str) -> bytes:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"ayni second factors").derive(word.encode())
    return base64.urlsafe_b64encode(key)
