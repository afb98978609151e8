"""The pages of payments of dues: the list, recording one with its preview, one of them, taking it back."""

import uuid
from datetime import date

from flask import Response, g
from flask_babel import gettext as _

from app.dues import payment_page, queries, reading, undo_page
from app.dues.asking import UNDO_PAYMENT
from app.dues.blueprint import bp
from app.dues.forms import DuesPaymentForm
from app.groups.access import needs
from app.ledgers.approvals import Outcome
from app.ledgers.entering import led
from app.web import keyset
from app.web.attempt import attempt
from app.web.pages import page


@bp.get("/payments")
@needs("money.see")
def payments() -> Response:
    """What came in for dues, the latest first."""
    found = queries.payments_page(at=keyset.asked(date, uuid.UUID))
    pages = found.urls("dues.payments")
    return page("dues/payments.html", "dues/_dues_payments.html", found=found, pages=pages)


@bp.get("/payments/new")
@needs("money.record")
def payment_new() -> Response:
    """The form of a payment."""
    form = payment_page.payment_form()
    return page("dues/payment_new.html", form=form, preview=payment_page.glance(form))


@bp.post("/payments/preview")
@needs("money.record")
def payment_preview() -> Response:
    """What the payment being typed would do."""
    form = DuesPaymentForm()
    seen = payment_page.glance(form)
    return page("dues/payment_new.html", "dues/_dues_payment_preview.html", form=form, preview=seen)


@bp.post("/payments")
@needs("money.record")
def payment_create() -> Response:
    """Record a payment, or ask for it."""
    form, made = DuesPaymentForm(), list[Outcome]()
    if wrong := attempt(form, lambda: made.append(payment_page.pay(form, by=g.member.id))):
        seen = payment_page.glance(form)
        return page("dues/payment_new.html", "dues/_dues_payment_form.html", wrong, form=form, preview=seen)
    return led(made[0], _("The payment was recorded."))


@bp.get("/payments/<uuid:dues_payment_id>")
@needs("group.see")
def payment(dues_payment_id: uuid.UUID) -> Response:
    """One payment with what it paid; of others only with money.see."""
    return page("dues/payment.html", view=reading.payment_view(dues_payment_id))


@bp.get("/payments/<uuid:dues_payment_id>/reversal")
@needs("money.record")
def payment_reversal(dues_payment_id: uuid.UUID) -> Response:
    """Why a payment is taken back."""
    return undo_page.asked(UNDO_PAYMENT, dues_payment_id)


@bp.post("/payments/<uuid:dues_payment_id>/reversal")
@needs("money.record")
def payment_reverse(dues_payment_id: uuid.UUID) -> Response:
    """Take a payment back, or ask for it."""
    return undo_page.done(UNDO_PAYMENT, dues_payment_id, _("The payment was reversed. What it paid is owed again."))
