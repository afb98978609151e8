"""What if so much came in: who would get what of it, summed up for people who decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.exits.queries import Simulated, simulate

SHOWN = 50


@dataclass(frozen=True)
class WhatIf:
    """What an amount would do: who would get a part, how many would be wholly paid, what would be left over."""

    amount: Decimal
    rows: Sequence[Simulated]
    served: int
    wholly: int
    given: Decimal

    @property
    def over(self) -> Decimal:
        """What nobody in the queue could take."""
        return self.amount - self.given

    @property
    def hidden(self) -> int:
        """How many who would get something are not among the rows."""
        return self.served - len(self.rows)


def what_if(amount: Decimal) -> WhatIf:
    """What would become of an amount; nothing is written."""
    got = [row for row in simulate(amount) if row.gets]
    wholly = sum(1 for row in got if not row.left)
    return WhatIf(amount, got[:SHOWN], len(got), wholly, sum((row.gets for row in got), Decimal(0)))
