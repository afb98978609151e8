"""What becomes of a payment: the parts it is cut into, shown before anything is saved."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from app.savings.rules.penalties import OpenPenalty, PenaltyReason
from app.savings.rules.terms import ZERO, SavingsPolicy
from app.savings.rules.windows import Window


class PartKind(StrEnum):
    """What a part of a payment becomes in the books."""

    SAVINGS = "savings"
    PENALTY = "penalty"
    PENALTY_PAYMENT = "penalty_payment"
    UNALLOCATED = "unallocated"


class Kept(StrEnum):
    """Why a part stays unallocated."""

    OVER_MAXIMUM = "over_max"
    NO_WINDOW = "no_window"


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Money of a member as it came in; `paid_at` decides, never the time of typing.

    `window_id` is the window that payer or officer names. Paid `ahead`, it is split over the windows from there on,
    each getting what is expected in it.
    """

    amount: Decimal
    paid_at: datetime
    window_id: uuid.UUID | None = None
    ahead: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the books say of a member before a payment; rows that were reversed do not count.

    saved: savings by window, of every type. waived: windows of which the contribution was waived, or in which the
    member did not yet belong to the group. paid_in: windows that have a payment of their own (the spread excess of
    another one's is none). charged: windows for which a late fee was levied, be it paid or waived since.
    penalties: what is owed, the oldest first.
    """

    saved: Mapping[uuid.UUID, Decimal] = field(default_factory=dict)
    waived: frozenset[uuid.UUID] = frozenset()
    paid_in: frozenset[uuid.UUID] = frozenset()
    charged: frozenset[uuid.UUID] = frozenset()
    penalties: tuple[OpenPenalty, ...] = ()

    def saved_in(self, window: Window) -> Decimal:
        """The member's savings in a window so far."""
        return self.saved.get(window.id, ZERO)

    def misses(self, window: Window) -> bool:
        """Whether something is missing in a window: neither met nor waived."""
        return window.id not in self.waived and self.saved_in(window) < window.due

    def room_in(self, window: Window) -> Decimal | None:
        """What the maximum leaves free in a window; None without a maximum."""
        return None if window.maximum is None else max(window.maximum - self.saved_in(window), ZERO)

    def after(self, plan: Plan) -> Standing:
        """The standing once a plan is recorded, for the member's next payment on the same screen.

        The fee of the plan is not among the penalties yet: it has no id before it is saved.
        """
        saved, owed = dict(self.saved), {penalty.id: penalty.owed for penalty in self.penalties}
        for part in plan.parts:
            if part.kind is PartKind.SAVINGS and part.window:
                saved[part.window.id] = saved.get(part.window.id, ZERO) + part.amount
            elif part.penalty_id:
                owed[part.penalty_id] -= part.amount
        own = {
            part.window.id for part in plan.parts if part.kind is PartKind.SAVINGS and part.window and not part.spread
        }
        return replace(
            self,
            saved=saved,
            paid_in=self.paid_in | own,
            charged=self.charged | ({plan.fee.window.id} if plan.fee else set()),
            penalties=tuple(OpenPenalty(key, left) for key, left in owed.items() if left),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a payment.

    missing: what the window still lacks once this part is savings in it. spread: excess over another window's
    maximum. reason: of a penalty; kept: of an unallocated part; penalty_id: the penalty that is paid.
    """

    kind: PartKind
    amount: Decimal
    window: Window | None = None
    days_late: int = 0
    missing: Decimal = ZERO
    spread: bool = False
    reason: PenaltyReason | None = None
    kept: Kept | None = None
    penalty_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """A late fee to be levied beside the payment, as a debt of its own, never taken out of it."""

    amount: Decimal
    window: Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What will become of a payment; the parts add up to it, the fee is not one of them."""

    payment: Payment
    policy: SavingsPolicy
    parts: tuple[Part, ...]
    fee: Fee | None = None

    def total(self, kind: PartKind) -> Decimal:
        """What of the payment becomes this."""
        return sum((part.amount for part in self.parts if part.kind is kind), ZERO)

    @property
    def is_late(self) -> bool:
        """Whether any part came after the end of its window."""
        return any(part.days_late for part in self.parts)

    @property
    def needs_review(self) -> bool:
        """Whether money would be taken as a penalty: then it waits unallocated until an officer has seen the plan."""
        return bool(self.total(PartKind.PENALTY) or self.total(PartKind.PENALTY_PAYMENT))

    @property
    def lacks_windows(self) -> bool:
        """Whether a part could be savings if more windows were open."""
        return any(part.kept is Kept.NO_WINDOW for part in self.parts)
