"""Reads of the group's versioned policy."""

from datetime import date

import sqlalchemy as sa

from app.core import clock
from app.core.db import session
from app.groups.models import GroupPolicy
from app.groups.policy import GroupRules, Policy, in_force
from app.groups.queries import group


def policies() -> list[Policy]:
    """All versions, the oldest first."""
    rows = session().scalars(sa.select(GroupPolicy).order_by(GroupPolicy.version))
    return [_policy(row) for row in rows]


def policy_on(day: date) -> Policy:
    """The version that holds on a day; before the first one, the first."""
    return in_force(policies(), day)


def current_policy() -> Policy:
    """The version that holds today, in the group's zone."""
    return policy_on(clock.today(group().time_zone))


def _policy(row: GroupPolicy) -> Policy:
    parts = {name: rules for name, rules in row.rules.items() if isinstance(rules, dict)}
    return Policy(row.version, row.effective_on, GroupRules.stored(row.rules), parts)
