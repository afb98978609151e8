"""What officers ask for: checked first, so that nobody is asked about what cannot be done; done, or kept for a second
person. Forms and programs come here alike.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import lazy_gettext as _

from app.core.db import session
from app.core.rooms import Approvable
from app.exits.adjusting import adjust, refuse_adjusting
from app.exits.cancelling import cancel_by_agreement, refuse_cancelling
from app.exits.errors import NothingUnspent
from app.exits.liquidity import SOURCE as EVENT
from app.exits.liquidity import event_of, refuse_beyond_free, set_aside, take_back
from app.exits.models import ExitAdjustment, ExitsReversal, LiquidityEvent
from app.exits.queries import request
from app.exits.reversing import SOURCE as FULFILMENT
from app.exits.reversing import fulfilment_row, refuse_reversing, reverse_fulfilment
from app.exits.rules import LIQUIDITY, LiquidityType
from app.exits.standing import queue, standing_of
from app.groups.queries import names
from app.ledgers import approvals
from app.ledgers.approvals import Outcome
from app.ledgers.cash import cash_account
from app.ledgers.entries import refuse_resting
from app.ledgers.heads import today
from app.ledgers.models import ApprovalRequest
from app.web.filters import day, money

Payload = Mapping[str, Any]
Rows = Sequence[tuple[Any, Any]]


def ask_set_aside(
    *,
    amount: Decimal,
    at: datetime,
    type_: LiquidityType,
    cash_account_id: uuid.UUID,
    by: uuid.UUID,
    key: str,
    note: str | None = None,
) -> Outcome:
    """Set money aside for the queue, or ask for it. Raises as `set_aside` does."""
    if is_new(key, LiquidityEvent):
        refuse_beyond_free(amount, cash_account_id)
    told = {"amount": amount, "at": at.isoformat(), "type": type_.value, "note": note}
    told["cash_account_id"] = cash_account_id
    return approvals.ask_or_do("exits.set_aside", told, amount=amount, on=today(), by=by, key=key)


def ask_adjustment(request_id: uuid.UUID, *, amount: Decimal, reason: str, by: uuid.UUID, key: str) -> Outcome:
    """Change what an exit comes to by a signed amount: always by two people, where there are two.

    Raises as `adjust` does.
    """
    if is_new(key, ExitAdjustment):
        refuse_adjusting(request_id, amount)
    told = {"request_id": request_id, "amount": amount, "reason": reason}
    size = abs(amount)
    return approvals.ask_or_do("exits.adjustment", told, amount=size, on=today(), by=by, key=key, always=True)


def ask_cancellation(request_id: uuid.UUID, *, reason: str, by: uuid.UUID, key: str) -> Outcome:
    """End somebody else's request, or one of which a part was fulfilled: always by two people, where there are two.

    Raises as `cancel_by_agreement` does.
    """
    found = refuse_cancelling(request_id) if is_new(key) else standing_of(request_id)
    told, seen = {"request_id": request_id, "reason": reason}, {"fulfilled": found.fulfilled}
    asked: dict[str, Any] = {"amount": found.fulfilled, "on": today(), "by": by, "key": key}
    return approvals.ask_or_do("exits.cancellation", told, **asked, always=True, found=seen)


def ask_reversal(kind: str, record_id: uuid.UUID, *, reason: str, on: date, by: uuid.UUID, key: str) -> Outcome:
    """Take back a fulfilment ("exit_fulfilment") or what is unspent of an event ("liquidity_event"), or ask for it.

    `on` is an open day; only the entry of a fulfilment has one. Raises as the verbs do.
    """
    amount = fulfilment_row(record_id).amount if kind == FULFILMENT else event_of(record_id).event.amount
    if is_new(key, ExitsReversal):
        _refuse(kind, record_id)
    told = {"kind": kind, "record_id": record_id, "reason": reason, "on": on}
    return approvals.ask_or_do("exits.reversal", told, amount=amount, on=on, by=by, key=key)


@dataclass(frozen=True)
class WaitingChange:
    """An adjustment of a request, or its end, that waits for a second person; an end changes no amount."""

    approval_id: uuid.UUID
    kind: str
    amount: Decimal | None

    @property
    def ends(self) -> bool:
        """Whether it ends the request."""
        return self.kind == "exits.cancellation"


def waiting_changes(request_id: uuid.UUID) -> list[WaitingChange]:
    """What waits for a second person about a request, the oldest first."""
    kinds = ("exits.adjustment", "exits.cancellation")
    asked = [(row, approvals.payload_of(row)) for row in approvals.waiting() if row.kind in kinds]
    return [
        WaitingChange(row.id, row.kind, Decimal(payload["amount"]) if "amount" in payload else None)
        for row, payload in asked
        if payload["request_id"] == str(request_id)
    ]


def is_new(key: str, *tables: type[LiquidityEvent] | type[ExitAdjustment] | type[ExitsReversal]) -> bool:
    """Whether nothing was asked or done under a key yet: of what was, a second press finds it and is not refused."""
    known = [sa.select(table.id).where(table.idempotency_key == key) for table in (ApprovalRequest, *tables)]
    return all(session().scalar(query) is None for query in known)


def _refuse(kind: str, record_id: uuid.UUID) -> None:
    if kind == FULFILMENT:
        refuse_reversing(record_id)
    else:
        refuse_resting(EVENT, record_id)
        if not event_of(record_id).left:
            raise NothingUnspent


def _set_aside(payload: Payload, by: uuid.UUID, approved_by: uuid.UUID | None) -> str:  # noqa: ARG001
    row = set_aside(
        amount=Decimal(payload["amount"]),
        type_=LiquidityType(payload["type"]),
        at=datetime.fromisoformat(payload["at"]),
        cash_account_id=uuid.UUID(payload["cash_account_id"]),
        note=payload.get("note") or None,
        by=by,
        key=payload["key"],
    )
    return url_for("exits.event", liquidity_event_id=row.id)


def _adjust(payload: Payload, by: uuid.UUID, approved_by: uuid.UUID | None) -> str:
    told = {"reason": payload["reason"], "by": by, "approved_by": approved_by, "key": payload["key"]}
    row = adjust(request_id=uuid.UUID(payload["request_id"]), amount=Decimal(payload["amount"]), **told)
    return url_for("exits.request", exit_request_id=row.request_id)


def _cancel(payload: Payload, by: uuid.UUID, approved_by: uuid.UUID | None) -> str:  # noqa: ARG001
    told = {"reason": payload["reason"], "by": by, "agreed": _fulfilled(payload)}
    row = cancel_by_agreement(request_id=uuid.UUID(payload["request_id"]), **told)
    return url_for("exits.request", exit_request_id=row.request_id)


def _fulfilled(payload: Payload) -> Decimal | None:
    """What was fulfilled when an end was asked for; older requests do not say it."""
    return Decimal(payload["fulfilled"]) if "fulfilled" in payload else None


def _reverse(payload: Payload, by: uuid.UUID, approved_by: uuid.UUID | None) -> str:  # noqa: ARG001
    record_id, told = uuid.UUID(payload["record_id"]), {"reason": payload["reason"], "by": by, "key": payload["key"]}
    if payload["kind"] == FULFILMENT:
        reverse_fulfilment(record_id, on=date.fromisoformat(payload["on"]), **told)
        return url_for("exits.request", exit_request_id=fulfilment_row(record_id).request_id)
    take_back(record_id, **told)
    return url_for("exits.event", liquidity_event_id=record_id)


def _describe_set_aside(payload: Payload) -> Rows:
    rows: list[tuple[Any, Any]] = [
        (_("Amount"), money(Decimal(payload["amount"]))),
        (_("Kept in"), cash_account(uuid.UUID(payload["cash_account_id"])).name),
        (_("Where it comes from"), LIQUIDITY[LiquidityType(payload["type"])]),
    ]
    return [*rows, (_("Note"), payload["note"])] if payload.get("note") else rows


def _whose(request_id: str) -> tuple[Any, Any]:
    member_id = request(uuid.UUID(request_id)).member_id
    return _("Member"), names([member_id]).get(member_id, "?")


def _describe_adjustment(payload: Payload) -> Rows:
    change = money(Decimal(payload["amount"]), signed=True)
    return [_whose(payload["request_id"]), (_("Change"), change), (_("Why"), payload["reason"])]


def _describe_cancellation(payload: Payload) -> Rows:
    rows, fulfilled = [_whose(payload["request_id"])], _fulfilled(payload)
    rows.append((_("Asked for"), money(standing_of(uuid.UUID(payload["request_id"])).gross)))
    if fulfilled is not None:
        rows.append((_("Paid out or payable so far"), money(fulfilled)))
    return [*rows, (_("Why"), payload["reason"])]


def _describe_reversal(payload: Payload) -> Rows:
    record_id = uuid.UUID(payload["record_id"])
    rows: list[tuple[Any, Any]] = [
        (_("Takes effect on"), day(date.fromisoformat(payload["on"]))),
        (_("Why"), payload["reason"]),
    ]
    if payload["kind"] == FULFILMENT:
        row = fulfilment_row(record_id)
        return [_whose(str(row.request_id)), (_("Payable"), money(row.amount)), *rows]
    return [(_("Left of the money set aside"), money(event_of(record_id).left)), *rows]


def _waiting(_payload: Payload) -> set[uuid.UUID]:
    """Everybody who waits for money."""
    return {one.member_id for one in queue()}


def _who_asked(payload: Payload) -> set[uuid.UUID]:
    return {request(uuid.UUID(payload["request_id"])).member_id}


def _who_was_served(payload: Payload) -> set[uuid.UUID]:
    if payload["kind"] != FULFILMENT:
        return _waiting(payload)
    return {request(fulfilment_row(uuid.UUID(payload["record_id"])).request_id).member_id}


_CHANGED, _ENDED = _("Change of what a leaving member is owed"), _("End of a request by agreement")
APPROVABLES = {
    "exits.set_aside": Approvable(_("Money set aside for the queue"), _set_aside, _describe_set_aside, _waiting),
    "exits.adjustment": Approvable(_CHANGED, _adjust, _describe_adjustment, _who_asked),
    "exits.cancellation": Approvable(_ENDED, _cancel, _describe_cancellation),  # who asked may well agree to it
    "exits.reversal": Approvable(_("Money for the queue taken back"), _reverse, _describe_reversal, _who_was_served),
}
