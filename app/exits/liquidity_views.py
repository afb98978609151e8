"""The pages of money set aside: the list with what is free, setting aside with a preview, one of them, taking back."""

import uuid
from datetime import datetime
from functools import partial

from flask import Response, g
from flask_babel import gettext as _

from app.exits import liquidity_page, queries
from app.exits.asking import ask_reversal
from app.exits.blueprint import bp
from app.exits.forms import LiquidityForm, ReasonForm
from app.groups.access import needs
from app.ledgers.approvals import Outcome
from app.ledgers.entering import led
from app.ledgers.heads import today
from app.ledgers.undoing import undo_form_of
from app.web import keyset
from app.web.attempt import attempt
from app.web.pages import page


@bp.get("/liquidity")
@needs("money.see")
def events() -> Response:
    """All money set aside, the latest first, and what is free and why."""
    found = queries.events_page(keyset.asked(datetime, uuid.UUID))
    shown = {"found": found, "pages": found.urls("exits.events"), **liquidity_page.frame()}
    return page("exits/events.html", "exits/_events.html", names=liquidity_page.place_names(), **shown)


@bp.get("/liquidity/new")
@needs("money.record")
def event_new() -> Response:
    """The form that sets money aside."""
    form = LiquidityForm()
    return page("exits/event_new.html", form=form, **liquidity_page.preview(form), **liquidity_page.frame())


@bp.post("/liquidity/preview")
@needs("money.record")
def event_preview() -> Response:
    """Who would get what, while the form is being filled in."""
    form = LiquidityForm()
    form.validate()
    shown = liquidity_page.preview(form) | liquidity_page.frame()
    return page("exits/event_new.html", "exits/_event_preview.html", form=form, **shown)


@bp.post("/liquidity")
@needs("money.record")
def event_create() -> Response:
    """Show what it will do; once that was read, set money aside or ask a second person whether to."""
    form, made = LiquidityForm(), list[Outcome | None]()
    wrong = attempt(form, lambda: made.append(liquidity_page.set_aside(form, by=g.member.id)))
    if wrong or made[0] is None:
        shown = liquidity_page.preview(form, confirm=not wrong) | liquidity_page.frame()
        return page("exits/event_new.html", "exits/_event_form.html", wrong or 200, form=form, **shown)
    return led(made[0], _("The money was set aside; the queue is being served"))


@bp.get("/liquidity/<uuid:liquidity_event_id>")
@needs("money.see")
def event(liquidity_event_id: uuid.UUID) -> Response:
    """One of them: who got what of it."""
    shown = liquidity_page.parts(liquidity_event_id) | liquidity_page.served(liquidity_event_id)
    return page("exits/event.html", "exits/_given.html", **shown)


@bp.get("/liquidity/<uuid:liquidity_event_id>/reversal")
@needs("money.record")
def event_reversal(liquidity_event_id: uuid.UUID) -> Response:
    """The form that takes back what is unspent."""
    shown = liquidity_page.parts(liquidity_event_id)
    return page("exits/event_reversal.html", form=ReasonForm(), **shown)


@bp.post("/liquidity/<uuid:liquidity_event_id>/reversal")
@needs("money.record")
def event_reverse(liquidity_event_id: uuid.UUID) -> Response:
    """Take back what is unspent, or ask a second person whether to."""
    shown, form, made = liquidity_page.parts(liquidity_event_id), ReasonForm(), list[Outcome]()
    ask = partial(ask_reversal, "liquidity_event", liquidity_event_id, on=today(), by=g.member.id, key=form.key)
    wrong = attempt(form, lambda: made.append(ask(reason=str(form.reason.data))))
    if wrong:
        return page("exits/event_reversal.html", "exits/_event_undo_form.html", wrong, form=form, **shown)
    return led(made[0], _("What was unspent is free again"))


@bp.get("/fulfilments/<uuid:fulfilment_id>/reversal")
@needs("money.record")
def fulfilment_reversal(fulfilment_id: uuid.UUID) -> Response:
    """The form that takes back what was made payable."""
    shown = liquidity_page.fulfilment(fulfilment_id)
    return page("exits/fulfilment_reversal.html", form=undo_form_of([shown["entry"]]), **shown)


@bp.post("/fulfilments/<uuid:fulfilment_id>/reversal")
@needs("money.record")
def fulfilment_reverse(fulfilment_id: uuid.UUID) -> Response:
    """Take back what was made payable and not paid yet, or ask a second person whether to."""
    shown, made = liquidity_page.fulfilment(fulfilment_id), list[Outcome]()
    form = undo_form_of([shown["entry"]])
    ask = partial(ask_reversal, "exit_fulfilment", fulfilment_id, by=g.member.id, key=form.key)
    wrong = attempt(form, lambda: made.append(ask(**liquidity_page.undone(form, shown["entry"]))))
    if wrong:
        return page("exits/fulfilment_reversal.html", "exits/_fulfilment_undo_form.html", wrong, form=form, **shown)
    return led(made[0], _("It is no longer payable, and the money is free again"))
