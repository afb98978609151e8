"""Where the records of this room are shown, what stands in the way of a member who leaves, and the first steps."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _

from app.core.db import session
from app.groups.queries import group
from app.savings.models import Contribution, HeldReceipt, HeldReceiptEnd, Payment, PenaltyPayment, PenaltyWaiver
from app.savings.month import current_window
from app.savings.queries import held_open
from app.web.filters import money


def _of_payment(table: type[Contribution] | type[PenaltyPayment] | type[HeldReceipt]) -> Callable[[uuid.UUID], str]:
    def url(record_id: uuid.UUID) -> str:
        payment_id = session().scalar(sa.select(table.payment_id).where(table.id == record_id))
        return url_for("savings.payment", payment_id=payment_id or record_id)

    return url


def _of_waiver(record_id: uuid.UUID) -> str:
    penalty_id = session().scalar(sa.select(PenaltyWaiver.penalty_id).where(PenaltyWaiver.id == record_id))
    return url_for("savings.penalty", penalty_id=penalty_id or record_id)


def _of_end(record_id: uuid.UUID) -> str:
    query = sa.select(HeldReceipt.payment_id).join(HeldReceiptEnd, HeldReceiptEnd.held_receipt_id == HeldReceipt.id)
    payment_id = session().scalar(query.where(HeldReceiptEnd.id == record_id))
    return url_for("savings.payment", payment_id=payment_id or record_id)


PAGES: Mapping[str, Callable[[uuid.UUID], str]] = {
    "payment": lambda id_: url_for("savings.payment", payment_id=id_),
    "contribution": _of_payment(Contribution),
    "penalty_payment": _of_payment(PenaltyPayment),
    "held_receipt": _of_payment(HeldReceipt),
    "held_receipt_end": _of_end,
    "penalty": lambda id_: url_for("savings.penalty", penalty_id=id_),
    "penalty_waiver": _of_waiver,
    "contribution_window": lambda id_: url_for("savings.window", window_id=id_),
}


def what_waits(member_id: uuid.UUID) -> list[str]:
    """Why a member cannot leave yet: money of theirs that was neither returned nor allocated."""
    currency = group().currency  # named: on a person's own pages, outside the group's, no address tells it
    kept = [money(line.held.amount, currency) for line in held_open(member_id)]
    return [_("%(amount)s is kept unallocated", amount=amount) for amount in kept]


def first_steps() -> Sequence[tuple[Any, bool, str]]:
    """What a new group does first in this room: record a payment."""
    recorded = session().scalar(sa.select(Payment.id).limit(1)) is not None
    opened = current_window()
    url = url_for("savings.grid", window_id=opened.id) if opened else url_for("savings.window_new")
    return [(_("Record the first contributions"), recorded, url)]
