"""Funds: money that the group keeps apart for a purpose, each with an account of its own name."""

import uuid
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa
from flask_babel import gettext as _

from app.audit.log import record
from app.core.db import session
from app.core.ids import new_id
from app.core.rows import row_with
from app.distributions.errors import FundNameTaken, NameMissing, NoSuchFund
from app.distributions.models import Fund
from app.groups.services.members import lock_group
from app.ledgers import chart
from app.ledgers.accounts import account_ids
from app.ledgers.balances import is_account
from app.ledgers.models import Account, AccountBalance

RESERVE, EDUCATION, OTHER = "reserve", "education", "other"
LONGEST_NAME = 80


@dataclass(frozen=True)
class FundBalance:
    """A fund, the id of its account in the books, and what is in it now."""

    fund: Fund
    account_id: uuid.UUID
    balance: Decimal


def fund_balances() -> list[FundBalance]:
    """The funds by name with what is in them, in one query."""
    return _balances()


def fund_balance(fund_id: uuid.UUID) -> FundBalance:
    """One fund with what is in it. Raises NoSuchFund."""
    found = _balances(Fund.id == fund_id)
    if not found:
        raise NoSuchFund
    return found[0]


def _balances(*which: sa.ColumnElement[bool]) -> list[FundBalance]:
    rows = session().execute(
        sa.select(Fund, Account.id, sa.func.coalesce(-AccountBalance.balance, 0))
        .join(Account, sa.and_(Account.owner_id == Fund.id, Account.kind == "fund"))
        .outerjoin(AccountBalance, AccountBalance.account_id == Account.id)
        .where(*which)
        .order_by(sa.func.lower(Fund.name))
    )
    return [FundBalance(row, account_id, Decimal(balance)) for row, account_id, balance in rows]


def fund_row(fund_id: uuid.UUID) -> Fund:
    """A fund. Raises NoSuchFund."""
    return row_with(Fund, fund_id, NoSuchFund)


def fund_for(purpose: str, *, by: uuid.UUID) -> Fund:
    """The fund that share-outs feed for a purpose (reserve, education), made when it is first needed."""
    lock_group()
    found = session().scalar(sa.select(Fund).where(Fund.purpose == purpose))
    if found is not None:
        return found
    usual = _("Reserve fund") if purpose == RESERVE else _("Education fund")
    return add_fund(name=usual if not _taken(usual, None) else f"{usual} 2", purpose=purpose, by=by)


def add_fund(*, name: str, purpose: str = OTHER, by: uuid.UUID) -> Fund:
    """Open a fund and its account in the books. Raises NameMissing, FundNameTaken."""
    lock_group()
    row = Fund(id=new_id(), name=_free_name(name, None), purpose=purpose, made_by=by)
    session().add(row)
    session().flush()
    account_ids([chart.Account("fund", row.id)])
    _name_account(row)
    record("create", "fund", row.id, by=by, after={"name": row.name, "purpose": purpose})
    return row


def rename_fund(fund_id: uuid.UUID, *, name: str, by: uuid.UUID) -> Fund:
    """Call a fund otherwise; its account in the books follows. Raises NoSuchFund, NameMissing, FundNameTaken."""
    lock_group()
    row = fund_row(fund_id)
    before, row.name = row.name, _free_name(name, row.id)
    _name_account(row)
    record("update", "fund", row.id, by=by, before={"name": before}, after={"name": row.name})
    return row


def _free_name(name: str, own: uuid.UUID | None) -> str:
    name = name.strip()[:LONGEST_NAME]
    if not name:
        raise NameMissing(field="name")
    if _taken(name, own):
        raise FundNameTaken(name=name, field="name")
    return name


def _taken(name: str, own: uuid.UUID | None) -> bool:
    query = sa.select(Fund.id).where(sa.func.lower(Fund.name) == sa.func.lower(name))
    if own is not None:
        query = query.where(Fund.id != own)
    return session().scalar(query) is not None


def _name_account(row: Fund) -> None:
    session().flush()
    session().execute(sa.update(Account).where(*is_account(chart.Account("fund", row.id))).values(name=row.name))
