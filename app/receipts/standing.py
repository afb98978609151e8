"""Which receipts count, and one of them by its id."""

import uuid
from typing import Any

import sqlalchemy as sa

from app.core.db import session
from app.receipts.errors import NoSuchBatch, NoSuchReceipt
from app.receipts.models import Receipt, ReceiptReversal, RentBatch


def reversed_ids() -> sa.Select[Any]:
    """The ids of receipts that were taken back."""
    return sa.select(ReceiptReversal.receipt_id)


def not_reversed() -> sa.ColumnElement[bool]:
    """That a receipt counts, for a query over receipts."""
    return ~sa.exists().where(ReceiptReversal.receipt_id == Receipt.id, ReceiptReversal.group_id == Receipt.group_id)


def standing() -> sa.Select[Any]:
    """The receipts that count."""
    return sa.select(Receipt).where(not_reversed())


def receipt_row(receipt_id: uuid.UUID) -> Receipt:
    """A receipt. Raises NoSuchReceipt."""
    found = session().scalar(sa.select(Receipt).where(Receipt.id == receipt_id))
    if found is None:
        raise NoSuchReceipt
    return found


def reversal_of(receipt_id: uuid.UUID) -> ReceiptReversal | None:
    """What took a receipt back."""
    return session().scalar(sa.select(ReceiptReversal).where(ReceiptReversal.receipt_id == receipt_id))


def batch_row(batch_id: uuid.UUID) -> RentBatch:
    """A run. Raises NoSuchBatch."""
    found = session().scalar(sa.select(RentBatch).where(RentBatch.id == batch_id))
    if found is None:
        raise NoSuchBatch
    return found
