"""Money received for penalties: for one of them, or for a member's open ones, the oldest first."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from app.audit.log import record
from app.core.db import session
from app.core.ids import new_id
from app.core.periods import day_in
from app.ledgers.books import Draft, credit, debit, post_many
from app.ledgers.cash import open_cash_account
from app.ledgers.chart import PostingKind
from app.savings.lookups import owing
from app.savings.models import Payment, PenaltyPayment
from app.savings.planning import CASH, refuse_future
from app.savings.policy import terms
from app.savings.recording import paid_under
from app.savings.rules import OpenPenalty, PenaltyState, SavingsPolicy, check_penalty_payment, penalty_state, settle
from app.savings.standings import PenaltyStanding, penalties_of
from app.savings.windows import lock_windows


@dataclass(frozen=True, kw_only=True)
class PenaltyMoney:
    """Money received for one penalty, or with a member for what that member owes. `key` makes it happen once."""

    amount: Decimal
    paid_at: datetime
    method: str
    cash_account_id: uuid.UUID
    key: str
    penalty_id: uuid.UUID | None = None
    member_id: uuid.UUID | None = None
    reference: str | None = None


def pay_penalty(told: PenaltyMoney, *, by: uuid.UUID) -> Payment:
    """Record money for one penalty. Raises NoSuchPenalty and what `pay_penalties` raises."""
    return pay_penalties([told], by=by)[0]


def pay_penalties(
    money: Sequence[PenaltyMoney], *, by: uuid.UUID | None, batch_id: uuid.UUID | None = None
) -> list[Payment]:
    """Record money for penalties, all or none, each once for its key.

    Raises NoSuchPenalty, PenaltyNotOpen, MoreThanPenalty, CashAccountClosed, DayInFuture, KeyUsed.
    """
    lock_windows()
    known = paid_under(money)
    new = [told for told in money if told.key not in known]
    policy, whose = terms(), payers(new)
    for account_id in dict.fromkeys(told.cash_account_id for told in new):
        open_cash_account(account_id, field="cash_account")
    open_by_id = {found.penalty.id: found for found in penalties_of(set(whose))} if new else {}
    made = [_pay(told, who, open_by_id, policy, batch_id=batch_id, by=by) for told, who in zip(new, whose, strict=True)]
    post_many([draft for paid in made for draft in paid.drafts], by=by)
    session().add_all(paid.payment for paid in made)
    session().flush()
    session().add_all(part for paid in made for part in paid.parts)
    session().flush()
    for paid in made:
        row = known[paid.payment.idempotency_key] = paid.payment
        record("create", "payment", row.id, by=by, after={"amount": row.amount}, about=row.member_id)
    return [known[told.key] for told in money]


@dataclass(frozen=True)
class _Paid:
    payment: Payment
    parts: Sequence[PenaltyPayment]
    drafts: Sequence[Draft]


def payers(money: Sequence[PenaltyMoney]) -> list[uuid.UUID]:
    """Who pays each of them: named, or whoever owes the penalty. Raises NoSuchPenalty."""
    asked = [(told.member_id, told.penalty_id or uuid.UUID(int=0)) for told in money]
    members = owing({penalty_id for member_id, penalty_id in asked if member_id is None})
    return [member_id or members[penalty_id] for member_id, penalty_id in asked]


def _pay(
    told: PenaltyMoney,
    member_id: uuid.UUID,
    known: dict[uuid.UUID, PenaltyStanding],
    policy: SavingsPolicy,
    *,
    batch_id: uuid.UUID | None,
    by: uuid.UUID | None,
) -> _Paid:
    refuse_future(told.paid_at, policy)
    mine = [found for found in known.values() if found.penalty.member_id == member_id]
    wanted = [found for found in mine if told.penalty_id in (None, found.penalty.id)]
    payment = _payment(told, member_id, batch_id, by)
    parts, drafts = [], []
    for penalty_id, amount in shares(wanted, told.amount, policy):
        part = PenaltyPayment(id=new_id(), penalty_id=penalty_id, payment_id=payment.id, amount=amount)
        draft = _draft(part, payment, policy)
        part.entry_id = draft.id
        parts.append(part)
        drafts.append(draft)
        known[penalty_id] = _after(known[penalty_id], amount)  # the next payment of the batch finds less owed
    return _Paid(payment, parts, drafts)


def _after(found: PenaltyStanding, amount: Decimal) -> PenaltyStanding:
    paid = found.paid + amount
    return replace(found, paid=paid, state=penalty_state(found.penalty.amount, paid=paid))


def shares(
    penalties: Sequence[PenaltyStanding], amount: Decimal, policy: SavingsPolicy
) -> list[tuple[uuid.UUID, Decimal]]:
    """What of an amount pays which penalty, the oldest first. Raises PenaltyNotOpen, MoreThanPenalty."""
    owed = [OpenPenalty(found.penalty.id, found.owed) for found in penalties if found.owed]
    total = sum((penalty.owed for penalty in owed), Decimal(0))
    state = PenaltyState.LEVIED if total else PenaltyState.PAID
    check_penalty_payment(state, owed=total, offered=amount, currency=policy.currency)
    return settle(owed, amount)


def _payment(told: PenaltyMoney, member_id: uuid.UUID, batch_id: uuid.UUID | None, by: uuid.UUID | None) -> Payment:
    return Payment(
        id=new_id(),
        member_id=member_id,
        amount=told.amount,
        paid_at=told.paid_at,
        method=told.method,
        reference=told.reference,
        source=CASH,
        cash_account_id=told.cash_account_id,
        batch_id=batch_id,
        idempotency_key=told.key,
        recorded_by=by,
    )


def _draft(part: PenaltyPayment, payment: Payment, policy: SavingsPolicy) -> Draft:
    lines = [
        debit("cash", part.amount, payment.cash_account_id),
        credit("penalties_receivable", part.amount, payment.member_id),
    ]
    return Draft(
        PostingKind.PENALTY_PAID,
        day_in(policy.zone, payment.paid_at),
        lines,
        source=("penalty_payment", part.id),
        note=payment.reference or None,
        subject=payment.member_id,
    )
