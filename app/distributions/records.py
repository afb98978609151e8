"""Where the records of this room are shown, and whether there is one."""

import uuid
from collections.abc import Callable, Mapping

import sqlalchemy as sa
from flask import url_for

from app.core.db import session
from app.distributions.models import Fund, ShareOutPayment


def _of_payment(record_id: uuid.UUID) -> str:
    found = session().scalar(sa.select(ShareOutPayment.share_out_id).where(ShareOutPayment.id == record_id))
    return url_for("distributions.share_out", share_out_id=found or record_id)


PAGES: Mapping[str, Callable[[uuid.UUID], str]] = {
    "share_out": lambda id_: url_for("distributions.share_out", share_out_id=id_),
    "share_out_payment": _of_payment,
    "fund": lambda id_: url_for("distributions.fund", fund_id=id_),
}


def is_fund(record_id: uuid.UUID) -> bool:
    """Whether there is such a fund."""
    return session().scalar(sa.select(Fund.id).where(Fund.id == record_id)) is not None
