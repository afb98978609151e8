"""Documents that hang on records: what each is, sealed words about it, and that one was taken away."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.tenancy import Base, Tenant, composite


class Document(Tenant, Base):
    """A file that somebody added to a record; its content stands sealed outside the database, under the row's id."""

    __tablename__ = "document"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "idempotency_key"),
        composite("recorded_by", to="member"),
        sa.CheckConstraint("type IN ('pdf', 'png', 'jpg', 'webp', 'xlsx', 'docx', 'csv', 'txt')", name="type"),
        sa.CheckConstraint("size > 0", name="size"),
        sa.Index("ix_document_entity", "group_id", "entity_kind", "entity_id"),
    )

    entity_kind: Mapped[str]
    entity_id: Mapped[uuid.UUID]
    type: Mapped[str]
    size: Mapped[int]
    digest: Mapped[bytes]  # SHA-256 of the content
    title: Mapped[bytes]  # sealed with the group's key
    idempotency_key: Mapped[str]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class DocumentRemoval(Tenant, Base):
    """That a document was taken away: its content is destroyed, that it was there is kept."""

    __tablename__ = "document_removal"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "document_id"),
        composite("document_id", to="document"),
        composite("recorded_by", to="member"),
    )

    document_id: Mapped[uuid.UUID]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())
