"""Sale, maturity and default: the cost of units goes back to their holders' savings, with what was gained on them."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from app.audit.log import record
from app.core.db import session
from app.core.ids import new_id
from app.core.money import BadAmount, NegativeAmount, exact
from app.groups.models import Member
from app.groups.queries import group
from app.groups.services.members import lock_group
from app.holdings import queries
from app.holdings.errors import (
    BeforeInvesting,
    BeforeLastMove,
    CashAccountMissing,
    DefaultBringsNothing,
    IsSuspended,
    NothingHeld,
    ProceedsMissing,
)
from app.holdings.models import Investment, InvestmentSale
from app.holdings.moving import HoldingMove, move_holdings
from app.holdings.news import tell_later
from app.holdings.policy import terms_on
from app.holdings.records import first_open, seal
from app.holdings.rules import ZERO, Gains, SaleKind, Sold, checked_units, sold
from app.holdings.states import is_suspended
from app.ledgers.books import Draft, Line, post
from app.ledgers.cash import open_cash_account
from app.ledgers.chart import Account, PostingKind
from app.ledgers.errors import DayInFuture, KeyUsed
from app.ledgers.heads import today
from app.ledgers.locking import lock_books

Holder = uuid.UUID | None


@dataclass(frozen=True, kw_only=True)
class Sale:
    """What is sold, matured or lost: `units` of an investment (None: all of them) for `proceeds` in all.

    `key` makes it happen once.
    """

    investment_id: uuid.UUID
    kind: str
    on: date
    key: str
    units: Decimal | None = None
    proceeds: Decimal = ZERO
    cash_account_id: uuid.UUID | None = None
    notes: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class SalePlan:
    """What a sale would do: to the investment, and to each holder (None: the group itself)."""

    investment: Investment
    units: Decimal
    left: Decimal
    proceeds: Decimal
    gains: Gains
    parts: Mapping[Holder, Sold]
    leaving: frozenset[uuid.UUID]  # whose gains are the treasury's, for they wait in the exit queue

    @property
    def cost(self) -> Decimal:
        """What the units cost."""
        return sum((part.cost for part in self.parts.values()), ZERO)

    @property
    def gain(self) -> Decimal:
        """What was gained on them; below zero: lost."""
        return self.proceeds - self.cost

    def goes_to(self, holder: Holder) -> Account | None:
        """Where a holder's gain goes: to their realised growth, to the treasury, or nowhere but the surplus."""
        if self.gains is Gains.SURPLUS:
            return None
        if holder is None or holder in self.leaving:
            return Account("treasury")
        return Account("realised_growth", holder)

    def back_to(self, holder: Holder) -> Decimal:
        """What comes back to a holder: the cost of their units, less the loss that they bear themselves."""
        part, to = self.parts[holder], self.goes_to(holder)
        bears = to is not None and (holder is None or to.kind == "realised_growth")
        return part.cost + min(part.gain, ZERO) if bears else part.cost

    @property
    def back(self) -> Decimal:
        """What comes back to all of them."""
        return sum((self.back_to(holder) for holder in self.parts), ZERO)


def preview_sale(told: Sale) -> SalePlan:
    """What a sale would do to each holder, without doing it. Raises as `sell` does."""
    kind = SaleKind(told.kind)
    row = queries.investment(told.investment_id)
    proceeds = _proceeds(told, kind)
    _check_day(row, told.on)
    held = {holding.member_id: holding.portion for holding in queries.holders([row.id])}
    everything = sum((part.units for part in held.values()), ZERO)
    if not everything:
        raise NothingHeld
    if kind is not SaleKind.DEFAULT and is_suspended(row.id):
        raise IsSuspended(name=row.name)
    units = everything if told.units is None else checked_units(told.units)
    parts = sold(units, proceeds, held, group().currency)
    queued = session().scalars(sa.select(Member.id).where(Member.leaving_since.is_not(None)))
    leaving = frozenset(who for who in queued if who in held)
    return SalePlan(row, units, everything - units, proceeds, terms_on(told.on).gains, parts, leaving)


