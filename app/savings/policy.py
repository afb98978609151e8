"""The group's terms for saving: as the policy's versions store them, and as the rules read them."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

from app.core.periods import Frequency, zone_named
from app.groups.policies import current_policy, policy_on
from app.groups.queries import group
from app.savings.rules import LateRule, OverRule, SavingsPolicy

PART = "savings"
_AMOUNTS = ("expected", "minimum", "maximum", "fee_amount", "fee_percent", "fee_cap")
_WORDS = {"frequency": Frequency, "late_rule": LateRule, "over_rule": OverRule}
_OF_THE_GROUP = ("currency", "zone")


def to_store(policy: SavingsPolicy) -> dict[str, Any]:
    """JSON of the terms: money as text, so that nothing is rounded on the way."""
    told = {item.name: getattr(policy, item.name) for item in fields(policy) if item.name not in _OF_THE_GROUP}
    return {name: f"{value:f}" if isinstance(value, Decimal) else value for name, value in told.items()}


def stored(part: Mapping[str, Any], *, currency: str, zone: str) -> SavingsPolicy:
    """The terms as a version keeps them."""
    told: dict[str, Any] = dict(part)
    for name in _AMOUNTS:
        if told.get(name) is not None:
            told[name] = Decimal(told[name])
    for name, kind in _WORDS.items():
        if name in told:
            told[name] = kind(told[name])
    told.setdefault("frequency", Frequency.MONTHLY)
    told.setdefault("late_rule", LateRule.ACCEPT)
    told.setdefault("expected", Decimal(0))
    return SavingsPolicy(currency=currency, zone=zone_named(zone), **told)


def terms() -> SavingsPolicy:
    """The terms that hold today."""
    return _of(current_policy().part(PART))


def terms_on(day: date) -> SavingsPolicy:
    """The terms that held on a day."""
    return _of(policy_on(day).part(PART))


def _of(part: Mapping[str, Any]) -> SavingsPolicy:
    own = group()
    return stored(part, currency=own.currency, zone=own.time_zone)
