"""The pages that keep an investment: a value, income, suspending it, taking a record back."""

import uuid
from typing import Any

from flask import Response, g, url_for
from flask_babel import gettext as _

from app.groups.access import needs
from app.holdings import keeping_page, portfolio
from app.holdings.blueprint import bp
from app.holdings.forms import IncomeForm, StateForm, ValueForm
from app.holdings.rules import Status
from app.holdings.valuing import Doubt
from app.ledgers.approvals import Outcome
from app.ledgers.entering import led
from app.web.attempt import attempt
from app.web.pages import go, page

KINDS = "<any(investment, investment_sale, valuation, investment_income):kind>"


@bp.get("/<uuid:investment_id>/value")
@needs("money.record")
def value_new(investment_id: uuid.UUID) -> Response:
    """The form of a new value."""
    return page("holdings/value_new.html", form=ValueForm(), line=portfolio.line_of(investment_id))


@bp.post("/<uuid:investment_id>/value")
@needs("money.record")
def value_create(investment_id: uuid.UUID) -> Response:
    """Record what it was worth on a day."""
    form, line, doubts = ValueForm(), portfolio.line_of(investment_id), list[Doubt | None]()
    wrong = attempt(form, lambda: doubts.append(keeping_page.value(form, investment_id, by=g.member.id)))
    if wrong or any(doubts):
        told: dict[str, Any] = {"form": form, "line": line, "doubt": doubts[0] if doubts else None}
        return page("holdings/value_new.html", "holdings/_value_form.html", status=wrong or 200, **told)
    return go(url_for("holdings.investment", investment_id=investment_id), toast=_("The value was recorded"))


@bp.get("/<uuid:investment_id>/income")
@needs("money.record")
def income_new(investment_id: uuid.UUID) -> Response:
    """The form of a dividend or interest."""
    return page("holdings/income_new.html", form=IncomeForm(), line=portfolio.line_of(investment_id))


@bp.post("/<uuid:investment_id>/income")
@needs("money.record")
def income_create(investment_id: uuid.UUID) -> Response:
    """Record what it brought in, or ask for it."""
    form, line, made = IncomeForm(), portfolio.line_of(investment_id), list[Outcome]()
    wrong = attempt(form, lambda: made.append(keeping_page.earn(form, investment_id, by=g.member.id)))
    if wrong:
        return page("holdings/income_new.html", "holdings/_income_form.html", status=wrong, form=form, line=line)
    return led(made[0], _("The income was recorded"))


@bp.get("/<uuid:investment_id>/suspension")
@needs("money.record")
def suspension_new(investment_id: uuid.UUID) -> Response:
    """The form that suspends it, or ends that."""
    return page("holdings/suspension.html", form=StateForm(), line=portfolio.line_of(investment_id))


@bp.post("/<uuid:investment_id>/suspension")
@needs("money.record")
def suspension_create(investment_id: uuid.UUID) -> Response:
    """Suspend it, or make it active again."""
    form, line = StateForm(), portfolio.line_of(investment_id)
    state = Status.ACTIVE if line.status is Status.SUSPENDED else Status.SUSPENDED
    wrong = attempt(form, lambda: keeping_page.change_state(form, investment_id, state, by=g.member.id))
    if wrong:
        return page("holdings/suspension.html", "holdings/_state_form.html", status=wrong, form=form, line=line)
    told = _("It is suspended") if state is Status.SUSPENDED else _("It is active again")
    return go(url_for("holdings.investment", investment_id=investment_id), toast=told)


@bp.get(f"/{KINDS}/<uuid:record_id>/reversal")
@needs("money.record")
def reversal_new(kind: str, record_id: uuid.UUID) -> Response:
    """The form that takes a record back."""
    told = keeping_page.undone(kind, record_id)
    return page("holdings/reversal.html", form=keeping_page.undo_form(kind, record_id), **told)


@bp.post(f"/{KINDS}/<uuid:record_id>/reversal")
@needs("money.record")
def reversal_create(kind: str, record_id: uuid.UUID) -> Response:
    """Take a record back, or ask for it."""
    form, made = keeping_page.undo_form(kind, record_id), list[Outcome]()
    wrong = attempt(form, lambda: made.append(keeping_page.undo(form, kind, record_id, by=g.member.id)))
    if wrong:
        told = keeping_page.undone(kind, record_id)
        return page("holdings/reversal.html", "holdings/_undo_form.html", status=wrong, form=form, **told)
    return led(made[0], _("It was reversed"))
