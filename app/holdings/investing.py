"""Recording an investment: whose savings it takes and how many units each gets, shown first and then booked."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from app.audit.log import record
from app.core.db import session
from app.core.ids import new_id
from app.core.money import lazily
from app.groups.queries import group
from app.groups.services.members import lock_group
from app.holdings.errors import BeyondCash, BeyondEligible, NothingEligible
from app.holdings.models import Investment
from app.holdings.moving import HoldingMove, move_holdings
from app.holdings.news import tell_later
from app.holdings.queries import eligible
from app.holdings.records import seal
from app.holdings.rules import ZERO, InvestmentType, Portion, Risk, Size, shared, size_of
from app.ledgers import chart
from app.ledgers.balances import balance, held
from app.ledgers.books import Draft, Line, credit, debit, post
from app.ledgers.cash import open_cash_account
from app.ledgers.chart import PostingKind
from app.ledgers.errors import DayInFuture, KeyUsed
from app.ledgers.heads import today
from app.ledgers.locking import lock_books
from app.ledgers.models import Account


@dataclass(frozen=True, kw_only=True)
class Purchase:
    """What is bought: the amount or the units, at `unit_value` each; a `percentage` one is of 100 units.

    `account` is its number at the broker. `key` makes it happen once.
    """

    name: str
    type: str
    on: date
    cash_account_id: uuid.UUID
    key: str
    amount: Decimal | None = None
    units: Decimal | None = None
    unit_value: Decimal | None = None
    percentage: bool = False
    risk: str = Risk.MEDIUM.value
    broker: str | None = None
    account: str | None = field(default=None, repr=False)
    notes: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Plan:
    """What an investment would take and give: its size, what each may invest, and each one's part of it."""

    size: Size
    eligible: Mapping[uuid.UUID, Decimal]
    portions: Mapping[uuid.UUID, Portion]

    @property
    def eligible_total(self) -> Decimal:
        """All that may be invested."""
        return sum(self.eligible.values(), ZERO)

    def left(self, member_id: uuid.UUID) -> Decimal:
        """What a member may still invest afterwards."""
        taken = self.portions.get(member_id)
        return self.eligible[member_id] - (taken.cost if taken else ZERO)


def preview_investment(told: Purchase) -> Plan:
    """What recording it would do to each member, without doing it. Raises as `record_investment` does."""
    currency = group().currency
    if told.on > today():
        raise DayInFuture(day=told.on.isoformat(), field="on")
    bought, savers = size(told), eligible(told.on)
    total = sum(savers.values(), ZERO)
    if not savers:
        raise NothingEligible(field="amount")
    if bought.amount > total:
        amounts = {"eligible": lazily(total, currency), "amount": lazily(bought.amount, currency)}
        raise BeyondEligible(field="amount", **amounts)
    refuse_beyond_cash(told.cash_account_id, bought.amount, currency)
    return Plan(bought, savers, shared(bought, savers, currency))


def size(told: Purchase) -> Size:
    """How much is bought. Raises as `size_of` does."""
    return size_of(
        amount=told.amount,
        units=told.units,
        unit_value=told.unit_value,
        percentage=told.percentage,
        currency=group().currency,
    )


def refuse_beyond_cash(cash_account_id: uuid.UUID, amount: Decimal, currency: str) -> None:
    """Raises BeyondCash when a cash account has less than that free, CashAccountClosed, NoSuchCashAccount."""
    place = open_cash_account(cash_account_id, field="cash_account")
    account = chart.Account("cash", cash_account_id)
    free = balance(account) - held(account)
    if amount > free:
        amounts = {"free": lazily(max(free, ZERO), currency), "amount": lazily(amount, currency)}
        raise BeyondCash(field="amount", account=place.name, **amounts)


def record_investment(told: Purchase, *, by: uuid.UUID | None) -> Investment:
    """Invest: savings of those who have them become holdings, and cash becomes an investment. Once for each key.

    Raises what `size_of` does, DayInFuture, NothingEligible, BeyondEligible, BeyondCash, CashAccountClosed, KeyUsed and
    what the books refuse.
    """
    lock_group()
    if (done := session().scalar(sa.select(Investment).where(Investment.idempotency_key == told.key))) is not None:
        return _same(done, told)
    lock_books()  # what may be invested must not change between the split and the entry
    plan, row_id = preview_investment(told), new_id()
    posted = post(_draft(told, plan, row_id), by=by)
    row = _keep(told, plan.size, row_id, entry_id=posted.id, by=by)
    lines = [HoldingMove(row.id, member_id, part.units, part.cost) for member_id, part in plan.portions.items()]
    move_holdings(lines, source=("investment", row.id), entry_id=posted.id)
    after = {"name": row.name, "amount": row.amount, "units": row.units, "entry": posted.number}
    record("create", "investment", row.id, by=by, after=after)
    tell_later("investment", row.id)
    return row


def _draft(told: Purchase, plan: Plan, row_id: uuid.UUID) -> Draft:
    amount = plan.size.amount
    lines: list[Line] = [debit("investment", amount, row_id), credit("cash", amount, told.cash_account_id)]
    for member_id, part in plan.portions.items():
        lines += [debit("savings", part.cost, member_id), credit("holdings", part.cost, member_id)]
    return Draft(PostingKind.INVESTMENT, told.on, lines, source=("investment", row_id), key=f"investment:{told.key}")


def _keep(told: Purchase, bought: Size, row_id: uuid.UUID, *, entry_id: uuid.UUID, by: uuid.UUID | None) -> Investment:
    named = sa.update(Account).where(Account.kind == "investment", Account.owner_id == row_id)
    session().execute(named.values(name=told.name))
    row = Investment(
        id=row_id,
        name=told.name,
        type=InvestmentType(told.type).value,
        risk=Risk(told.risk).value,
        invested_on=told.on,
        amount=bought.amount,
        unit_value=bought.unit_value,
        units=bought.units,
        percentage=told.percentage,
        broker=told.broker,
        account_sealed=seal(told.account, f"investment|{row_id}|account"),
        notes_sealed=seal(told.notes, f"investment|{row_id}|notes"),
        cash_account_id=told.cash_account_id,
        entry_id=entry_id,
        idempotency_key=told.key,
        recorded_by=by,
    )
    session().add(row)
    session().flush()
    return row


def _same(done: Investment, told: Purchase) -> Investment:
    kept = (done.name, done.type, done.invested_on, done.cash_account_id)
    sizes = [(told.amount, done.amount), (told.units, done.units)]
    if kept != (told.name, told.type, told.on, told.cash_account_id) or any(
        said is not None and said != was for said, was in sizes
    ):
        raise KeyUsed
    return done
