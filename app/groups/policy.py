"""The group's policy as values: its own typed part, and the parts that rooms above define and store here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from app.core.money import MAX_AMOUNT
from app.groups.errors import BadPolicy

LONGEST_DISCLAIMER = 500


@dataclass(frozen=True)
class GroupRules:
    """The rules that hold for every movement of money.

    `approval_threshold`: above this amount a second person approves; None asks for nobody. `maximum_amount`: more is a
    slip of the hand and refused. `disclaimer`: the group's own words below financial summaries, beside the house's.
    """

    approval_threshold: Decimal | None = None
    maximum_amount: Decimal = MAX_AMOUNT
    disclaimer: str | None = None

    def __post_init__(self) -> None:
        if self.approval_threshold is not None and not 0 <= self.approval_threshold <= MAX_AMOUNT:
            raise BadPolicy(field="approval_threshold")
        if not 0 < self.maximum_amount <= MAX_AMOUNT:
            raise BadPolicy(field="maximum_amount")
        if self.disclaimer and len(self.disclaimer) > LONGEST_DISCLAIMER:
            raise BadPolicy(field="disclaimer")

    @classmethod
    def stored(cls, rules: Mapping[str, Any]) -> "GroupRules":
        """The rules as a version keeps them; what is not said has its default. Raises BadPolicy."""
        threshold, maximum = rules.get("approval_threshold"), rules.get("maximum_amount")
        return cls(
            approval_threshold=None if threshold is None else _amount(threshold, "approval_threshold"),
            maximum_amount=MAX_AMOUNT if maximum is None else _amount(maximum, "maximum_amount"),
            disclaimer=rules.get("disclaimer") or None,
        )

    def to_store(self) -> dict[str, Any]:
        """JSON of these rules: money as text, so that nothing is rounded on the way."""
        threshold = self.approval_threshold
        return {
            "approval_threshold": None if threshold is None else f"{threshold:f}",
            "maximum_amount": f"{self.maximum_amount:f}",
            "disclaimer": self.disclaimer,
        }

    def is_looser_than(self, other: "GroupRules") -> bool:
        """Whether movements that need a second person under the other rules would need none under these."""
        if other.approval_threshold is None:
            return False
        return self.approval_threshold is None or self.approval_threshold > other.approval_threshold

    def needs_second(self, amount: Decimal) -> bool:
        """Whether a movement of this amount is one that a second person approves."""
        return self.approval_threshold is not None and abs(amount) > self.approval_threshold


def _amount(text: Any, name: str) -> Decimal:
    try:
        amount = Decimal(str(text))
    except InvalidOperation as error:
        raise BadPolicy(field=name) from error
    if not amount.is_finite():
        raise BadPolicy(field=name)
    return amount


@dataclass(frozen=True)
class Policy:
    """A version of the policy: in force from a day on, until a later version is."""

    version: int
    effective_on: date
    group: GroupRules
    parts: Mapping[str, Any] = field(default_factory=dict)

    def part(self, name: str) -> dict[str, Any]:
        """The rules of a room, as it stored them; empty when it never did."""
        return dict(self.parts.get(name) or {})


def in_force(versions: Sequence[Policy], day: date) -> Policy:
    """The version that holds on a day: the latest of those begun by then; before the first one, the first.

    A group that imports its past is judged by the rules it began with here. Raises LookupError without any version.
    """
    if not versions:
        raise LookupError("a group has a policy from its first day on")
    begun = [version for version in versions if version.effective_on <= day]
    if begun:
        return max(begun, key=lambda version: (version.effective_on, version.version))
    return min(versions, key=lambda version: (version.effective_on, -version.version))
