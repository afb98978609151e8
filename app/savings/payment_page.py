"""What the pages of payments show, and what their forms say."""

import uuid
from collections.abc import Mapping
from typing import Any

from flask import g

from app.core.errors import NotFound
from app.core.periods import day_in
from app.groups.access import may
from app.ledgers.heads import today
from app.ledgers.undoing import UndoForm, undo_form_of
from app.savings import queries
from app.savings.errors import NoSuchPayment
from app.savings.policy import terms
from app.savings.queries import PaymentView
from app.savings.receiving import Taken


def own_or_may_see(member_id: uuid.UUID, refusal: type[NotFound]) -> None:
    """Raises the refusal for a record of somebody else, unless one may see every member's money."""
    if member_id != g.member.id and not may("money.see"):
        raise refusal


def visible(payment_id: uuid.UUID) -> PaymentView:
    """A payment of one's own, or any with money.see. Raises NoSuchPayment."""
    view = queries.payment_view(payment_id)
    own_or_may_see(view.payment.member_id, NoSuchPayment)
    return view


def windows_of(view: PaymentView) -> Mapping[uuid.UUID, str]:
    """The names of the windows that a payment's penalties are for."""
    return queries.window_names([found.penalty.window_id for found in view.penalties])


def asked(args: Mapping[str, str]) -> dict[str, Any]:
    """What an address fills in: the member and the window that exist; anything else is left out."""
    found = {name: args[name] for name in ("member", "window") if _is_id(args.get(name, ""))}
    return {**found, "paid_on": today()}


def _is_id(text: str) -> bool:
    try:
        return bool(uuid.UUID(text))
    except ValueError:
        return False


def shown(view: PaymentView) -> dict[str, Any]:
    """The form of a payment that was recorded, as it was."""
    payment = view.payment
    savings = [row for row, _name in view.contributions]
    return {
        "member": str(payment.member_id),
        "amount": payment.amount,
        "paid_on": day_in(terms().zone, payment.paid_at),
        "method": payment.method,
        "cash_account": str(payment.cash_account_id),
        "reference": payment.reference,
        "type": savings[0].type if savings else None,
    }


def done(what: str, taken: Taken) -> str:
    """What is said once a payment is recorded: also on which day, when that is not its own."""
    return f"{what} {taken.preview.booked}".strip()


def undo_form(view: PaymentView) -> UndoForm:
    """The form of a reversal, with the payment's own day where that is still open."""
    return undo_form_of(view.entries)
