"""The pages of deposits: what is held for leases, one of them, moving it, and taking a movement back."""

import uuid
from typing import Any

from flask import Response, g, request, url_for
from flask_babel import gettext as _

from app.groups.access import needs
from app.ledgers.approvals import Outcome
from app.ledgers.entering import led
from app.ledgers.undoing import undo_form_of
from app.receipts import deposits_queries, payments_page
from app.receipts.blueprint import bp
from app.receipts.payments_forms import DepositForm
from app.rentals.errors import NoSuchLease
from app.web import keyset
from app.web.attempt import attempt
from app.web.pages import go, page


@bp.get("/deposits")
@needs("money.see")
def deposits() -> Response:
    """What is held for each lease."""
    found = deposits_queries.leases_page(at=keyset.asked(str, uuid.UUID))
    pages, held = found.urls("receipts.deposits"), deposits_queries.held_in_all()
    return page("receipts/deposits.html", "receipts/_deposits.html", found=found, pages=pages, held=held)


@bp.get("/deposits/<uuid:lease_id>")
@needs("group.see")
def deposit(lease_id: uuid.UUID) -> Response:
    """The deposit of a lease and what happened to it; of others only with money.see."""
    line = deposits_queries.lease_line(lease_id)
    payments_page.own_or_may_see(line.client.id, NoSuchLease)
    found = deposits_queries.movements_page(lease_id, at=keyset.asked(uuid.UUID))
    pages = found.urls("receipts.deposit", lease_id=lease_id)
    return page("receipts/deposit.html", "receipts/_deposit_movements.html", line=line, found=found, pages=pages)


@bp.get("/deposits/<uuid:lease_id>/move")
@needs("money.record", fresh=True)
def deposit_new(lease_id: uuid.UUID) -> Response:
    """The form that receives, gives back or keeps a deposit."""
    line = deposits_queries.lease_line(lease_id)
    form = payments_page.deposit_form(line, request.args.get("kind"))
    return page("receipts/deposit_new.html", form=form, line=line, preview=payments_page.glance_deposit(form, line))


@bp.post("/deposits/<uuid:lease_id>/preview")
@needs("money.record")
def deposit_preview(lease_id: uuid.UUID) -> Response:
    """What will happen, while the form is being filled in."""
    line, form = deposits_queries.lease_line(lease_id), DepositForm()
    form.validate()
    seen = payments_page.glance_deposit(form, line)
    fragment = "receipts/_deposit_preview.html"
    return page("receipts/deposit_new.html", fragment, form=form, line=line, preview=seen)


@bp.post("/deposits/<uuid:lease_id>/move")
@needs("money.record", fresh=True)
def deposit_create(lease_id: uuid.UUID) -> Response:
    """Move the deposit, or ask a second person for it."""
    line, form = deposits_queries.lease_line(lease_id), DepositForm()
    outcome, status = payments_page.move(form, lease_id, by=g.member.id)
    if outcome is None:
        told: dict[str, Any] = {"form": form, "line": line, "preview": payments_page.glance_deposit(form, line)}
        return page("receipts/deposit_new.html", "receipts/_deposit_form.html", status, **told)
    return led(outcome, _("The deposit was moved."))


@bp.get("/deposit-movements/<uuid:movement_id>")
@needs("group.see")
def deposit_movement(movement_id: uuid.UUID) -> Response:
    """One movement; of others only with money.see."""
    return page("receipts/deposit_movement.html", view=payments_page.visible_movement(movement_id))


@bp.get("/deposit-movements/<uuid:movement_id>/reversal")
@needs("money.record")
def deposit_reversal(movement_id: uuid.UUID) -> Response:
    """The form that takes a movement back."""
    view = deposits_queries.movement_view(movement_id)
    if view.undone:
        told = ("info", _("This was reversed already."))
        return go(url_for("receipts.deposit_movement", movement_id=movement_id), toast=told)
    return page("receipts/deposit_reversal.html", form=undo_form_of([view.entry]), view=view)


@bp.post("/deposit-movements/<uuid:movement_id>/reversal")
@needs("money.record")
def deposit_reverse(movement_id: uuid.UUID) -> Response:
    """Take a movement back, or ask for it."""
    view, made = deposits_queries.movement_view(movement_id), list[Outcome]()
    form = undo_form_of([view.entry])
    wrong = attempt(form, lambda: made.append(payments_page.take_move_back(form, view, by=g.member.id)))
    if wrong:
        whole = "receipts/deposit_reversal.html"
        return page(whole, "receipts/_deposit_undo_form.html", status=wrong, form=form, view=view)
    return led(made[0], _("It was reversed."))
