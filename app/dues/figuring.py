"""Figures of dues: arrears by age and party, what was collected of what was levied, budget against what was spent."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.core.db import session
from app.core.money import quantum, split
from app.core.periods import Month
from app.credits.queries import credit_of
from app.dues.budget_models import DuesBudget
from app.dues.models import AssessmentConfig, AssessmentEvent, DuesCharge, DuesPart, DuesSettlement
from app.dues.rules import ZERO
from app.dues.standing import Standing, counts, open_of, paid_of, undone, written_off
from app.groups.queries import group
from app.ledgers.ages import AGES, age_of
from app.ledgers.heads import today
from app.ledgers.models import Account, AccountBalance, Posting
from app.registry.models import Party
from app.registry.queries import PartyNamed, parties_named
from app.web.keyset import Cursor, Slice, slice_of

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Owing:
    """What a party owes in dues by age, and what it has over."""

    party: PartyNamed
    charges: int
    credit: Decimal
    ages: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def total(self) -> Decimal:
        """All of it."""
        return sum(self.ages.values(), ZERO)


def aged(found: Iterable[Standing], on: date) -> dict[str, Decimal]:
    """What is open by age; every age is there."""
    ages = {name: ZERO for name, _label in AGES}
    for one in found:
        ages[age_of(one.charge.due_on, on)] += one.open
    return ages


def _owing() -> Any:
    return (
        sa.select(Party.id, Party.code)
        .join(Account, sa.and_(Account.owner_id == Party.id, Account.kind == "dues_receivable"))
        .join(AccountBalance, AccountBalance.account_id == Account.id)
        .where(AccountBalance.balance > 0)
    )


def arrears_page(*, at: Cursor | None = None) -> Slice[Owing]:
    """The parties that owe dues, by code; in as many statements for many as for few."""
    return slice_of(_read, _owing(), by=(Party.code, Party.id), key=lambda row: (row.party.code, row.party.id), at=at)


def all_arrears() -> list[Owing]:
    """The same, all of it, for a file."""
    return _read(_owing().order_by(Party.code, Party.id))


def _read(query: sa.Select[Any]) -> list[Owing]:
    ids = [row.id for row in session().execute(query)]
    known, over, mine, on = parties_named(ids), credit_of(ids), open_of(ids), today()
    return [Owing(known[id_], len(mine.get(id_, ())), over[id_], aged(mine.get(id_, ()), on)) for id_ in ids]


def arrears_in_all() -> dict[str, Decimal]:
    """What is open in all by age, in one statement."""
    days = sa.type_coerce(sa.literal(today(), sa.Date) - DuesCharge.due_on, sa.Integer)
    name = sa.case(
        (days <= 0, "current"), (days <= 30, "days_30"), (days <= 60, "days_60"), (days <= 90, "days_90"), else_="older"
    )
    owing = sa.select(Account.owner_id).join(AccountBalance, AccountBalance.account_id == Account.id)
    owing = owing.where(Account.kind == "dues_receivable", AccountBalance.balance > 0)
    open_ = sa.select(name.label("age"), (DuesCharge.amount - paid_of()).label("open"))
    rows = open_.where(DuesCharge.party_id.in_(owing), sa.not_(undone())).subquery()
    sums = session().execute(sa.select(rows.c.age, sa.func.sum(rows.c.open)).group_by(rows.c.age))
    found = {age: ZERO for age, _label in AGES}
    return found | {age: Decimal(total) for age, total in sums}


@dataclass(frozen=True)
class Collected:
    """What was levied for a month, and what of it was paid, in time and in all; `written_off` is no part of it."""

    month: Month
    levied: Decimal
    paid: Decimal
    in_time: Decimal
    written_off: Decimal

    @property
    def open(self) -> Decimal:
        """What nobody has paid yet, nor was given up."""
        return self.levied - self.paid - self.written_off

    @property
    def rate(self) -> Decimal | None:
        """Per cent of it that was paid, with one decimal; None where nothing was levied."""
        return (self.paid * HUNDRED / self.levied).quantize(Decimal("0.1")) if self.levied else None


def collection_of(year: int) -> list[Collected]:
    """What was collected of the entries of each month's runs, without penalties; in one statement."""
    in_time = paid_of(DuesPart.counts_on <= DuesCharge.due_on, DuesPart.settlement_id.is_(None))
    given_up = written_off()
    rows = sa.select(
        AssessmentEvent.first_on, DuesCharge.amount, (paid_of() - given_up).label("paid"), in_time, given_up
    )
    rows = rows.join(AssessmentEvent, AssessmentEvent.id == DuesCharge.event_id)
    rows = rows.where(DuesCharge.kind == "entry", sa.not_(undone()))
    rows = rows.where(AssessmentEvent.first_on.between(date(year, 1, 1), date(year, 12, 31)))
    each = rows.subquery()
    month = sa.cast(sa.extract("month", each.c.first_on), sa.Integer)
    sums = [sa.func.sum(column) for column in list(each.c)[1:]]
    found = {
        row[0]: [Decimal(value) for value in row[1:]]
        for row in session().execute(sa.select(month, *sums).group_by(month))
    }
    return [Collected(Month(year, number), *found.get(number, [ZERO] * 4)) for number in range(1, 13)]


