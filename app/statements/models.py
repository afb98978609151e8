"""Runs that send every member's statement, and each statement that was ever given out."""

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from app.core.tenancy import Base, Tenant, composite


class StatementRun(Tenant, Base):
    """One time that the statements of a month were sent; `started_by` is empty when the clock did it."""

    __tablename__ = "statement_run"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "key"),
        composite("started_by", to="member"),
        composite("message_id", to="outbox"),
        sa.Index("ix_statement_run_period", "group_id", "period"),
    )

    period: Mapped[str]
    key: Mapped[str]
    started_by: Mapped[uuid.UUID | None]
    started_at: Mapped[datetime]
    message_id: Mapped[uuid.UUID]


class StatementIssued(Tenant, Base):
    """A statement as it was given out: whose, of which days, and what it said (its hash)."""

    __tablename__ = "statement_issued"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "member_id", "first_on", "last_on", "hash"),
        composite("member_id", to="member"),
    )

    member_id: Mapped[uuid.UUID]
    first_on: Mapped[date]
    last_on: Mapped[date]
    hash: Mapped[bytes]
    issued_at: Mapped[datetime]
