"""What members are told inside the product."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.tenancy import Base, Tenant, composite


class Notification(Tenant, Base):
    """One thing told to one member, in the member's language; it is read once, and may expire unread."""

    __tablename__ = "notification"
    __table_args__ = (
        composite("member_id", to="member"),
        sa.UniqueConstraint("group_id", "member_id", "key"),
        sa.CheckConstraint("kind IN ('info', 'warning', 'error', 'success', 'reminder', 'announcement')", name="kind"),
        sa.CheckConstraint("priority IN ('low', 'normal', 'high')", name="priority"),
        sa.Index("ix_notification_member", "group_id", "member_id", "created_at", "id"),
        sa.Index(
            "ix_notification_unread",
            *("group_id", "member_id", "expires_at"),
            postgresql_where=sa.text("read_at IS NULL"),
        ),
    )

    member_id: Mapped[uuid.UUID]
    key: Mapped[str]
    kind: Mapped[str]
    priority: Mapped[str] = mapped_column(default="normal")
    title: Mapped[str]
    body: Mapped[str] = mapped_column(default="")
    url: Mapped[str | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
