"""The worker's part: what is late by the rules is proposed, what is not late by what is known now is withdrawn."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import LazyString, lazy_gettext
from flask_babel import gettext as _
from sqlalchemy.dialects.postgresql import insert

from app.core import clock
from app.core.crashpoints import crash
from app.core.db import session
from app.core.ids import new_id
from app.core.money import lazily
from app.core.outbox import later
from app.core.rooms import Step
from app.dues.models import DuesCharge, DuesPart, DuesPayment, DuesSettlement
from app.dues.standing import paid_of, undone
from app.groups.queries import group, holding
from app.groups.services.members import lock_group
from app.latefees.models import PenaltyDecision, PenaltyProposal, PenaltyRule
from app.latefees.rulebook import rules_for, rules_in_use, terms_of
from app.latefees.rules import ZERO, Due, Entry, Look, Plan, to_store
from app.latefees.standing import of_charges, paid_parts
from app.ledgers.errors import DayInFuture
from app.ledgers.heads import today
from app.notifications.services import notify, path_to
from app.web.filters import day

JOB = "latefees.propose"
EVERY = 3600  # seconds
CHUNK = 1_000  # charges looked at with one statement of each kind
_MOVES = ("dues_payment", "dues_charge", "dues_settlement", "assessment_event")


@dataclass
class Counts:
    """What a look came to."""

    looked_at: int = 0
    proposed: int = 0
    reversals: int = 0
    withdrawn: int = 0
    total: Decimal = ZERO  # of the penalties proposed


def ask(on: date, *, key: str) -> str:
    """Have a worker look at what is late on a day; the key of the job. Raises DayInFuture."""
    if on > today():
        raise DayInFuture(day=on.isoformat(), field="on")
    return later(JOB, key=f"{JOB}:{key}", on=on.isoformat()).key


def plan(_now: datetime) -> None:
    """What the clock does: look once a day, where the group has a rule."""
    if session().scalar(sa.select(PenaltyRule.id).where(PenaltyRule.active).limit(1)) is not None:
        later(JOB, key=f"{JOB}:day:{today()}", on=today().isoformat())


def on_event(event: Any) -> None:
    """A listener of the log: where money of dues moved, proposals on those charges are looked at again."""
    if event.entity not in _MOVES or event.entity_id is None:
        return
    there = sa.select(PenaltyProposal.id).limit(1)
    if (party_id := _payer(event.entity, event.entity_id)) is not None:
        own = sa.select(DuesCharge.id).where(DuesCharge.party_id == party_id)
        there = there.where(PenaltyProposal.charge_id.in_(own))
    if session().scalar(there) is not None:
        told: dict[str, Any] = {"party_id": str(party_id)} if party_id else {}
        later(JOB, key=f"{JOB}:event:{event.id}", on=today().isoformat(), again=True, **told)


def _payer(entity: str, record_id: uuid.UUID) -> uuid.UUID | None:
    tables: dict[str, Any] = {
        "dues_payment": DuesPayment,
        "dues_charge": DuesCharge,
        "dues_settlement": DuesSettlement,
    }
    table = tables.get(entity)
    return None if table is None else session().scalar(sa.select(table.party_id).where(table.id == record_id))


def propose(*, on: str, party_id: str | None = None, again: bool = False) -> Step:
    """Look at every late charge, or at those of a party with proposals on them; the handler of the job."""
    seen = date.fromisoformat(on)
    lock_group()
    wanted = _with_proposals() if again else sa.or_(_with_proposals(), *_late(seen))
    found = sa.select(DuesCharge.id).where(DuesCharge.kind == "entry", wanted)
    if party_id:
        found = found.where(DuesCharge.party_id == uuid.UUID(party_id))
    ids = session().scalars(found.order_by(DuesCharge.due_on, DuesCharge.id)).all()
    counts = Counts()
    for start in range(0, len(ids), CHUNK):
        look(ids[start : start + CHUNK], on=seen, counts=counts)
        crash("latefees.chunk")
    if counts.proposed or counts.reversals:
        _tell(counts, seen)
    figures = {"looked_at": counts.looked_at, "proposed": counts.proposed, "total": f"{counts.total:f}"}
    more = {"withdrawn": counts.withdrawn, "reversals": counts.reversals}
    return Step(progress=1, more=False, total=1, result=figures | more)


def _with_proposals() -> sa.ColumnElement[bool]:
    return DuesCharge.id.in_(sa.select(PenaltyProposal.charge_id))


def _late(on: date) -> Sequence[sa.ColumnElement[bool]]:
    """The condition for a charge that some rule may make dearer; none without rules."""
    rules = rules_in_use()
    if not rules:
        return ()
    least = min(row.days for row in rules)
    # A day less a day is a number of days; it is not an interval, as the types would have it.
    passed = sa.type_coerce(sa.literal(on, sa.Date) - DuesCharge.due_on, sa.Integer)
    taken = sa.type_coerce(DuesPart.counts_on - DuesCharge.due_on, sa.Integer)
    return (sa.and_(passed > least, sa.not_(undone()), paid_of(taken <= least) < DuesCharge.amount),)


def look(charge_ids: Sequence[uuid.UUID], *, on: date, counts: Counts | None = None) -> Counts:
    """Propose and withdraw what these charges ask for on a day; the caller holds the group's lock.

    What another job has written at this moment is found and not written twice: the database allows one of each.
    """
    counts = counts or Counts()
    found = plans(charge_ids, on=on)
    counts.withdrawn += len(_withdraw([id_ for plan in found.values() for id_ in plan.withdraw]))
    rows = [_row(charge_id, due, on) for charge_id, plan in found.items() for due in plan.propose]
    for start in range(0, len(rows), CHUNK):
        for kind, amount in _write(rows[start : start + CHUNK]):
            counts.reversals += kind == "reversal"
            counts.proposed += kind == "penalty"
            counts.total += amount if kind == "penalty" else ZERO
    counts.looked_at += len(charge_ids)
    session().flush()
    return counts


def plans(charge_ids: Sequence[uuid.UUID], *, on: date) -> dict[uuid.UUID, Plan]:
    """What a look at these charges on a day would come to; nothing is written."""
    wanted: Any = sa.select(DuesCharge, undone()).where(DuesCharge.id.in_(charge_ids)).order_by(DuesCharge.id)
    rows = session().execute(wanted).all()
    rules = rules_for([row for row, _gone in rows], rules_in_use())
    known, paid, currency = of_charges(charge_ids), paid_parts(charge_ids), group().currency
    found: dict[uuid.UUID, Plan] = {}
    for row, gone in rows:
        entry = Entry(row.amount, row.due_on, paid.get(row.id, ()), gone)
        rule = rules.get(row.id)
        told = (rule.id, terms_of(rule)) if rule else None
        found[row.id] = Look(entry, [one.known for one in known.get(row.id, ())], currency).plan(told, on)
    return found


def _row(charge_id: uuid.UUID, due: Due, on: date) -> dict[str, Any]:
    return {
        "group_id": session().group_id,
        "id": new_id(),
        "kind": "reversal" if due.undoes else "penalty",
        "charge_id": charge_id,
        "rule_id": due.rule_id,
        "terms": to_store(due.terms),
        "period": due.period,
        "revision": due.revision,
        "late_on": due.late_on,
        "base": due.base,
        "amount": due.amount,
        "right_amount": due.right,
        "undoes_id": due.undoes,
        "proposed_on": on,
        "proposed_at": clock.now(),
    }


def _write(rows: Sequence[dict[str, Any]]) -> Sequence[Any]:
    """The kind and the amount of each that was not there yet."""
    made = insert(PenaltyProposal).values(rows).on_conflict_do_nothing()
    told = made.returning(PenaltyProposal.kind, PenaltyProposal.amount)
    return session().connection().execute(told).all()  # row-level security checks them as objects


def _withdraw(ids: Sequence[uuid.UUID]) -> Sequence[Any]:
    if not ids:
        return []
    told = {"group_id": session().group_id, "outcome": "withdrawn", "decided_at": clock.now()}
    rows = [{"id": new_id(), "proposal_id": id_} | told for id_ in ids]
    made = insert(PenaltyDecision).values(rows).on_conflict_do_nothing().returning(PenaltyDecision.id)
    return session().connection().execute(made).all()


def _tell(counts: Counts, on: date) -> None:
    """Tell who may decide what waits, once of a day."""
    here = group()
    title = lazy_gettext("Late penalties wait for your review")
    said = {"count": counts.proposed + counts.reversals, "amount": lazily(counts.total, here.currency)}
    body = lazy_gettext("%(count)s proposals, penalties of %(amount)s in all.", **said)
    url = path_to("latefees.proposals", slug=here.slug)
    notify(holding("money.record"), kind="info", title=title, body=LazyString(str, body), url=url, key=f"{JOB}:{on}")


def words(*, on: str, **_payload: Any) -> str:
    """What the job is about."""
    return str(_("Looking for late dues as of %(day)s", day=day(date.fromisoformat(on))))
