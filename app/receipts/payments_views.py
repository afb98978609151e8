"""The pages of clients' payments: the list, taking one, one of them, taking it back, and what a client owes."""

import uuid
from datetime import date
from typing import Any

from flask import Response, g, request, url_for
from flask_babel import gettext as _

from app.credits.queries import credit_of
from app.groups.access import needs
from app.ledgers.ages import AGES
from app.ledgers.approvals import Outcome
from app.ledgers.entering import led
from app.ledgers.undoing import undo_form_of
from app.receipts import outstanding, payments_exporting, payments_page, payments_queries
from app.receipts.blueprint import bp
from app.registry.errors import NoSuchParty
from app.registry.queries import named
from app.web import keyset
from app.web.attempt import attempt
from app.web.pages import go, page


@bp.get("/payments")
@needs("money.see")
def payments() -> Response:
    """What clients paid, the latest first."""
    found = payments_queries.payments_page(at=keyset.asked(date, uuid.UUID))
    pages = found.urls("receipts.payments")
    return page("receipts/payments.html", "receipts/_payments.html", found=found, pages=pages, named=True)


@bp.get("/payments.csv")
@needs("money.see", fresh=True)
def payments_csv() -> Response:
    """All of them as a file."""
    return payments_exporting.payments_file()


@bp.get("/payments/new")
@needs("money.record")
def payment_new() -> Response:
    """The form that takes a client's payment."""
    form = payments_page.payment_form(request.args.get("client"))
    return page("receipts/payment_new.html", form=form, preview=payments_page.glance(form))


@bp.post("/payments/preview")
@needs("money.record")
def payment_preview() -> Response:
    """What it will pay, while the form is being filled in."""
    form = payments_page.payment_form()
    form.validate()
    seen = payments_page.glance(form)
    return page("receipts/payment_new.html", "receipts/_payment_preview.html", form=form, preview=seen)


@bp.post("/payments")
@needs("money.record")
def payment_create() -> Response:
    """Take the payment, or ask a second person for it."""
    form = payments_page.payment_form()
    outcome, status = payments_page.take(form, by=g.member.id)
    if outcome is None:
        seen = payments_page.glance(form)
        return page("receipts/payment_new.html", "receipts/_payment_form.html", status, form=form, preview=seen)
    return led(outcome, _("The payment is recorded."))


@bp.get("/payments/<uuid:payment_id>")
@needs("group.see")
def payment(payment_id: uuid.UUID) -> Response:
    """One payment with what it paid; of others only with money.see."""
    return page("receipts/payment.html", view=payments_page.visible(payment_id))


@bp.get("/payments/<uuid:payment_id>/reversal")
@needs("money.record")
def payment_reversal(payment_id: uuid.UUID) -> Response:
    """The form that takes a payment back."""
    view = payments_queries.payment_view(payment_id)
    if view.undone:
        told = ("info", _("This payment was reversed already."))
        return go(url_for("receipts.payment", payment_id=payment_id), toast=told)
    return page("receipts/payment_reversal.html", form=undo_form_of([view.entry]), view=view)


@bp.post("/payments/<uuid:payment_id>/reversal")
@needs("money.record")
def payment_reverse(payment_id: uuid.UUID) -> Response:
    """Take a payment back, or ask for it."""
    view, made = payments_queries.payment_view(payment_id), list[Outcome]()
    form = undo_form_of([view.entry])
    wrong = attempt(form, lambda: made.append(payments_page.take_back(form, view, by=g.member.id)))
    if wrong:
        whole = "receipts/payment_reversal.html"
        return page(whole, "receipts/_payment_undo_form.html", status=wrong, form=form, view=view)
    return led(made[0], _("The payment was reversed; what it paid is owed again."))


@bp.get("/outstanding", endpoint="outstanding")
@needs("money.see")
def outstanding_list() -> Response:
    """What clients have not paid, by age."""
    found = outstanding.outstanding_page(at=keyset.asked(str, uuid.UUID))
    told: dict[str, Any] = {
        "found": found,
        "pages": found.urls("receipts.outstanding"),
        "owed": outstanding.outstanding_in_all(),
    }
    labels = [(label, "num") for _name, label in AGES]
    whole, fragment = "receipts/outstanding.html", "receipts/_outstanding.html"
    return page(whole, fragment, ages=AGES, labels=labels, **told)


@bp.get("/outstanding.csv")
@needs("money.see", fresh=True)
def outstanding_csv() -> Response:
    """The same as a file."""
    return payments_exporting.outstanding_file()


@bp.get("/clients/<uuid:party_id>")
@needs("group.see")
def client(party_id: uuid.UUID) -> Response:
    """What a client owes, has over and paid; of others only with money.see."""
    payments_page.own_or_may_see(party_id, NoSuchParty)
    found = payments_queries.payments_page(client_id=party_id, at=keyset.asked(date, uuid.UUID))
    owed, pages = payments_queries.open_receipts([party_id]), found.urls("receipts.client", party_id=party_id)
    told: dict[str, Any] = {"who": named(party_id), "owed": owed, "total": payments_page.tally(owed)}
    told |= {"credit": credit_of([party_id])[party_id], "pages": pages, "shown": payments_page.MOST_OPEN}
    return page("receipts/client.html", "receipts/_payments.html", found=found, named=False, **told)
