"""Backups taken and keys rotated."""

import sqlalchemy as sa
from alembic import op

from migrations.tables import append_only, for_staff, global_table, run

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "backup_taken",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lsn", sa.Text(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("copied", sa.Boolean(), nullable=True),
        sa.CheckConstraint("kind IN ('full', 'incremental')", name=op.f("ck_backup_taken_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup_taken")),
    )
    op.create_index(op.f("ix_backup_taken_finished_at"), "backup_taken", ["finished_at"])
    global_table(op, "backup_taken", insert=False)
    run(op, "GRANT INSERT ON backup_taken TO pp_worker; GRANT SELECT ON backup_taken TO pp_platform;")
    for_staff(op, "backup_taken")
    append_only(op, "backup_taken")
    op.create_table(
        "master_key",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("canary", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_master_key")),
    )
    global_table(op, "master_key")
