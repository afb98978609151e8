"""The steps of the month grid: typed, looked at, reviewed, recorded; and when a page is too old for that."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from flask import request, url_for
from flask_babel import ngettext

from app.core.db import session
from app.core.errors import DomainError
from app.ledgers.approvals import Outcome
from app.savings.approvables import ask, batch_id
from app.savings.errors import NothingTyped, StalePage
from app.savings.grid import Grid, GridForm, grid_of, usual_day
from app.savings.grid_reading import foresee, read
from app.savings.models import Contribution, Payment, SavingsReversal, WindowWaiver
from app.savings.rules import Window
from app.savings.standings import owed_by_member
from app.savings.windows import lock_windows
from app.web.attempt import attempt
from app.web.error_pages import status_of
from app.web.filters import money_plain


@dataclass
class Step:
    """What to show next: the grid or its review with a status, unless it led somewhere."""

    form: GridForm
    grid: Grid
    status: int = 200
    review: bool = False
    outcome: Outcome | None = None


def version_of(window: Window) -> str:
    """What the page rests on; it is another one as soon as anything is recorded, reversed or waived here."""
    rows = sa.select(sa.func.count(), sa.func.max(Contribution.recorded_at)).where(Contribution.window_id == window.id)
    count, last = session().execute(rows).one()
    waived = sa.select(sa.func.count()).select_from(WindowWaiver).where(WindowWaiver.window_id == window.id)
    undone = (
        sa.select(sa.func.count())
        .select_from(SavingsReversal)
        .join(Contribution, Contribution.payment_id == SavingsReversal.original_id)
        .where(Contribution.window_id == window.id)
    )
    return f"{count}.{last}.{session().scalar(waived)}.{session().scalar(undone)}"


def opened(window: Window, *, fill: bool) -> Step:
    """The grid as it is first shown; with `fill`, what is missing is filled in already."""
    form = GridForm(formdata=None, paid_on=usual_day(window))
    form.version.data = version_of(window)
    grid = _grid(window, {})
    if fill:
        behind = [row for row in grid.rows if row.missing]
        grid = _grid(window, {f"amount-{row.key}": money_plain(row.missing) for row in behind})
    return Step(form, grid)


def _grid(window: Window, told: Mapping[str, str]) -> Grid:
    return grid_of(window, told, owed_by_member())


def sent(window: Window) -> Step:
    """The grid as it was sent, not yet looked at."""
    grid = _grid(window, request.form)
    form = GridForm()
    form.anonymous = frozenset(grid.names()) | {"step"}
    return Step(form, grid)


def look(window: Window, *, by: uuid.UUID) -> Step:
    """What will come of the rows while they are typed; the common fields need not be complete yet."""
    step = sent(window)
    if step.form.validate():
        _foresee(step, by)
    return step


def _foresee(step: Step, by: uuid.UUID) -> int | None:
    read(step.grid, step.form, step.form.key)
    return attempt(step.form, lambda: foresee(step.grid, by=by))


def advance(window: Window, *, by: uuid.UUID) -> Step:
    """One step on: back to the grid, to the review, or into the books."""
    lock_windows()
    step = sent(window)
    if done := _done(step.form.key, window):
        step.outcome = done
        return step
    wanted = request.form.get("step", "review")
    if not step.form.validate():
        step.status = 422
        return step
    step.status = _foresee(step, by) or (422 if step.grid.has_faults else 200)
    if wanted == "edit":
        step.status = 200
    elif step.grid.has_faults:
        faults = step.grid.sums.faults
        step.form.refusal = ngettext(
            "One row needs a fix. Nothing was recorded.", "%(num)d rows need a fix. Nothing was recorded.", faults
        )
    elif step.status == 200:
        _review_or_record(step, window, by, record=wanted == "record")
    return step


def _review_or_record(step: Step, window: Window, by: uuid.UUID, *, record: bool) -> None:
    refusal = _refusal(step, window)
    if refusal is not None:
        step.form.refuse(refusal)
        step.form.version.data = version_of(window)
        step.status = int(status_of(refusal))
    elif not record:
        step.review = True
    else:
        made: list[Outcome] = []
        step.status = attempt(step.form, lambda: made.append(ask(step.grid.batch(), by=by, key=step.form.key))) or 200
        step.outcome = made[0] if made else None


def _refusal(step: Step, window: Window) -> DomainError | None:
    if step.form.version.data != version_of(window):
        return StalePage()
    return None if step.grid.filled else NothingTyped()


def _done(key: str, window: Window) -> Outcome | None:
    """Where this very form led when it was sent before."""
    known = sa.select(Payment.id).where(Payment.batch_id == batch_id(key)).limit(1)
    if session().scalar(known) is None:
        return None
    return Outcome(waits=False, request_id=None, url=url_for("savings.window", window_id=window.id))
