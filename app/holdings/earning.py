"""Income of an investment: a dividend, coupon or interest that came into cash."""

import uuid
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from app.audit.log import record
from app.core.db import session
from app.core.ids import new_id
from app.groups.queries import group
from app.groups.services.members import lock_group
from app.holdings import queries
from app.holdings.errors import BeforeInvesting
from app.holdings.models import InvestmentIncome
from app.holdings.rules import checked_amount
from app.ledgers.books import Draft, credit, debit, post
from app.ledgers.cash import open_cash_account
from app.ledgers.chart import PostingKind
from app.ledgers.errors import DayInFuture, KeyUsed
from app.ledgers.heads import today


@dataclass(frozen=True, kw_only=True)
class Income:
    """What came in of an investment, and where. `key` makes it happen once."""

    investment_id: uuid.UUID
    on: date
    amount: Decimal
    cash_account_id: uuid.UUID
    key: str
    note: str | None = None


def check_income(told: Income) -> None:
    """Raise what stands against it, without recording it: as `record_income` does."""
    investment = queries.investment(told.investment_id)
    checked_amount(told.amount, group().currency)
    if told.on > today():
        raise DayInFuture(day=told.on.isoformat(), field="on")
    if told.on < investment.invested_on:
        raise BeforeInvesting(day=investment.invested_on.isoformat(), field="on")
    open_cash_account(told.cash_account_id, field="cash_account")


def record_income(told: Income, *, by: uuid.UUID | None) -> InvestmentIncome:
    """Record income of an investment, also of one that ended; it is the group's surplus. Once for each key.

    Raises NoSuchInvestment, BeforeInvesting, DayInFuture, CashAccountClosed, KeyUsed and what the books refuse.
    """
    lock_group()
    known = sa.select(InvestmentIncome).where(InvestmentIncome.idempotency_key == told.key)
    if (done := session().scalar(known)) is not None:
        return _same(done, told)
    check_income(told)
    row_id = new_id()
    lines = [debit("cash", told.amount, told.cash_account_id), credit("investment_income", told.amount)]
    source, key = ("investment_income", row_id), f"investment_income:{told.key}"
    draft = Draft(PostingKind.INVESTMENT_INCOME, told.on, lines, source=source, key=key, note=told.note)
    posted = post(draft, by=by)
    row = InvestmentIncome(
        id=row_id,
        investment_id=told.investment_id,
        received_on=told.on,
        amount=told.amount,
        cash_account_id=told.cash_account_id,
        entry_id=posted.id,
        idempotency_key=told.key,
        recorded_by=by,
    )
    session().add(row)
    session().flush()
    record("create", "investment_income", row.id, by=by, after={"amount": row.amount, "entry": posted.number})
    return row


def _same(done: InvestmentIncome, told: Income) -> InvestmentIncome:
    kept = (done.investment_id, done.received_on, done.amount, done.cash_account_id)
    if kept != (told.investment_id, told.on, told.amount, told.cash_account_id):
        raise KeyUsed
    return done
