"""Assessing a payment: which window it belongs to, what is late, what is over the maximum, and what follows."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.core import money
from app.savings.errors import NoSuchWindow, OnePaymentAWindow, WindowAlreadyMet, WindowWaived
from app.savings.rules.payments import Fee, Kept, Part, PartKind, Payment, Plan, Standing
from app.savings.rules.penalties import PenaltyReason, late_fee, settle
from app.savings.rules.terms import ZERO, LateRule, OverRule, SavingsPolicy
from app.savings.rules.windows import Window, containing, days_late, in_order


def assess(payment: Payment, *, windows: Sequence[Window], standing: Standing, policy: SavingsPolicy) -> Plan:
    """What becomes of a payment of a member, given the group's windows and where the member stands.

    Under `penalties_first` it pays open penalties before it is anything else. The rest belongs to one window; late
    there, the late rule decides, and over the maximum the over-rule decides about the excess only. A fee is due for
    the part that is late, once for a member and window. Raises money.BadAmount, NoSuchWindow, WindowAlreadyMet,
    WindowWaived, OnePaymentAWindow.
    """
    amount = money.exact(payment.amount, policy.currency)
    if amount <= 0:
        raise money.NegativeAmount if amount else money.ZeroAmount
    owed = settle(standing.penalties, amount) if policy.penalties_first else []
    parts = [Part(kind=PartKind.PENALTY_PAYMENT, amount=part, penalty_id=key) for key, part in owed]
    rest = amount - sum((part.amount for part in parts), ZERO)
    if rest:
        case = _Case(payment, in_order(windows), standing, policy)
        parts += [part for part in case.parts(rest) if part.amount]
    return Plan(payment=payment, policy=policy, parts=tuple(parts), fee=_fee(parts, standing, policy))


def window_of(
    payment: Payment, *, windows: Sequence[Window], standing: Standing, policy: SavingsPolicy
) -> Window | None:
    """The window that a payment belongs to.

    The one that contains paid_at, unless another one is named: a later one (paid ahead), or an earlier one in which
    something is missing. Where none contains it, it is late for the last one before it in which something is
    missing; else early for the next one; else there is none. Raises as `assess` does.
    """
    found = _named(payment.window_id, windows) if payment.window_id else containing(payment.paid_at, windows)
    if found is None:
        return _nearest(payment, windows, standing, policy)
    if found.ends_at < payment.paid_at and not standing.misses(found):
        refusal = WindowWaived if found.id in standing.waived else WindowAlreadyMet
        raise refusal(window=found.name)
    if not _takes_payment(found, standing, policy):
        raise OnePaymentAWindow(window=found.name)
    return found


def _named(window_id: uuid.UUID, windows: Sequence[Window]) -> Window:
    for window in windows:
        if window.id == window_id:
            return window
    raise NoSuchWindow


def _nearest(payment: Payment, windows: Sequence[Window], standing: Standing, policy: SavingsPolicy) -> Window | None:
    free = [window for window in in_order(windows) if _takes_payment(window, standing, policy)]
    missed = [window for window in free if window.ends_at < payment.paid_at and standing.misses(window)]
    if missed:
        return missed[-1]
    return next((window for window in free if window.starts_at > payment.paid_at), None)


def _takes_payment(window: Window, standing: Standing, policy: SavingsPolicy) -> bool:
    return policy.several_payments or window.id not in standing.paid_in


def _fee(parts: Sequence[Part], standing: Standing, policy: SavingsPolicy) -> Fee | None:
    for part in parts:
        if part.kind is PartKind.SAVINGS and part.days_late and part.window and part.window.id not in standing.charged:
            amount = late_fee(policy, part.amount)
            # An amount in the books is never 0: five per cent of next to nothing is no fee.
            return Fee(amount=amount, window=part.window) if amount else None
    return None


@dataclass(frozen=True, slots=True)
class _Case:
    """One payment before the windows (in order), the member's standing and the policy."""

    payment: Payment
    windows: Sequence[Window]
    standing: Standing
    policy: SavingsPolicy

    def parts(self, amount: Decimal) -> Iterator[Part]:
        """The parts of an amount, some of them perhaps 0."""
        target = window_of(self.payment, windows=self.windows, standing=self.standing, policy=self.policy)
        if target is None:
            yield Part(kind=PartKind.UNALLOCATED, amount=amount, kept=Kept.NO_WINDOW)
            return
        late = days_late(target, self.payment.paid_at, self.policy.zone)
        if late and self.policy.late_rule is LateRule.WHOLE_IS_PENALTY:
            yield Part(
                kind=PartKind.PENALTY,
                amount=amount,
                window=target,
                days_late=late,
                reason=PenaltyReason.LATE,
                missing=self._missing(target, ZERO),
            )
        elif self.payment.ahead:
            yield from self._over([target, *self._after(target)], amount, ahead=True)
        else:
            yield from self._within(target, amount)

    def _within(self, target: Window, amount: Decimal) -> Iterator[Part]:
        """What the maximum lets in, and the excess by the over-rule."""
        room = self.standing.room_in(target)
        if room is None or self.policy.over_rule is OverRule.ACCEPT:
            room = amount
        inside = min(amount, room)
        yield self._savings(target, inside)
        excess = amount - inside
        match self.policy.over_rule:
            case OverRule.SPREAD:
                yield from self._over(self._after(target), excess, ahead=False)
            case OverRule.EXCESS_IS_PENALTY:
                yield Part(kind=PartKind.PENALTY, amount=excess, window=target, reason=PenaltyReason.OVER_MAXIMUM)
            case _:
                yield Part(kind=PartKind.UNALLOCATED, amount=excess, window=target, kept=Kept.OVER_MAXIMUM)

    def _over(self, windows: Sequence[Window], amount: Decimal, *, ahead: bool) -> Iterator[Part]:
        """An amount over windows one after another: up to what is expected when paid ahead, else up to the maximum."""
        for window in windows:
            room = self._free(window, ahead=ahead)
            part = amount if room is None else min(amount, room)
            yield self._savings(window, part, spread=not ahead)
            amount -= part
        yield Part(kind=PartKind.UNALLOCATED, amount=amount, kept=Kept.NO_WINDOW)

    def _free(self, window: Window, *, ahead: bool) -> Decimal | None:
        room = self.standing.room_in(window)
        if not (ahead and window.expected):
            return room
        expected = max(window.expected - self.standing.saved_in(window), ZERO)
        return expected if room is None else min(expected, room)

    def _after(self, target: Window) -> list[Window]:
        """The windows that may take more of the payment: after the target, not over yet, nothing waived in them."""
        return [
            window
            for window in self.windows
            if window.starts_at > target.starts_at
            and window.ends_at >= self.payment.paid_at
            and window.id not in self.standing.waived
            and not (self.payment.ahead and not _takes_payment(window, self.standing, self.policy))
        ]

    def _savings(self, window: Window, amount: Decimal, *, spread: bool = False) -> Part:
        return Part(
            kind=PartKind.SAVINGS,
            amount=amount,
            window=window,
            days_late=days_late(window, self.payment.paid_at, self.policy.zone),
            missing=self._missing(window, amount),
            spread=spread,
        )

    def _missing(self, window: Window, amount: Decimal) -> Decimal:
        if window.id in self.standing.waived:
            return ZERO
        return max(window.due - self.standing.saved_in(window) - amount, ZERO)
