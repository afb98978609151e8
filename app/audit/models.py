"""The audit log of a group and the flags its auditors raise."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from app.core.tenancy import Base, Tenant, composite


class AuditEvent(Tenant, Base):
    """One thing done: by whom, from where, to what; the values are sealed with the key of whom they are about."""

    __tablename__ = "audit_event"
    __table_args__ = (
        composite("member_id", to="member"),
        sa.Index("ix_audit_event_at", "group_id", "at", "id"),
        sa.Index("ix_audit_event_member", "group_id", "member_id", "at", "id"),
        sa.Index("ix_audit_event_action", "group_id", "action", "at", "id"),
        sa.Index("ix_audit_event_entity", "group_id", "entity", "at", "id"),
        sa.Index("ix_audit_event_record", "group_id", "entity_id", "at", "id"),
        sa.Index(
            "ix_audit_event_severe", "group_id", "severity", "at", "id", postgresql_where=sa.text("severity <> 'info'")
        ),
        sa.CheckConstraint("severity IN ('info', 'notice', 'warning', 'critical')", name="severity"),
    )

    at: Mapped[datetime]
    member_id: Mapped[uuid.UUID | None]
    user_id: Mapped[uuid.UUID | None]
    action: Mapped[str]
    entity: Mapped[str]
    entity_id: Mapped[uuid.UUID | None]
    fields: Mapped[list[str]]
    severity: Mapped[str]
    address: Mapped[str | None]
    agent: Mapped[str | None]
    session_id: Mapped[uuid.UUID | None]
    request_id: Mapped[str | None]
    subject_id: Mapped[uuid.UUID | None]
    sealed: Mapped[bytes | None]


class AuditFlag(Tenant, Base):
    """An auditor's question about a record."""

    __tablename__ = "audit_flag"
    __table_args__ = (
        composite("raised_by", to="member"),
        sa.Index("ix_audit_flag_entity", "group_id", "entity", "entity_id"),
    )

    entity: Mapped[str]
    entity_id: Mapped[uuid.UUID]
    url: Mapped[str]
    raised_by: Mapped[uuid.UUID]
    raised_at: Mapped[datetime]
    sealed: Mapped[bytes]


class FlagAnswer(Tenant, Base):
    """An answer to a flag; `settles` ends it."""

    __tablename__ = "flag_answer"
    __table_args__ = (
        composite("flag_id", to="audit_flag"),
        composite("answered_by", to="member"),
        sa.Index("ix_flag_answer_flag", "group_id", "flag_id"),
    )

    flag_id: Mapped[uuid.UUID]
    answered_by: Mapped[uuid.UUID]
    answered_at: Mapped[datetime]
    settles: Mapped[bool]
    sealed: Mapped[bytes]
