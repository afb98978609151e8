"""Platform staff, their looks inside groups, and platform settings."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.tables import STAFF, append_only, for_staff, function, run, tenant_table

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

FIGURES = ("members", "entries", "bytes", "last_activity_at", "dead_letters", "lost_mails", "proved_at", "proof_faults")
# What a look inside shows: no name, nothing sealed, no column that is meant for a contact. A member's number may be an
# address or a telephone all the same: it is masked where it is shown, not here.
LOOKED = {
    "member": "group_id, id, user_id, identifier, joined_on, left_on, status, roles, created_at",
    "account": "group_id, id, code, name, kind, type, normal, owner_kind, owner_id, created_at",
    "account_balance": "group_id, account_id, balance, held",
    "entry": "group_id, id, number, kind, effective_on, recorded_at, source_kind, reverses_id",
    "posting": "group_id, entry_id, line, account_id, amount, effective_on, entry_number",
    "outbox": "group_id, id, kind, due_at, attempts, progress, total, done_at, dead_at, created_at",
    "mail_message": "group_id, id, template, state, attempts, queued_at, sent_at",
    "audit_event": "group_id, id, at, member_id, user_id, action, entity, entity_id, fields, severity",
}


def upgrade() -> None:
    op.create_table(
        "group_figures",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("last_activity_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dead_letters", sa.Integer(), nullable=False),
        sa.Column("lost_mails", sa.Integer(), nullable=False),
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proof_faults", sa.Integer(), nullable=True),
        sa.Column("weighed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_group_figures_group_id")),
        sa.PrimaryKeyConstraint("group_id", name=op.f("pk_group_figures")),
    )
    op.create_table(
        "group_plan",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.CheckConstraint("plan IN ('free')", name=op.f("ck_group_plan_plan")),
        sa.ForeignKeyConstraint(["given_by"], ["user_account.id"], name=op.f("fk_group_plan_given_by")),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_group_plan_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_group_plan")),
    )
    op.create_index("ix_group_plan_at", "group_plan", ["group_id", "at"], unique=False)
    op.create_table(
        "group_standing",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.CheckConstraint("status IN ('active', 'suspended')", name=op.f("ck_group_standing_status")),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_group_standing_group_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_group_standing_user_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_group_standing")),
    )
    op.create_index("ix_group_standing_at", "group_standing", ["group_id", "at"], unique=False)
    op.create_table(
        "platform_access",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("btrim(reason) <> ''", name=op.f("ck_platform_access_reason")),
        sa.CheckConstraint("until > at AND until <= at + interval '4 hours'", name=op.f("ck_platform_access_until")),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_platform_access_group_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_platform_access_user_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_platform_access")),
    )
    op.create_index("ix_platform_access_user", "platform_access", ["group_id", "user_id", "until"], unique=False)
    op.create_table(
        "platform_setting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", postgresql.JSONB(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_platform_setting_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_setting")),
    )
    op.create_index("ix_platform_setting_name", "platform_setting", ["name", "at"], unique=False)
    op.create_table(
        "platform_staff",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("is_staff", sa.Boolean(), nullable=False),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_platform_staff_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_staff")),
    )
    op.create_index("ix_platform_staff_user", "platform_staff", ["user_id", "at"], unique=False)
    op.create_table(
        "staff_act",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("about_group", sa.Uuid(), nullable=True),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["about_group"], ["savings_group.id"], name=op.f("fk_staff_act_about_group")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_staff_act_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_act")),
    )
    op.create_index("ix_staff_act_about_group", "staff_act", ["about_group", "at"], unique=False)
    op.create_index("ix_staff_act_at", "staff_act", ["at", "id"], unique=False)
    op.create_table(
        "platform_access_end",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("access_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id", "access_id"],
            ["platform_access.group_id", "platform_access.id"],
            name=op.f("fk_platform_access_end_group_id_access_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_platform_access_end_group_id")),
        sa.PrimaryKeyConstraint("group_id", "access_id", name=op.f("pk_platform_access_end")),
    )
    op.create_index("ix_savings_group_name", "savings_group", [sa.literal_column("lower(name)"), "id"], unique=False)
    function(op, "staff_functions_v1")
    people()
    of_nobody()
    of_groups()
    looks()


def people() -> None:
    """Nobody becomes staff through the website: the rows are written by the migrating role alone."""
    append_only(op, "platform_staff")
    append_only(op, "staff_act")
    append_only(op, "platform_setting")
    run(
        op,
        """
        GRANT SELECT ON platform_staff TO pp_app, pp_worker, pp_platform;
        ALTER TABLE staff_act ENABLE ROW LEVEL SECURITY;
        ALTER TABLE staff_act FORCE ROW LEVEL SECURITY;
        CREATE POLICY staff ON staff_act TO pp_platform
            USING ((SELECT app.is_staff())) WITH CHECK ((SELECT app.is_staff()) AND user_id = (SELECT app.uid()));
        GRANT SELECT, INSERT ON staff_act TO pp_platform;
        ALTER TABLE platform_setting ENABLE ROW LEVEL SECURITY;
        ALTER TABLE platform_setting FORCE ROW LEVEL SECURITY;
        CREATE POLICY everybody ON platform_setting FOR SELECT USING (true);
        CREATE POLICY staff ON platform_setting FOR INSERT TO pp_platform
            WITH CHECK ((SELECT app.is_staff()) AND user_id = (SELECT app.uid()));
        GRANT SELECT ON platform_setting TO pp_app, pp_worker, pp_platform;
        GRANT INSERT ON platform_setting TO pp_platform;
        GRANT SELECT, INSERT ON platform_outbox TO pp_platform;
        """,
    )


def of_nobody() -> None:
    """What belongs to no group is staff's of today too; that an alert was looked into they say in their own name."""
    for table in ("alert", "platform_outbox", "size_figure"):
        for_staff(op, table)
    for_staff(op, "alert_settled", writes=f"{STAFF} AND settled_by = (SELECT app.uid())")
    # Whether somebody is staff is read from this very table: a policy that asks `app.is_staff()` would ask itself.
    for_staff(op, "platform_staff", told="user_id = (SELECT app.uid())", writes="false")


