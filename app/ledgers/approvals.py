"""Maker and checker: a movement above the group's threshold waits for a second person, as soon as there is one."""

import json
import uuid
from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from flask import current_app
from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import selectinload

from app.audit.log import record
from app.core import clock
from app.core.db import session
from app.core.ids import new_id
from app.core.keys import open_for, seal_for
from app.core.money import TooLarge, lazily
from app.core.rooms import Approvable, rooms
from app.core.rows import row_with
from app.groups.policies import current_policy
from app.groups.queries import group, holding, names
from app.groups.services.members import lock_group
from app.ledgers.books import Posted, watched
from app.ledgers.errors import AlreadyDecided, KeyUsed, NoSuchRequest, NotYourRequest, OwnAffair, OwnRequest
from app.ledgers.models import ApprovalDecision, ApprovalRequest
from app.notifications.services import notify
from app.web.statuses import status_of

APPROVE = "money.approve"


@dataclass(frozen=True)
class Outcome:
    """What became of it: booked (`request_id` None, or set when nobody could check it), or waiting for someone else.

    `url` leads to what was made, or to the request; None when this very deed was done before and its record says where.
    """

    waits: bool
    request_id: uuid.UUID | None
    url: str | None


def ask_or_do(
    kind: str,
    payload: Mapping[str, Any],
    *,
    amount: Decimal,
    on: date,
    by: uuid.UUID,
    key: str,
    always: bool = False,
    found: Mapping[str, Any] = MappingProxyType({}),
) -> Outcome:
    """Carry a movement out, or keep it for a second person when it is above the policy's threshold; `always`: any.

    `kind` is one of the rooms' `approvables`; its `carry_out(payload, by, approved_by)` is called either way, with the
    payload as it comes out of JSON (amounts, ids and days as text) and `payload["key"]` set to `key`, so that the deed
    can be known again. `found` is what the room worked out beside what was said, such as the mark of a plan: it goes
    along, and a second press need not find the same. `on` is its day, for closing. Raises TooLarge, AlreadyDecided when
    it was refused before, KeyUsed when it was asked for something else, and what the verb raises.
    """
    lock_group()  # of two presses at one moment the second finds the first; and no month closes while somebody asks
    asked = session().scalar(sa.select(ApprovalRequest).where(ApprovalRequest.idempotency_key == key))
    if asked is not None:
        if (asked.kind, asked.amount, asked.effective_on, asked.requested_by) != (kind, amount, on, by):
            raise KeyUsed
        return _found(asked, payload, but=found)
    rules = current_policy().group
    if amount > rules.maximum_amount:
        raise TooLarge(maximum=lazily(rules.maximum_amount, group().currency), field="amount")
    told = json.dumps({**payload, **found, "key": key}, default=str)
    if not always and not rules.needs_second(amount):
        return Outcome(waits=False, request_id=None, url=approvable(kind).carry_out(json.loads(told), by, None))
    request = _request(kind, told, amount=amount, on=on, by=by, key=key)
    if len(holding(APPROVE)) >= 2:
        record("create", "approval_request", request.id, by=by, after={"kind": kind, "amount": amount})
        _tell(approvers(request), request, _("A movement waits for your approval"), "asked")
        return Outcome(waits=True, request_id=request.id, url=None)
    with watched() as posted:
        url = approvable(kind).carry_out(json.loads(told), by, None)
    _decide(request, "unchecked", by=by, url=url, posted=posted)
    return Outcome(waits=False, request_id=request.id, url=url)


def approve(request: ApprovalRequest, *, by: uuid.UUID, overdraft: bool = False) -> str:
    """Carry out what was asked, in the name of who asked; returns the address of what was made.

    Raises AlreadyDecided, OwnRequest, OwnAffair, and what the verb raises: then the request goes on waiting.
    """
    _lock_undecided(request)
    refuse_approving(request, by=by)
    payload = payload_of(request)
    if overdraft:
        payload["overdraft"] = True
    with watched() as posted:
        url = approvable(request.kind).carry_out(payload, request.requested_by, by)
    _decide(request, "approved", by=by, url=url, posted=posted)
    return url


