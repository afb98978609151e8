"""Tokens of programs: known by their digest, with rights, an end, and when they were last used."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.tenancy import Base, Tenant, composite


class ApiToken(Tenant, Base):
    """A token that acts for a member with no more rights than it was given."""

    __tablename__ = "api_token"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "digest"),
        sa.UniqueConstraint("group_id", "idempotency_key"),
        composite("member_id", to="member"),
        composite("revoked_by", to="member"),
        sa.Index("ix_api_token_member", "group_id", "member_id"),
    )

    member_id: Mapped[uuid.UUID]
    name: Mapped[str]
    hint: Mapped[str]  # its last four signs, so that people can tell tokens apart
    digest: Mapped[bytes]
    scopes: Mapped[list[str]]
    read_only: Mapped[bool]
    idempotency_key: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[uuid.UUID | None]
