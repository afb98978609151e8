"""The pages of money that waits unallocated: the list, giving it back, making it the payment it was meant as."""

import uuid

from flask import Response, g
from flask_babel import gettext as _

from app.groups.access import needs
from app.ledgers.approvals import Outcome
from app.ledgers.entering import led
from app.savings import held_page, queries
from app.savings.asking import ask_return
from app.savings.blueprint import bp
from app.savings.forms import ReturnForm
from app.web.attempt import attempt
from app.web.pages import go, page


@bp.get("/held")
@needs("money.see")
def held() -> Response:
    """The parts of payments that wait, the oldest first."""
    rows = queries.held_open()
    return page("savings/held.html", rows=rows, total=held_page.total(rows))


@bp.get("/held/<uuid:held_id>/return")
@needs("money.record")
def held_return(held_id: uuid.UUID) -> Response:
    """The form that gives money back."""
    row = held_page.line(held_id)
    return page("savings/held_return.html", form=held_page.return_form(row), row=row)


@bp.post("/held/<uuid:held_id>/return")
@needs("money.record")
def held_return_create(held_id: uuid.UUID) -> Response:
    """Give money back to the member, or ask for it."""
    row, form, made = held_page.line(held_id), ReturnForm(), list[Outcome]()
    told = {"by": g.member.id, "key": form.key}
    wrong = attempt(form, lambda: made.append(ask_return(held_id, **held_page.returning(form), **told)))
    if wrong:
        return page("savings/held_return.html", "savings/_return_form.html", status=wrong, form=form, row=row)
    return led(made[0], _("The money was returned"))


@bp.get("/held/<uuid:held_id>/allocation")
@needs("money.record")
def held_allocation(held_id: uuid.UUID) -> Response:
    """The form that makes it a payment."""
    row = held_page.line(held_id)
    form = held_page.allocation_form()
    return page("savings/held_allocation.html", form=form, row=row, preview=held_page.glance(form, row, by=g.member.id))


@bp.post("/held/<uuid:held_id>/allocation/preview")
@needs("money.record")
def held_allocation_preview(held_id: uuid.UUID) -> Response:
    """What will happen, while the form is being filled in."""
    row, form = held_page.line(held_id), held_page.allocation_form()
    form.validate()
    seen = held_page.glance(form, row, by=g.member.id)
    return page("savings/held_allocation.html", "savings/_preview.html", form=form, row=row, preview=seen)


@bp.post("/held/<uuid:held_id>/allocation")
@needs("money.record")
def held_allocation_create(held_id: uuid.UUID) -> Response:
    """Make it the payment it was meant as, once it was seen what that means."""
    row, form = held_page.line(held_id), held_page.allocation_form()
    taken = held_page.allocate(form, row, by=g.member.id)
    if taken.outcome is None:
        fragment, status = "savings/_allocation_form.html", taken.status or 200
        return page("savings/held_allocation.html", fragment, status, form=form, row=row, preview=taken.preview)
    return go(str(taken.outcome.url), toast=_("The money was allocated"))