def collected_in(year: int) -> tuple[Decimal, Decimal]:
    """What was levied for the periods that began in a year, without penalties, and what of it was paid."""
    its_days = AssessmentEvent.first_on.between(date(year, 1, 1), date(year, 12, 31))
    own = sa.select(DuesCharge.id, DuesCharge.amount).join(AssessmentEvent, AssessmentEvent.id == DuesCharge.event_id)
    own = own.where(its_days, DuesCharge.kind == "entry", sa.not_(undone()))
    charged = own.subquery()
    given_up = sa.select(DuesSettlement.id).where(DuesSettlement.kind == "write_off")
    paid = sa.select(sa.func.coalesce(sa.func.sum(DuesPart.amount), ZERO)).join(
        charged, charged.c.id == DuesPart.charge_id
    )
    paid = paid.where(counts(), sa.or_(DuesPart.settlement_id.is_(None), DuesPart.settlement_id.not_in(given_up)))
    levied = sa.select(sa.func.coalesce(sa.func.sum(charged.c.amount), ZERO))
    return Decimal(session().scalar(levied) or ZERO), Decimal(session().scalar(paid) or ZERO)


@dataclass(frozen=True)
class BudgetLine:
    """An account of expenses in a year: budgeted, of that up to now, spent up to now, and levied and paid for it."""

    account: Account
    budget: Decimal
    so_far: Decimal
    spent: Decimal
    levied: Decimal
    paid: Decimal

    @property
    def left(self) -> Decimal:
        """What of the year's budget is left; below nought it was overspent."""
        return self.budget - self.spent


def months_of(amount: Decimal, currency: str) -> list[Decimal]:
    """A year's amount cut into twelve months that add up to it to the cent."""
    return list(split(amount, dict.fromkeys(range(12), Decimal(1)), quantum(currency)).values())


def elapsed(year: int, on: date) -> int:
    """How many months of a year have begun on a day."""
    return 0 if on.year < year else 12 if on.year > year else on.month


def budgets_of(year: int) -> list[BudgetLine]:
    """Each account of expenses with a budget or an expense in the year, by code."""
    currency, months = group().currency, elapsed(year, today())
    accounts = session().scalars(sa.select(Account).where(Account.type == "expense").order_by(Account.code)).all()
    amounts = dict(_pairs(sa.select(DuesBudget.account_id, DuesBudget.amount).where(DuesBudget.year == year)))
    spent, levied = dict(_pairs(_spent(year))), _levied(year)
    found = []
    for row in accounts:
        budget = amounts.get(row.id, ZERO)
        so_far = sum(months_of(budget, currency)[:months], ZERO)
        line = BudgetLine(row, budget, so_far, spent.get(row.id, ZERO), *levied.get(row.id, (ZERO, ZERO)))
        if line.budget or line.spent or line.levied:
            found.append(line)
    return found


def _pairs(query: Any) -> Sequence[tuple[uuid.UUID, Decimal]]:
    return [(row[0], Decimal(row[1])) for row in session().execute(query)]


def _spent(year: int) -> Any:
    """What expenses moved in a year: an expense is a debit, its reversal takes it off."""
    wanted = sa.select(Posting.account_id, sa.func.sum(Posting.amount)).join(Account, Account.id == Posting.account_id)
    wanted = wanted.where(Account.type == "expense")
    days = Posting.effective_on.between(date(year, 1, 1), date(year, 12, 31))
    return wanted.where(days).group_by(Posting.account_id)


def _levied(year: int) -> Mapping[Any, tuple[Decimal, Decimal]]:
    """What was levied for each account in a year, and paid of it."""
    each = sa.select(AssessmentConfig.category_id, DuesCharge.amount, (paid_of() - written_off()).label("paid"))
    each = each.join(AssessmentConfig, AssessmentConfig.id == DuesCharge.config_id)
    each = each.join(AssessmentEvent, AssessmentEvent.id == DuesCharge.event_id)
    each = each.where(AssessmentConfig.category_id.is_not(None), DuesCharge.kind == "entry", sa.not_(undone()))
    rows = each.where(AssessmentEvent.first_on.between(date(year, 1, 1), date(year, 12, 31))).subquery()
    sums = sa.select(rows.c.category_id, sa.func.sum(rows.c.amount), sa.func.sum(rows.c.paid))
    return {row[0]: (Decimal(row[1]), Decimal(row[2])) for row in session().execute(sums.group_by(rows.c.category_id))}
