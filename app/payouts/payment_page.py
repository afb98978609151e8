"""What the pages of payments to members show, and who may see them."""

import uuid
from collections.abc import Sequence

from flask import g

from app.core.errors import NotFound
from app.groups.access import may
from app.ledgers.approvals import Outcome
from app.ledgers.undoing import UndoForm, undoing
from app.payouts import queries
from app.payouts.asking import ask_reversal
from app.payouts.errors import NoSuchMemberPayment
from app.payouts.queries import PaymentView


def own_or_may_see(member_id: uuid.UUID, refusal: type[NotFound]) -> None:
    """Raises the refusal for what belongs to somebody else, unless one may see every member's money."""
    if member_id != g.member.id and not may("money.see"):
        raise refusal


def visible(payment_id: uuid.UUID) -> PaymentView:
    """A payment to oneself, or any with money.see. Raises NoSuchMemberPayment."""
    view = queries.payment_view(payment_id)
    own_or_may_see(view.payment.member_id, NoSuchMemberPayment)
    return view


def documents_need(payment_id: uuid.UUID) -> str:
    """Who may read the documents of a payment, such as the bank's slip: its member, and who may see others' money."""
    paid_to = queries.payment_row(payment_id).member_id
    return "group.see" if paid_to == g.member.id else "money.see"


def take_back(form: UndoForm, view: PaymentView, *, by: uuid.UUID) -> Outcome:
    """Take a payment back as the form says, or ask for it."""
    told = undoing(form, [view.entry])()
    return ask_reversal(view.payment.id, reason=told["reason"], on=told["on"], by=by, key=told["key"])


def picked_in(texts: Sequence[str]) -> list[uuid.UUID]:
    """The ids in an address, each once; what is none is left out."""
    found = (_id(text) for text in texts)
    return list(dict.fromkeys(one for one in found if one))


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
