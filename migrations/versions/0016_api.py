"""Tokens of programs and answers kept for a second try."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.tables import run, tenant_table

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_answer",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("asker", sa.Uuid(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("asked", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("answer", postgresql.JSONB(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=("fk_api_answer_group_id")),
        sa.PrimaryKeyConstraint("group_id", "asker", "route", "key", name=("pk_api_answer")),
    )
    op.create_index("ix_api_answer_answered_at", "api_answer", ["group_id", "answered_at"], unique=False)
    op.create_table(
        "api_token",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("read_only", sa.Boolean(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["group_id", "member_id"], ["member.group_id", "member.id"], name=("fk_api_token_group_id_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "revoked_by"], ["member.group_id", "member.id"], name=("fk_api_token_group_id_revoked_by")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=("fk_api_token_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=("pk_api_token")),
        sa.UniqueConstraint("group_id", "digest", name=("uq_api_token_group_id_digest")),
        sa.UniqueConstraint("group_id", "idempotency_key", name=("uq_api_token_group_id_idempotency_key")),
    )
    op.create_index("ix_api_token_member", "api_token", ["group_id", "member_id"], unique=False)
    tenant_table(op, "api_token", update=("last_used_at", "revoked_at", "revoked_by"))
    run(op, "GRANT UPDATE (name) ON api_token TO pp_worker")  # an erasure puts out what names a person
    tenant_table(op, "api_answer", delete=True)
