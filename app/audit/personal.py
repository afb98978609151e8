"""What the log holds of a member: what they did, and what was done about them."""

import uuid
from typing import Any

import sqlalchemy as sa

from app.audit.models import AuditEvent, AuditFlag, FlagAnswer
from app.audit.queries import values_of
from app.core.db import session
from app.core.keys import open_for
from app.core.personal import rows_of
from app.core.rooms import Sealed, Tables


def _event_place(row_id: uuid.UUID) -> str:
    return f"audit_event|{row_id}"


def _flag_place(row_id: uuid.UUID) -> str:
    return f"audit_flag|{row_id}"


def _answer_place(row_id: uuid.UUID) -> str:
    return f"flag_answer|{row_id}"


SEALED = (
    Sealed(AuditEvent, "sealed", _event_place, subject="subject_id"),
    Sealed(AuditFlag, "sealed", _flag_place),
    Sealed(FlagAnswer, "sealed", _answer_place),
)


def personal(member_id: uuid.UUID) -> Tables:
    """Values are told where they are about the member; from where something was done, where the member did it."""
    events = session().scalars(
        sa.select(AuditEvent)
        .where(
            sa.or_(
                AuditEvent.member_id == member_id,
                AuditEvent.subject_id == member_id,
                AuditEvent.entity_id == member_id,
            )
        )
        .order_by(AuditEvent.at, AuditEvent.id)
    )
    flags = rows_of(AuditFlag, AuditFlag.raised_by == member_id, words={"text": lambda row: _typed(row, _flag_place)})
    answers = rows_of(
        FlagAnswer, FlagAnswer.answered_by == member_id, words={"text": lambda row: _typed(row, _answer_place)}
    )
    return {
        "audit_event": [_told(event, member_id) for event in events],
        "audit_flag": flags,
        "flag_answer": answers,
    }


def _told(event: AuditEvent, member_id: uuid.UUID) -> dict[str, Any]:
    own = event.member_id == member_id
    return {
        "at": event.at,
        "action": event.action,
        "entity": event.entity,
        "entity_id": event.entity_id,
        "fields": event.fields,
        "severity": event.severity,
        "done_by_you": own,
        "address": event.address if own else None,
        "agent": event.agent if own else None,
        "values": values_of(event) if event.subject_id == member_id else None,
    }


def _typed(row: Any, place: Any) -> str | None:
    return open_for(row.group_id, row.sealed, place(row.id))
