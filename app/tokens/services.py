"""Making and ending tokens. A token is shown once; what is kept opens nothing."""

import secrets
import uuid
from collections.abc import Collection
from datetime import timedelta

import sqlalchemy as sa

from app.audit.log import record
from app.auth import queries as people
from app.auth.rules import digest
from app.core import clock, repeats
from app.core.db import platform, session, transaction
from app.core.ids import new_id
from app.core.outbox import later_for_person
from app.groups.models import SecretDigest
from app.groups.permissions import PERMISSIONS
from app.groups.queries import memberships, permissions_held
from app.groups.services.members import lock_group
from app.tokens.errors import BadEnd, NoRights, RightNotHeld, TokenEnded, TooManyTokens
from app.tokens.models import ApiToken
from app.tokens.queries import PURPOSE, in_use, made_before, token_under

LONGEST = 365  # days
MOST = 50  # tokens in use in one group
TOUCH_EVERY = timedelta(minutes=1)
END = "tokens.end_of_person"
PREFIX = "pp_"  # so that scanners for lost secrets know it


def make_token(
    *, name: str, scopes: Collection[str], read_only: bool, days: int, by: uuid.UUID, key: str
) -> tuple[ApiToken, str | None]:
    """Make a token for the member `by`, good for so many days; with its secret, which nobody can be told again.

    Pressed twice the second one finds the first, without a secret. Raises NoRights, RightNotHeld, BadEnd,
    TooManyTokens.
    """
    lock_group()
    if done := token_under(key):
        return done, None
    _check(scopes, days, by)
    secret, now = PREFIX + secrets.token_urlsafe(32), clock.now()
    made = ApiToken(
        member_id=by,
        name=name,
        hint=secret[-4:],
        digest=digest(secret),
        scopes=sorted(set(scopes)),
        read_only=read_only,
        idempotency_key=key,
        expires_at=now + timedelta(days=days),
    )
    session().add(made)
    session().flush()
    platform().add(SecretDigest(digest=made.digest, group_id=session().group_id, purpose=PURPOSE))
    told = {"name": name, "scopes": made.scopes, "read_only": read_only, "expires_at": made.expires_at}
    record("create", "api_key", made.id, by=by, after=told, about=by, severity="warning")
    return made, secret


def _check(scopes: Collection[str], days: int, by: uuid.UUID) -> None:
    if not scopes:
        raise NoRights(field="scopes")
    held = permissions_held(by)
    for scope in scopes:
        if scope not in held:
            raise RightNotHeld(permission=PERMISSIONS.get(scope, scope), field="scopes")
    if not 1 <= days <= LONGEST:
        raise BadEnd(days=LONGEST, field="days")
    if (count := in_use()) >= MOST:
        raise TooManyTokens(count=count)


def end_token(token: ApiToken, *, by: uuid.UUID) -> None:
    """End a token at once; the next request with it is a stranger's. Raises TokenEnded."""
    if token.revoked_at:
        raise TokenEnded
    token.revoked_at, token.revoked_by = clock.now(), by
    platform().execute(sa.delete(SecretDigest).where(SecretDigest.digest == token.digest))
    record("delete", "api_key", token.id, by=by, before={"name": token.name}, about=token.member_id)


def shut_out(user_id: uuid.UUID) -> None:
    """End every token of a person whose password is a new one: the guard refuses them from now on, a job ends them."""
    later_for_person(END, key=f"{END}:{new_id()}", user_id=str(user_id))


def end_of_person(*, user_id: str) -> None:
    """End, in each group, the tokens that a person made before the password was changed; the job of `shut_out`."""
    account = people.account(uuid.UUID(user_id))
    person, changed = account.id, account.password_changed_at
    with transaction(user_id=person):
        group_ids = [place.group.id for place in memberships(person)]
    for group_id in group_ids:
        with transaction(user_id=person, group_id=group_id):
            for token in made_before(person, changed):
                end_token(token, by=token.member_id)


def touch(token: ApiToken) -> None:
    """Note that a token was used, to the minute."""
    now = clock.now()
    if token.last_used_at and token.last_used_at + TOUCH_EVERY > now:
        return
    group_id = session().group_id
    with transaction(group_id=group_id):  # its own: a GET rolls back, and being used must outlive it
        session().execute(sa.update(ApiToken).where(ApiToken.id == token.id).values(last_used_at=now))


def clean_up() -> None:
    """Forget answers that were kept long enough."""
    repeats.forget_old()
