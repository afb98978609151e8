"""The audit log and auditors' flags."""

import sqlalchemy as sa
from alembic import op

from migrations.tables import append_only, tenant_table

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_event",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=True),
        sa.Column("fields", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("agent", sa.Text(), nullable=True),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "severity IN ('info', 'notice', 'warning', 'critical')", name=op.f("ck_audit_event_severity")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "member_id"], ["member.group_id", "member.id"], name=op.f("fk_audit_event_group_id_member_id")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_audit_event_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_audit_event")),
    )
    for name, column in (
        ("at", None),
        ("member", "member_id"),
        ("action", "action"),
        ("entity", "entity"),
        ("record", "entity_id"),
    ):
        columns = ["group_id", column, "at", "id"] if column else ["group_id", "at", "id"]
        op.create_index(f"ix_audit_event_{name}", "audit_event", columns)
    op.create_index(
        "ix_audit_event_severe",
        "audit_event",
        ["group_id", "severity", "at", "id"],
        postgresql_where=sa.text("severity <> 'info'"),
    )
    op.create_table(
        "audit_flag",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("raised_by", sa.Uuid(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id", "raised_by"], ["member.group_id", "member.id"], name=op.f("fk_audit_flag_group_id_raised_by")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_audit_flag_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_audit_flag")),
    )
    op.create_index("ix_audit_flag_entity", "audit_flag", ["group_id", "entity", "entity_id"], unique=False)
    op.create_table(
        "flag_answer",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("flag_id", sa.Uuid(), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settles", sa.Boolean(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id", "answered_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_flag_answer_group_id_answered_by"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "flag_id"],
            ["audit_flag.group_id", "audit_flag.id"],
            name=op.f("fk_flag_answer_group_id_flag_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_flag_answer_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_flag_answer")),
    )
    op.create_index("ix_flag_answer_flag", "flag_answer", ["group_id", "flag_id"])
    for table in ("audit_event", "audit_flag", "flag_answer"):
        tenant_table(op, table)
        append_only(op, table)