def _proceeds(told: Sale, kind: SaleKind) -> Decimal:
    try:
        proceeds = exact(told.proceeds, group().currency)
    except BadAmount as error:
        error.field = "proceeds"
        raise
    if proceeds < 0:
        raise NegativeAmount(field="proceeds")
    if kind is SaleKind.DEFAULT and proceeds:
        raise DefaultBringsNothing(field="proceeds")
    if kind is not SaleKind.DEFAULT and not proceeds:
        raise ProceedsMissing(field="proceeds")
    if proceeds and told.cash_account_id is None:
        raise CashAccountMissing(field="cash_account")
    if proceeds and told.cash_account_id:
        open_cash_account(told.cash_account_id, field="cash_account")
    return proceeds


def _check_day(row: Investment, on: date) -> None:
    if on > today():
        raise DayInFuture(day=on.isoformat(), field="on")
    if on < row.invested_on:
        raise BeforeInvesting(day=row.invested_on.isoformat(), field="on")
    last = max((move.moved_on for move in queries.standing_moves(row.id)), default=on)
    if first_open(on) < last:
        raise BeforeLastMove(day=last.isoformat(), field="on")


def sell(told: Sale, *, by: uuid.UUID | None) -> InvestmentSale:
    """Record units sold, matured or defaulted; once for each key.

    Raises NoSuchInvestment, NothingHeld, MoreThanHeld, NotUnits, IsSuspended, ProceedsMissing, DefaultBringsNothing,
    CashAccountMissing, CashAccountClosed, BeforeInvesting, BeforeLastMove, DayInFuture, KeyUsed and what the books
    refuse.
    """
    lock_group()
    known = sa.select(InvestmentSale).where(InvestmentSale.idempotency_key == told.key)
    if (done := session().scalar(known)) is not None:
        return _same(done, told)
    lock_books()
    plan, row_id = preview_sale(told), new_id()
    draft = _draft(told, plan, row_id)
    posted = post(draft, by=by) if draft.lines else None
    row = _keep(told, plan, row_id, entry_id=posted.id if posted else None, by=by)
    lines = [HoldingMove(plan.investment.id, holder, -part.units, -part.cost) for holder, part in plan.parts.items()]
    move_holdings(lines, source=("investment_sale", row.id), entry_id=row.entry_id, on=told.on)
    after = {"kind": row.kind, "units": row.units, "cost": row.cost, "proceeds": row.proceeds}
    record("create", "investment_sale", row.id, by=by, after=after)
    tell_later("investment_sale", row.id)
    return row


def _draft(told: Sale, plan: SalePlan, row_id: uuid.UUID) -> Draft:
    """Debits are positive; what comes to nothing on an account is left out."""
    amounts: dict[Account, Decimal] = {}

    def add(account: Account, amount: Decimal) -> None:
        amounts[account] = amounts.get(account, ZERO) + amount

    if told.cash_account_id:
        add(Account("cash", told.cash_account_id), plan.proceeds)
    add(Account("investment", plan.investment.id), -plan.cost)
    add(Account("disposal_result"), -plan.gain)
    for holder, part in plan.parts.items():
        add(Account("holdings", holder) if holder else Account("group_holdings"), part.cost)
        add(Account("savings", holder) if holder else Account("treasury"), -part.cost)
        if to := plan.goes_to(holder):
            add(Account("appropriated"), part.gain)
            add(to, -part.gain)
    lines = [Line(account, amount) for account, amount in amounts.items() if amount]
    return Draft(
        PostingKind.SALE, told.on, lines, source=("investment_sale", row_id), key=f"investment_sale:{told.key}"
    )


def _keep(
    told: Sale, plan: SalePlan, row_id: uuid.UUID, *, entry_id: uuid.UUID | None, by: uuid.UUID | None
) -> InvestmentSale:
    row = InvestmentSale(
        id=row_id,
        investment_id=plan.investment.id,
        kind=told.kind,
        sold_on=told.on,
        units=plan.units,
        cost=plan.cost,
        proceeds=plan.proceeds,
        gains=plan.gains.value,
        cash_account_id=told.cash_account_id if plan.proceeds else None,
        notes_sealed=seal(told.notes, f"investment_sale|{row_id}|notes"),
        entry_id=entry_id,
        idempotency_key=told.key,
        recorded_by=by,
    )
    session().add(row)
    session().flush()
    return row


def _same(done: InvestmentSale, told: Sale) -> InvestmentSale:
    same = (done.investment_id, done.kind, done.sold_on, done.proceeds) == (
        told.investment_id,
        told.kind,
        told.on,
        told.proceeds,
    )
    if not same or (told.units is not None and told.units != done.units):
        raise KeyUsed
    return done
