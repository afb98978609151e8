"""Setting what a group means to spend for an account in a year."""

import uuid
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.audit.log import record
from app.core.db import session
from app.core.ids import new_id
from app.core.money import exact
from app.core.money.errors import NegativeAmount
from app.dues.budget_models import DuesBudget
from app.dues.errors import NoSuchCategory
from app.groups.queries import group
from app.groups.services.members import lock_group
from app.ledgers.models import Account


def set_budget(*, year: int, account_id: uuid.UUID, amount: Decimal, by: uuid.UUID) -> DuesBudget:
    """Say what is budgeted for an account in a year, in place of what was said before; nought for nothing.

    Raises NoSuchCategory, NegativeAmount, TooManyDecimals.
    """
    lock_group()
    if exact(amount, group().currency) < 0:
        raise NegativeAmount(field="amount")
    wanted = sa.select(Account).where(Account.id == account_id, Account.type == "expense")
    if (account := session().scalar(wanted)) is None:
        raise NoSuchCategory(field="account")
    told = {"group_id": session().group_id, "id": new_id(), "year": year, "account_id": account_id}
    made = insert(DuesBudget).values(**told, amount=amount, made_by=by).on_conflict_do_nothing()
    before = session().scalar(_row(year, account_id))
    was = before.amount if before else Decimal(0)
    session().connection().execute(made)  # row-level security checks it as an object
    row = session().scalars(_row(year, account_id)).one()
    if row.amount != amount:
        row.amount = amount
        session().flush()
    if was != amount:
        names = {"account": account.label, "year": year}
        record("edit", "dues_budget", row.id, by=by, before={"amount": was}, after=names | {"amount": amount})
    return row


def _row(year: int, account_id: uuid.UUID) -> sa.Select[DuesBudget]:
    return sa.select(DuesBudget).where(DuesBudget.year == year, DuesBudget.account_id == account_id)
