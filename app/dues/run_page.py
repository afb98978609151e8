"""What the page of a run shows: how far it is, what it comes to, what is odd, and who has been told."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import g

from app.core.db import session
from app.core.outbox import Outbox
from app.core.periods import BadMonth, Month
from app.dues import approving, configs, payers, queries, running, steps, telling
from app.dues.approving import request_of
from app.dues.forms import RejectForm, RunForm
from app.dues.models import AssessmentState
from app.dues.rules import Basis, Frequency, State, slot_of
from app.dues.standing import Run, run_before, run_of
from app.dues.words import LEFT_OUT, past_due
from app.groups.access import may
from app.groups.queries import names
from app.ledgers.approvals import APPROVE, Outcome
from app.ledgers.models import ApprovalRequest
from app.web.keyset import Cursor

LISTED = (State.PENDING, State.POSTED, State.REVERSED)  # runs of which the entries are shown


@dataclass(frozen=True)
class RunView:
    """Everything that the page of a run shows, besides its entries."""

    run: Run
    steps: list[tuple[AssessmentState, str | None, str | None]]  # with who took it and why
    terms: configs.Levy | None
    before: Run | None
    gone: tuple[int, list[Any]]
    job: Outbox | None
    asked: ApprovalRequest | None
    told: tuple[int, int] | None
    left_out: list[tuple[str, int]]  # members that a levy on members does not charge: why, and how many

    @property
    def telling(self) -> bool:
        """Whether its notices are still being written."""
        return self.run.state is State.POSTED and telling.still_telling(self.run)

    @property
    def late(self) -> str | None:
        """The warning of a run that waits and whose due day is past."""
        return past_due(self.run.event.due_on) if self.run.state is State.PENDING else None

    @property
    def listed(self) -> bool:
        """Whether there are entries to be seen."""
        return self.run.state in LISTED

    @property
    def mine(self) -> bool:
        """Whether whoever looks had it calculated."""
        return self.run.state is State.PENDING and self.run.step.recorded_by == g.member.id

    @property
    def may_post(self) -> bool:
        """Whether whoever looks may post it."""
        if self.run.state is not State.PENDING or not may("money.record"):
            return False
        return self.asked is None or (may(APPROVE) and not self.mine)


def view_of(event_id: uuid.UUID) -> RunView:
    """A run with all that belongs to it. Raises NoSuchRun."""
    run = run_of(event_id)
    taken = steps.steps_of(event_id)
    people = names([step.recorded_by for step in taken])
    calculated = run.step.attempt > 0
    pending = run.state is State.PENDING
    return RunView(
        run=run,
        steps=[
            (step, people.get(step.recorded_by) if step.recorded_by else None, steps.reason_of(step)) for step in taken
        ],
        terms=configs.stored(dict(steps.calculation_of(run).terms or {})) if calculated else None,
        before=run_before(run.event) if run.state in LISTED else None,
        gone=queries.gone_since(run) if pending else (0, []),
        job=_job(run) if run.state is State.CALCULATING else None,
        asked=request_of(run) if pending else None,
        told=telling.told_so_far(run) if run.state is State.POSTED else None,
        left_out=_left_out(run) if pending and run.config.basis == Basis.MEMBERS else [],
    )


def _left_out(run: Run) -> list[tuple[str, int]]:
    return [(str(LEFT_OUT[why]), count) for why, count in payers.left_out(run)]


def _job(run: Run) -> Outbox | None:
    key = running.message_key(run.event.id, run.step.attempt)
    return session().scalar(sa.select(Outbox).where(Outbox.key == key))


def shown(event_id: uuid.UUID, at: Cursor | None) -> Mapping[str, Any]:
    """What the templates of a run's page want."""
    view = view_of(event_id)
    found = queries.entries_page(view.run, at=at) if view.listed else None
    pages = found.urls("dues.run", assessment_id=event_id) if found else (None, None)
    return {"view": view, "found": found, "pages": pages}


def run_form(**data: Any) -> RunForm:
    """The form that starts a run."""
    return RunForm(levies=queries.levies_in_use(), data=data)


def late_of(form: RunForm) -> str | None:
    """The warning that the run of the form would be due on a day that is past."""
    chosen = next((row for row in queries.levies_in_use() if str(row.id) == form.levy.data), None)
    try:
        month = Month.parse((form.period.data or "").strip())
    except BadMonth:
        return None
    if chosen is None:
        return None
    first = slot_of(Frequency(chosen.frequency), month).first
    return past_due(Month.of(first).day(chosen.day_due))


def start(form: RunForm, *, by: uuid.UUID) -> Run:
    """Start the run of the form, or find the one that is there."""
    month = form.period.month
    assert month is not None  # noqa: S101  # the form is valid
    return running.start_run(config_id=uuid.UUID(form.levy.data), month=month, by=by, key=form.key)


def reject(form: RejectForm, event_id: uuid.UUID, *, by: uuid.UUID) -> None:
    """Put the run back as the form says."""
    approving.reject(event_id, reason=form.reason.data or "", by=by)


def post(event_id: uuid.UUID, *, by: uuid.UUID) -> Outcome:
    """Post it, or approve it."""
    return approving.approve(event_id, by=by)
