"""Which share-outs and payments of them stand, and one of them by its id."""

import uuid
from typing import Any

import sqlalchemy as sa

from app.core.db import session
from app.core.rows import row_with
from app.distributions.errors import NoSuchShareOut
from app.distributions.models import DistributionsReversal, ShareOut, ShareOutPayment
from app.ledgers.models import Entry


def taken_back(kind: str) -> sa.Select[Any]:
    """The ids of records of a kind that were reversed."""
    return sa.select(DistributionsReversal.original_id).where(DistributionsReversal.original_kind == kind)


def standing() -> sa.Select[Any]:
    """The share-outs that count, the latest cycle first."""
    query = sa.select(ShareOut).where(ShareOut.id.not_in(taken_back("share_out")))
    return query.order_by(ShareOut.last_day.desc(), ShareOut.id.desc())


def latest() -> ShareOut | None:
    """The share-out of the latest cycle that counts."""
    found: ShareOut | None = session().scalar(standing().limit(1))
    return found


def share_out_row(share_out_id: uuid.UUID) -> ShareOut:
    """A share-out. Raises NoSuchShareOut."""
    return row_with(ShareOut, share_out_id, NoSuchShareOut)


def payment_row(payment_id: uuid.UUID) -> ShareOutPayment:
    """The payment of a share-out. Raises NoSuchShareOut."""
    return row_with(ShareOutPayment, payment_id, NoSuchShareOut)


def payment_of(share_out_id: uuid.UUID) -> ShareOutPayment | None:
    """The payment of a share-out that counts."""
    return session().scalar(
        sa.select(ShareOutPayment)
        .where(ShareOutPayment.share_out_id == share_out_id)
        .where(ShareOutPayment.id.not_in(taken_back("share_out_payment")))
    )


def reversal_of(kind: str, record_id: uuid.UUID) -> DistributionsReversal | None:
    """What took a record back."""
    return session().scalar(
        sa.select(DistributionsReversal)
        .where(DistributionsReversal.original_kind == kind)
        .where(DistributionsReversal.original_id == record_id)
    )


def entry_with(entry_id: uuid.UUID) -> Entry:
    """An entry of the books."""
    return session().scalars(sa.select(Entry).where(Entry.id == entry_id)).one()
