"""Calculating a run: the worker's part, written in pieces that a crash may fall between, checked against the whole."""

import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core import db
from app.core.crashpoints import crash
from app.core.db import session
from app.core.errors import DomainError
from app.core.ids import new_id
from app.core.money import lazily
from app.core.periods import Month
from app.core.rooms import Step
from app.dues import configs, offering, payers, steps
from app.dues.errors import DeedsMoved, TooMuchLevied
from app.dues.models import AssessmentEntry
from app.dues.rules import Basis, Frequency, Line, Slot, State, Working, oddity, slot_of, work_out
from app.dues.standing import Run, run_of
from app.dues.words import period_word
from app.groups.policies import current_policy
from app.groups.queries import group
from app.groups.services.members import lock_group
from app.registry.queries import group_party_id
from app.web.i18n import speaking

PARTS, SMALLEST = 5, 1_000  # a calculation is written in so many parts, none of them smaller


def slot_of_run(run: Run, frequency: Frequency) -> Slot:
    """The period of a run, as the rules see it."""
    return slot_of(frequency, Month.of(run.event.first_on))


def calculate(*, event_id: str, attempt: int, done: int, total: int) -> Step:  # as jobs are called
    """Write the next entries of a run; the handler of the job. What the rules refuse puts the run back to draft."""
    lock_group()
    run = run_of(uuid.UUID(event_id))
    if run.state is not State.CALCULATING or run.step.attempt != attempt:
        return Step(progress=total, more=False)
    try:
        with db.attempt():
            return _part(run, done)
    except DomainError as error:
        return _back_to_draft(run, error)


def _part(run: Run, done: int) -> Step:
    began = steps.calculation_of(run)
    levy = configs.stored(dict(began.terms or {}))
    slot = slot_of_run(run, levy.terms.frequency)
    people = payers.payers_of(levy, slot, by=began.recorded_by)
    working = work_out(levy.terms, people, slot, group().currency, ours=group_party_id())
    _refuse_too_much(working)
    count = len(working.lines)
    size = max(SMALLEST, -(-count // PARTS))
    _write(run, working.lines[done : done + size], done, levy.terms.basis)
    crash("dues.chunk")
    reached = min(done + size, count)
    if reached == count:
        _finish(run, working)
    return Step(progress=reached, more=reached < count, total=count)


def _refuse_too_much(working: Working) -> None:
    if working.total > current_policy().group.maximum_amount:
        raise TooMuchLevied(total=lazily(working.total, group().currency))


def _write(run: Run, lines: Sequence[Line], start: int, basis: Basis) -> None:
    before = payers.charged_before(run.event)
    rows: list[dict[str, Any]] = []
    for place, line in enumerate(lines, start + 1):
        was = (before or {}).get(payers.charged_of(line))
        on_deed = basis is Basis.DEEDS
        rows.append(
            {
                "group_id": session().group_id,
                "id": new_id(),
                "event_id": run.event.id,
                "attempt": run.step.attempt,
                "place": place,
                "deed_id": line.payer.key if on_deed else None,
                "unit_id": line.payer.unit_id,
                "member_id": None if on_deed else line.payer.key,
                "party_id": line.party_id,
                "amount": line.amount,
                "before": was,
                "oddity": oddity(line.amount, was, first=before is None),
            }
        )
    session().flush()
    session().connection().execute(sa.insert(AssessmentEntry), rows)  # row-level security checks it as objects


def _finish(run: Run, working: Working) -> None:
    """The run now waits for approval, when what was written part by part is what the whole comes to."""
    figures: dict[str, Decimal | int] = {"total": working.total, "entries": len(working.lines)}
    if _written(run) != (len(working.lines), working.total, _digest(working)):
        raise DeedsMoved
    figures |= {"indiviso": working.indiviso, "shortfall": working.shortfall, "borne": working.borne}
    maker = steps.calculation_of(run).recorded_by
    steps.take(run.event.id, State.PENDING, by=maker, before=run.step, figures=figures)
    offering.offer(run_of(run.event.id))


def _written(run: Run) -> tuple[int, Decimal, frozenset[tuple[object, ...]]]:
    own = (AssessmentEntry.event_id == run.event.id, AssessmentEntry.attempt == run.step.attempt)
    whose = sa.func.coalesce(AssessmentEntry.deed_id, AssessmentEntry.member_id)
    rows = session().execute(sa.select(whose, AssessmentEntry.party_id, AssessmentEntry.amount).where(*own)).all()
    return len(rows), sum((row.amount for row in rows), Decimal(0)), frozenset(tuple(row) for row in rows)


def _digest(working: Working) -> frozenset[tuple[object, ...]]:
    return frozenset((line.payer.key, line.party_id, line.amount) for line in working.lines)


def _back_to_draft(run: Run, error: DomainError) -> Step:
    here = group()
    with speaking(locale=here.locale, zone=here.time_zone, currency=here.currency):
        reason = str(error)
    maker = steps.calculation_of(run).recorded_by
    steps.take(run.event.id, State.DRAFT, by=None, before=run.step, reason=reason)
    offering.tell_refused(run, maker, error)
    return Step(progress=1, more=False, total=1, result={"refused": error.code})


def run_words(*, event_id: str, **_payload: Any) -> str:
    """What the job of a run is about."""
    run = run_of(uuid.UUID(event_id))
    period = period_word(run.event.slot, run.event.first_on)
    return str(_("Calculating “%(levy)s” for %(period)s", levy=run.config.name, period=period))
