"""Exports of a person's own data, erasures that wait, and what the passing of time removed."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.ids import new_id
from app.core.tenancy import Base, Tenant, composite

WAITING = "cancelled_at IS NULL AND done_at IS NULL"


class DataExport(Base):
    """A copy of everything held of a person: asked for, made and sealed by a worker, gone after a week."""

    __tablename__ = "data_export"
    __table_args__ = (
        sa.Index(
            "uq_data_export_in_progress",
            "user_id",
            unique=True,
            postgresql_where=sa.text("ready_at IS NULL AND removed_at IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("user_account.id"))
    asked_at: Mapped[datetime]
    ready_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    size: Mapped[int | None]
    sealed: Mapped[bytes | None] = mapped_column(deferred=True)


class PersonErasure(Base):
    """A person's wish to be forgotten, which waits before it is carried out."""

    __tablename__ = "person_erasure"
    __table_args__ = (
        sa.Index("uq_person_erasure_waiting", "user_id", unique=True, postgresql_where=sa.text(WAITING)),
        sa.CheckConstraint("cancelled_at IS NULL OR done_at IS NULL", name="ending"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("user_account.id"))
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]


class MemberErasure(Tenant, Base):
    """The same inside a group: asked for by an officer, or following the erasure of the person (`asked_by` empty)."""

    __tablename__ = "member_erasure"
    __table_args__ = (
        composite("member_id", to="member"),
        composite("asked_by", to="member"),
        composite("cancelled_by", to="member"),
        sa.Index("uq_member_erasure_waiting", "group_id", "member_id", unique=True, postgresql_where=sa.text(WAITING)),
        sa.CheckConstraint("cancelled_at IS NULL OR done_at IS NULL", name="ending"),
        sa.Index("ix_member_erasure_member", "group_id", "member_id"),
    )

    member_id: Mapped[uuid.UUID]
    asked_by: Mapped[uuid.UUID | None]
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    reason: Mapped[bytes | None]  # sealed with the member's key
    cancelled_by: Mapped[uuid.UUID | None]
    cancelled_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]


class _Removed:
    """The columns of a removal."""

    at: Mapped[datetime]
    what: Mapped[str]
    older_than: Mapped[datetime]
    count: Mapped[int]


class Removal(Tenant, _Removed, Base):
    """What was removed from a group's tables because its time had passed."""

    __tablename__ = "removal"


class PersonRemoval(_Removed, Base):
    """What was removed from the tables outside the groups."""

    __tablename__ = "person_removal"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
