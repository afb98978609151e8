"""Pure rules of leaving: what somebody is entitled to, who is served next with how much, and what the words mean."""

import enum
import uuid
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import lazy_gettext as _

from app.core.money import quantum, rounded

ZERO = Decimal(0)
WHOLE = Decimal(100)


class RequestKind(enum.StrEnum):
    """What is asked for: everything, to leave; or a part of one's savings, to stay."""

    EXIT = "exit"
    WITHDRAWAL = "withdrawal"


class State(enum.StrEnum):
    """How far a request is. `closed`: wholly paid, what was left of it passed to the group, and the member left."""

    QUEUED = "queued"
    PARTIALLY_FULFILLED = "partially_fulfilled"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"
    CLOSED = "closed"


ENDED = (State.CANCELLED, State.CLOSED)


class LiquidityType(enum.StrEnum):
    """Where money that is set aside for the queue comes from."""

    CONTRIBUTION_POOL = "contribution_pool"
    ASSET_SALE = "asset_sale"
    LOAN_REPAYMENT = "loan_repayment"
    DEPOSIT = "deposit"
    OTHER = "other"


LIQUIDITY = {
    LiquidityType.CONTRIBUTION_POOL: _("Contributions"),
    LiquidityType.ASSET_SALE: _("Sale of an investment or asset"),
    LiquidityType.LOAN_REPAYMENT: _("Repaid loans"),
    LiquidityType.DEPOSIT: _("Deposit"),
    LiquidityType.OTHER: _("Other"),
}


@dataclass(frozen=True)
class ExitPolicy:
    """The group's rules for leaving and withdrawing.

    `growth_percent` of a realised growth above zero is part of what is paid out; one below zero counts in full.
    `partial`: whoever is first may be paid in part, otherwise everyone waits until the whole is there. `deduct`: what a
    member owes the group is kept back. `contributions_percent` of contributions and `sales_percent` of the proceeds of
    sales are set aside while somebody waits.
    """

    growth_percent: Decimal = ZERO
    partial: bool = True
    deduct: bool = True
    contributions_percent: Decimal = ZERO
    sales_percent: Decimal = ZERO
    withdrawals: bool = False
    withdrawal_floor: Decimal = ZERO


@dataclass(frozen=True)
class Entitlement:
    """What a member who leaves is owed, and its working: the parts at the moment of the request, in the currency."""

    savings: Decimal
    holdings: Decimal  # at cost
    asset_shares: Decimal  # at recorded value
    growth: Decimal  # realised, positive or negative
    growth_percent: Decimal
    growth_part: Decimal  # what of the growth counts

    @property
    def gross(self) -> Decimal:
        """The whole, never below zero: losses do not make a debt."""
        return max(ZERO, self.savings + self.holdings + self.asset_shares + self.growth_part)

    def to_store(self) -> dict[str, str]:
        """JSON of the working: money as text, so that nothing is rounded on the way."""
        told = {name: f"{value:f}" for name, value in vars(self).items()}
        return told | {"gross": f"{self.gross:f}"}

    @classmethod
    def stored(cls, told: Mapping[str, str]) -> "Entitlement":
        """The working as a request keeps it."""
        return cls(**{name: Decimal(value) for name, value in told.items() if name != "gross"})


def entitlement(
    *,
    savings: Decimal,
    holdings: Decimal,
    asset_shares: Decimal,
    growth: Decimal,
    growth_percent: Decimal,
    currency: str,
) -> Entitlement:
    """Savings, holdings at cost, asset shares at recorded value, and of the realised growth what the policy gives."""
    part = growth if growth < 0 else rounded(growth * growth_percent / WHOLE, currency)
    return Entitlement(savings, holdings, asset_shares, growth, growth_percent, part)


def part_of(amount: Decimal, percent: Decimal, currency: str) -> Decimal:
    """A percentage of an amount in whole coins, never more than it is: what is set aside must be there."""
    coin = quantum(currency)
    return amount * percent / WHOLE // coin * coin


@dataclass(frozen=True)
class Waiting:
    """A request as the queue sees it now.

    `open`: gross with its adjustments less what was fulfilled. `held`: of the member's savings, under a guarantee.
    `deductions`: what the member owes the group today. All in the group's currency.
    """

    request_id: uuid.UUID
    member_id: uuid.UUID
    kind: RequestKind
    sequence: int
    open: Decimal
    held: Decimal = ZERO
    deductions: Decimal = ZERO

    @property
    def payable(self) -> Decimal:
        """What is payable now: what is open less the deductions, never below zero."""
        return max(ZERO, self.open - self.deductions)

    @property
    def ready(self) -> Decimal:
        """What of it can be served at once: not what is under a guarantee's hold."""
        return max(ZERO, self.payable - self.held)


def in_order(queue: Sequence[Waiting]) -> list[Waiting]:
    """Strictly by request: those who leave first, then those who withdraw."""
    return sorted(queue, key=lambda one: (one.kind is RequestKind.WITHDRAWAL, one.sequence))


def served(queue: Sequence[Waiting], amount: Decimal, *, partial: bool) -> list[tuple[uuid.UUID, Decimal]]:
    """Who is served with how much when this amount is there, the first first.

    Nobody is passed over but a request of which only a part under a guarantee's hold is open (or nothing at all): it
    keeps its place and those behind are served. Without `partial` everyone waits until the first can have the whole.
    """
    left, given = amount, []
    for one in in_order(queue):
        part = min(one.ready, left)
        if not one.ready:
            continue
        if not part or (part < one.ready and not partial):
            break
        given.append((one.request_id, part))
        left -= part
    return given


@dataclass(frozen=True)
class Pot:
    """What is left of money that was set aside."""

    event_id: uuid.UUID
    left: Decimal


@dataclass(frozen=True)
class Given:
    """A part of a pot that makes a part of a request payable."""

    event_id: uuid.UUID
    request_id: uuid.UUID
    amount: Decimal


def allotted(given: Sequence[tuple[uuid.UUID, Decimal]], pots: Sequence[Pot]) -> list[Given]:
    """From which pot each amount comes, the oldest first; of one pot never more than is left.

    Raises ValueError when the pots do not hold what is given.
    """
    found: list[Given] = []
    rest = deque(pot for pot in pots if pot.left > 0)
    for request_id, amount in given:
        missing = amount
        while missing:
            if not rest:
                raise ValueError("more was given than the pots hold")
            pot = rest.popleft()
            part = min(missing, pot.left)
            found.append(Given(pot.event_id, request_id, part))
            missing -= part
            if pot.left > part:
                rest.appendleft(Pot(pot.event_id, pot.left - part))
    return found


def distributed(queue: Sequence[Waiting], pots: Sequence[Pot], *, partial: bool) -> list[Given]:
    """Who is served with how much from which pot, in order."""
    total = sum((pot.left for pot in pots), ZERO)
    return allotted(served(queue, total, partial=partial), pots)


def state_of(*, open_: Decimal, payable: Decimal, fulfilled: Decimal) -> State:
    """How far a request is that has neither ended nor been cancelled: fulfilled when nothing more is payable."""
    if payable or not (fulfilled or open_ <= 0):
        return State.PARTIALLY_FULFILLED if fulfilled else State.QUEUED
    return State.FULFILLED


def needed(queue: Sequence[Waiting], pots: Sequence[Pot]) -> Decimal:
    """How much more the queue can take than the pots hold."""
    ready = sum((one.ready for one in queue), ZERO)
    return max(ZERO, ready - sum((pot.left for pot in pots), ZERO))
