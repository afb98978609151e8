"""The pages of payments to members: the list, one of them, taking it back."""

import uuid
from datetime import date

from flask import Response

from app.groups.access import needs
from app.payouts import payment_page, queries
from app.payouts.blueprint import bp
from app.web import keyset
from app.web.pages import page


@bp.get("/payments")
@needs("money.see")
def payments() -> Response:
    """What was paid to members, the latest first."""
    found = queries.payments_page(at=keyset.asked(date, uuid.UUID))
    pages = found.urls("payouts.payments")
    return page("payouts/payments.html", "payouts/_payments.html", found=found, pages=pages, named=True)


@bp.get("/payments/<uuid:payment_id>")
@needs("group.see")
def payment(payment_id: uuid.UUID) -> Response:
    """One payment with what it was for; of others only with money.see."""
    return page("payouts/payment.html", view=payment_page.visible(payment_id))
