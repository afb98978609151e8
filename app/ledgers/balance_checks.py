"""What is proved of the balances: kept rows, holds, checkpoints, floors, and what must be zero; every fault is told."""

import uuid
from collections.abc import Iterable, Sequence
from decimal import Decimal

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core.db import session
from app.core.rooms import Check
from app.groups.models import Member
from app.groups.queries import group
from app.ledgers.balances import totals
from app.ledgers.chart import AccountType, Floor
from app.ledgers.models import Account, AccountBalance, BalanceCheckpoint, CashAccount, Hold, HoldRelease, Posting
from app.ledgers.pairs import pairs


def kept_balances_equal_sums() -> Check:
    """The kept balance and number of lines of each account are those of its postings."""
    sums = (
        sa.select(Posting.account_id, sa.func.sum(Posting.amount).label("total"), sa.func.count().label("lines"))
        .group_by(Posting.account_id)
        .subquery()
    )
    kept, total = sa.func.coalesce(AccountBalance.balance, 0), sa.func.coalesce(sums.c.total, 0)
    lines = sa.func.coalesce(AccountBalance.postings, 0) != sa.func.coalesce(sums.c.lines, 0)
    bad = session().execute(
        sa.select(Account.code, kept, total)
        .outerjoin(AccountBalance, AccountBalance.account_id == Account.id)
        .outerjoin(sums, sums.c.account_id == Account.id)
        .where(sa.or_(kept != total, lines))
        .order_by(Account.code)
    )
    faults = [
        _("Account %(code)s keeps %(kept)s, its lines come to %(sum)s.", code=c, kept=k, sum=t) for c, k, t in bad
    ]
    return Check(_("Kept balances"), _number_of(Account.id), faults)


def held_equals_open_holds() -> Check:
    """What an account says is held is the sum of its holds that are not released."""
    ended = sa.select(HoldRelease.hold_id)
    sums = (
        sa.select(Hold.account_id, sa.func.sum(Hold.amount).label("total"))
        .where(Hold.id.not_in(ended))
        .group_by(Hold.account_id)
        .subquery()
    )
    total = sa.func.coalesce(sums.c.total, 0)
    bad = session().execute(
        sa.select(Account.code, AccountBalance.held, total)
        .join(AccountBalance, AccountBalance.account_id == Account.id)
        .outerjoin(sums, sums.c.account_id == Account.id)
        .where(AccountBalance.held != total)
        .order_by(Account.code)
    )
    faults = [
        _("Account %(code)s says %(held)s is held, its holds come to %(sum)s.", code=c, held=h, sum=t)
        for c, h, t in bad
    ]
    return Check(_("Holds"), _number_of(Hold.id), faults)


def checkpoints_equal_sums() -> Check:
    """From one checkpoint of an account to the next, its lines come to the difference."""
    before = sa.func.lag(BalanceCheckpoint.through).over(
        partition_by=BalanceCheckpoint.account_id, order_by=BalanceCheckpoint.through
    )
    balance_before = sa.func.lag(BalanceCheckpoint.balance).over(
        partition_by=BalanceCheckpoint.account_id, order_by=BalanceCheckpoint.through
    )
    steps = sa.select(
        BalanceCheckpoint.account_id,
        BalanceCheckpoint.through,
        (BalanceCheckpoint.balance - sa.func.coalesce(balance_before, 0)).label("step"),
        before.label("since"),
    ).subquery()
    moved = (
        sa.select(sa.func.coalesce(sa.func.sum(Posting.amount), 0).label("moved"))
        .where(
            Posting.account_id == steps.c.account_id,
            sa.or_(steps.c.since.is_(None), Posting.effective_on > steps.c.since),
            Posting.effective_on <= steps.c.through,
        )
        .lateral("moved")
    )
    bad = session().execute(
        sa.select(Account.code, steps.c.through)
        .join(steps, steps.c.account_id == Account.id)
        .join(moved, sa.true())
        .where(moved.c.moved != steps.c.step)
        .order_by(steps.c.through, Account.code)
    )
    faults = [_("The checkpoint of account %(code)s at %(day)s is wrong.", code=code, day=day) for code, day in bad]
    return Check(_("Checkpoints"), _number_of(BalanceCheckpoint.account_id), faults)


def books_are_equal() -> Check:
    """Assets = liabilities + equity + accumulated surplus."""
    sums = dict.fromkeys(AccountType, Decimal(0))
    for total in totals():
        sums[total.type] += total.natural
    surplus = sums[AccountType.INCOME] - sums[AccountType.EXPENSE]
    other = sums[AccountType.LIABILITY] + sums[AccountType.EQUITY] + surplus
    fault = _("Assets are %(assets)s, the other side %(other)s.", assets=sums[AccountType.ASSET], other=other)
    return Check(_("Both sides of the balance sheet"), len(sums), () if sums[AccountType.ASSET] == other else [fault])


def _accounts_where(*where: sa.ColumnElement[bool]) -> sa.Select[str, Decimal]:
    joined = sa.select(Account.code, AccountBalance.balance).join(
        AccountBalance, AccountBalance.account_id == Account.id
    )
    return joined.where(*where).order_by(Account.code)


def _each(rows: Iterable[sa.Row[str, Decimal]], sentence: str) -> Sequence[str]:
    return [sentence % {"code": code, "amount": amount} for code, amount in rows]


def floors_hold() -> Check:
    """No account that may never be below zero is, nor below what is held of it."""
    free = AccountBalance.balance * Account.normal - AccountBalance.held
    bad = session().execute(_accounts_where(Account.floor == Floor.NEVER, free < 0))
    return Check(
        _("Floors"),
        _number_of(Account.id, Account.floor == Floor.NEVER),
        _each(bad, _("Account %(code)s is below what it may be: %(amount)s.")),
    )


def opening_balances_are_complete() -> Check:
    """Opening balances come to zero once the set-up is confirmed."""
    if group().set_up_at is None:
        return Check(_("Opening balances"), 0)
    bad = session().execute(_accounts_where(Account.kind == "opening", AccountBalance.balance != 0))
    return Check(
        _("Opening balances"), 1, _each(bad, _("Account %(code)s is %(amount)s though the set-up is confirmed."))
    )


def who_left_has_nothing() -> Check:
    """A member who left has zero everywhere."""
    left = Member.status == "left"
    gone = sa.select(Member.id).where(left)
    bad = session().execute(_accounts_where(Account.owner_id.in_(gone), AccountBalance.balance != 0))
    return Check(
        _("Members who left"),
        _number_of(Member.id, left),
        _each(bad, _("Account %(code)s of a member who left is %(amount)s.")),
    )


def cash_accounts_have_accounts() -> Check:
    """Each cash account owns one account of the books, under its name, and each of those belongs to one."""
    places: dict[uuid.UUID | None, str] = {**pairs(sa.select(CashAccount.id, CashAccount.name))}
    owned = pairs(sa.select(Account.owner_id, Account.name).where(Account.kind == "cash"))
    faults = [
        _("Cash account “%(name)s” and its account in the books differ.", name=places.get(id_) or owned.get(id_))
        for id_ in sorted(places.keys() | owned.keys(), key=str)
        if places.get(id_) != owned.get(id_)
    ]
    return Check(_("Cash accounts"), len(places), faults)


def _number_of(column: sa.orm.InstrumentedAttribute[uuid.UUID], *where: sa.ColumnElement[bool]) -> int:
    return session().scalar(sa.select(sa.func.count(column)).where(*where)) or 0
