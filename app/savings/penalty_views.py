"""The pages of penalties: the list, one of them, levying, paying, waiving, taking back."""

import uuid
from datetime import date

from flask import Response, g, request, url_for
from flask_babel import gettext as _

from app.groups.access import needs
from app.ledgers.approvals import Outcome
from app.ledgers.entering import led
from app.ledgers.heads import today
from app.ledgers.undoing import undo_form_of, undoing
from app.savings import penalty_page, queries
from app.savings.asking import ask_reversal
from app.savings.blueprint import bp
from app.savings.errors import NoSuchPenalty
from app.savings.forms import PenaltyMoneyForm, ReasonForm
from app.savings.payment_page import own_or_may_see
from app.savings.penalties import waive_penalty
from app.web import keyset
from app.web.attempt import attempt
from app.web.forms import Form
from app.web.pages import go, page


@bp.get("/penalties")
@needs("money.see")
def penalties() -> Response:
    """All penalties, the latest first, in one state or in any."""
    state = penalty_page.state_asked(request.args.get("state", ""))
    found = queries.penalties_page(state=state, at=keyset.asked(date, uuid.UUID))
    pages = found.urls("savings.penalties", state=state)
    chips = penalty_page.chips("savings.penalties", state)
    return page("savings/penalties.html", "savings/_penalties.html", found=found, pages=pages, chips=chips, member=None)


@bp.get("/members/<uuid:member_id>/penalties")
@needs("group.see")
def member_penalties(member_id: uuid.UUID) -> Response:
    """A member's penalties; of others only with money.see."""
    own_or_may_see(member_id, NoSuchPenalty)
    state = penalty_page.state_asked(request.args.get("state", ""))
    found = queries.penalties_page(state=state, member_id=member_id, at=keyset.asked(date, uuid.UUID))
    pages = found.urls("savings.member_penalties", member_id=member_id, state=state)
    return page(
        "savings/penalties.html",
        "savings/_penalties.html",
        **penalty_page.of_member(member_id, state),
        found=found,
        pages=pages,
    )


@bp.get("/penalties/<uuid:penalty_id>")
@needs("group.see")
def penalty(penalty_id: uuid.UUID) -> Response:
    """One penalty with its payments and waivers; of others only with money.see."""
    view = queries.penalty_view(penalty_id)
    own_or_may_see(view.member.id, NoSuchPenalty)
    return page("savings/penalty.html", view=view, form=Form())


@bp.get("/penalties/new")
@needs("money.record")
def penalty_new() -> Response:
    """The form of a penalty by hand."""
    return page("savings/penalty_new.html", form=penalty_page.levy_form(member=request.args.get("member")))


@bp.post("/penalties")
@needs("money.record")
def penalty_create() -> Response:
    """Levy a penalty."""
    form = penalty_page.levy_form()
    made: list[uuid.UUID] = []
    wrong = attempt(form, lambda: made.append(penalty_page.levy(form, by=g.member.id)))
    if wrong:
        return page("savings/penalty_new.html", "savings/_levy_form.html", status=wrong, form=form)
    return go(url_for("savings.penalty", penalty_id=made[0]), toast=_("The penalty was levied"))


@bp.get("/penalties/<uuid:penalty_id>/payment")
@needs("money.record")
def penalty_payment(penalty_id: uuid.UUID) -> Response:
    """The form of money for a penalty."""
    view = queries.penalty_view(penalty_id)
    return page("savings/penalty_payment.html", form=penalty_page.money_form(view.standing.owed), view=view)


@bp.post("/penalties/<uuid:penalty_id>/payment")
@needs("money.record")
def penalty_pay(penalty_id: uuid.UUID) -> Response:
    """Record money for a penalty."""
    view, form = queries.penalty_view(penalty_id), PenaltyMoneyForm()
    made: list[Outcome] = []
    wrong = attempt(form, lambda: made.append(penalty_page.pay(form, penalty_id, by=g.member.id)))
    if wrong:
        fragment = "savings/_penalty_money_form.html"
        return page("savings/penalty_payment.html", fragment, status=wrong, form=form, view=view)
    return led(made[0], _("The payment was recorded"))


@bp.get("/penalties/<uuid:penalty_id>/waiver")
@needs("money.approve")
def penalty_waiver(penalty_id: uuid.UUID) -> Response:
    """The form that no longer asks for a penalty."""
    return page("savings/penalty_waiver.html", form=ReasonForm(), view=queries.penalty_view(penalty_id))


@bp.post("/penalties/<uuid:penalty_id>/waiver")
@needs("money.approve")
def penalty_waive(penalty_id: uuid.UUID) -> Response:
    """No longer ask for what is owed of a penalty."""
    view, form = queries.penalty_view(penalty_id), ReasonForm()
    told = {"on": today(), "by": g.member.id}
    wrong = attempt(form, lambda: waive_penalty(penalty_id, reason=str(form.reason.data), **told))
    if wrong:
        fragment = "savings/_penalty_waiver_form.html"
        return page("savings/penalty_waiver.html", fragment, status=wrong, form=form, view=view)
    return go(url_for("savings.penalty", penalty_id=penalty_id), toast=_("The penalty was waived"))


@bp.get("/penalties/<uuid:penalty_id>/reversal")
@needs("money.record")
def penalty_reversal(penalty_id: uuid.UUID) -> Response:
    """The form that takes a penalty back."""
    view = queries.penalty_view(penalty_id)
    return page("savings/penalty_reversal.html", form=undo_form_of([view.entry]), view=view)


@bp.post("/penalties/<uuid:penalty_id>/reversal")
@needs("money.record")
def penalty_reverse(penalty_id: uuid.UUID) -> Response:
    """Take back a penalty that was levied by mistake, or ask for it."""
    view, made = queries.penalty_view(penalty_id), list[Outcome]()
    form = undo_form_of([view.entry])
    told = undoing(form, [view.entry])
    wrong = attempt(form, lambda: made.append(ask_reversal("penalty", penalty_id, by=g.member.id, **told())))
    if wrong:
        fragment = "savings/_penalty_undo_form.html"
        return page("savings/penalty_reversal.html", fragment, status=wrong, form=form, view=view)
    return led(made[0], _("The penalty was reversed"))


@bp.post("/penalties/<uuid:penalty_id>/waivers/<uuid:waiver_id>/reversal")
@needs("money.approve")
def waiver_reverse(penalty_id: uuid.UUID, waiver_id: uuid.UUID) -> Response:
    """Ask for a waived penalty again, or a second person whether to."""
    penalty_page.refuse_other(penalty_id, waiver_id)
    told = {"reason": _("Asked for again"), "on": today(), "by": g.member.id, "key": Form().key}
    return led(ask_reversal("penalty_waiver", waiver_id, **told), _("The penalty is owed again"))
