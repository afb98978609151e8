"""The pages of paying owners: who is to be paid, paying them, runs and payouts, and taking one back."""

import uuid
from datetime import date
from typing import Any

from flask import Response, g, request, url_for
from flask_babel import gettext as _

from app.groups.access import needs
from app.ledgers.approvals import Outcome
from app.ledgers.entering import led
from app.ledgers.undoing import undo_form_of
from app.owners import exporting, queries, received, run_page
from app.owners.asking import waiting_for
from app.owners.blueprint import bp
from app.owners.forms import RunForm
from app.web import keyset
from app.web.attempt import attempt
from app.web.pages import go, page


@bp.get("")
@needs("money.see")
def due() -> Response:
    """What owners are to be paid, by code."""
    found = received.due_page(at=keyset.asked(str, uuid.UUID))
    told: dict[str, Any] = {"pages": found.urls("owners.due"), "total": received.due_in_all()}
    told["waits"] = waiting_for({row.owner.id for row in found.rows})
    return page("owners/due.html", "owners/_due.html", found=found, **told)


@bp.get("/due.csv")
@needs("money.see", fresh=True)
def due_csv() -> Response:
    """The same as a file, for the bank."""
    return exporting.due_file()


@bp.get("/pay")
@needs("money.record", fresh=True)
def pay_new() -> Response:
    """Who was ticked, or everybody, and how they are to be paid."""
    ids = run_page.picked_in(request.args.getlist("owner"))
    if not ids and "ticked" in request.args:
        return go(url_for("owners.due"), toast=("info", _("Choose at least one owner to pay.")))
    chosen = run_page.picked(ids)
    if not chosen.found:
        return go(url_for("owners.due"), toast=("info", _("Nothing was received that was not paid out already.")))
    form = RunForm(data={"owner": [str(one) for one in ids]})
    return page("owners/pay.html", form=form, picked=chosen, preview=run_page.glance(form, chosen))


@bp.post("/pay/preview")
@needs("money.record")
def pay_preview() -> Response:
    """What will happen, while the form is being filled in."""
    form = RunForm()
    chosen = run_page.picked(form.owner.data or [])
    form.validate()
    told: dict[str, Any] = {"form": form, "picked": chosen, "preview": run_page.glance(form, chosen)}
    return page("owners/pay.html", "owners/_pay_preview.html", swapped=True, **told)


@bp.post("/pay")
@needs("money.record", fresh=True)
def pay_create() -> Response:
    """Pay them, or ask a second person for it."""
    form = RunForm()
    chosen = run_page.picked(form.owner.data or [])
    outcome, status = run_page.pay(form, chosen, by=g.member.id)
    if outcome is None:
        told: dict[str, Any] = {"form": form, "picked": chosen, "preview": run_page.glance(form, chosen)}
        return page("owners/pay.html", "owners/_pay_form.html", status, swapped=True, **told)
    return led(outcome, _("The owners were paid, and are told."))


@bp.get("/payouts")
@needs("money.see")
def payouts() -> Response:
    """What was paid to owners, the latest first."""
    found = queries.payouts_page(at=keyset.asked(date, uuid.UUID))
    pages = found.urls("owners.payouts")
    return page("owners/payouts.html", "owners/_payouts.html", found=found, pages=pages, named=True)


@bp.get("/payouts.csv")
@needs("money.see", fresh=True)
def payouts_csv() -> Response:
    """All of them as a file."""
    return exporting.payouts_file()


@bp.get("/runs/<uuid:run_id>")
@needs("money.see")
def run(run_id: uuid.UUID) -> Response:
    """Everybody who was paid in one confirmation."""
    return page("owners/run.html", view=queries.run_view(run_id))


@bp.get("/payouts/<uuid:payout_id>")
@needs("group.see")
def payout(payout_id: uuid.UUID) -> Response:
    """One payout with the receipts it was for; of others only with money.see."""
    return page("owners/payout.html", view=run_page.visible(payout_id))


@bp.get("/payouts/<uuid:payout_id>/reversal")
@needs("money.record")
def payout_reversal(payout_id: uuid.UUID) -> Response:
    """The form that takes a payout back."""
    view = queries.payout_view(payout_id)
    if view.undone:
        told = ("info", _("This payout was reversed already."))
        return go(url_for("owners.payout", payout_id=payout_id), toast=told)
    return page("owners/reversal.html", form=undo_form_of([view.entry]), view=view)


@bp.post("/payouts/<uuid:payout_id>/reversal")
@needs("money.record")
def payout_reverse(payout_id: uuid.UUID) -> Response:
    """Take a payout back that did not reach the owner, or ask for it."""
    view, made = queries.payout_view(payout_id), list[Outcome]()
    form = undo_form_of([view.entry])
    wrong = attempt(form, lambda: made.append(run_page.take_back(form, view, by=g.member.id)))
    if wrong:
        return page("owners/reversal.html", "owners/_payout_undo_form.html", status=wrong, form=form, view=view)
    return led(made[0], _("The payout was reversed; it is owed to the owner again."))
