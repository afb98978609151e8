"""What this room adds to pages it does not know: position, the dashboard and statements."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _

from app.core.db import session
from app.core.rooms import Figure, Section
from app.distributions.funds import fund_balances
from app.distributions.models import ShareOut, ShareOutPayment
from app.distributions.queries import latest_of
from app.distributions.words import cycle_of, rule_word, span


def position(member_id: uuid.UUID) -> Section | None:
    """A member's part of the last share-out; nothing for who never had one."""
    found = latest_of(member_id)
    if found is None or found.own is None:
        return None
    url = url_for("distributions.share_out", share_out_id=found.share_out.id)
    note = _("made payable") if found.paid else _("added to the growth")
    label = _("Share of %(cycle)s", cycle=span(cycle_of(found.share_out)))
    return Section(_("Share-outs"), [Figure(label, found.own, url=url, note=note)], order=45)


def dashboard() -> Sequence[Section]:
    """What the funds hold together, once there is one."""
    funds = fund_balances()
    if not funds:
        return []
    held = sum((row.balance for row in funds), Decimal(0))
    figures = [Figure(_("In funds"), held, url=url_for("distributions.funds"), note=_("Reserve, education and others"))]
    return [Section(_("Funds"), figures, order=45)]


def share_outs_told(ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, tuple[Any, str]]:
    """What share-outs were, for a statement: the cycle, and by which rule."""
    rows = session().scalars(sa.select(ShareOut).where(ShareOut.id.in_(ids)))
    return {row.id: (_("Share-out of %(cycle)s", cycle=span(cycle_of(row))), str(rule_word(row.rule))) for row in rows}


def payments_told(ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, tuple[Any, str]]:
    """What payments of share-outs were, for a statement and for whoever pays them: the cycle."""
    rows = session().execute(
        sa.select(ShareOutPayment, ShareOut)
        .join(ShareOut, ShareOut.id == ShareOutPayment.share_out_id)
        .where(ShareOutPayment.id.in_(ids))
    )
    return {paid.id: (_payment_told(paid, row), "") for paid, row in rows}


def _payment_told(paid: ShareOutPayment, row: ShareOut) -> str:
    cycle = span(cycle_of(row))
    if paid.with_savings:
        return str(_("Share-out of %(cycle)s paid, with the savings", cycle=cycle))
    return str(_("Share-out of %(cycle)s paid", cycle=cycle))
