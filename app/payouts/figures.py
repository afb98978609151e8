"""What this room adds to pages it does not know: my position, a member's page, the overview, and statements."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext

from app.core.db import session
from app.core.rooms import Figure, Section
from app.groups.access import may
from app.payouts.models import MemberPayment
from app.payouts.queries import owed_in_all


def position(member_id: uuid.UUID) -> Section | None:
    """What is still to be paid to a member; nothing for whom nothing was ever owed or paid."""
    count, owed = owed_in_all(member_id)
    if not count and session().scalar(sa.select(MemberPayment.id).where(MemberPayment.member_id == member_id)) is None:
        return None
    note = ngettext("One amount", "%(num)d amounts", count) if count else _("Everything was paid")
    url = url_for("payouts.member", member_id=member_id)
    figure = Figure(_("Still to be paid"), owed, url=url, note=note, counts_in_total=True)
    return Section(_("To be paid out"), [figure], order=45)


def dashboard() -> Sequence[Section]:
    """What officers still have to pay, when there is something."""
    if not may("money.see"):
        return []
    count, owed = owed_in_all()
    if not count:
        return []
    note = ngettext("One amount", "%(num)d amounts", count)
    return [
        Section(_("To pay"), [Figure(_("Owed to members"), owed, url=url_for("payouts.to_pay"), note=note)], order=30)
    ]


def payments_told(ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, tuple[Any, str]]:
    """What payments to members were, for a statement."""
    rows = session().execute(sa.select(MemberPayment.id, MemberPayment.reference).where(MemberPayment.id.in_(ids)))
    return {row_id: (lazy_gettext("Paid to the member"), reference or "") for row_id, reference in rows}


def payment_exists(payment_id: uuid.UUID) -> bool:
    """Whether there is such a payment."""
    return session().scalar(sa.select(MemberPayment.id).where(MemberPayment.id == payment_id)) is not None
