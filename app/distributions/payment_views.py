"""The pages of paying a share-out: what everybody would be paid, doing it, and taking it back."""

import uuid

from flask import Response, g, request, url_for
from flask_babel import gettext as _

from app.distributions import queries, share_out_page
from app.distributions.asking import ask_payment, ask_reversal
from app.distributions.blueprint import bp
from app.distributions.forms import PaymentForm
from app.groups.access import needs
from app.ledgers.approvals import Outcome
from app.ledgers.entering import led
from app.web.attempt import attempt
from app.web.pages import go, page


@bp.get("/<uuid:share_out_id>/payment")
@needs("money.record", fresh=True)
def payment_new(share_out_id: uuid.UUID) -> Response:
    """What everybody would be paid: the growth alone, or the savings as well."""
    return _previewed(share_out_id, share_out_page.payment_form(with_savings=request.args.get("savings") == "y"))


def _previewed(share_out_id: uuid.UUID, form: PaymentForm, status: int = 200) -> Response:
    view, with_savings = queries.share_out_view(share_out_id), bool(form.savings.data)
    if view.undone or view.payment:
        told = ("info", _("This share-out was paid out or reversed already."))
        return go(url_for("distributions.share_out", share_out_id=share_out_id), toast=told)
    plan = share_out_page.planned(share_out_id, with_savings=with_savings)
    found = share_out_page.payouts(plan) if plan else None
    kept = {"share_out_id": share_out_id, "savings": "y" if with_savings else None}
    return page(
        "distributions/payment.html",
        ("distributions/_payment_plan.html", "distributions/_payouts.html"),
        status,
        view=view,
        form=form,
        plan=plan,
        found=found,
        kept_back=share_out_page.kept_back(plan) if plan else None,
        pages=found.urls("distributions.payment_new", **kept) if found else (None, None),
    )


@bp.post("/<uuid:share_out_id>/payment")
@needs("money.record", fresh=True)
def payment_create(share_out_id: uuid.UUID) -> Response:
    """Make the share-out owed to its members, or ask for it."""
    form, made = share_out_page.payment_form(with_savings=False), list[Outcome]()
    key = form.key
    wrong = attempt(
        form, lambda: made.append(ask_payment(share_out_page.paying(form, share_out_id), by=g.member.id, key=key))
    )
    if wrong:
        return _previewed(share_out_id, form, wrong)
    return led(made[0], _("It is owed to the members now. Pay it under “To pay”."))


@bp.get("/<uuid:share_out_id>/payment/reversal")
@needs("money.record")
def payment_reversal_new(share_out_id: uuid.UUID) -> Response:
    """The form that takes the payment back."""
    view = queries.share_out_view(share_out_id)
    if view.payment is None:
        told = ("info", _("This share-out is not paid out."))
        return go(url_for("distributions.share_out", share_out_id=share_out_id), toast=told)
    return page("distributions/payment_reversal.html", form=share_out_page.undo_form(view.payment.entry), view=view)


@bp.post("/<uuid:share_out_id>/payment/reversal")
@needs("money.record")
def payment_reversal_create(share_out_id: uuid.UUID) -> Response:
    """Take the payment back, or ask for it."""
    view, made = queries.share_out_view(share_out_id), list[Outcome]()
    paid = share_out_page.standing_payment(view)
    form = share_out_page.undo_form(paid.entry)
    told, about = share_out_page.undoing(form, paid.entry), ("share_out_payment", paid.payment.id)
    wrong = attempt(form, lambda: made.append(ask_reversal(*about, by=g.member.id, **told())))
    if wrong:
        shown = ("distributions/payment_reversal.html", "distributions/_payment_reversal_form.html")
        return page(*shown, wrong, form=form, view=view)
    return led(made[0], _("The payment of the share-out was reversed"))
