"""The pages on which a second person decides."""

import uuid

from flask import Response, g, url_for
from flask_babel import gettext as _

from app.groups.access import needs
from app.groups.queries import names
from app.ledgers import approvals, entering
from app.ledgers.blueprint import bp
from app.ledgers.forms import DecisionForm
from app.web.attempt import attempt
from app.web.pages import go, page


@bp.get("/approvals", endpoint="approvals")
@needs("money.see")
def approvals_list() -> Response:
    """What waits for a second person, and what was decided lately."""
    waiting, decided = approvals.waiting(), approvals.decided_lately()
    people = names([row.requested_by for row in (*waiting, *decided)])
    titles = entering.titles_of([*waiting, *decided])
    return page("ledgers/approvals.html", waiting=waiting, decided=decided, people=people, titles=titles)


@bp.get("/approvals/<uuid:request_id>")
@needs("money.see")
def approval(request_id: uuid.UUID) -> Response:
    """One request: what it would do, and the decision."""
    return _detail(request_id, DecisionForm())


@bp.post("/approvals/<uuid:request_id>/approval")
@needs("money.approve")
def approval_approve(request_id: uuid.UUID) -> Response:
    """Carry it out."""
    form, made, asked = DecisionForm(), list[str](), approvals.approval_request(request_id)
    overdraft = bool(form.overdraft.data)
    if wrong := attempt(form, lambda: made.append(approvals.approve(asked, by=g.member.id, overdraft=overdraft))):
        return _detail(request_id, form, wrong)
    return go(made[0], toast=_("Approved and booked"))


@bp.post("/approvals/<uuid:request_id>/rejection")
@needs("money.approve")
def approval_reject(request_id: uuid.UUID) -> Response:
    """Refuse it, with a reason."""
    form, asked = DecisionForm(), approvals.approval_request(request_id)
    if wrong := attempt(form, lambda: entering.reject(asked, form)):
        return _detail(request_id, form, wrong)
    return go(url_for("ledgers.approvals"), toast=_("Rejected; nothing was booked"))


@bp.post("/approvals/<uuid:request_id>/withdrawal")
@needs("group.see")
def approval_withdraw(request_id: uuid.UUID) -> Response:
    """Take back what one asked for."""
    form, asked = DecisionForm(), approvals.approval_request(request_id)
    if wrong := attempt(form, lambda: approvals.withdraw(asked, by=g.member.id, reason=form.reason.data)):
        return _detail(request_id, form, wrong)
    return go(url_for("ledgers.approvals"), toast=_("Withdrawn; nothing was booked"))


def _detail(request_id: uuid.UUID, form: DecisionForm, status: int = 200) -> Response:
    asked = approvals.approval_request(request_id)
    kind, decision = approvals.approvable(asked.kind), asked.decision
    return page(
        "ledgers/approval.html",
        "ledgers/_decision_form.html",
        status=status,
        form=form,
        asked=asked,
        label=kind.label,
        instead=approvals.approves_instead(asked, of=g.member.id) if not decision else "",
        rows=kind.describe(approvals.payload_of(asked)),
        decision=decision,
        reason=approvals.reason_of(decision) if decision else None,
        people=names([asked.requested_by, decision.decided_by if decision else None]),
    )
