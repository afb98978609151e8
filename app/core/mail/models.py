"""What was to be sent, to whom, and what became of it."""

import enum
import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.ids import new_id
from app.core.tenancy import Base, Tenant, composite


class MailState(enum.StrEnum):
    """Where a mail is. `sending` is committed before the first byte leaves; `unknown` is never sent again by itself."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    BOUNCED = "bounced"
    UNKNOWN = "unknown"


STATES = f"state IN ({', '.join(repr(state.value) for state in MailState)})"


class _Mail:
    """The columns of a mail. Address and data are personal, a link in them may be a key: `sealed` holds both."""

    key: Mapped[str]
    template: Mapped[str]
    locale: Mapped[str]
    subject: Mapped[str]
    sealed: Mapped[bytes]
    state: Mapped[str] = mapped_column(default=MailState.QUEUED.value)
    attempts: Mapped[int] = mapped_column(default=0)
    message_id: Mapped[str]
    queued_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    error: Mapped[str | None]


class MailMessage(Tenant, _Mail, Base):
    """A mail of a group, sealed with the key of the member it goes to, else of the group."""

    __tablename__ = "mail_message"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "key"),
        composite("member_id", to="member"),
        sa.CheckConstraint(STATES, name="state"),
        sa.Index("ix_mail_message_about", "group_id", "about"),
        sa.Index(
            "ix_mail_message_trouble",
            "group_id",
            "queued_at",
            postgresql_where=sa.text("state IN ('failed', 'bounced', 'unknown')"),
        ),
    )

    member_id: Mapped[uuid.UUID | None]
    about: Mapped[str | None]
    attachment: Mapped[str | None]
    attachment_data: Mapped[dict[str, Any] | None]


class PersonMail(_Mail, Base):
    """A mail to a person outside any group, sealed with the key ring."""

    __tablename__ = "person_mail"
    __table_args__ = (sa.UniqueConstraint("key"), sa.CheckConstraint(STATES, name="state"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
