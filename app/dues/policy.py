"""The group's rule for payments of dues: as the policy's versions store it, and as the verbs read it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.dues.rules import Order
from app.groups.policies import current_policy, policy_on

PART = "dues"


def stored(part: Mapping[str, Any]) -> Order:
    """The order in which payments meet charges, as a version keeps it; what was never said is oldest first."""
    return Order(part.get("order") or Order.OLDEST)


def to_store(order: Order) -> dict[str, Any]:
    """JSON of the rule."""
    return {"order": order.value}


def order_now() -> Order:
    """The order that holds today."""
    return stored(current_policy().part(PART))


def order_on(day: date) -> Order:
    """The order that held on a day."""
    return stored(policy_on(day).part(PART))
