"""The guard of every endpoint: whose token it is, of which group, and whether both it and its member may."""

from flask import current_app, g, request

from app.auth import queries as people
from app.auth.rules import digest
from app.core.db import act_as, enter
from app.groups.access import CLOSED
from app.groups.errors import GroupSuspended, MayNot, SecondFactorMissing
from app.groups.permissions import AUDITOR, AUDITOR_WRITES, BY_ROLE, MEMBER, permissions_of, watches_idle
from app.groups.queries import OPEN_GROUPS, group, standing
from app.groups.rules import ENTERS
from app.groups.settings import setting
from app.tokens.models import ApiToken
from app.tokens.queries import group_of, token_by
from app.tokens.services import PREFIX, touch
from app.web.api.errors import NotSignedIn, OutOfScope, ReadOnlyToken
from app.web.boundary import SAFE

LONGEST = 100


def let_in() -> None:
    """Find who asks, choose the group, and check the right that the endpoint names.

    Raises NotSignedIn for no token and for one that opens nothing: a stranger cannot tell which.
    """
    token = _token()
    g.token_id, g.group = token.id, group()
    g.member, overrides = standing(token.member_id)
    if g.member.status not in ENTERS or g.group.status not in OPEN_GROUPS or g.member.user_id is None:
        raise NotSignedIn
    account = people.account(g.member.user_id)
    if account.status != "active" or token.created_at < account.password_changed_at:
        raise NotSignedIn  # made before the password was changed or taken back: maybe by whoever had it then
    act_as(account.id)
    held = permissions_of(g.member.roles, overrides)
    officer = watches_idle(g.member.roles) or held - BY_ROLE[MEMBER]
    if officer and setting("officers_second_factor") and not account.two_factor_enabled:
        raise SecondFactorMissing
    g.permissions = held & set(token.scopes)
    _check_deed(token, held)
    touch(token)


def _token() -> ApiToken:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.startswith(PREFIX) or len(secret) > LONGEST:
        raise NotSignedIn
    marked = digest(secret)
    group_id = group_of(marked)
    if group_id is None:
        raise NotSignedIn
    enter(group_id)
    token = token_by(marked)
    if token is None:
        raise NotSignedIn
    return token


def _check_deed(token: ApiToken, held: frozenset[str]) -> None:
    permission: str = current_app.view_functions[str(request.endpoint)].permission  # type: ignore[union-attr]  # `needs`
    if permission not in held:
        raise MayNot
    if permission not in token.scopes:
        raise OutOfScope(permission=permission)
    if request.method in SAFE:
        return
    if token.read_only:
        raise ReadOnlyToken
    if AUDITOR in g.member.roles and permission not in AUDITOR_WRITES:
        raise MayNot
    if g.group.status in CLOSED:
        raise GroupSuspended
