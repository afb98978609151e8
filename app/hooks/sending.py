"""Sending a message: say so, send it, say how it went. The sending itself stands in no transaction."""

import logging
import uuid
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import sqlalchemy as sa

from app.auth.models import UserAccount
from app.core import clock, mail
from app.core.crashpoints import crash
from app.core.db import after_commit, session, transaction
from app.core.outbox import Outbox
from app.groups.models import Member
from app.groups.queries import group, holding
from app.hooks.deliveries import outbox_key, schedule
from app.hooks.models import DeliveryState, HookAddress, HookDelivery, HookState
from app.hooks.queries import loopback, path_of, secrets_of, url_of
from app.hooks.rules import FAILING_FOR, TRIES, Target, body_of, headers, hold_after, target, wait_after
from app.hooks.services import forgive, give_up
from app.hooks.transport import Answer, post

LEASE = timedelta(seconds=30)  # a try is over by then, or its worker is dead
GONE = 410  # how a receiver says that it wants no more

log = logging.getLogger(__name__)


@dataclass(frozen=True, repr=False)
class Parcel:
    """What is handed over outside the transaction."""

    group_id: uuid.UUID
    delivery_id: uuid.UUID
    turn: int
    target: Target
    headers: dict[str, str]
    body: bytes
    loopback: bool


def send(*, delivery_id: str, turn: int) -> None:
    """Take up a message; the handler of `hooks.send`.

    The next try is stored before this one is made, in the transaction of the handler; the request itself is made after
    its commit. A worker that dies in between leaves the next try, which sends the same message under the same id.
    """
    row = session().scalar(sa.select(HookDelivery).where(HookDelivery.id == uuid.UUID(delivery_id)).with_for_update())
    if row is None or row.turn != turn or row.state not in (DeliveryState.WAITING, DeliveryState.SENDING):
        return
    hook = session().scalars(sa.select(HookAddress).where(HookAddress.id == row.hook_id)).one()
    if hook.state != HookState.ACTIVE:
        row.state, row.next_at = DeliveryState.SKIPPED.value, None
    elif row.tries >= TRIES:  # the last one died in the middle
        row.state, row.next_at = DeliveryState.FAILED.value, None
    elif hook.held_until is not None and hook.held_until > clock.now():
        schedule(row, hook.held_until)
    else:
        _begin(row, hook)


def _begin(row: HookDelivery, hook: HookAddress) -> None:
    now = clock.now()
    row.state, row.tries, row.tried_at = DeliveryState.SENDING.value, row.tries + 1, now
    schedule(row, now + LEASE)
    after_commit(partial(_carry, _packed(row, hook)))


def _packed(row: HookDelivery, hook: HookAddress) -> Parcel:
    url = url_of(hook)
    data = {"group": group().slug, "entity": row.entity, "entity_id": str(row.entity_id) if row.entity_id else None}
    if path := path_of(row.entity, row.entity_id):
        data["path"] = path
    body = body_of(message_id=str(row.id), event=row.event, at=row.occurred_at, data=data)
    told = headers(secrets_of(hook), message_id=str(row.id), at=clock.now(), body=body)
    here = loopback()
    return Parcel(session().group_id, row.id, row.turn, target(url, loopback=here), told, body, here)


def _carry(parcel: Parcel) -> None:
    """Send it, with no transaction open, and note how it went in one of its own."""
    crash("hooks.begun")
    answer = post(parcel.target, parcel.headers, parcel.body, loopback=parcel.loopback)
    crash("hooks.sent")
    with transaction(group_id=parcel.group_id):
        _note(parcel, answer)


def _note(parcel: Parcel, answer: Answer) -> None:
    wanted = sa.select(HookDelivery).where(HookDelivery.id == parcel.delivery_id)
    row = session().scalars(wanted.with_for_update()).one()
    if row.turn != parcel.turn:
        return  # it took so long that the next try has begun
    row.code, row.problem, row.took = answer.code, answer.problem, answer.took
    # Without the key: what happens at this moment refers to the address and must not wait.
    mine = sa.select(HookAddress).where(HookAddress.id == row.hook_id).with_for_update(key_share=True)
    hook = session().scalars(mine).one()
    _cross_out(row)
    if answer.fine:
        row.state, row.next_at, hook.delivered_at = DeliveryState.DELIVERED.value, None, clock.now()
        forgive(hook)
    else:
        _failed(row, hook, answer)


def _cross_out(row: HookDelivery) -> None:
    """The try that was stored for the case that this one died is not needed."""
    stored = sa.update(Outbox).where(Outbox.key == outbox_key(row), Outbox.done_at.is_(None))
    session().execute(stored.values(done_at=clock.now()))


def _failed(row: HookDelivery, hook: HookAddress, answer: Answer) -> None:
    now = clock.now()
    hook.failures += 1
    hook.failing_since = hook.failing_since or now
    hook.held_until = now + hold_after(hook.failures)
    if row.tries >= TRIES:
        row.state, row.next_at = DeliveryState.FAILED.value, None
    else:
        row.state = DeliveryState.WAITING.value
        schedule(row, now + wait_after(row.tries))
    if hook.state == HookState.ACTIVE and (answer.code == GONE or hook.failing_since <= now - FAILING_FOR):
        give_up(hook)
        _tell(hook)
    log.info("hook %s: try %s of %s failed: %s", hook.id, row.tries, row.event, answer.problem)


def _tell(hook: HookAddress) -> None:
    """Mail those who can do something about it; the address itself stays on its page."""
    here, since = group(), hook.failing_since or clock.now()
    wanted = sa.select(Member, UserAccount.locale).join(UserAccount, UserAccount.id == Member.user_id)
    for member, locale in session().execute(wanted.where(Member.id.in_(holding("tokens.manage")))):
        if mail.usable(member.email):
            mail.queue(
                key=f"hook:{hook.id}:{since.isoformat()}:{member.id}",
                to=member.email or "",
                template="hook_paused",
                data={"name": member.display_name, "group": here.name, "slug": here.slug, "hook_id": str(hook.id)},
                locale=locale,
                member_id=member.id,
            )
