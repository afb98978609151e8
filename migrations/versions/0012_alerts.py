"""Alerts, nightly proofs, and how large tables are."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.tables import append_only, global_table, run, tenant_table

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _alerts()
    _proofs()
    _sizes()
    op.create_index("ix_security_event_at", "security_event", ["at"])  # who failed within the last minutes
    for table in ("outbox", "platform_outbox"):
        dead = sa.text("dead_at IS NOT NULL")
        op.create_index(f"ix_{table}_dead", table, ["dead_at"], postgresql_where=dead)
    proofs = sa.text("kind = 'operations.prove'")
    op.create_index("ix_outbox_proved", "outbox", ["done_at"], postgresql_where=proofs)
    # What is done is cleaned up after a year and more; what is dead or open never.
    run(op, "GRANT DELETE ON outbox, platform_outbox TO pp_worker")


def _alerts() -> None:
    op.create_table(
        "alert",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sa.UniqueConstraint("key", name=op.f("uq_alert_key")),
    )
    op.create_index("ix_alert_raised_at", "alert", ["raised_at"])
    op.create_table(
        "alert_settled",
        sa.Column("alert_id", sa.Uuid(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by", sa.Uuid(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_alert_settled_alert_id")),
        sa.ForeignKeyConstraint(["settled_by"], ["user_account.id"], name=op.f("fk_alert_settled_settled_by")),
        sa.PrimaryKeyConstraint("alert_id", name=op.f("pk_alert_settled")),
    )
    # Alerts are raised by anything that runs; that one was looked into is said by staff alone (0013).
    for table, raised in (("alert", True), ("alert_settled", False)):
        global_table(op, table, insert=raised)
        append_only(op, table)
    run(op, "GRANT SELECT ON alert, alert_settled TO pp_platform; GRANT INSERT ON alert_settled TO pp_platform;")


def _proofs() -> None:
    op.create_table(
        "proof_run",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ok", sa.Boolean(), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.Column("fault_count", sa.Integer(), nullable=False),
        sa.Column("faults", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_proof_run_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_proof_run")),
        sa.UniqueConstraint("group_id", "day", name=op.f("uq_proof_run_group_id_day")),
    )
    tenant_table(op, "proof_run")
    append_only(op, "proof_run")
    # Whether books are sound may be seen from outside the group; what the faults say may not.
    run(
        op,
        """
        CREATE POLICY platform ON proof_run FOR SELECT TO pp_platform USING (true);
        GRANT SELECT (group_id, day, proved_at, ok, entries, fault_count) ON proof_run TO pp_platform;
        """,
    )


def _sizes() -> None:
    op.create_table(
        "size_figure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("of_table", sa.Text(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("scans", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_size_figure")),
        sa.UniqueConstraint("day", "name", name=op.f("uq_size_figure_day_name")),
    )
    global_table(op, "size_figure")
    append_only(op, "size_figure")
    run(op, "GRANT SELECT ON size_figure TO pp_platform")
