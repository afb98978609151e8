"""The pages of what is owed: the officers' list, paying what was ticked, and a member's own part."""

import uuid
from datetime import date

from flask import Response, g, request, url_for
from flask_babel import gettext as _

from app.groups.access import needs
from app.groups.queries import member as member_with
from app.ledgers.entering import led
from app.payouts import pay_page, queries
from app.payouts.asking import waiting_for
from app.payouts.blueprint import bp
from app.payouts.errors import NoSuchPayable
from app.payouts.exporting import to_pay_file
from app.payouts.forms import PayForm
from app.payouts.payment_page import own_or_may_see, picked_in
from app.web import keyset
from app.web.pages import go, page


@bp.get("")
@needs("money.see")
def to_pay() -> Response:
    """What is still to be paid, the oldest first."""
    found = queries.to_pay_page(at=keyset.asked(date, uuid.UUID))
    waits = waiting_for({line.standing.payable.id for line in found.rows})
    pages, owed = found.urls("payouts.to_pay"), queries.owed_in_all()
    return page("payouts/to_pay.html", "payouts/_to_pay.html", found=found, pages=pages, waits=waits, owed=owed)


@bp.get("/to-pay.csv")
@needs("money.see", fresh=True)
def to_pay_csv() -> Response:
    """The same as a file."""
    return to_pay_file()


@bp.get("/pay")
@needs("money.record", fresh=True)
def pay_new() -> Response:
    """What was ticked, and how it is to be paid."""
    ids = picked_in(request.args.getlist("payable"))
    if not ids:
        return go(url_for("payouts.to_pay"), toast=("info", _("Choose at least one amount to pay.")))
    picked = pay_page.chosen(ids)
    form = pay_page.pay_form(picked)
    return page("payouts/pay.html", form=form, picked=picked, preview=pay_page.glance(form, picked))


@bp.post("/pay/preview")
@needs("money.record")
def pay_preview() -> Response:
    """What will happen, while the form is being filled in."""
    form = PayForm()
    picked = pay_page.chosen(form.payable.data or [])
    form.validate()
    seen = pay_page.glance(form, picked)
    return page("payouts/pay.html", "payouts/_pay_preview.html", form=form, picked=picked, preview=seen)


@bp.post("/pay")
@needs("money.record", fresh=True)
def pay_create() -> Response:
    """Pay what was ticked, or ask a second person for it."""
    form = PayForm()
    picked = pay_page.chosen(form.payable.data or [])
    outcome, status = pay_page.pay_chosen(form, picked, by=g.member.id)
    if outcome is None:
        seen = pay_page.glance(form, picked)
        return page("payouts/pay.html", "payouts/_pay_form.html", status, form=form, picked=picked, preview=seen)
    return led(outcome, _("It was paid, and whoever was paid is told."))


@bp.get("/mine")
@needs("group.see")
def mine() -> Response:
    """What is to be paid to oneself, and what was."""
    return go(url_for("payouts.member", member_id=g.member.id))


@bp.get("/members/<uuid:member_id>")
@needs("group.see")
def member(member_id: uuid.UUID) -> Response:
    """What is to be paid to a member, and what was; of others only with money.see."""
    own_or_may_see(member_id, NoSuchPayable)
    found = queries.payments_page(member_id=member_id, at=keyset.asked(date, uuid.UUID))
    owed = queries.lines(queries.open_payables(member_id))
    pages = found.urls("payouts.member", member_id=member_id)
    who, fragment = member_with(member_id), "payouts/_payments.html"
    return page("payouts/member.html", fragment, who=who, owed=owed, found=found, pages=pages, named=False)
