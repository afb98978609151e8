"""The group's terms for investments: whose gains are, and how often values are asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.groups.policies import current_policy, policy_on
from app.holdings.errors import BadHoldingsPolicy
from app.holdings.rules import Gains

PART = "holdings"
LONGEST = 36


@dataclass(frozen=True)
class HoldingsPolicy:
    """`gains`: whose the gain or loss of a sale is. `months`: values are asked for so often; None never.

    Raises BadHoldingsPolicy.
    """

    gains: Gains = Gains.MEMBERS
    months: int | None = 3

    def __post_init__(self) -> None:
        if self.months is not None and not 1 <= self.months <= LONGEST:
            raise BadHoldingsPolicy(field="months")

    def to_store(self) -> dict[str, Any]:
        """JSON of these terms."""
        return {"gains": self.gains.value, "months": self.months}


def stored(part: Mapping[str, Any]) -> HoldingsPolicy:
    """The terms as a version keeps them; what is not said has its default."""
    default = HoldingsPolicy()
    return HoldingsPolicy(Gains(part.get("gains", default.gains)), part.get("months", default.months))


def terms() -> HoldingsPolicy:
    """The terms that hold today."""
    return stored(current_policy().part(PART))


def terms_on(day: date) -> HoldingsPolicy:
    """The terms that held on a day."""
    return stored(policy_on(day).part(PART))
