"""What this room adds to pages it does not know: my position, a member's page, and words for statements."""

import uuid
from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.core.db import session
from app.core.rooms import Figure, Section
from app.credits.models import CreditRefund, CreditUse
from app.credits.queries import credit_of
from app.registry.queries import parties_of_member


def position(member_id: uuid.UUID) -> Section | None:
    """What a member has over of what they paid in rent and dues; nothing for whom there is none."""
    found = credit_of([one.id for one in parties_of_member(member_id)])
    figures = [
        Figure(_("Credit"), amount, url=url_for("credits.party", party_id=id_), counts_in_total=True)
        for id_, amount in found.items()
        if amount
    ]
    return Section(_("Paid in advance"), figures, order=58) if figures else None


def uses_told(ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, tuple[Any, str]]:
    """What uses of credit were, for a statement."""
    rows = session().execute(sa.select(CreditUse.id, CreditUse.purpose).where(CreditUse.id.in_(ids)))
    words = {"rent": lazy_gettext("Credit used for rent"), "dues": lazy_gettext("Credit used for dues")}
    return {row_id: (words[purpose], "") for row_id, purpose in rows}


def refunds_told(ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, tuple[Any, str]]:
    """What repayments were, for a statement."""
    rows = session().scalars(sa.select(CreditRefund.id).where(CreditRefund.id.in_(ids)))
    return {row_id: (lazy_gettext("Credit paid back"), "") for row_id in rows}


def refund_exists(refund_id: uuid.UUID) -> bool:
    """Whether there is such a repayment."""
    return session().scalar(sa.select(CreditRefund.id).where(CreditRefund.id == refund_id)) is not None
