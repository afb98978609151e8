"""The pages of payments to members: the list, one of them, taking it back."""

import uuid
from datetime import date

from flask import Response, g, url_for
from flask_babel import gettext as _

from app.groups.access import needs
from app.ledgers.approvals import Outcome
from app.ledgers.entering import led
from app.ledgers.undoing import undo_form_of
from app.payouts import payment_page, queries
from app.payouts.blueprint import bp
from app.payouts.exporting import paid_file
from app.web import keyset
from app.web.attempt import attempt
from app.web.pages import go, page


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


@bp.get("/payments.csv")
@needs("money.see", fresh=True)
def payments_csv() -> Response:
    """All of them as a file."""
    return paid_file()


@bp.get("/payments/<uuid:payment_id>/reversal")
@needs("money.record")
def reversal(payment_id: uuid.UUID) -> Response:
    """The form that takes a payment back."""
    view = queries.payment_view(payment_id)
    if view.undone:
        told = ("info", _("This payment was reversed already."))
        return go(url_for("payouts.payment", payment_id=payment_id), toast=told)
    return page("payouts/reversal.html", form=undo_form_of([view.entry]), view=view)


@bp.post("/payments/<uuid:payment_id>/reversal")
@needs("money.record")
def reverse(payment_id: uuid.UUID) -> Response:
    """Take a payment back that did not reach the member, or ask for it."""
    view, made = queries.payment_view(payment_id), list[Outcome]()
    form = undo_form_of([view.entry])
    wrong = attempt(form, lambda: made.append(payment_page.take_back(form, view, by=g.member.id)))
    if wrong:
        return page("payouts/reversal.html", "payouts/_undo_form.html", status=wrong, form=form, view=view)
    return led(made[0], _("The payment was reversed; it is owed again."))
