"""What the pages of a party ask: whose dues one's own are, and the days of a statement."""

import uuid
from datetime import date

from flask import request

from app.core.periods import Month
from app.dues.errors import BadDays
from app.dues.files import sheet_of
from app.dues.forms import SheetDaysForm
from app.dues.sheets import Sheet
from app.ledgers.heads import today
from app.registry.queries import parties_of_member


def own_party(member_id: uuid.UUID) -> uuid.UUID | None:
    """The party that a member is in the register; None for who is none."""
    return next((row.id for row in parties_of_member(member_id)), None)


def days_form() -> SheetDaysForm:
    """The days asked for, this year's when none were."""
    given = request.args if {"first", "last"} & set(request.args) else None
    return SheetDaysForm(given, first=Month(today().year, 1).first, last=today())


def asked_for(party_id: uuid.UUID) -> Sheet:
    """The statement that the address asks for. Raises BadDays, NoSuchPayer."""
    days = days_form().days
    if days is None:
        raise BadDays(field="last")
    return sheet_of(party_id, *days)


def sheet_between(party_id: uuid.UUID, first: date, last: date) -> Sheet:
    """The statement of these days. Raises BadDays, NoSuchPayer."""
    if last < first:
        raise BadDays(field="last")
    return sheet_of(party_id, first, last)
