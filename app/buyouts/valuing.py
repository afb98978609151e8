"""The nominal value by its named formula: contributions held, realised growth, shares of recorded purchase values."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.buyouts.rules import ZERO, Part, PartKind, amounts

FORMULA = "nominal-1"  # stored with every value; another formula gets another name


@dataclass(frozen=True)
class AssetValue:
    """A share of an asset by the formula: so many per cent of the recorded purchase value."""

    asset_id: uuid.UUID
    percent: Decimal
    recorded: Decimal
    value: Decimal


@dataclass(frozen=True)
class Valuation:
    """The nominal value: contributions held, realised growth, and each asset share of its recorded purchase value.

    Contributions held are savings and holdings at cost; what went into an asset is not among them any more.
    """

    savings: Decimal
    holdings: Decimal
    growth: Decimal
    assets: Sequence[AssetValue] = ()

    @property
    def contributions(self) -> Decimal:
        """Contributions held: savings and holdings at cost."""
        return self.savings + self.holdings

    @property
    def of_assets(self) -> Decimal:
        """The shares of assets together."""
        return sum((each.value for each in self.assets), ZERO)

    @property
    def total(self) -> Decimal:
        """The nominal value."""
        return self.contributions + self.growth + self.of_assets

    def told(self) -> dict[str, Any]:
        """As it is stored: every input as text."""
        return {
            "savings": str(self.savings),
            "holdings": str(self.holdings),
            "growth": str(self.growth),
            "assets": [
                {
                    "asset": str(each.asset_id),
                    "percent": str(each.percent),
                    "recorded": str(each.recorded),
                    "value": str(each.value),
                }
                for each in self.assets
            ],
        }

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> "Valuation":
        """What was stored."""
        assets = [
            AssetValue(uuid.UUID(row["asset"]), *(Decimal(row[name]) for name in ("percent", "recorded", "value")))
            for row in told["assets"]
        ]
        return cls(Decimal(told["savings"]), Decimal(told["holdings"]), Decimal(told["growth"]), assets)


def valuation(parts: Iterable[Part]) -> Valuation:
    """The nominal value of parts, with its inputs."""
    rows = tuple(parts)
    sums = amounts(rows)
    assets = [
        AssetValue(row.of, row.quantity, row.recorded, row.value)
        for row in rows
        if row.of is not None and row.quantity is not None and row.recorded is not None
    ]
    return Valuation(
        savings=sums.get(PartKind.SAVINGS, ZERO),
        holdings=sums.get(PartKind.HOLDING, ZERO),
        growth=sums.get(PartKind.GROWTH, ZERO),
        assets=assets,
    )
