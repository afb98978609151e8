"""The pages of payments: the list, recording one, one with its parts, taking it back, putting it right."""

import uuid
from datetime import datetime
from typing import Any, cast

from flask import Response, g, request, url_for
from flask_babel import gettext as _

from app.groups.access import needs
from app.ledgers.approvals import Outcome
from app.ledgers.entering import led
from app.ledgers.undoing import undoing
from app.savings import payment_page, queries, receiving
from app.savings.asking import ask_reversal
from app.savings.blueprint import bp
from app.savings.forms import ReplacingForm
from app.savings.receiving import Preview, Taken
from app.web import keyset
from app.web.attempt import attempt
from app.web.pages import go, page


@bp.get("/payments")
@needs("money.see")
def payments() -> Response:
    """All payments, the latest first."""
    found = queries.payments_page(at=keyset.asked(datetime, uuid.UUID))
    return page(
        "savings/payments.html", "savings/_payments.html", found=found, pages=found.urls("savings.payments"), named=True
    )


@bp.get("/record")
@needs("money.record")
def record() -> Response:
    """The form of one payment; a member, a window and an amount may come with the address."""
    form = receiving.payment_form(**payment_page.asked(request.args))
    return page("savings/record.html", form=form, preview=Preview())


@bp.post("/record")
@needs("money.record")
def record_create() -> Response:
    """Show what will happen, then record it."""
    form = receiving.payment_form()
    taken = receiving.take(form, by=g.member.id)
    if taken.outcome is None:
        return _again("savings/record.html", "savings/_payment_form.html", form=form, taken=taken)
    return led(taken.outcome, payment_page.done(_("The payment was recorded."), taken))


@bp.post("/record/preview")
@needs("money.record")
def record_preview() -> Response:
    """What will happen, while the form is being filled in."""
    form = receiving.payment_form()
    seen = receiving.glance(form, by=g.member.id)
    return page("savings/record.html", "savings/_preview.html", form=form, preview=seen)


def _again(template: str, fragment: str, *, taken: Taken, **shown: Any) -> Response:
    return page(template, fragment, status=taken.status or 200, preview=taken.preview, **shown)


@bp.get("/payments/<uuid:payment_id>")
@needs("group.see")
def payment(payment_id: uuid.UUID) -> Response:
    """One payment with its parts and entries; of others only with money.see."""
    view = payment_page.visible(payment_id)
    return page("savings/payment.html", view=view, windows=payment_page.windows_of(view))


@bp.get("/payments/<uuid:payment_id>/reversal")
@needs("money.record")
def payment_reversal(payment_id: uuid.UUID) -> Response:
    """The form that takes a payment back."""
    view = queries.payment_view(payment_id)
    if view.undone:
        return _gone(payment_id)
    return page("savings/payment_reversal.html", form=payment_page.undo_form(view), view=view)


def _gone(payment_id: uuid.UUID) -> Response:
    told = ("info", _("This payment was reversed already."))
    return go(url_for("savings.payment", payment_id=payment_id), toast=told)


@bp.post("/payments/<uuid:payment_id>/reversal")
@needs("money.record")
def payment_reverse(payment_id: uuid.UUID) -> Response:
    """Take a payment back with everything that came of it, or ask for it."""
    view, made = queries.payment_view(payment_id), list[Outcome]()
    form = payment_page.undo_form(view)
    told = undoing(form, view.entries)
    wrong = attempt(form, lambda: made.append(ask_reversal("payment", payment_id, by=g.member.id, **told())))
    if wrong:
        return page("savings/payment_reversal.html", "savings/_undo_form.html", status=wrong, form=form, view=view)
    return led(made[0], _("The payment was reversed"))


@bp.get("/payments/<uuid:payment_id>/replacement")
@needs("money.record")
def payment_replacement(payment_id: uuid.UUID) -> Response:
    """The form that puts a payment right."""
    view = queries.payment_view(payment_id)
    if view.undone:
        return _gone(payment_id)
    form = receiving.payment_form(ReplacingForm, **payment_page.shown(view))
    return page("savings/payment_replacement.html", form=form, view=view, preview=Preview())


@bp.post("/payments/<uuid:payment_id>/replacement")
@needs("money.record")
def payment_replace(payment_id: uuid.UUID) -> Response:
    """Reverse a payment and record what takes its place."""
    view = queries.payment_view(payment_id)
    form = cast(ReplacingForm, receiving.payment_form(ReplacingForm))
    taken = receiving.take_instead(form, payment_id, by=g.member.id)
    if taken.outcome is None:
        return _again(
            "savings/payment_replacement.html", "savings/_replacement_form.html", form=form, view=view, taken=taken
        )
    return led(taken.outcome, payment_page.done(_("The payment was put right."), taken))


@bp.post("/payments/<uuid:payment_id>/replacement/preview")
@needs("money.record")
def payment_replacement_preview(payment_id: uuid.UUID) -> Response:
    """What will happen, while the form is being filled in."""
    view = queries.payment_view(payment_id)
    form = receiving.payment_form(ReplacingForm)
    seen = receiving.glance(form, by=g.member.id, instead_of=payment_id)
    return page("savings/payment_replacement.html", "savings/_preview.html", form=form, view=view, preview=seen)
