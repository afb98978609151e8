"""What this room adds to pages it does not know: my position, a member's page, a unit's and a party's, the overview."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.db import session
from app.core.rooms import Figure, Section
from app.credits.queries import credit_of
from app.dues import queries
from app.dues.figuring import collected_in
from app.dues.models import AssessmentConfig, AssessmentState, DuesCharge, DuesPayment
from app.dues.party_page import own_party
from app.dues.queries import Wanted
from app.dues.rules import State
from app.dues.standing import paid_of, runs
from app.groups.access import may
from app.ledgers.heads import today
from app.web.filters import money

LISTED = 5  # charges, and payments, in my position


def position(member_id: uuid.UUID) -> Section | None:
    """What a member owes in dues, what of it is due when, and the last payments; nothing for who was never charged."""
    party_id = own_party(member_id)
    if party_id is None or not _was_charged(party_id):
        return None
    data = {
        "open": queries.charges_page(Wanted(party_id=party_id)).rows[:LISTED],
        "paid": queries.payments_page(party_id=party_id).rows[:LISTED],
    }
    return replace(_section(party_id), template="dues/parts/position.html", data=data)


def party_panel(party_id: uuid.UUID) -> Section | None:
    """What a party owes in dues, on its page in the register."""
    return _section(party_id) if _was_charged(party_id) else None


def _was_charged(party_id: uuid.UUID) -> bool:
    return session().scalar(sa.select(DuesCharge.id).where(DuesCharge.party_id == party_id).limit(1)) is not None


def _section(party_id: uuid.UUID) -> Section:
    url = url_for("dues.party", party_id=party_id)
    owed, overdue = queries.owed_in_all([party_id])[1], queries.overdue_in_all(today(), [party_id])
    note: Any = _("%(amount)s of it overdue", amount=money(overdue)) if overdue else _("Nothing is overdue")
    figures = [Figure(_("Dues owed"), owed, url=url, note=note if owed else _("Everything was paid"))]
    credit = credit_of([party_id])[party_id]
    if credit:
        figures.append(Figure(_("Credit"), credit, url=url, note=_("Used for the next charge")))
    return Section(_("Dues"), figures, order=25)


def unit_panel(unit_id: uuid.UUID) -> Section | None:
    """What is open of a unit's charges, on its page in the register."""
    wanted = [*Wanted(state="open").conditions(), DuesCharge.unit_id == unit_id]
    total = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(DuesCharge.amount - paid_of()), 0))
    count, owed = session().execute(total.where(*wanted)).one()
    if not count and session().scalar(sa.select(DuesCharge.id).where(DuesCharge.unit_id == unit_id).limit(1)) is None:
        return None
    note = ngettext("One open charge", "%(num)d open charges", count) if count else _("Everything was paid")
    return Section(_("Dues"), [Figure(_("Dues owed"), Decimal(owed), note=note)], order=40)


def dashboard() -> Sequence[Section]:
    """What is owed and overdue in dues, and what waits to be posted, for who may see it; nothing without levies."""
    if not may("money.see") or session().scalar(sa.select(AssessmentConfig.id).limit(1)) is None:
        return []
    count, owed = queries.owed_in_all()
    overdue = queries.overdue_in_all(today())
    wait = sa.select(sa.func.count()).select_from(
        runs().where(AssessmentState.state == State.PENDING).with_only_columns(AssessmentState.id).subquery()
    )
    waiting = session().scalar(wait) or 0
    parties = ngettext("One party", "%(num)d parties", count) if count else _("Everything was paid")
    figures = [
        Figure(_("Dues owed"), owed, url=url_for("dues.charges"), note=parties),
        Figure(_("Overdue"), overdue, url=url_for("dues.charges", state="overdue")),
        _collected(today().year),
    ]
    if waiting:
        figures.append(Figure(_("Runs to approve"), waiting, url=url_for("dues.runs"), money=False))
    return [Section(_("Dues"), figures, order=35)]


def _collected(year: int) -> Figure:
    levied, paid = collected_in(year)
    note = _("of %(amount)s levied in %(year)s", amount=money(levied), year=year)
    return Figure(_("Dues collected"), paid, url=url_for("dues.collection", year=year), note=note)


def payment_exists(payment_id: uuid.UUID) -> bool:
    """Whether there is such a payment of dues."""
    return session().scalar(sa.select(DuesPayment.id).where(DuesPayment.id == payment_id)) is not None
