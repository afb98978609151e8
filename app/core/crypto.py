"""AES-256-GCM with a ring of keys: the first one writes, all of them read; each sealed value is bound to its place."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = b"\x01"
NONCE = 12
KEY_ID = 8


class CannotOpen(RuntimeError):
    """The sealed value was changed, moved to another place, or its key is not in the ring."""


def new_data_key() -> bytes:
    """A fresh 256-bit key."""
    return secrets.token_bytes(32)


def seal(key: bytes, value: bytes, place: str) -> bytes:
    """Encrypt; `place` is authenticated beside it (table|group|row|column)."""
    nonce = secrets.token_bytes(NONCE)
    return VERSION + nonce + AESGCM(key).encrypt(nonce, value, place.encode())


def open_sealed(key: bytes, sealed: bytes, place: str) -> bytes:
    """Decrypt what `seal` made at the same place. Raises CannotOpen."""
    if sealed[:1] != VERSION:
        raise CannotOpen("unknown form")
    try:
        return AESGCM(key).decrypt(sealed[1 : 1 + NONCE], sealed[1 + NONCE :], place.encode())
    except InvalidTag as error:
        raise CannotOpen("changed, moved, or another key") from error


@dataclass(frozen=True, repr=False)
class KeyRing:
    """Master keys by id. Values carry the id of their key, so an old one opens as long as its key is in the ring."""

    keys: Mapping[str, bytes]
    writing: str

    def seal(self, value: bytes, place: str) -> bytes:
        """Encrypt with the writing key."""
        return self.writing.encode().ljust(KEY_ID, b"\0") + seal(self.keys[self.writing], value, place)

    def open(self, sealed: bytes, place: str) -> bytes:
        """Decrypt with the key the value names. Raises CannotOpen."""
        name = sealed[:KEY_ID].rstrip(b"\0").decode(errors="replace")
        if name not in self.keys:
            raise CannotOpen(f"key {name} is not in the ring")
        return open_sealed(self.keys[name], sealed[KEY_ID:], place)
