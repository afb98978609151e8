"""Argon2id hashes of passwords, few at once, at the same price whether or not there is anything to compare with."""

import unicodedata
from collections.abc import Iterable
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from app.auth.rules import check_password

COMMON = frozenset(FREQUENCY_LISTS["passwords"])
# Of a random password that nobody kept: compared with when there is no account, so that the answer takes as long.
NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$wHYHjUgggMDEGK42xXEu9A$41naJ85IXjIgMCZBT9WtCOdGQjv0bdBUdtKOz99QcdU"

UNUSABLE = ""  # kept where nobody may sign in by password until a new one is set

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# A flood of sign-ins must not take the memory and both processors of the machine.
_at_once = BoundedSemaphore(2)


def checked(password: str, *, words: Iterable[str]) -> str:
    """The password in one spelling of its characters. Raises a PasswordRefused with a sentence."""
    password = _spelled(password)
    check_password(password, common=COMMON, words=words)
    return password


def hashed(password: str) -> str:
    """The hash to keep."""
    with _at_once:
        return _hasher.hash(_spelled(password))


def matches(kept: str | None, password: str) -> bool:
    """Whether the password is the one that was kept; always exactly one hash, for an unknown account (None) too."""
    is_hash = kept is not None and kept.startswith("$argon2")
    with _at_once:
        try:
            _hasher.verify(kept if kept and is_hash else NOBODY, _spelled(password))
        except VerificationError:
            return False
    return is_hash


def is_dated(kept: str) -> bool:
    """Whether a hash was made with other settings than today's: make it anew while the password is at hand."""
    return _hasher.check_needs_rehash(kept)


def _spelled(password: str) -> str:
    # One accented letter may be sent as one sign or as two, depending on the keyboard.
    return unicodedata.normalize("NFKC", password)
