"""Shapes of tokens."""

import uuid
from typing import Literal

from app.tokens.queries import Seen
from app.web.api.shapes import Moment, Shape


class TokenOut(Shape):
    """A token, without its secret."""

    id: uuid.UUID
    name: str
    hint: str
    member_id: uuid.UUID
    member: str
    scopes: list[str]
    read_only: bool
    status: Literal["active", "expired", "revoked"]
    created_at: Moment
    expires_at: Moment
    last_used_at: Moment | None


class MeOut(Shape):
    """Who a token acts for, where, and what it may do."""

    group: str
    group_name: str
    currency: str
    time_zone: str
    member_id: uuid.UUID
    member: str
    roles: list[str]
    rights: list[str]
    read_only: bool


def token_out(seen: Seen) -> TokenOut:
    """A token as it is told."""
    names = ("id", "name", "hint", "member_id", "scopes", "read_only", "created_at", "expires_at", "last_used_at")
    told = {name: getattr(seen.token, name) for name in names}
    return TokenOut.model_validate(told | {"member": seen.name, "status": seen.status})
