"""The last step of a run: posted as a whole by who may, or put back to draft with a reason."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _

from app.audit.log import record
from app.core.db import session
from app.core.rooms import Approvable
from app.dues import offering, steps, telling
from app.dues.errors import MayNotApprove, OwnRun, ReasonMissing, WrongState
from app.dues.models import AssessmentEntry
from app.dues.offering import POST
from app.dues.posting import NewCharge, charge
from app.dues.rules import State
from app.dues.standing import Run, run_of
from app.dues.words import past_due, period_word
from app.groups.queries import group, permissions_used
from app.groups.services.members import lock_group
from app.ledgers import approvals
from app.ledgers.approvals import Outcome
from app.ledgers.models import ApprovalRequest
from app.notifications.services import path_to
from app.web.filters import day, money
from app.web.statuses import status_of

Payload = Mapping[str, Any]


def approve(event_id: uuid.UUID, *, by: uuid.UUID) -> Outcome:
    """Post a run that waits for approval, all of its entries or none.

    Above the group's threshold it is posted by a second person. Who posts is checked here against who had it
    calculated. Raises NoSuchRun, WrongState, OwnRun, MayNotApprove, and what the
    books refuse.
    """
    lock_group()
    run = steps.require(run_of(event_id), State.PENDING)
    waiting = request_of(run)
    if waiting is None:
        alone = not offering.waits_for_another(run)
        outcome = offering.ask(run, maker=by if alone else steps.calculation_of(run).recorded_by or by)
        if not outcome.waits:
            return outcome
        waiting = approvals.approval_request(outcome.request_id or event_id)
    if waiting.requested_by == by:
        raise OwnRun
    _refuse_unless_approver(by)
    url = approvals.approve(waiting, by=by)
    return Outcome(waits=False, request_id=waiting.id, url=url)


def _refuse_unless_approver(by: uuid.UUID) -> None:
    if approvals.APPROVE not in permissions_used(by):
        raise MayNotApprove


def request_of(run: Run) -> ApprovalRequest | None:
    """The request in which this calculation waits for a second person."""
    wanted = sa.select(ApprovalRequest).where(ApprovalRequest.idempotency_key == offering.request_key(run))
    found = session().scalar(wanted)
    return found if found is not None and found.decision is None else None


def reject(event_id: uuid.UUID, *, reason: str, by: uuid.UUID) -> Run:
    """Put a run that waits for approval back to draft, saying why; who had it calculated is told.

    Raises NoSuchRun, WrongState, ReasonMissing, MayNotApprove.
    """
    lock_group()
    run = steps.require(run_of(event_id), State.PENDING)
    if not reason.strip():
        raise ReasonMissing(field="reason")
    waiting = request_of(run)
    if waiting is None:
        _put_back(run, by=by, reason=reason)
    elif waiting.requested_by == by:
        approvals.withdraw(waiting, by=by, reason=reason)
    else:
        _refuse_unless_approver(by)
        approvals.reject(waiting, by=by, reason=reason)
    return run_of(event_id)


def _put_back(run: Run, *, by: uuid.UUID, reason: str | None) -> None:
    maker = steps.calculation_of(run).recorded_by
    steps.take(run.event.id, State.DRAFT, by=by, before=run.step, reason=reason or str(_("Withdrawn")))
    record("reject", "assessment_event", run.event.id, by=by, after={"reason": reason}, severity="notice")
    if maker != by:
        title = _("“%(levy)s” was rejected", levy=run.config.name)
        offering.tell(run, [maker], title, reason or "", "rejected", kind="warning")


def post_run(event_id: uuid.UUID, attempt: int, *, by: uuid.UUID, approved_by: uuid.UUID | None = None) -> Run:
    """Post every entry of a calculation to the books, or none. Raises WrongState when the run has gone on."""
    lock_group()
    run = run_of(event_id)
    if run.state is not State.PENDING or run.step.attempt != attempt:
        raise WrongState(state=status_of(run.step.state)[1])
    rows = _charges(run)
    charge(rows, on=offering.effective_day(run.event), by=by)
    steps.take(event_id, State.POSTED, by=approved_by or by, before=run.step)
    after = {"levy": run.config.name, "total": run.step.total, "entries": len(rows)}
    record("post", "assessment_event", event_id, by=approved_by or by, after=after)
    telling.posted(run, parties=len({row.party_id for row in rows}))
    return run_of(event_id)


def _charges(run: Run) -> list[NewCharge]:
    wanted = sa.select(
        AssessmentEntry.id, AssessmentEntry.party_id, AssessmentEntry.unit_id, AssessmentEntry.amount
    ).where(AssessmentEntry.event_id == run.event.id, AssessmentEntry.attempt == run.step.attempt)
    return [
        NewCharge(
            party_id=row.party_id,
            config_id=run.config.id,
            event_id=run.event.id,
            amount=row.amount,
            due_on=run.event.due_on,
            unit_id=row.unit_id,
            assessment_entry_id=row.id,
        )
        for row in session().execute(wanted.order_by(AssessmentEntry.place))
    ]


def _carry_out(payload: Payload, by: uuid.UUID, approved_by: uuid.UUID | None) -> str:
    run = post_run(uuid.UUID(payload["event_id"]), payload["attempt"], by=by, approved_by=approved_by)
    return path_to("dues.run", slug=group().slug, assessment_id=run.event.id)


def _describe(payload: Payload) -> Sequence[tuple[Any, Any]]:
    run = run_of(uuid.UUID(payload["event_id"]))
    return [
        (_("Levy"), run.config.name),
        (_("Period"), period_word(run.event.slot, run.event.first_on)),
        (_("Entries"), str(run.step.entries)),
        (_("Levied"), money(offering.total_of(run))),
        (_("Due on"), past_due(run.event.due_on) or day(run.event.due_on)),
    ]


def _turned_down(payload: Payload, by: uuid.UUID, reason: str | None) -> None:
    run = run_of(uuid.UUID(payload["event_id"]))
    if run.state is State.PENDING and run.step.attempt == payload["attempt"]:
        _put_back(run, by=by, reason=reason)


APPROVABLES = {POST: Approvable(_("Dues of a run"), _carry_out, _describe, turned_down=_turned_down)}
