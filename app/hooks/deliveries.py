"""From what the audit log tells to messages that wait: stored in the transaction of what happened."""

import uuid
from datetime import datetime
from typing import Any

from app.audit.models import AuditEvent
from app.core import clock
from app.core.db import session
from app.core.ids import new_id
from app.core.outbox import later
from app.hooks.errors import NotActive, StillOnItsWay
from app.hooks.models import DeliveryState, HookAddress, HookDelivery, HookState
from app.hooks.queries import OVER, listening, test_on_its_way
from app.hooks.rules import EVENTS, TEST

JOB = "hooks.send"


def on_event(event: AuditEvent) -> None:
    """Store a message for each address that wants this event; called by the audit log for everything it records."""
    name = f"{event.entity}.{event.action}"
    if name not in EVENTS:
        return
    for hook_id, wanted in listening():
        if name in wanted:
            told = {"entity": event.entity, "entity_id": event.entity_id, "occurred_at": event.at}
            _store(hook_id, event=name, event_id=event.id, **told)


def _store(hook_id: uuid.UUID, **told: Any) -> HookDelivery:
    row = HookDelivery(id=new_id(), hook_id=hook_id, created_at=clock.now(), tries=0, turn=0, **told)
    session().add(row)
    session().flush()
    schedule(row, row.created_at)
    return row


def schedule(row: HookDelivery, due: datetime) -> None:
    """Let a message be taken up at this time; what was scheduled for it before has nothing to do any more."""
    row.turn, row.next_at = row.turn + 1, due
    later(JOB, key=outbox_key(row), due=due, delivery_id=str(row.id), turn=row.turn)


def outbox_key(row: HookDelivery) -> str:
    """The name of the outbox message of this turn."""
    return f"hook:{row.id}:{row.turn}"


def send_test(hook: HookAddress, *, by: uuid.UUID) -> HookDelivery:  # noqa: ARG001  # every verb says who asks
    """Send a message that tells of nothing, to see whether it arrives. Raises NotActive, StillOnItsWay."""
    session().refresh(hook, with_for_update={"key_share": True})  # else two at once would both find none on its way
    if hook.state != HookState.ACTIVE:
        raise NotActive
    if test_on_its_way(hook.id):
        raise StillOnItsWay
    hook.held_until = None
    told = {"entity": "hook", "entity_id": hook.id, "occurred_at": clock.now()}
    return _store(hook.id, event=TEST, event_id=new_id(), **told)


def redeliver(hook: HookAddress, row: HookDelivery, *, by: uuid.UUID) -> None:  # noqa: ARG001  # every verb says who asks
    """Send a message once more, under the same id, with all its tries before it. Raises NotActive, StillOnItsWay."""
    session().refresh(row, with_for_update=True)
    if hook.state != HookState.ACTIVE:
        raise NotActive
    if row.state not in OVER:
        raise StillOnItsWay
    row.state, row.tries, row.problem, hook.held_until = DeliveryState.WAITING.value, 0, None, None
    schedule(row, clock.now())