def refuse_approving(request: ApprovalRequest, *, by: uuid.UUID) -> None:
    """Raises OwnRequest, and OwnAffair for whom it concerns while there is somebody whom it does not."""
    if request.requested_by == by:
        raise OwnRequest
    if who := approves_instead(request, of=by):
        raise OwnAffair(who=who)


def approves_instead(request: ApprovalRequest, *, of: uuid.UUID) -> str:
    """The names of who approves instead of somebody whom a request concerns; empty when they may themselves."""
    concerned = concerned_by(request)
    others = independent({request.requested_by, *concerned}) if of in concerned else []
    return ", ".join(sorted(names(others).values()))


def concerned_by(request: ApprovalRequest) -> Collection[uuid.UUID]:
    """The members whose own affair a request is."""
    return approvable(request.kind).concerns(payload_of(request))


def independent(concerned: Collection[uuid.UUID | None]) -> list[uuid.UUID]:
    """Who may approve movements and is none of these."""
    return [who for who in holding(APPROVE) if who not in concerned]


def approvers(request: ApprovalRequest) -> list[uuid.UUID]:
    """Whose approval a request waits for: whoever did not ask and has no part in it, else whoever did not ask."""
    asker = {request.requested_by}
    return independent({*asker, *concerned_by(request)}) or independent(asker)


def reject(request: ApprovalRequest, *, by: uuid.UUID, reason: str) -> None:
    """Refuse it, saying why. Raises AlreadyDecided, OwnRequest."""
    _lock_undecided(request)
    if request.requested_by == by:
        raise OwnRequest
    _decide(request, "rejected", by=by, reason=reason)


def withdraw(request: ApprovalRequest, *, by: uuid.UUID, reason: str | None = None) -> None:
    """Take back what one asked for oneself. Raises AlreadyDecided, NotYourRequest."""
    _lock_undecided(request)
    if request.requested_by != by:
        raise NotYourRequest
    _decide(request, "withdrawn", by=by, reason=reason)


def approval_request(request_id: uuid.UUID) -> ApprovalRequest:
    """The request with this id. Raises NoSuchRequest."""
    return row_with(ApprovalRequest, request_id, NoSuchRequest)


def waiting(*, through: date | None = None) -> list[ApprovalRequest]:
    """The requests nobody has decided yet, the oldest first; with `through` those whose day is not later."""
    query = _undecided().order_by(ApprovalRequest.id)
    if through is not None:
        query = query.where(ApprovalRequest.effective_on <= through)
    return list(session().scalars(query))


def decided_lately(count: int = 20) -> list[ApprovalRequest]:
    """The requests decided last, the latest first."""
    decided = sa.and_(
        ApprovalDecision.request_id == ApprovalRequest.id, ApprovalDecision.group_id == ApprovalRequest.group_id
    )
    query = sa.select(ApprovalRequest).join(ApprovalDecision, decided).options(selectinload(ApprovalRequest.decision))
    return list(session().scalars(query.order_by(ApprovalDecision.id.desc()).limit(count)))


def _undecided() -> sa.Select[ApprovalRequest]:
    decided = sa.exists().where(ApprovalDecision.request_id == ApprovalRequest.id)
    return sa.select(ApprovalRequest).where(sa.not_(decided))


def waiting_count() -> int:
    """How many requests nobody has decided yet."""
    return session().scalar(sa.select(sa.func.count()).select_from(_undecided().subquery())) or 0


def decision_of(entry_number: int) -> ApprovalDecision | None:
    """The decision under which an entry was booked, if one was needed."""
    return session().scalar(
        sa.select(ApprovalDecision).where(
            ApprovalDecision.first_entry <= entry_number, ApprovalDecision.last_entry >= entry_number
        )
    )


def approvable(kind: str) -> Approvable:
    """How a kind of request is shown and carried out. Raises LookupError for a kind that no room knows."""
    for room in rooms():
        if kind in room.approvables:
            return room.approvables[kind]
    raise LookupError(f"no room carries out {kind}")


