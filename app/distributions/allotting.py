"""Allotting a surplus: what was appropriated goes to the funds and to the members' realised growth, in one entry."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from app.audit.log import record
from app.core.db import session
from app.core.ids import new_id
from app.distributions import telling
from app.distributions.errors import BeforeTheEnd, FiguresMoved, MoreThanZero
from app.distributions.funds import EDUCATION, RESERVE, fund_for
from app.distributions.models import ShareOut, ShareOutPart
from app.distributions.planning import Plan, plan
from app.distributions.rules import Cycle, Part, Rule
from app.groups.services.members import lock_group
from app.ledgers.books import Draft, Line, credit, debit, post
from app.ledgers.chart import PostingKind
from app.ledgers.errors import DayInFuture, KeyUsed
from app.ledgers.heads import today

KIND = "share_out"


@dataclass(frozen=True, kw_only=True)
class Allotment:
    """What an officer chose: the cycle, the rule, how much goes to the members, and the day of the entry.

    `seen` is the mark of the figures by that rule which were looked at; with None they are taken as they are.
    """

    cycle: Cycle
    rule: Rule
    amount: Decimal
    on: date
    seen: str | None = None


def allot(told: Allotment, *, by: uuid.UUID, key: str, approved_by: uuid.UUID | None = None) -> ShareOut:
    """Share a surplus out to funds and members' growth, once for each key; everybody is told of their part later.

    Raises what `planned` raises, and KeyUsed.
    """
    lock_group()
    known = session().scalar(sa.select(ShareOut).where(ShareOut.idempotency_key == key))
    if known is not None:
        return _same(known, told)
    made = planned(told)
    parts = {who: part for who, part in made.parts(told.rule).items() if part.amount}
    row = _row(made, told, len(parts), by=by, approved_by=approved_by, key=key)
    draft = Draft(
        PostingKind.SHARE_OUT, told.on, _lines(made, parts, by=by), source=(KIND, row.id), key=f"{KIND}:{key}"
    )
    posted = post(draft, by=by)
    row.entry_id, row.effective_on = posted.id, posted.on
    session().add(row)
    session().flush()
    _keep_parts(row, made, parts)
    after = {"rule": row.rule, "shared": row.shared, "reserve": row.reserve, "education": row.education}
    cycle = {"first": row.first_day, "last": row.last_day}
    record("create", KIND, row.id, by=by, after=after | cycle, severity="notice")
    telling.allotted(row)
    return row


def planned(told: Allotment) -> Plan:
    """The plan of an allotment that can be carried out today.

    Raises as `plan` does, DayInFuture, BeforeTheEnd, MoreThanZero, why the rule cannot be used, and FiguresMoved.
    """
    made = plan(told.cycle, amount=told.amount)
    made.parts(told.rule)
    if told.on > today():
        raise DayInFuture(day=told.on.isoformat(), field="on")
    if told.on < told.cycle.last:
        raise BeforeTheEnd(first=told.cycle.last.isoformat(), field="on")
    if not made.amount + made.working.reserve + made.working.education:
        raise MoreThanZero(field="amount")
    if told.seen is not None and told.seen != made.mark_of(told.rule):
        raise FiguresMoved
    return made


def _same(known: ShareOut, told: Allotment) -> ShareOut:
    said = (told.cycle.first, told.cycle.last, told.rule.value, told.amount)
    if (known.first_day, known.last_day, known.rule, known.shared) != said:
        raise KeyUsed
    return known


def _lines(made: Plan, parts: Mapping[uuid.UUID, Part], *, by: uuid.UUID) -> list[Line]:
    funds = {RESERVE: made.working.reserve, EDUCATION: made.working.education}
    kept = [credit("fund", amount, fund_for(purpose, by=by).id) for purpose, amount in funds.items() if amount]
    grown = [credit("realised_growth", part.amount, who) for who, part in parts.items()]
    return [debit("appropriated", sum(funds.values(), made.amount)), *kept, *grown]


def _row(
    made: Plan, told: Allotment, members: int, *, by: uuid.UUID, approved_by: uuid.UUID | None, key: str
) -> ShareOut:
    found, terms = made.working, made.terms
    return ShareOut(
        id=new_id(),
        first_day=made.cycle.first,
        last_day=made.cycle.last,
        rule=told.rule.value,
        surplus=found.surplus,
        appropriated=found.appropriated,
        fines_kept=found.fines_kept,
        distributable=found.distributable,
        base=found.base.value,
        base_amount=found.base_amount,
        reserve_percent=terms.reserve_percent,
        education_percent=terms.education_percent,
        fines_shared=terms.fines_shared,
        share_value=terms.share_value if told.rule is Rule.SHARES else None,
        reserve=found.reserve,
        education=found.education,
        shared=made.amount,
        members=members,
        idempotency_key=key,
        recorded_by=by,
        approved_by=approved_by,
    )


def _keep_parts(row: ShareOut, made: Plan, parts: Mapping[uuid.UUID, Part]) -> None:
    if not parts:
        return
    places = {saver.id: place for place, saver in enumerate(made.savers, 1)}
    rows = [
        {
            "group_id": row.group_id,
            "id": new_id(),
            "share_out_id": row.id,
            "member_id": who,
            "place": places[who],
            "weight": part.weight,
            "own_interest": part.own,
            "amount": part.amount,
        }
        for who, part in parts.items()
    ]
    session().connection().execute(sa.insert(ShareOutPart), rows)  # a whole group at once; the walls check it alike
