"""Writing the audit log: one call, in the transaction of what it tells."""

import json
import uuid
from collections.abc import Mapping
from typing import Any

from flask import g, has_request_context, request

from app.audit.models import AuditEvent
from app.core import clock
from app.core.db import session, unit
from app.core.ids import new_id
from app.core.keys import KeyDestroyed, seal_for
from app.core.rooms import rooms

SECRET = frozenset({"password", "secret", "token", "otp", "pin", "sealed", "digest"})
SECRET_NAMES = ("national_id", "tax_id", "account_number", "recovery_code")
HIDDEN = "•••"


def record(
    action: str,
    entity: str,
    entity_id: uuid.UUID | None = None,
    *,
    by: uuid.UUID | None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    about: uuid.UUID | None = None,
    severity: str = "info",
) -> AuditEvent:
    """Append one event. `by` is the acting member, None for the service itself.

    `before` and `after` are plain values; what changed is named, the values are sealed with the key of `about` (the
    member they concern), else of the group. That a secret changed is said; its values are left out.
    """
    told = before or {}, after or {}
    changed = sorted(name for name in told[0].keys() | told[1].keys() if told[0].get(name) != told[1].get(name))
    event_id, subject = new_id(), about or session().group_id
    values = {name: _shown(name, told[0].get(name), told[1].get(name)) for name in changed}
    sealed = _sealed(subject, values, event_id) if values else None
    event = AuditEvent(
        id=event_id,
        at=clock.now(),
        member_id=by,
        user_id=unit().user_id,
        action=action,
        entity=entity,
        entity_id=entity_id,
        fields=changed,
        severity=severity,
        subject_id=subject if sealed else None,
        sealed=sealed,
        **_from_where(),
    )
    session().add(event)
    for room in rooms():
        for listen in room.listeners:
            listen(event)
    return event


def _sealed(subject: uuid.UUID, values: Mapping[str, Any], event_id: uuid.UUID) -> bytes | None:
    try:
        return seal_for(subject, json.dumps(values, default=str), f"audit_event|{event_id}")
    except KeyDestroyed:  # of somebody who was erased it is told that something was done, and nothing of them
        return None


def _shown(name: str, before: Any, after: Any) -> tuple[Any, Any]:
    if name in SECRET_NAMES or SECRET & set(name.lower().replace(".", "_").split("_")):
        return tuple(HIDDEN if value else None for value in (before, after))  # type: ignore[return-value]  # two of two
    return before, after


def _from_where() -> dict[str, Any]:
    if not has_request_context():
        return {"address": None, "agent": None, "session_id": None, "request_id": g.get("job_id")}
    return {
        "address": request.remote_addr,
        "agent": (request.user_agent.string or "")[:300],
        "session_id": g.get("session_id"),
        "request_id": g.get("request_id"),
    }
