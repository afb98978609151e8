"""How long things are kept, what somebody is called afterwards, and how words about a person are found and put out."""

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

WAITS = timedelta(days=14)
EXPORT_KEPT = timedelta(days=7)
GONE = "•••"
SHORTEST_NAME = 3
# Codes that the log and settings hold: people choose their own name, and would choose what is wiped from both.
CODES = frozenset(
    [
        "leader",
        "treasurer",
        "secretary",
        "member",
        "auditor",
        "invited",
        "active",
        "inactive",
        "suspended",
        "left",
        "pending",
        "dissolved",
        "approved",
        "rejected",
        "weekly",
        "monthly",
        "quarterly",
        "yearly",
        "flexible",
        "true",
        "false",
    ]
)
SHORTEST_NUMBER = 5
NO_AMOUNT = r"(?![.,][0-9])"  # member 50000 is not the 50000 of 50000.00
LAST_DIGITS = 9  # of a phone: what stays the same however the country is written before it


@dataclass(frozen=True)
class Facts:
    """What a person is known by, in their account and in a group; each may be empty."""

    names: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()


def code_of(person_id: uuid.UUID) -> str:
    """Four signs that tell one former member from the next, made from random bits of the id."""
    return person_id.hex[-4:].upper()


def identifier_of(member_id: uuid.UUID) -> str:
    """The member number of somebody who was erased, unlike any other in the group."""
    return f"former-{member_id.hex[-12:]}"


def address_of(user_id: uuid.UUID) -> str:
    """The address of an erased account: unique, and nobody's (RFC 2606)."""
    return f"erased-{user_id.hex}@erased.invalid"


def pattern_of(facts: Facts) -> str | None:
    """An expression that finds a person's facts in any text, as Python and PostgreSQL both read it; None for nothing.

    Names are found with any space between their parts, telephone numbers with or without their country, spaces or the
    stars of a statement.
    """
    parts = [r"\s+".join(map(re.escape, name.split())) for name in facts.names if _tells(name)]
    parts += [re.escape(email) for email in facts.emails if email]
    parts += [re.escape(number) + NO_AMOUNT for number in facts.numbers if len(number) >= SHORTEST_NUMBER]
    for phone in facts.phones:
        parts += list(_phones(phone))
    return "|".join(f"(?:{part})" for part in dict.fromkeys(parts)) or None


def _tells(name: str) -> bool:
    # Nor must who is called 70000.00 wipe that amount from the log.
    told = name.strip()
    return len(told) >= SHORTEST_NAME and any(sign.isalpha() for sign in told) and told.lower() not in CODES


def _phones(phone: str) -> Iterable[str]:
    digits = re.sub(r"\D", "", phone)
    if len(digits) < SHORTEST_NUMBER:
        return
    last, before = digits[-LAST_DIGITS:], r"(?:\+?[0-9]{1,3}[ -]?)?"
    yield before + "[ -]?".join(last)
    if len(last) == LAST_DIGITS:
        yield before + last[:3] + r"\*+" + last[-3:]


def put_out(text: str, pattern: str, *, instead: str = GONE) -> str:
    """The text without what the pattern finds as whole words."""
    return re.sub(rf"(?<!\w)(?:{pattern})(?!\w)", instead.replace("\\", r"\\"), text, flags=re.IGNORECASE)


def put_out_all(value: Any, pattern: str, *, instead: str = GONE) -> Any:
    """The same in every text of a JSON value."""
    if isinstance(value, str):
        return put_out(value, pattern, instead=instead)
    if isinstance(value, list):
        return [put_out_all(item, pattern, instead=instead) for item in value]
    if isinstance(value, dict):
        return {name: put_out_all(item, pattern, instead=instead) for name, item in value.items()}
    return value
