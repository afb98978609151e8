"""What the pages of payments to members show, and who may see them."""

import uuid

from flask import g

from app.core.errors import NotFound
from app.groups.access import may
from app.payouts import queries
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
