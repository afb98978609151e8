"""Pure rules of membership: who may become what, what a slug is, when a page is stale."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any

from app.groups.errors import AuditorIsOfficer, NoRole, UnknownRole, WrongStatus
from app.groups.permissions import AUDITOR, MEMBER, OFFICERS, ROLES


class Status(StrEnum):
    """Where a member stands in the group."""

    INVITED = "invited"
    ACTIVE = "active"
    INACTIVE = "inactive"
    SUSPENDED = "suspended"
    LEFT = "left"


COUNTED = (Status.INVITED, Status.ACTIVE, Status.INACTIVE, Status.SUSPENDED)  # who takes a place in the group
ENTERS = (Status.ACTIVE, Status.INACTIVE)  # who may look at the group's pages

_STEPS: Mapping[Status, frozenset[Status]] = {
    Status.ACTIVE: frozenset({Status.INACTIVE, Status.SUSPENDED, Status.LEFT}),
    Status.INACTIVE: frozenset({Status.ACTIVE}),
    Status.SUSPENDED: frozenset({Status.ACTIVE, Status.INACTIVE, Status.INVITED}),
    Status.LEFT: frozenset({Status.ACTIVE, Status.INACTIVE, Status.INVITED, Status.SUSPENDED}),
}
_SLUG_LENGTH = 40


def check_step(now: str, then: Status) -> None:
    """Refuse a change of status that makes no sense. Raises WrongStatus."""
    if Status(now) not in _STEPS.get(then, frozenset()):
        raise WrongStatus(standing=now)


def roles_of(given: Iterable[str], *, outside_auditor: bool = False) -> list[str]:
    """The roles a member has after these were given, in the order of ROLES; everyone is a member too.

    Only an outside auditor need not be a member. Raises UnknownRole, NoRole, AuditorIsOfficer.
    """
    wanted = set(given)
    if unknown := sorted(wanted - ROLES.keys()):
        raise UnknownRole(field="roles", name=unknown[0])
    if not wanted:
        raise NoRole(field="roles")
    if not (outside_auditor and wanted == {AUDITOR}):
        wanted.add(MEMBER)
    if AUDITOR in wanted and wanted & OFFICERS:
        raise AuditorIsOfficer(field="roles")
    return [role for role in ROLES if role in wanted]


def slugs(name: str) -> Iterator[str]:
    """What a group may be called in addresses, best first, without end: umoja-fund, umoja-fund-2, …"""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_SLUG_LENGTH].strip("-") or "group"
    yield base
    number = 2
    while True:
        yield f"{base}-{number}"
        number += 1


def fingerprint(shown: Mapping[str, Any]) -> str:
    """What a form carries of the values it showed: another one later means that somebody changed them meanwhile."""
    text = json.dumps(shown, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def next_steps(now: str) -> list[str]:
    """What may be done with a member who stands there, the mildest first. Who is invited comes by the invitation."""
    order = (Status.ACTIVE, Status.INACTIVE, Status.SUSPENDED, Status.LEFT)
    return [step.value for step in order if Status(now) in _STEPS[step]]
