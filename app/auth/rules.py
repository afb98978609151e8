"""What a good password is, how long things hold, and how a device is called: pure, without clock or database."""

import hashlib
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from app.auth.errors import (
    PasswordCommon,
    PasswordPersonal,
    PasswordRegular,
    PasswordTooLong,
    PasswordTooShort,
)

SHORTEST, LONGEST = 12, 256
LOCK_AFTER = 5
LOCK_FOR = timedelta(minutes=30)
UNCONFIRMED_FOR = timedelta(days=7)
HALFWAY_FOR = timedelta(minutes=10)
RECOVERY_CODES = 10
UNDO_REACHES_BACK = timedelta(days=1)  # a thief may bring a second step before changing the address
PRODUCT_WORDS = ("plots", "prosper")
_SHORTEST_WORD = 4  # shorter names stand in ordinary words by chance
_FEWEST_SIGNS = 5
_ROWS = ("1234567890" * 26, "abcdefghijklmnopqrstuvwxyz" * 10, "1234567890qwertyuiopasdfghjklzxcvbnm" * 8)


class Purpose(StrEnum):
    """What a link does when it is used."""

    CONFIRM = "confirm_email"
    RESET = "reset_password"
    CHANGE = "change_email"
    UNDO = "undo_email"
    NOT_ME = "not_me"


HOLDS: dict[Purpose, timedelta] = {
    Purpose.CONFIRM: timedelta(days=3),
    Purpose.RESET: timedelta(minutes=30),
    Purpose.CHANGE: timedelta(minutes=30),
    Purpose.UNDO: timedelta(hours=72),
    Purpose.NOT_ME: timedelta(hours=72),
}


def check_password(password: str, *, common: frozenset[str], words: Iterable[str] = ()) -> None:
    """Raise the refusal of a password; no rule asks for figures or signs.

    `common` are the passwords that are tried first, in small letters; `words` those of the person: name, address.
    """
    if len(password) < SHORTEST:
        raise PasswordTooShort(least=SHORTEST)
    if len(password) > LONGEST:
        raise PasswordTooLong(most=LONGEST)
    small = password.casefold()
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", small)
    if not common.isdisjoint((small, core, piece(small), piece(core))):
        raise PasswordCommon
    if len(set(small)) < _FEWEST_SIGNS or len(piece(small)) <= _SHORTEST_WORD or _in_a_row(small):
        raise PasswordRegular
    bare = re.sub(r"[\W_]+", "", small)
    for word in personal(words):
        if word in small or word in bare:
            raise PasswordPersonal(word=word)


def personal(words: Iterable[str]) -> list[str]:
    """The words of names and addresses that a password must not hold, and those of this product."""
    found = list(PRODUCT_WORDS)
    for text in words:
        local = text.casefold().partition("@")[0]
        found += [part for part in (local, *re.split(r"[\W_]+", local)) if len(part) >= _SHORTEST_WORD]
    return found


def piece(text: str) -> str:
    """The shortest piece that makes the text when it is repeated: "ab" of "ababab"; the text itself if none does."""
    return text[: (text + text).find(text, 1)] if text else ""


def _in_a_row(text: str) -> bool:
    return any(text in row or text[::-1] in row for row in _ROWS)


def digest(token: str) -> bytes:
    """What is stored of a random secret: enough to know it again, nothing to use it with."""
    return hashlib.sha256(token.encode()).digest()


def may_go_on(created_at: datetime, confirmed_at: datetime | None, now: datetime) -> bool:
    """Whether someone may go on: the address is confirmed, or the week for doing so is not over."""
    return confirmed_at is not None or created_at + UNCONFIRMED_FOR > now


_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)


def device_name(agent: str) -> tuple[str, str]:
    """The browser and the system that a user agent names, each empty when it names none that we know."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return browser, system
