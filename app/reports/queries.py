"""The four reports of the books, each figure with the way down to the entries behind it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _

from app.core.db import session
from app.core.periods import Month
from app.ledgers.balances import Total, totals
from app.ledgers.chart import AccountType
from app.ledgers.heads import today
from app.ledgers.models import Account, Entry, Posting
from app.ledgers.words import TYPES, entry_kind
from app.reports.tables import Report, Row, heading, sum_row
from app.web.filters import day

ZERO = Decimal(0)


@dataclass(frozen=True)
class Period:
    """The days a report speaks of, both inclusive; those as of a day look at the last one only."""

    first: date
    last: date


def period_of(first: date | None, last: date | None) -> Period:
    """From one day to another: without the last until today, without the first from the beginning of that year."""
    until = last or today()
    since = first or Month(until.year, 1).first
    return Period(min(since, until), until)


def trial_balance(period: Period) -> Report:
    """Every account at the end of a day: what it holds on the debit or on the credit side, and both sums."""
    rows, sides = [], [ZERO, ZERO]
    for total in _used(totals(period.last)):
        debit, credit = max(total.balance, ZERO), max(-total.balance, ZERO)
        sides = [sides[0] + debit, sides[1] + credit]
        rows.append(Row(total.name, (debit or None, credit or None), total.code, _behind(total, period, whole=True)))
    rows.append(sum_row(_("Total"), *sides))
    return Report(_("Trial balance"), _as_of(period), (_("Debit"), _("Credit")), rows, shows_last=False)


def income_statement(period: Period) -> Report:
    """What was earned and spent in a period, and the surplus."""
    moved = _moved(period)
    rows: list[Row] = []
    surplus = ZERO
    for type_ in (AccountType.INCOME, AccountType.EXPENSE):
        part = [total for total in moved if total.type is type_]
        sum_ = sum((total.natural for total in part), ZERO)
        surplus -= sum((total.balance for total in part), ZERO)
        rows += [heading(TYPES[type_]), *(_line(total, period) for total in part)]
        rows.append(sum_row(_("Income in all") if type_ is AccountType.INCOME else _("Expenses in all"), sum_))
    rows.append(sum_row(_("Surplus of the period"), surplus))
    return Report(_("Income statement"), _from_to(period), (_("Amount"),), rows)


def balance_sheet(period: Period) -> Report:
    """What the group has at the end of a day, and whose it is; the surplus net of what was appropriated."""
    books = totals(period.last)
    assets = _part(books, AccountType.ASSET, period)
    debts = _part(books, AccountType.LIABILITY, period)
    equity = _part([total for total in books if total.kind != "appropriated"], AccountType.EQUITY, period)
    results = (AccountType.INCOME, AccountType.EXPENSE)
    appropriated = sum((total.balance for total in books if total.kind == "appropriated"), ZERO)
    earned = -sum((total.balance for total in books if total.type in results), ZERO)
    surplus = earned - appropriated
    rows = [
        *(heading(TYPES[AccountType.ASSET]), *assets.rows, sum_row(_("Assets in all"), assets.sum)),
        *(heading(TYPES[AccountType.LIABILITY]), *debts.rows, sum_row(_("Liabilities in all"), debts.sum)),
        *(heading(TYPES[AccountType.EQUITY]), *equity.rows, sum_row(_("Equity in all"), equity.sum)),
        heading(_("Accumulated surplus")),
        Row(_("Income less expenses so far"), (earned,), link=("reports.report", {"name": "income-statement"})),
        *([Row(_("Less what was appropriated"), (-appropriated,))] if appropriated else []),
        sum_row(_("Surplus in all"), surplus),
        sum_row(_("Liabilities, equity and surplus"), debts.sum + equity.sum + surplus),
    ]
    return Report(_("Balance sheet"), _as_of(period), (_("Amount"),), rows)


def cash_flow(period: Period) -> Report:
    """What came into the cash accounts in a period and what went out, by the kind of entry. Transfers cancel out."""
    before, after = _cash(period.first - timedelta(days=1)), _cash(period.last)
    came = sa.func.coalesce(sa.func.sum(Posting.amount).filter(Posting.amount > 0), 0)
    went = sa.func.coalesce(sa.func.sum(-Posting.amount).filter(Posting.amount < 0), 0)
    kinds = session().execute(
        sa.select(Entry.kind, came, went)
        .join(Posting, Posting.entry_id == Entry.id)
        .join(Account, Account.id == Posting.account_id)
        .where(Account.kind == "cash", Posting.effective_on.between(period.first, period.last))
        .group_by(Entry.kind)
        .order_by(Entry.kind)
    )
    rows = [sum_row(_("Cash at the beginning"), None, None, before)]
    for kind, in_, out in kinds:
        asked = {"kind": kind, "from": period.first, "to": period.last}
        rows.append(Row(entry_kind(kind), (in_ or None, out or None, in_ - out), link=("ledgers.entries", asked)))
    rows.append(sum_row(_("Cash at the end"), None, None, after))
    return Report(_("Cash flow"), _from_to(period), (_("In"), _("Out"), _("Net")), rows)


@dataclass(frozen=True)
class _Part:
    rows: Sequence[Row]
    sum: Decimal


def _part(books: Iterable[Total], type_: AccountType, period: Period) -> _Part:
    own = [total for total in _used(books) if total.type is type_]
    rows = [_line(total, period, whole=True) for total in own]
    return _Part(rows, sum((total.natural for total in own), ZERO))


def _used(books: Iterable[Total]) -> list[Total]:
    return [total for total in books if total.balance]


def _moved(period: Period) -> list[Total]:
    """What moved each account in a period: its balance at the end less that before the first day."""
    before = {(total.kind, total.account_id): total.balance for total in totals(period.first - timedelta(days=1))}
    after = totals(period.last)
    moved = [(total, total.balance - before.get((total.kind, total.account_id), ZERO)) for total in after]
    return [
        Total(total.kind, total.account_id, total.code, total.name, total.accounts, change)
        for total, change in moved
        if change
    ]


def _cash(on: date) -> Decimal:
    return sum((total.balance for total in totals(on) if total.kind == "cash"), ZERO)


def _line(total: Total, period: Period, *, whole: bool = False) -> Row:
    return Row(total.name, (total.natural,), total.code, _behind(total, period, whole=whole))


def _behind(total: Total, period: Period, *, whole: bool) -> tuple[str, dict[str, Any]]:
    """The page of the entries that come to a figure: all of them to a day, or those of a period."""
    asked: dict[str, Any] = {"to": period.last} if whole else {"from": period.first, "to": period.last}
    if total.account_id is None:
        return "ledgers.accounts_of", {"kind": total.kind} | asked
    return "ledgers.account", {"account_id": total.account_id} | asked


def _as_of(period: Period) -> Any:
    return _("At the end of %(day)s", day=day(period.last))


def _from_to(period: Period) -> Any:
    return _("From %(first)s to %(last)s", first=day(period.first), last=day(period.last))
