"""The run of a month: started once however many press, carried out by a worker in chunks, whole after every kill."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.audit.log import record
from app.core import clock
from app.core.crashpoints import crash
from app.core.db import session
from app.core.ids import new_id
from app.core.outbox import Outbox, later
from app.core.periods import Month
from app.core.rooms import Step
from app.groups.queries import group
from app.groups.services.members import lock_group
from app.ledgers.books import EARLIEST
from app.ledgers.errors import DayTooLongAgo, KeyUsed
from app.receipts.errors import MonthNotBegun, NothingToIssue
from app.receipts.issuing import Issued, issue
from app.receipts.models import RentBatch, RentBatchSkip, RentBatchStep, RentBatchYear
from app.receipts.planning import UnitPlan, plan
from app.receipts.rules import Pair, Skip, Sums, summed
from app.receipts.running import latest_step, sums_of, units_in
from app.receipts.standing import batch_row
from app.receipts.telling import tell_end
from app.receipts.writing import add_rows
from app.registry.queries import unit_row
from app.rentals.queries import UnitMonth, annual_gross, entitlements
from app.web.filters import month as month_named
from app.web.i18n import speaking

JOB = "receipts.run"
CHUNK = 1_000  # units at most, and receipts unless one unit has more
PAIRS = 250  # owners and payers whose year is reckoned at once


def start_batch(*, period: Month, unit_id: uuid.UUID | None = None, by: uuid.UUID, key: str) -> RentBatch:
    """Have the receipts of a month issued, of every unit or of one; what stands already stays.

    While such a run goes on, or with the same key, this finds the run there is. Raises MonthNotBegun, DayTooLongAgo,
    NothingToIssue, NoSuchUnit, KeyUsed.
    """
    lock_group()  # of two who press at one moment the second finds the first one's run
    found = session().scalar(sa.select(RentBatch).where(RentBatch.idempotency_key == key))
    if found is not None:
        if (found.period, found.unit_id) != (str(period), unit_id):
            raise KeyUsed
        return found
    if (going := _going_on(period, unit_id)) is not None:
        return going
    refuse_month(period)
    if unit_id is not None:
        unit_row(unit_id)
    total = units_in(period, unit_id)
    if not total:
        raise NothingToIssue(month=month_named(period), field="period")
    return _start(period, unit_id, total, by=by, key=key)


def refuse_month(period: Month) -> None:
    """Raises MonthNotBegun, DayTooLongAgo."""
    if period.first < EARLIEST:  # the books begin there: a worker would try such a run until it gave up
        raise DayTooLongAgo(day=period.first.isoformat(), field="period")
    if period.first > clock.today(group().time_zone):
        raise MonthNotBegun(month=month_named(period), field="period")


def _start(period: Month, unit_id: uuid.UUID | None, total: int, *, by: uuid.UUID, key: str) -> RentBatch:
    batch_id = new_id()
    message = later(JOB, key=f"{JOB}:{batch_id}", total=total, batch_id=str(batch_id))
    row = RentBatch(
        id=batch_id,
        period=str(period),
        unit_id=unit_id,
        turn=_turns(period, unit_id) + 1,
        idempotency_key=key,
        started_by=by,
        started_at=clock.now(),
        message_id=message.id,
    )
    session().add(row)
    session().flush()
    record("run", "rent_batch", row.id, by=by, after={"period": row.period, "units": total})
    return row


def _of(period: Month, unit_id: uuid.UUID | None) -> sa.ColumnElement[bool]:
    whose = RentBatch.unit_id.is_(None) if unit_id is None else RentBatch.unit_id == unit_id
    return sa.and_(RentBatch.period == str(period), whose)


def _turns(period: Month, unit_id: uuid.UUID | None) -> int:
    return session().scalar(sa.select(sa.func.count()).select_from(RentBatch).where(_of(period, unit_id))) or 0


def _going_on(period: Month, unit_id: uuid.UUID | None) -> RentBatch | None:
    goes_on = sa.and_(Outbox.id == RentBatch.message_id, Outbox.done_at.is_(None), Outbox.dead_at.is_(None))
    return session().scalar(sa.select(RentBatch).join(Outbox, goes_on).where(_of(period, unit_id)).limit(1))


def run_chunk(*, batch_id: str, done: int, total: int) -> Step:
    """Issue the receipts of the next units; the handler of a run, each call one transaction."""
    batch, here = batch_row(uuid.UUID(batch_id)), group()
    with speaking(locale=here.locale, zone=here.time_zone, currency=here.currency):
        month, before = Month.parse(batch.period), latest_step(batch.id)
        plans, more = _planned(batch, month, before.upto if before else None)
        made = issue(plans, month, by=batch.started_by, batch_id=batch.id)
        _keep(batch, plans, made, number=before.number + 1 if before else 1)
        sums = sums_of(batch.id)
        if not more:
            _end(batch, sums)
    crash("receipts.chunk")
    progress = min(done + len(plans), total) if more else max(total, done + len(plans))
    return Step(progress=progress, more=more, total=max(total, progress), result={"receipts": sums.receipts})


def _planned(batch: RentBatch, month: Month, after: str | None) -> tuple[list[UnitPlan], bool]:
    """The next units with their receipts to be, under the group's lock, and whether there are others.

    They are reckoned before the lock, so that nobody waits for that, and looked at again under it: where somebody
    changed a lease or an assignment in between, all of them are reckoned anew.
    """
    reckoned = partial(_reckoned, batch.id, month)
    seen = _next_units(month, batch.unit_id, after)
    plans = plan(seen[0], month, gross_of=reckoned)
    lock_group()
    now = _next_units(month, batch.unit_id, after)
    return (plans if now == seen else plan(now[0], month, gross_of=reckoned)), now[1]


def _next_units(month: Month, unit_id: uuid.UUID | None, after: str | None) -> tuple[Sequence[UnitMonth], bool]:
    """The next units, as many as give no more receipts than a chunk holds, and whether there are others."""
    found = entitlements(month, unit_id=unit_id, after=after, limit=CHUNK)
    receipts = 0
    for taken, unit in enumerate(found):
        receipts += len(unit.parts)
        if receipts > CHUNK and taken:
            return found[:taken], True
    return found, len(found) == CHUNK and unit_id is None


def _reckoned(batch_id: uuid.UUID, month: Month, pairs: Collection[Pair]) -> Mapping[Pair, Decimal]:
    """What a year gives owners from payers: reckoned once in a run, however its units lie, and kept with it."""
    owners, clients = ({pair[place] for pair in pairs} for place in (0, 1))
    rows = session().execute(
        sa.select(RentBatchYear.owner_id, RentBatchYear.client_id, RentBatchYear.gross)
        .where(RentBatchYear.batch_id == batch_id)
        .where(RentBatchYear.owner_id == sa.any_(sa.literal(list(owners), sa.ARRAY(sa.Uuid))))
        .where(RentBatchYear.client_id == sa.any_(sa.literal(list(clients), sa.ARRAY(sa.Uuid))))
    )
    known = {(owner, client): gross for owner, client, gross in rows}
    lacking = sorted(pairs - known.keys(), key=str)
    for place in range(0, len(lacking), PAIRS):
        found = annual_gross(lacking[place : place + PAIRS], month.year)
        named = [{"owner_id": who, "client_id": payer, "gross": gross} for (who, payer), gross in found.items()]
        add_rows(RentBatchYear, [{"batch_id": batch_id, **row} for row in named])
        known |= found
    return known


def _keep(batch: RentBatch, plans: Sequence[UnitPlan], made: Issued, *, number: int) -> None:
    """What became of a chunk, appended."""
    skips = [_skip(batch.id, one, one.skip) for one in plans if one.skip is not None]
    skips += [_skip(batch.id, one, Skip.CHANGED) for one in plans if one.unit.unit_id in made.changed]
    before = _skipped_before(batch.id, skips) if skips else set()
    add_rows(RentBatchSkip, [row for row in skips if row["unit_id"] not in before])
    sums = summed(made.dues, units=len(plans), known=made.known, skipped=len(skips))
    upto = plans[-1].unit.unit_code if plans else ""
    told = {name: getattr(sums, name) for name in ("units", "receipts", "known", "skipped")}
    amounts = {name: getattr(sums, name) for name in ("amount", "charges", "withheld")}
    session().add(
        RentBatchStep(id=new_id(), batch_id=batch.id, number=number, upto=upto, at=clock.now(), **told, **amounts)
    )
    session().flush()


def _skipped_before(batch_id: uuid.UUID, skips: Sequence[Mapping[str, Any]]) -> set[uuid.UUID]:
    """Those that the run came past before: a unit whose code was changed meanwhile may come twice."""
    ids = [row["unit_id"] for row in skips]
    wanted = sa.select(RentBatchSkip.unit_id).where(RentBatchSkip.batch_id == batch_id, RentBatchSkip.unit_id.in_(ids))
    return set(session().scalars(wanted))


def _skip(batch_id: uuid.UUID, one: UnitPlan, reason: Skip) -> dict[str, Any]:
    unit = {"unit_id": one.unit.unit_id, "unit_code": one.unit.unit_code}
    return {"batch_id": batch_id, **unit, "reason": reason.value, "why": one.unit.gap}


def _end(batch: RentBatch, sums: Sums) -> None:
    """Note the end, and tell who started it and whose receipts were issued."""
    told = {"receipts": sums.receipts, "known": sums.known, "skipped": sums.skipped, "amount": sums.amount}
    record("issue", "rent_batch", batch.id, by=batch.started_by, after=told)
    tell_end(batch, sums)


def run_words(*, batch_id: str, **_payload: Any) -> str:
    """What a run is about, for the list of jobs."""
    row = session().scalar(sa.select(RentBatch).where(RentBatch.id == uuid.UUID(batch_id)))
    return str(_("Receipts of %(month)s", month=month_named(Month.parse(row.period)) if row else "–"))
