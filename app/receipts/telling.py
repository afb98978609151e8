"""What people are told of receipts: who started a run, and members who own or pay what was issued or reversed."""

import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from flask_babel import lazy_gettext as _

from app.core.db import session
from app.core.periods import Month
from app.groups.queries import group
from app.notifications.services import notify, path_to
from app.receipts.models import Receipt, RentBatch
from app.receipts.rules import Sums
from app.receipts.words import number_of
from app.registry.models import Party
from app.web.filters import month as month_named
from app.web.filters import number


def tell_end(batch: RentBatch, sums: Sums) -> None:
    """A run is over: its starter learns what came of it, members that receipts of theirs were issued."""
    month = month_named(Month.parse(batch.period))
    told = _("%(issued)s issued, %(skipped)s units skipped", issued=number(sums.receipts), skipped=number(sums.skipped))
    notify(
        [batch.started_by],
        kind="info",
        title=_("Receipts of %(month)s", month=month),
        body=told,
        url=path_to("receipts.batch", slug=group().slug, batch_id=batch.id),
        key=f"rent_batch:{batch.id}",
    )
    notify(
        _members(Receipt.batch_id == batch.id),
        kind="info",
        title=_("Rent of %(month)s", month=month),
        body=_("Receipts that you own or pay were issued."),
        url=path_to("statements.my_position", slug=group().slug),
        key=f"rent_batch:{batch.id}:parties",
    )


def tell_reversed(receipts: Sequence[Receipt]) -> None:
    """Receipts were taken back: the members who own or pay them learn it, each by its number."""
    for row in receipts:
        notify(
            _members(Receipt.id == row.id),
            kind="info",
            title=_("Receipt %(number)s was reversed", number=number_of(row)),
            body=_("It no longer counts. What was paid on it became the client’s credit."),
            url=path_to("receipts.receipt", slug=group().slug, receipt_id=row.id),
            key=f"receipt:{row.id}:reversed",
        )


def _members(which: sa.ColumnElement[bool]) -> list[uuid.UUID]:
    mine = sa.or_(*(sa.exists().where(column == Party.id, which) for column in (Receipt.owner_id, Receipt.client_id)))
    found = session().scalars(sa.select(Party.member_id).where(Party.member_id.is_not(None), mine))
    return [member_id for member_id in found if member_id]