def of_groups() -> None:
    """What staff see of every group, and write to one group at a time, each in their own name."""
    run(
        op,
        """
        CREATE POLICY staff ON savings_group FOR SELECT TO pp_platform USING ((SELECT app.is_staff()));
        CREATE POLICY staff_only ON savings_group AS RESTRICTIVE TO pp_platform
            USING ((SELECT app.is_staff()))
            WITH CHECK ((SELECT app.is_staff()) AND status IN ('active', 'suspended'));
        GRANT SELECT, UPDATE (status) ON savings_group TO pp_platform;
        """,
    )
    run(
        op,
        "CREATE POLICY staff_only ON proof_run AS RESTRICTIVE FOR SELECT TO pp_platform"
        " USING ((SELECT app.is_staff()))",
    )
    tenant_table(op, "group_figures", update=(*FIGURES, "weighed_at", "counted_at"))
    _seen_by_staff("group_figures")
    for table, mine in (
        ("group_plan", "given_by = (SELECT app.uid())"),
        ("group_standing", "user_id = (SELECT app.uid())"),
        ("platform_access", "user_id = (SELECT app.uid())"),
        (
            "platform_access_end",
            """EXISTS (SELECT 1 FROM platform_access a WHERE a.group_id = platform_access_end.group_id
                AND a.id = platform_access_end.access_id AND a.user_id = (SELECT app.uid()))""",
        ),
    ):
        tenant_table(op, table, insert=False)
        append_only(op, table)
        _seen_by_staff(table)
        run(
            op,
            f"""
            CREATE POLICY staff_writes ON {table} AS RESTRICTIVE FOR INSERT TO pp_platform
                WITH CHECK ((SELECT app.is_staff()) AND {mine});
            """,
        )
    # The database's own clock says when it begins: nobody writes that column.
    run(
        op,
        """
        GRANT INSERT (group_id, id, plan, given_by) ON group_plan TO pp_platform;
        GRANT INSERT (group_id, id, status, reason, user_id) ON group_standing TO pp_platform;
        GRANT INSERT (group_id, id, user_id, reason, until) ON platform_access TO pp_platform;
        GRANT INSERT (group_id, access_id) ON platform_access_end TO pp_platform;
        """,
    )


def _seen_by_staff(table: str) -> None:
    # The policy of the group's own people holds for every role, so what it lets through is narrowed to staff.
    run(
        op,
        f"""
        CREATE POLICY staff ON {table} FOR SELECT TO pp_platform USING ((SELECT app.is_staff()));
        CREATE POLICY staff_only ON {table} AS RESTRICTIVE FOR SELECT TO pp_platform USING ((SELECT app.is_staff()));
        GRANT SELECT ON {table} TO pp_platform;
        """,
    )


def looks() -> None:
    """Inside a group staff read what a look opens, while it is open, and leave a row for each page they open."""
    for table, columns in LOOKED.items():
        run(
            op,
            f"""
            GRANT SELECT ({columns}) ON {table} TO pp_platform;
            CREATE POLICY look ON {table} AS RESTRICTIVE FOR SELECT TO pp_platform USING ((SELECT app.looks_inside()));
            """,
        )
    run(
        op,
        """
        CREATE POLICY staff_writes ON audit_event AS RESTRICTIVE FOR INSERT TO pp_platform
            WITH CHECK ((SELECT app.is_staff()) AND user_id = (SELECT app.uid()) AND member_id IS NULL
                AND sealed IS NULL AND action IN ('look', 'suspend', 'activate'));
        GRANT INSERT ON audit_event TO pp_platform;
        """,
    )
