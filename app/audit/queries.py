"""Reads of the audit log by record; searching all of it is for the rooms that know members."""

import json
import uuid
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from app.audit.models import AuditEvent
from app.core.db import session
from app.core.keys import open_for


def history_of(entity_id: uuid.UUID, *, actions: Sequence[str] = (), limit: int = 20) -> list[AuditEvent]:
    """What was done to a record, the latest first."""
    wanted = sa.select(AuditEvent).where(AuditEvent.entity_id == entity_id)
    if actions:
        wanted = wanted.where(AuditEvent.action.in_(actions))
    return list(session().scalars(wanted.order_by(AuditEvent.at.desc(), AuditEvent.id.desc()).limit(limit)))


def values_of(event: AuditEvent) -> dict[str, tuple[Any, Any]] | None:
    """Before and after of each changed field; None when the person they concern was erased."""
    if event.sealed is None or event.subject_id is None:
        return {}
    text = open_for(event.subject_id, event.sealed, f"audit_event|{event.id}")
    if text is None:
        return None
    return {name: (before, after) for name, (before, after) in json.loads(text).items()}
