"""Where the records of this room are shown, and what of it stands in the way of others."""

import uuid

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _

from app.core.db import session
from app.core.money import shown
from app.groups.queries import group
from app.ledgers.models import Account, AccountBalance, Entry


def what_a_member_has(member_id: uuid.UUID) -> list[str]:
    """Why a member cannot leave yet: every account of theirs that is not zero."""
    rows = session().execute(
        sa.select(Account, AccountBalance.balance)
        .join(AccountBalance, AccountBalance.account_id == Account.id)
        .where(Account.owner_id == member_id, AccountBalance.balance != 0)
        .order_by(Account.code)
    )
    currency = group().currency
    return [
        _("%(account)s: %(amount)s", account=row.label, amount=shown(balance * row.normal, currency))
        for row, balance in rows
    ]


def _entry(entry_id: uuid.UUID) -> str:
    number = session().scalar(sa.select(Entry.number).where(Entry.id == entry_id))
    return url_for("ledgers.entry", number=number or 0)


def entry_exists(entry_id: uuid.UUID) -> bool:
    """Whether the books have this entry; those that follow a record are not in the log by themselves."""
    return session().scalar(sa.select(Entry.id).where(Entry.id == entry_id)) is not None


PAGES = {
    "entry": _entry,
    "account": lambda id_: url_for("ledgers.account", account_id=id_),
    "cash_account": lambda id_: url_for("ledgers.cash_account_edit", row_id=id_),
    "approval_request": lambda id_: url_for("ledgers.approval", request_id=id_),
    "month": lambda _id: url_for("ledgers.months"),
    "opening_balances": lambda _id: url_for("ledgers.opening"),
    "set_up": lambda _id: url_for("ledgers.opening"),
}
