"""Where the records of this room are shown, and whether there is one."""

import uuid
from collections.abc import Callable, Mapping

import sqlalchemy as sa
from flask import url_for

from app.core.db import session
from app.receipts.models import Receipt, RentBatch

PAGES: Mapping[str, Callable[[uuid.UUID], str]] = {
    "receipt": lambda id_: url_for("receipts.receipt", receipt_id=id_),
    "client_payment": lambda id_: url_for("receipts.payment", payment_id=id_),
    "deposit_movement": lambda id_: url_for("receipts.deposit_movement", movement_id=id_),
    "rent_batch": lambda id_: url_for("receipts.batch", batch_id=id_),
    "tax_option": lambda _id: url_for("receipts.tax_choices"),
}


def is_receipt(record_id: uuid.UUID) -> bool:
    """Whether there is such a receipt."""
    return session().scalar(sa.select(Receipt.id).where(Receipt.id == record_id)) is not None


def is_batch(record_id: uuid.UUID) -> bool:
    """Whether there is such a run."""
    return session().scalar(sa.select(RentBatch.id).where(RentBatch.id == record_id)) is not None
