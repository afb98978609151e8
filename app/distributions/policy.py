"""The group's terms of a share-out: as the policy's versions store them, and as the rules read them."""

from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal
from typing import Any

from app.distributions.rules import Base, Rule, Terms
from app.groups.policies import current_policy

PART = "distributions"
_AMOUNTS = ("reserve_percent", "education_percent", "share_value")
_WORDS = {"base": Base, "rule": Rule}


def to_store(terms: Terms) -> dict[str, Any]:
    """JSON of the terms: money as text, so that nothing is rounded on the way."""
    told = {item.name: getattr(terms, item.name) for item in fields(terms)}
    return {name: f"{value:f}" if isinstance(value, Decimal) else value for name, value in told.items()}


def stored(part: Mapping[str, Any]) -> Terms:
    """The terms as a version keeps them; what is not said has its default."""
    told = {item.name: part[item.name] for item in fields(Terms) if item.name in part}
    for name in _AMOUNTS:
        if told.get(name) is not None:
            told[name] = Decimal(told[name])
    for name, kind in _WORDS.items():
        if name in told:
            told[name] = kind(told[name])
    return Terms(**told)


def terms() -> Terms:
    """The terms that hold today: they count at the deed, whenever the cycle was."""
    return stored(current_policy().part(PART))
