"""Adding, changing and ending addresses that are told. A secret is shown once and kept sealed."""

import uuid
from collections.abc import Collection

from app.audit.log import record
from app.core import clock
from app.core.db import session
from app.core.ids import new_id
from app.core.keys import seal_for
from app.groups.services.members import lock_group
from app.hooks.errors import BadEvents, EarlierStillValid, NotActive, TooManyHooks
from app.hooks.models import HookAddress, HookState
from app.hooks.queries import hook_under, in_use, loopback, secret_place, secrets_of, url_place
from app.hooks.rules import BOTH_VALID, EVENTS, key_of_secret, new_secret, target

MOST = 10  # addresses in one group


def add_hook(
    *, url: str, events: Collection[str], by: uuid.UUID, key: str, secret: str | None = None
) -> tuple[HookAddress, str | None]:
    """Add an address and the events it wants; with its secret, which nobody can be told again.

    Pressed twice the second one finds the first, without a secret. `secret` is the receiver's own, if it brings one.
    Raises BadHookUrl, InsideUrl, BadPort, BadEvents, BadSecret, TooManyHooks.
    """
    lock_group()
    if done := hook_under(key):
        return done, None
    target(url, loopback=loopback())
    if not events or set(events) - EVENTS.keys():
        raise BadEvents(field="events")
    if (count := in_use()) >= MOST:
        raise TooManyHooks(count=count)
    shown, id_, group_id = _secret(secret), new_id(), session().group_id
    made = HookAddress(
        id=id_,
        url=seal_for(group_id, url, url_place(id_)),
        secret=seal_for(group_id, shown, secret_place(id_, "secret")),
        events=sorted(set(events)),
        idempotency_key=key,
        created_by=by,
    )
    session().add(made)
    session().flush()
    record("create", "hook", id_, by=by, after={"url": url, "events": made.events}, severity="warning")
    _forget_listening()
    return made, shown


def _secret(given: str | None) -> str:
    if given is None:
        return new_secret()
    key_of_secret(given)
    return given


def _forget_listening() -> None:
    session().info.pop("hooks", None)  # what follows in this unit of work sees the change


def rotate(hook: HookAddress, *, by: uuid.UUID, secret: str | None = None) -> str:
    """Give an address a new secret, which is returned; the one before it signs as well for a day.

    Raises EarlierStillValid, BadSecret.
    """
    _lock(hook)
    now, group_id = clock.now(), session().group_id
    if hook.earlier_until is not None and hook.earlier_until > now:
        raise EarlierStillValid
    shown = _secret(secret)
    before = secrets_of(hook)[0]
    hook.earlier_secret = seal_for(group_id, before, secret_place(hook.id, "earlier_secret"))
    hook.earlier_until = now + BOTH_VALID
    hook.secret = seal_for(group_id, shown, secret_place(hook.id, "secret"))
    session().flush()
    record("update", "hook", hook.id, by=by, before={"secret": "before"}, after={"secret": "after"}, severity="warning")
    return shown


def _lock(hook: HookAddress) -> None:
    session().refresh(hook, with_for_update={"key_share": True})


def pause(hook: HookAddress, *, by: uuid.UUID) -> None:
    """Tell an address nothing until it is let go on; what happens meanwhile is not kept for it. Raises NotActive."""
    _lock(hook)
    if hook.state != HookState.ACTIVE:
        raise NotActive
    _turn(hook, HookState.PAUSED, "deactivate", by)


def resume(hook: HookAddress, *, by: uuid.UUID) -> None:
    """Let an address be told again, with a clean slate; done twice it is the same."""
    _lock(hook)
    if hook.state != HookState.ACTIVE:
        forgive(hook)
        _turn(hook, HookState.ACTIVE, "activate", by)


def end(hook: HookAddress, *, by: uuid.UUID) -> None:
    """Tell an address nothing more, for good."""
    _lock(hook)
    if hook.state != HookState.ENDED:
        _turn(hook, HookState.ENDED, "delete", by)


def forgive(hook: HookAddress) -> None:
    """Forget that an address failed."""
    hook.failures, hook.failing_since, hook.held_until = 0, None, None


def _turn(hook: HookAddress, then: HookState, action: str, by: uuid.UUID | None) -> None:
    before, hook.state = hook.state, then.value
    session().flush()
    record(action, "hook", hook.id, by=by, before={"status": before}, after={"status": then.value}, severity="notice")
    _forget_listening()


def give_up(hook: HookAddress) -> None:
    """Pause an address that failed too long; by the service itself."""
    _turn(hook, HookState.FAILING, "deactivate", None)
