"""Reads of tokens."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.core import clock
from app.core.db import platform, session
from app.core.rows import row_with
from app.groups.models import Member, SecretDigest
from app.groups.queries import names
from app.tokens.errors import NoSuchToken
from app.tokens.models import ApiToken
from app.web.keyset import Cursor, Slice, slice_of

PURPOSE = "api_token"


@dataclass(frozen=True)
class Seen:
    """A token and the name of the member it acts for."""

    token: ApiToken
    name: str

    @property
    def status(self) -> str:
        """active, expired or revoked."""
        if self.token.revoked_at:
            return "revoked"
        return "active" if self.token.expires_at > clock.now() else "expired"


def tokens_page(at: Cursor | None = None) -> Slice[Seen]:
    """The group's tokens, the newest first."""
    return slice_of(
        lambda statement: _named(session().scalars(statement).all()),
        sa.select(ApiToken),
        by=(ApiToken.created_at, ApiToken.id),
        key=lambda seen: (seen.token.created_at, seen.token.id),
        at=at,
        newest_first=True,
    )


def _named(tokens: Sequence[ApiToken]) -> list[Seen]:
    called = names([token.member_id for token in tokens])
    return [Seen(token, called[token.member_id]) for token in tokens]


CURSOR = (datetime, uuid.UUID)


def token(token_id: uuid.UUID) -> ApiToken:
    """A token of the group. Raises NoSuchToken."""
    return row_with(ApiToken, token_id, NoSuchToken)


def made_before(user_id: uuid.UUID, at: datetime) -> Sequence[ApiToken]:
    """Tokens of a person, in the chosen group, that were made before a moment and not ended yet."""
    old = (Member.user_id == user_id, ApiToken.created_at < at, ApiToken.revoked_at.is_(None))
    return session().scalars(sa.select(ApiToken).join(Member, Member.id == ApiToken.member_id).where(*old)).all()


def in_use() -> int:
    """How many tokens open something now."""
    alive = (ApiToken.revoked_at.is_(None), ApiToken.expires_at > clock.now())
    return session().scalar(sa.select(sa.func.count()).select_from(ApiToken).where(*alive)) or 0


def group_of(digest: bytes) -> uuid.UUID | None:
    """The group whose token has this digest; works before a group is chosen."""
    found = platform().get(SecretDigest, digest)
    return found.group_id if found is not None and found.purpose == PURPOSE else None


def token_by(digest: bytes) -> ApiToken | None:
    """The token with this digest, in the chosen group, while it opens something."""
    alive = (ApiToken.revoked_at.is_(None), ApiToken.expires_at > clock.now())
    return session().scalar(sa.select(ApiToken).where(ApiToken.digest == digest, *alive))


def token_under(key: str) -> ApiToken | None:
    """The token that was made under this key."""
    return session().scalar(sa.select(ApiToken).where(ApiToken.idempotency_key == key))
