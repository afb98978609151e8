"""Holds: a part of a balance that may not be used until it is released; free is the balance less what is held."""

import uuid
from decimal import Decimal

import sqlalchemy as sa

from app.core.db import session
from app.core.ids import new_id
from app.ledgers import chart
from app.ledgers.accounts import account_ids
from app.ledgers.balances import is_account
from app.ledgers.calling import call_ledger
from app.ledgers.models import Account, Hold, HoldRelease

_HOLD = sa.text("SELECT ledger.hold(:by, :id, :account, :amount, :reason, :source_kind, :source_id)").bindparams(
    *(sa.bindparam(name, type_=sa.Uuid) for name in ("by", "id", "account", "source_id")),
    sa.bindparam("amount", type_=sa.Numeric),
)
_RELEASE = sa.text("SELECT ledger.release(:by, :id, :hold)").bindparams(
    *(sa.bindparam(name, type_=sa.Uuid) for name in ("by", "id", "hold"))
)


def hold(
    wanted: chart.Account | uuid.UUID,
    amount: Decimal,
    *,
    reason: str,
    source: tuple[str, uuid.UUID],
    by: uuid.UUID | None,
) -> uuid.UUID:
    """Keep a part of an account from being used; returns the hold's id. `reason` is no personal text.

    Raises NotEnough when less than that is free.
    """
    hold_id = new_id()
    values = {"by": by, "id": hold_id, "account": account_ids([wanted])[wanted], "amount": amount, "reason": reason}
    call_ledger(_HOLD, values | {"source_kind": source[0], "source_id": source[1]})
    return hold_id


def release(hold_id: uuid.UUID, *, by: uuid.UUID | None) -> None:
    """End a hold. Raises NothingToRelease when it ended before."""
    call_ledger(_RELEASE, {"by": by, "id": new_id(), "hold": hold_id})


def open_holds(wanted: chart.Account | uuid.UUID) -> list[Hold]:
    """What is held of an account now, the oldest first."""
    query = sa.select(Hold).join(Account, Account.id == Hold.account_id).where(*is_account(wanted))
    open_ones = query.where(Hold.id.not_in(sa.select(HoldRelease.hold_id)))
    return list(session().scalars(open_ones.order_by(Hold.id)))
