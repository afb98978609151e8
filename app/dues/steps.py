"""The steps of a run, each a row of its own: taking the next one, and reading why it went back."""

import uuid
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.core import clock
from app.core.db import session
from app.core.ids import new_id
from app.core.keys import open_for, seal_for
from app.dues.errors import WrongState
from app.dues.models import AssessmentState
from app.dues.rules import State
from app.dues.standing import Run, run_of
from app.web.statuses import status_of

OF_FIGURES = ("total", "entries", "indiviso", "shortfall", "borne")


def reason_place(step_id: uuid.UUID) -> str:
    """What the reason of a step is bound to."""
    return f"assessment_state|{step_id}|reason"


def require(run: Run, *wanted: State) -> Run:
    """The run, when it is in one of these states. Raises WrongState."""
    if run.state not in wanted:
        raise WrongState(state=status_of(run.step.state)[1])
    return run


def take(
    run_id: uuid.UUID,
    state: State,
    *,
    by: uuid.UUID | None,
    before: AssessmentState | None,
    attempt: int | None = None,
    reason: str | None = None,
    terms: dict[str, Any] | None = None,
    figures: dict[str, Decimal | int] | None = None,
) -> AssessmentState:
    """Append the next step of a run under the group's lock; figures that are not told are those of the step before."""
    kept = {name: getattr(before, name) for name in OF_FIGURES} if before and state is not State.CALCULATING else {}
    row = AssessmentState(
        id=new_id(),
        event_id=run_id,
        number=before.number + 1 if before else 1,
        state=state.value,
        attempt=attempt if attempt is not None else before.attempt if before else 0,
        terms=terms,
        recorded_by=by,
        recorded_at=clock.now(),
        **(kept | dict(figures or {})),
    )
    if reason:
        row.reason_sealed = seal_for(session().group_id, reason, reason_place(row.id))
    session().add(row)
    session().flush()
    return row


def reason_of(step: AssessmentState) -> str | None:
    """Why a run went back to draft, opened."""
    sealed = step.reason_sealed
    return open_for(session().group_id, sealed, reason_place(step.id)) if sealed else None


def steps_of(event_id: uuid.UUID) -> list[AssessmentState]:
    """All steps of a run, in order."""
    wanted = sa.select(AssessmentState).where(AssessmentState.event_id == event_id)
    return list(session().scalars(wanted.order_by(AssessmentState.number)))


def calculation_of(run: Run) -> AssessmentState:
    """The step with which the run's last calculation began: what the levy said, and who asked for it."""
    wanted = sa.select(AssessmentState).where(
        AssessmentState.event_id == run.event.id,
        AssessmentState.attempt == run.step.attempt,
        AssessmentState.state == State.CALCULATING,
    )
    return session().scalars(wanted).one()


def again(run: Run) -> Run:
    """The run as it stands after a step was taken."""
    return run_of(run.event.id)
