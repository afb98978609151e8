"""The states of requests, appended: each with its number, so that two at one moment cannot both follow the same one."""

import uuid
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from app.core import clock
from app.core.db import session
from app.core.ids import new_id
from app.exits.models import ExitState
from app.exits.rules import ENDED, State, state_of
from app.exits.standing import Queued, standing_of


def state_after(now: Queued) -> State:
    """What state a request is in as it stands."""
    return state_of(open_=now.open, payable=now.payable, fulfilled=now.fulfilled)


def note_states(found: Iterable[Queued], *, by: uuid.UUID | None) -> None:
    """Append the states of requests that stand otherwise than their last row says, in one statement."""
    rows: list[dict[str, Any]] = [
        {
            "group_id": session().group_id,
            "id": new_id(),
            "request_id": one.request_id,
            "number": one.state_number + 1,
            "state": state_after(one).value,
            "recorded_by": by,
            "recorded_at": clock.now(),
        }
        for one in found
        if one.state not in ENDED and state_after(one) is not one.state
    ]
    if rows:
        session().flush()
        session().connection().execute(sa.insert(ExitState), rows)


def note_state(request_id: uuid.UUID, *, by: uuid.UUID | None) -> Queued:
    """The same for one request; returns how it stands."""
    found = standing_of(request_id)
    note_states([found], by=by)
    return found


def first_state(request_id: uuid.UUID, *, by: uuid.UUID | None) -> ExitState:
    """The row with which a request begins."""
    return _add(ExitState(id=new_id(), request_id=request_id, number=1, state=State.QUEUED.value, recorded_by=by))


def end(
    found: Queued,
    state: State,
    *,
    by: uuid.UUID | None,
    state_id: uuid.UUID | None = None,
    entry_id: uuid.UUID | None = None,
    reason_sealed: bytes | None = None,
) -> ExitState:
    """The last row of a request: cancelled or closed."""
    row = ExitState(id=state_id or new_id(), request_id=found.request_id, number=found.state_number + 1)
    row.state, row.entry_id, row.reason_sealed, row.recorded_by = state.value, entry_id, reason_sealed, by
    return _add(row)


def _add(row: ExitState) -> ExitState:
    row.recorded_at = clock.now()
    session().add(row)
    session().flush()
    return row
