"""New versions of the group's policy; a version is never changed."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.audit.log import record
from app.core import clock
from app.core.db import session
from app.core.outbox import later
from app.groups.errors import PolicyInThePast, ThresholdTooSoon
from app.groups.models import GroupPolicy
from app.groups.policies import current_policy
from app.groups.policy import GroupRules
from app.groups.services.members import lock_group

LOOSENED = "groups.loosened"  # fewer movements will need a second person: notifications tell everyone who approves


def new_version(*, rules: Mapping[str, Any], effective_on: date, by: uuid.UUID | None) -> GroupPolicy:
    """Append a version that holds from a day on: the latest version with these parts changed.

    Text, numbers and money are JSON values, a room's part is one mapping. A threshold may be set or lowered at once;
    raised or removed it is from tomorrow on: else one person alone could lift it for a movement and set it again.

    Raises PolicyInThePast, ThresholdTooSoon, BadPolicy.
    """
    today = clock.today(lock_group().time_zone)
    if effective_on < today:
        raise PolicyInThePast(field="effective_on")
    latest = session().scalars(sa.select(GroupPolicy).order_by(GroupPolicy.version.desc()).limit(1)).one()
    wanted = {**latest.rules, **rules}
    looser = GroupRules.stored(wanted).is_looser_than(current_policy().group)
    if looser and effective_on == today:
        raise ThresholdTooSoon(field="effective_on")
    row = GroupPolicy(version=latest.version + 1, effective_on=effective_on, rules=wanted, recorded_by=by)
    session().add(row)
    session().flush()
    before = _flat(latest.rules) | {"effective_on": latest.effective_on}
    after = _flat(wanted) | {"effective_on": effective_on}
    record("update", "policy", row.id, by=by, before=before, after=after, severity="notice")
    if looser:
        later(LOOSENED, key=f"loosened:{row.id}", version=row.version, by=str(by) if by else None)
    return row


def _flat(rules: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in rules.items():
        if isinstance(value, Mapping):
            found |= _flat(value, f"{prefix}{name}.")
        else:
            found[f"{prefix}{name}"] = value
    return found
