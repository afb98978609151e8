"""What the pages of charges ask and show: filters, and the form that gives a charge up."""

import uuid
from decimal import Decimal
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from app.dues.asking import ask_write_off
from app.dues.forms import WriteOffForm
from app.dues.queries import Wanted
from app.dues.reading import ChargeView
from app.ledgers.approvals import Outcome
from app.ledgers.heads import today

STATES = ("open", "overdue", "all")


def state_asked(text: str) -> str:
    """Which charges are wanted: what is open, unless something else was asked."""
    return text if text in STATES else "open"


def wanted() -> Wanted:
    """The charges that the address asks for."""
    return Wanted(state=state_asked(request.args.get("state", "")), today=today())


def chips(endpoint: str, state: str, **values: Any) -> list[tuple[str, str, bool]]:
    """The filters above a list of charges."""
    words = {"open": _("Open"), "overdue": _("Overdue"), "all": _("All")}
    return [(word, url_for(endpoint, state=name, **values), name == state) for name, word in words.items()]


def write_off_form(view: ChargeView) -> WriteOffForm:
    """The form, with all that is open."""
    data: dict[str, Any] = {"amount": view.line.standing.open or None, "on": today()}
    return WriteOffForm(data=data)


def write_off(form: WriteOffForm, charge_id: uuid.UUID, *, by: uuid.UUID) -> Outcome:
    """Give up as the form says, or ask for it."""
    return ask_write_off(
        charge_id,
        amount=form.amount.amount or Decimal(0),
        reason=form.reason.data or "",
        on=form.on.data or today(),
        by=by,
        key=form.key,
    )
