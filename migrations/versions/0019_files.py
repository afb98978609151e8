"""Documents that people add to records."""

import sqlalchemy as sa
from alembic import op

from migrations.tables import append_only, tenant_table

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "document",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entity_kind", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("title", sa.LargeBinary(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint(
            "type IN ('pdf', 'png', 'jpg', 'webp', 'xlsx', 'docx', 'csv', 'txt')", name=op.f("ck_document_type")
        ),
        sa.CheckConstraint("size > 0", name=op.f("ck_document_size")),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"], ["member.group_id", "member.id"], name=op.f("fk_document_group_id_recorded_by")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_document_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_document")),
        sa.UniqueConstraint("group_id", "idempotency_key", name=op.f("uq_document_group_id_idempotency_key")),
    )
    op.create_index("ix_document_entity", "document", ["group_id", "entity_kind", "entity_id"], unique=False)
    op.create_table(
        "document_removal",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "document_id"],
            ["document.group_id", "document.id"],
            name=op.f("fk_document_removal_group_id_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_document_removal_group_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_document_removal_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_document_removal")),
        sa.UniqueConstraint("group_id", "document_id", name=op.f("uq_document_removal_group_id_document_id")),
    )
    # ### end Alembic commands ###

    for table in ("document", "document_removal"):
        tenant_table(op, table)
        append_only(op, table)
