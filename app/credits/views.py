"""The pages of credits: who has one, what came and went, paying it back, and taking that back."""

import uuid
from datetime import date
from typing import Any

from flask import Response, g, url_for
from flask_babel import gettext as _

from app.credits import queries, refund_page
from app.credits.blueprint import bp
from app.credits.exporting import credits_file
from app.credits.forms import RefundForm
from app.groups.access import needs
from app.ledgers.approvals import Outcome
from app.ledgers.entering import led
from app.ledgers.undoing import undo_form_of
from app.registry.errors import NoSuchParty
from app.registry.queries import named
from app.web import keyset
from app.web.attempt import attempt
from app.web.pages import go, page


@bp.get("", endpoint="credits")
@needs("money.see")
def credits_list() -> Response:
    """Who has something over, by code."""
    found = queries.credits_page(at=keyset.asked(str, uuid.UUID))
    pages, total = found.urls("credits.credits"), queries.credit_in_all()
    return page("credits/credits.html", "credits/_credits.html", found=found, pages=pages, total=total)


@bp.get("/credits.csv")
@needs("money.see", fresh=True)
def credits_csv() -> Response:
    """The same as a file."""
    return credits_file()


@bp.get("/parties/<uuid:party_id>")
@needs("group.see")
def party(party_id: uuid.UUID) -> Response:
    """A party's credit: what came to it and went from it; of others only with money.see."""
    refund_page.own_or_may_see(party_id, NoSuchParty)
    found = queries.movements(party_id, at=keyset.asked(date, int))
    told: dict[str, Any] = {"who": named(party_id), "credit": queries.credit_of([party_id])[party_id]}
    told["pages"] = found.urls("credits.party", party_id=party_id)
    return page("credits/party.html", "credits/_movements.html", found=found, **told)


@bp.get("/parties/<uuid:party_id>/refund")
@needs("money.record", fresh=True)
def refund_new(party_id: uuid.UUID) -> Response:
    """The form that pays a credit back."""
    who, form = named(party_id), refund_page.form_for(party_id)
    return page("credits/refund_new.html", who=who, form=form, preview=refund_page.glance(form, party_id))


@bp.post("/parties/<uuid:party_id>/refund/preview")
@needs("money.record")
def refund_preview(party_id: uuid.UUID) -> Response:
    """What will happen, while the form is being filled in."""
    who, form = named(party_id), RefundForm()
    form.validate()
    seen = refund_page.glance(form, party_id)
    return page("credits/refund_new.html", "credits/_refund_preview.html", who=who, form=form, preview=seen)


@bp.post("/parties/<uuid:party_id>/refund")
@needs("money.record", fresh=True)
def refund_create(party_id: uuid.UUID) -> Response:
    """Pay the credit back, or ask a second person for it."""
    who, form = named(party_id), RefundForm()
    outcome, status = refund_page.pay_back(form, party_id, by=g.member.id)
    if outcome is None:
        seen = refund_page.glance(form, party_id)
        return page("credits/refund_new.html", "credits/_refund_form.html", status, who=who, form=form, preview=seen)
    return led(outcome, _("The credit was paid back."))


@bp.get("/refunds")
@needs("money.see")
def refunds() -> Response:
    """Credit that was paid back, the latest first."""
    found = queries.refunds_page(at=keyset.asked(date, uuid.UUID))
    return page("credits/refunds.html", "credits/_refunds.html", found=found, pages=found.urls("credits.refunds"))


@bp.get("/refunds/<uuid:refund_id>")
@needs("group.see")
def refund(refund_id: uuid.UUID) -> Response:
    """One repayment; of others only with money.see."""
    return page("credits/refund.html", view=refund_page.visible(refund_id))


@bp.get("/refunds/<uuid:refund_id>/reversal")
@needs("money.record")
def refund_reversal(refund_id: uuid.UUID) -> Response:
    """The form that takes a repayment back."""
    view = queries.refund_view(refund_id)
    if view.undone:
        told = ("info", _("This repayment was reversed already."))
        return go(url_for("credits.refund", refund_id=refund_id), toast=told)
    return page("credits/reversal.html", form=undo_form_of([view.entry]), view=view)


@bp.post("/refunds/<uuid:refund_id>/reversal")
@needs("money.record")
def refund_reverse(refund_id: uuid.UUID) -> Response:
    """Take a repayment back that did not reach the party, or ask for it."""
    view, made = queries.refund_view(refund_id), list[Outcome]()
    form = undo_form_of([view.entry])
    wrong = attempt(form, lambda: made.append(refund_page.take_back(form, view, by=g.member.id)))
    if wrong:
        return page("credits/reversal.html", "credits/_refund_undo_form.html", status=wrong, form=form, view=view)
    return led(made[0], _("The repayment was reversed; the credit is there again."))
