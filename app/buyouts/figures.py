"""What this room adds to pages it does not know: position, a member's page, the dashboard and statements."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.buyouts.models import BuyOut
from app.buyouts.queries import count_of, reference_of, waiting_for
from app.buyouts.rules import Standing
from app.buyouts.words import who
from app.core.db import session
from app.core.rooms import Figure, Section
from app.groups.access import may


def position(member_id: uuid.UUID) -> Section | None:
    """The buy-outs that wait for a member's consent; none where nothing does."""
    waiting = waiting_for(member_id)
    if not waiting:
        return None
    note = ngettext("A buy-out waits for a yes or a no", "%(num)d buy-outs wait for a yes or a no", len(waiting))
    found = [Figure(_("To answer"), len(waiting), url=_page(waiting[0].id), note=note, money=False)]
    return Section(_("Buy-outs"), found, order=60)


def member_panel(member_id: uuid.UUID) -> Section | None:
    """How many buy-outs a member is a side of."""
    count = sa.select(sa.func.count()).select_from(BuyOut)
    found = session().scalar(count.where(sa.or_(BuyOut.seller_id == member_id, BuyOut.buyer_id == member_id)))
    if not found:
        return None
    url = url_for("buyouts.buy_outs", member=member_id) if may("money.see") else None
    return Section(_("Buy-outs"), [Figure(_("As seller or buyer"), found, url=url, money=False)], order=60)


def dashboard() -> Sequence[Section]:
    """What waits for an approval, for who may approve."""
    waiting = count_of(Standing.AGREED) if may("money.approve") else 0
    if not waiting:
        return []
    url = url_for("buyouts.buy_outs", state=Standing.AGREED.value)
    note = ngettext("Both sides consented", "Both sides of each consented", waiting)
    found = Figure(_("Buy-outs to approve"), waiting, url=url, note=note, money=False)
    return [Section(_("Buy-outs"), [found], order=45)]


def told(ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, tuple[Any, str]]:
    """What buy-outs were, for a statement: who sold to whom, and how the price went between persons."""
    rows = session().scalars(sa.select(BuyOut).where(BuyOut.id.in_(ids))).all()
    people = who([person for row in rows for person in (row.seller_id, row.buyer_id)])
    sentence = _("Buy-out: %(seller)s to %(buyer)s")
    return {
        row.id: (
            sentence % {"seller": people[row.seller_id], "buyer": people[row.buyer_id]},
            reference_of(row) or "",
        )
        for row in rows
    }


def exists(buy_out_id: uuid.UUID) -> bool:
    """Whether there is a buy-out of this id."""
    return session().scalar(sa.select(BuyOut.id).where(BuyOut.id == buy_out_id)) is not None


def _page(buy_out_id: uuid.UUID) -> str:
    return url_for("buyouts.buy_out", buy_out_id=buy_out_id)
