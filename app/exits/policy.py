"""The group's terms for leaving and withdrawing: as the policy's versions store them, and as the rules read them."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

from app.core.money import BadAmount, exact
from app.exits.errors import BadFloor, BadTerms
from app.exits.rules import WHOLE, ExitPolicy
from app.groups.policies import current_policy, policy_on

PART = "exits"
PERCENTAGES = ("growth_percent", "contributions_percent", "sales_percent")
_NUMBERS = (*PERCENTAGES, "withdrawal_floor")
FINEST = Decimal("0.0001")


def to_store(policy: ExitPolicy) -> dict[str, Any]:
    """JSON of the terms: money and percentages as text, so that nothing is rounded on the way."""
    told = {item.name: getattr(policy, item.name) for item in fields(policy)}
    return {name: f"{value:f}" if isinstance(value, Decimal) else value for name, value in told.items()}


def stored(part: Mapping[str, Any]) -> ExitPolicy:
    """The terms as a version keeps them; what is not said has its default."""
    known = {item.name for item in fields(ExitPolicy)}
    told: dict[str, Any] = {name: value for name, value in part.items() if name in known and value is not None}
    return ExitPolicy(**told | {name: Decimal(told[name]) for name in _NUMBERS if name in told})


def checked(policy: ExitPolicy, currency: str) -> ExitPolicy:
    """The same terms, when they can be used. Raises BadTerms, BadFloor beside their field."""
    for name in PERCENTAGES:
        value: Decimal = getattr(policy, name)
        if not (value.is_finite() and 0 <= value <= WHOLE and value == value.quantize(FINEST)):
            raise BadTerms(field=name)
    try:
        if exact(policy.withdrawal_floor, currency) < 0:
            raise BadFloor(field="withdrawal_floor")
    except BadAmount:
        raise BadFloor(field="withdrawal_floor") from None
    return policy


def terms() -> ExitPolicy:
    """The terms that hold today."""
    return stored(current_policy().part(PART))


def terms_on(day: date) -> ExitPolicy:
    """The terms that held on a day."""
    return stored(policy_on(day).part(PART))