def payload_of(request: ApprovalRequest) -> dict[str, Any]:
    """What was asked, opened."""
    text = open_for(session().group_id, request.sealed, f"approval_request|{request.id}")
    payload: dict[str, Any] = json.loads(text or "{}")
    return payload


def reason_of(decision: ApprovalDecision) -> str | None:
    """Why it was rejected or withdrawn, opened."""
    place = f"approval_decision|{decision.id}"
    return open_for(session().group_id, decision.reason, place) if decision.reason else None


def _request(kind: str, told: str, *, amount: Decimal, on: date, by: uuid.UUID, key: str) -> ApprovalRequest:
    approvable(kind)  # refuse an unknown kind now, not when someone wants to approve it
    row = ApprovalRequest(
        id=new_id(),
        kind=kind,
        amount=amount,
        effective_on=on,
        idempotency_key=key,
        requested_by=by,
        requested_at=clock.now(),
    )
    row.sealed = seal_for(session().group_id, told, f"approval_request|{row.id}")
    session().add(row)
    session().flush()
    return row


def _found(asked: ApprovalRequest, said: Mapping[str, Any], *, but: Container[str]) -> Outcome:
    """What became of what was asked before. Raises KeyUsed when it said something else."""
    kept, now = payload_of(asked), json.loads(json.dumps(said, default=str))
    if any(kept.get(name) != value for name, value in now.items() if name not in but):
        raise KeyUsed
    if asked.decision is None:
        return Outcome(waits=True, request_id=asked.id, url=None)
    if asked.decision.decision in ("rejected", "withdrawn"):  # nothing was booked, and nobody may be told so
        raise AlreadyDecided(decision=status_of(asked.decision.decision)[1])
    return Outcome(waits=False, request_id=asked.id, url=asked.decision.url)


def _lock_undecided(request: ApprovalRequest) -> None:
    # Two who decide at the same moment: the second waits here and then sees the first one's row.
    lock = sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(str(request.id), 0)))
    session().execute(lock, execution_options={"core_ok": True})  # no table is read
    session().refresh(request, ["decision"])
    if request.decision is not None:
        raise AlreadyDecided(decision=status_of(request.decision.decision)[1])


def _decide(
    request: ApprovalRequest,
    decision: str,
    *,
    by: uuid.UUID,
    reason: str | None = None,
    url: str | None = None,
    posted: Sequence[Posted] = (),
) -> None:
    row = ApprovalDecision(
        id=new_id(),
        request_id=request.id,
        requested_by=request.requested_by,
        decision=decision,
        decided_by=by,
        decided_at=clock.now(),
        url=url,
        first_entry=min((entry.number for entry in posted), default=None),
        last_entry=max((entry.number for entry in posted), default=None),
    )
    row.reason = seal_for(session().group_id, reason, f"approval_decision|{row.id}") if reason else None
    session().add(row)
    session().flush()
    session().refresh(request, ["decision"])
    if decision in ("approved", "rejected"):
        title = _("What you asked for was approved") if decision == "approved" else _("What you asked for was rejected")
        _tell([request.requested_by], request, title, decision)
    action = {"approved": "approve", "rejected": "reject", "withdrawn": "withdraw", "unchecked": "create"}[decision]
    after = {"kind": request.kind, "amount": request.amount, "reason": reason}
    record(action, "approval_request", request.id, by=by, after=after)
    if decision in ("rejected", "withdrawn") and (told := approvable(request.kind).turned_down):
        told(payload_of(request), by, reason)


def _tell(members: Sequence[uuid.UUID], request: ApprovalRequest, title: LazyString, what: str) -> None:
    # Built from the map of addresses, since imports ask outside a request as well.
    paths = current_app.url_map.bind("")
    url = paths.build("ledgers.approval", {"slug": group().slug, "request_id": request.id})
    label = approvable(request.kind).label
    notify(members, kind="info", title=title, body=label, url=url, key=f"approval:{request.id}:{what}")
