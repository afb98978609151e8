"""What this room adds to pages it does not know: my position, a member's page, the overview, and statements."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext

from app.core.db import session
from app.core.periods import Month
from app.core.rooms import Figure, Section
from app.groups.access import may
from app.groups.queries import group
from app.ledgers.balances import balance
from app.ledgers.chart import CHART, Account
from app.ledgers.heads import today
from app.owners.models import OwnerPayout
from app.owners.received import due_in_all, last_period, latest, month_of_rent, standing_of
from app.registry.queries import parties_of_member
from app.web.filters import money, month

OF_PARTIES = ("rent_receivable", "credit", "deposit_held", "owner_payable")


def position(member_id: uuid.UUID) -> Section | None:
    """What was received for a member who owns units; nothing for whom no receipt was issued or paid out."""
    figures: list[Figure] = []
    for one in parties_of_member(member_id):
        told, url = standing_of(one.id), url_for("owners.owner", party_id=one.id)
        if told.issued or told.paid:
            note = _("Received and not paid out yet")
            figures.append(Figure(_("Rents to be paid to me"), told.due, url=url, note=note, counts_in_total=True))
            figures.append(Figure(_("Rents not paid by clients yet"), told.unpaid, url=url))
            figures.append(Figure(_("Rents paid out so far"), told.paid, url=url))
    if not figures:
        return None
    data = {"lines": latest([one.id for one in parties_of_member(member_id)])}
    return Section(_("My units"), figures, template="owners/parts/position.html", data=data, order=57)


def resting_on_member(member_id: uuid.UUID) -> list[str]:
    """What stands in the books for a member as an owner or client, a sentence each: they cannot be erased with it."""
    told, currency = _("%(account)s of %(amount)s stands in the books for them as %(code)s."), group().currency
    return [
        told % {"account": CHART[kind].name, "amount": money(abs(amount), currency), "code": one.code}
        for one in parties_of_member(member_id)
        for kind in OF_PARTIES
        if (amount := balance(Account(kind, one.id)))
    ]


def dashboard() -> Sequence[Section]:
    """What was received of the rent of the last month issued, and what owners are still to be paid."""
    if not may("money.see"):
        return []
    figures = []
    if (period := last_period(Month.of(today()))) is not None:
        issued, came = month_of_rent(period)
        note = _("of %(amount)s issued for %(month)s", amount=money(issued), month=month(Month.parse(period)))
        figures.append(Figure(_("Rent received"), came, url=url_for("receipts.overview", period=period), note=note))
    count, owed = due_in_all()
    if count:
        note = ngettext("One owner", "%(num)d owners", count)
        figures.append(Figure(_("To pay to owners"), owed, url=url_for("owners.due"), note=note))
    return [Section(_("To owners"), figures, order=32)] if figures else []


def payouts_told(ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, tuple[Any, str]]:
    """What payouts to owners were, for a statement."""
    rows = session().scalars(sa.select(OwnerPayout.id).where(OwnerPayout.id.in_(ids)))
    return {row_id: (lazy_gettext("Rents paid to the owner"), "") for row_id in rows}


def payout_exists(payout_id: uuid.UUID) -> bool:
    """Whether there is such a payout."""
    return session().scalar(sa.select(OwnerPayout.id).where(OwnerPayout.id == payout_id)) is not None
