"""Payments that are told all at once: each foreseen, then recorded together or asked of a second person."""

import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal

from flask import url_for

from app.core.errors import DomainError
from app.core.money import lazily
from app.core.periods import day_in
from app.ledgers.approvals import Outcome
from app.ledgers.cash import open_cash_account
from app.ledgers.heads import head
from app.savings.approvables import Batch, ask
from app.savings.errors import MoreThanPenalty, NothingTyped, PenaltyNotOpen
from app.savings.penalties import standing_of
from app.savings.penalty_money import PenaltyMoney, shares
from app.savings.planning import Planner, tried
from app.savings.policy import terms
from app.savings.receiving import Preview, booked_later, preview_of
from app.savings.recording import paid_under
from app.savings.rules import Plan
from app.savings.windows import lock_windows


def ask_batch(batch: Batch, *, by: uuid.UUID, key: str) -> Outcome:
    """Record all of a batch, or nothing, or ask for it; sent again it is found. Raises as `foresee` does, KeyUsed."""
    if not batch.movements:
        raise NothingTyped
    lock_windows()
    if len(paid_under(batch.movements)) == len(batch.movements):
        return Outcome(waits=False, request_id=None, url=None)
    foresee(batch, by=by)
    return ask(batch, by=by, key=key)


def ask_penalty_payment(told: PenaltyMoney, *, by: uuid.UUID) -> Outcome:
    """Record money for one penalty, or ask for it; sent again it is found.

    Raises NoSuchPenalty, PenaltyNotOpen, MoreThanPenalty, and what the verb raises.
    """
    lock_windows()
    found = standing_of(told.penalty_id or uuid.UUID(int=0))
    told = replace(told, member_id=found.penalty.member_id)
    if done := paid_under([told]).get(told.key):
        return Outcome(waits=False, request_id=None, url=url_for("savings.payment", payment_id=done.id))
    shares([found], told.amount, terms())  # so that nobody is asked about what cannot be booked
    return ask(Batch(penalties=[told]), by=by, key=told.key)


def foresee(batch: Batch, *, by: uuid.UUID) -> list[Preview]:
    """What would become of each payment, one after the other; nothing of it stays.

    Raises NothingTyped, and what stands against any of it, with its place (`payments.3.member`).
    """
    if not batch.movements:
        raise NothingTyped
    zone, closed = terms().zone, head().closed_through
    first = min(day_in(zone, movement.paid_at) for movement in batch.movements)
    with tried():
        planner = Planner({told.member_id for told in batch.movements if told.member_id}, since=first, by=by)
        _refuse_cash_accounts(batch)
        plans = []
        for n, receipt in enumerate(batch.receipts):
            with _at(f"payments.{n}"):
                plans.append(planner.plan(receipt))
        _refuse_penalties(batch, planner, plans)
        pairs = zip(batch.receipts, plans, strict=True)
        return [preview_of(plan, booked=booked_later(receipt.paid_at, closed)) for receipt, plan in pairs]


@contextmanager
def _at(place: str) -> Iterator[None]:
    try:
        yield
    except DomainError as error:
        error.field = f"{place}.{error.field}" if error.field else place
        raise


def _refuse_cash_accounts(batch: Batch) -> None:
    known: set[uuid.UUID] = set()
    places = [f"payments.{n}" for n in range(len(batch.receipts))]
    places += [f"for_penalties.{n}" for n in range(len(batch.penalties))]
    for place, movement in zip(places, batch.movements, strict=True):
        if movement.cash_account_id not in known:
            with _at(place):
                known.add(open_cash_account(movement.cash_account_id, field="cash_account").id)


def _refuse_penalties(batch: Batch, planner: Planner, plans: Sequence[Plan]) -> None:
    """Raises for money that is more than what its member owes then, a fee that a payment of the batch brings too."""
    owed: dict[uuid.UUID | None, Decimal] = defaultdict(Decimal)
    for member_id, standing in planner.standings.items():
        owed[member_id] = sum((penalty.owed for penalty in standing.penalties), Decimal(0))
    for receipt, plan in zip(batch.receipts, plans, strict=True):
        owed[receipt.member_id] += plan.fee.amount if plan.fee else Decimal(0)
    for n, told in enumerate(batch.penalties):
        with _at(f"for_penalties.{n}"):
            if not owed[told.member_id]:
                raise PenaltyNotOpen
            if told.amount > owed[told.member_id]:
                raise MoreThanPenalty(field="amount", owed=lazily(owed[told.member_id], planner.policy.currency))
        owed[told.member_id] -= told.amount
