"""Consents, exports of one's own data, erasure, and what the passing of time may remove."""

import sqlalchemy as sa
from alembic import op

from migrations.tables import append_only, function, global_table, run, tenant_table

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

WAITING = "cancelled_at IS NULL AND done_at IS NULL"
MOMENT = sa.DateTime(timezone=True)
# Of each table whose rows only grow: what an erasure may change, after how long a row may go, and since when.
EXCEPTIONS = {
    "security_event": ("address,agent", "5 years", "at"),
    "audit_event": ("address,agent,sealed", "5 years", "at"),
    "audit_flag": ("sealed", "", ""),
    "flag_answer": ("sealed", "", ""),
    "approval_request": ("sealed", "", ""),
    "approval_decision": ("reason", "", ""),
    "entry_note": ("sealed,subject_id", "", ""),
    "statement_line": ("sealed", "", ""),
    "payment": ("reference", "", ""),
}
# Tables that may change anyway, and what of them the background may change or delete beside that.
MORE = {
    "notification": "UPDATE (title, body)",
    "mail_message": "UPDATE (subject), DELETE",
    "person_mail": "DELETE",
    "invitation": "DELETE",
    "platform_outbox": "DELETE",
    "import_file": "UPDATE (name)",
    "import_event": "UPDATE (result)",
}


def upgrade() -> None:
    people()
    groups()
    op.create_index("ix_member_erasure_member", "member_erasure", ["group_id", "member_id"])
    function(op, "privacy_v1")
    exceptions()
    wishes()
    run(
        op,
        """
        DROP TRIGGER append_only ON consent_event;
        CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON consent_event
            FOR EACH ROW EXECUTE FUNCTION app.refuse_change_of_consent();
        GRANT DELETE ON consent_event TO pp_worker;
        """,
    )


def wishes() -> None:
    """A wish opens words that only grow, so nobody who works here writes one that has not waited, or opens it again."""
    for table in ("person_erasure", "member_erasure"):
        run(
            op,
            f"""
            CREATE TRIGGER waits BEFORE INSERT ON {table}
                FOR EACH ROW EXECUTE FUNCTION app.refuse_wish_that_never_waited();
            CREATE TRIGGER ends_once BEFORE UPDATE ON {table}
                FOR EACH ROW EXECUTE FUNCTION app.refuse_change_of_wish();
            GRANT UPDATE (done_at) ON {table} TO pp_worker;
            """,
        )


def people() -> None:
    op.create_table(
        "consent_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_consent_event_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_event")),
    )
    op.create_index("ix_consent_event_user", "consent_event", ["user_id", "purpose", "at"])
    global_table(op, "consent_event")
    append_only(op, "consent_event")
    op.create_table(
        "data_export",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("ready_at", MOMENT, nullable=True),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_data_export_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_export")),
    )
    op.create_index(
        "uq_data_export_in_progress",
        "data_export",
        ["user_id"],
        unique=True,
        postgresql_where=sa.text("ready_at IS NULL AND removed_at IS NULL"),
    )
    global_table(op, "data_export", update=("ready_at", "expires_at", "removed_at", "size", "sealed"))
    op.create_table(
        "person_erasure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("cancelled_at", MOMENT, nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.CheckConstraint("cancelled_at IS NULL OR done_at IS NULL", name=op.f("ck_person_erasure_ending")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_person_erasure_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_erasure")),
    )
    op.create_index(
        "uq_person_erasure_waiting", "person_erasure", ["user_id"], unique=True, postgresql_where=sa.text(WAITING)
    )
    global_table(op, "person_erasure", update=("cancelled_at",))
    op.create_table(
        "person_removal",
        sa.Column("id", sa.Uuid(), nullable=False),
        *removed(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_removal")),
    )
    global_table(op, "person_removal")
    append_only(op, "person_removal")


def groups() -> None:
    op.create_table(
        "member_erasure",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("cancelled_by", sa.Uuid(), nullable=True),
        sa.Column("cancelled_at", MOMENT, nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.CheckConstraint("cancelled_at IS NULL OR done_at IS NULL", name=op.f("ck_member_erasure_ending")),
        *(
            sa.ForeignKeyConstraint(
                ["group_id", column],
                ["member.group_id", "member.id"],
                name=op.f(f"fk_member_erasure_group_id_{column}"),
            )
            for column in ("asked_by", "cancelled_by", "member_id")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_member_erasure_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_member_erasure")),
    )
    op.create_index(
        "uq_member_erasure_waiting",
        "member_erasure",
        ["group_id", "member_id"],
        unique=True,
        postgresql_where=sa.text(WAITING),
    )
    tenant_table(op, "member_erasure", update=("cancelled_by", "cancelled_at"))
    op.create_table(
        "removal",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *removed(),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_removal_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_removal")),
    )
    tenant_table(op, "removal")
    append_only(op, "removal")


def removed() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("older_than", MOMENT, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
    )


def exceptions() -> None:
    """Each one is the background's alone: the web can still neither change nor delete any of these rows."""
    for table, (words, kept, since) in EXCEPTIONS.items():
        told = f"'{words}', '{kept}', '{since}'"
        run(
            op,
            f"""
            DROP TRIGGER append_only ON {table};
            CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
                FOR EACH ROW EXECUTE FUNCTION app.refuse_change_before_time({told});
            GRANT UPDATE ({words}) ON {table} TO pp_worker;
            """,
        )
        if kept:
            run(op, f"GRANT DELETE ON {table} TO pp_worker;")
    for table, rights in MORE.items():
        run(op, f"GRANT {rights} ON {table} TO pp_worker;")
