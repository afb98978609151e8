"""People, groups, members, the keys of their texts, and the outbox."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.tables import append_only, function, global_table, run, tenant_table

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MESSAGE = ("due_at", "attempts", "progress", "total", "done_at", "dead_at", "last_error", "result")


def upgrade() -> None:
    function(op, "app_ground_v1")
    op.create_table(
        "platform_outbox",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("payload", postgresql.JSONB(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dead_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("result", postgresql.JSONB(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_platform_outbox_key")),
    )
    op.create_index(
        "ix_platform_outbox_due",
        "platform_outbox",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL AND dead_at IS NULL"),
    )
    op.create_table(
        "savings_group",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("registration_number", sa.Text(), nullable=True),
        sa.Column("max_members", sa.Integer(), nullable=False),
        sa.Column("set_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "category IN ('savings', 'investment', 'credit', 'mixed')", name=op.f("ck_savings_group_category")
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'active', 'suspended', 'dissolved', 'inactive')",
            name=op.f("ck_savings_group_status"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_savings_group")),
        sa.UniqueConstraint("slug", name=op.f("uq_savings_group_slug")),
    )
    op.create_table(
        "security_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("agent", sa.Text(), nullable=True),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_security_event")),
    )
    op.create_index("ix_security_event_user", "security_event", ["user_id", "at"], unique=False)
    op.create_table(
        "user_account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("kyc_status", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("two_factor_enabled", sa.Boolean(), nullable=False),
        sa.Column("totp_secret", sa.LargeBinary(), nullable=True),
        sa.Column("totp_last_step", sa.BigInteger(), nullable=True),
        sa.Column("failed_login_attempts", sa.Integer(), nullable=False),
        sa.Column("account_locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_second_factors", sa.Integer(), nullable=False),
        sa.Column("second_factor_locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("email_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "kyc_status IN ('pending', 'verified', 'rejected', 'expired')", name=op.f("ck_user_account_kyc_status")
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'active', 'suspended', 'inactive')", name=op.f("ck_user_account_status")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
    )
    op.create_index("uq_user_account_email", "user_account", [sa.literal_column("lower(email)")], unique=True)
    op.create_table(
        "data_key",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_data_key_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_data_key")),
        sa.UniqueConstraint("group_id", "subject_id", name=op.f("uq_data_key_group_id_subject_id")),
    )
    op.create_table(
        "group_setting",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", postgresql.JSONB(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_group_setting_group_id")),
        sa.PrimaryKeyConstraint("group_id", "name", name=op.f("pk_group_setting")),
    )
    op.create_table(
        "known_device",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("failed_attempts", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_known_device_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_device")),
        sa.UniqueConstraint("user_id", "digest", name=op.f("uq_known_device_user_id_digest")),
    )
    op.create_table(
        "member",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("national_id", sa.LargeBinary(), nullable=True),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("voting_rights", sa.Boolean(), nullable=False),
        sa.Column("roles", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "status IN ('invited', 'active', 'inactive', 'suspended', 'left')", name=op.f("ck_member_status")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_member_group_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_member_user_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_member")),
        sa.UniqueConstraint("group_id", "user_id", name=op.f("uq_member_group_id_user_id")),
    )
    op.create_index("uq_member_email", "member", ["group_id", sa.literal_column("lower(email)")], unique=True)
    op.create_index(
        "ix_member_name", "member", ["group_id", sa.literal_column("lower(display_name)"), "id"], unique=False
    )
    op.create_index("ix_member_user", "member", ["user_id"], unique=False)
    op.create_index("uq_member_identifier", "member", ["group_id", sa.literal_column("lower(identifier)")], unique=True)
    op.create_table(
        "outbox",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("payload", postgresql.JSONB(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dead_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("result", postgresql.JSONB(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_outbox_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("group_id", "key", name=op.f("uq_outbox_group_id_key")),
    )
    op.create_index(
        "ix_outbox_due",
        "outbox",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL AND dead_at IS NULL"),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_recovery_code_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
    )
    op.create_index(("ix_recovery_code_user_id"), "recovery_code", ["user_id"], unique=False)
    op.create_table(
        "secret_digest",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_secret_digest_group_id")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_secret_digest")),
    )
    op.create_table(
        "user_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("idle_minutes", sa.Integer(), nullable=False),
        sa.Column("second_factor_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_because", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_user_session_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_session")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_user_session_token_digest")),
    )
    op.create_index("ix_user_session_user", "user_session", ["user_id", "created_at"], unique=False)
    op.create_table(
        "user_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_user_token_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_token")),
        sa.UniqueConstraint("digest", name=op.f("uq_user_token_digest")),
    )
    op.create_index(("ix_user_token_user_id"), "user_token", ["user_id"], unique=False)
    op.create_table(
        "group_policy",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("rules", postgresql.JSONB(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_group_policy_group_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_group_policy_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_group_policy")),
        sa.UniqueConstraint("group_id", "version", name=op.f("uq_group_policy_group_id_version")),
    )
    op.create_table(
        "invitation",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["group_id", "invited_by"], ["member.group_id", "member.id"], name=op.f("fk_invitation_group_id_invited_by")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "member_id"], ["member.group_id", "member.id"], name=op.f("fk_invitation_group_id_member_id")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_invitation_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("group_id", "digest", name=op.f("uq_invitation_group_id_digest")),
    )
    op.create_index("ix_invitation_member", "invitation", ["group_id", "member_id"], unique=False)
    op.create_table(
        "member_permission",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("permission", sa.Text(), nullable=False),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.CheckConstraint("effect IN ('grant', 'deny', 'role')", name=op.f("ck_member_permission_effect")),
        sa.ForeignKeyConstraint(
            ["group_id", "member_id"],
            ["member.group_id", "member.id"],
            name=op.f("fk_member_permission_group_id_member_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "set_by"], ["member.group_id", "member.id"], name=op.f("fk_member_permission_group_id_set_by")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_member_permission_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_member_permission")),
    )
    op.create_index("ix_member_permission_member", "member_permission", ["group_id", "member_id"], unique=False)
    # ### end Alembic commands ###

    walls()


def walls() -> None:
    run(
        op,
        """
        ALTER TABLE savings_group ENABLE ROW LEVEL SECURITY;
        ALTER TABLE savings_group FORCE ROW LEVEL SECURITY;
        CREATE POLICY tenant ON savings_group USING (id = (SELECT app.gid())) WITH CHECK (id = (SELECT app.gid()));
        CREATE POLICY own_groups ON savings_group FOR SELECT USING ((SELECT app.gid()) IS NULL
            AND id IN (SELECT m.group_id FROM member m WHERE m.user_id = (SELECT app.uid())));
        GRANT SELECT, INSERT ON savings_group TO pp_app, pp_worker;
        GRANT UPDATE (name, category, status, country, time_zone, locale, registration_number, max_members, set_up_at)
            ON savings_group TO pp_app, pp_worker;
        """,
    )
    profile = ("identifier", "display_name", "email", "phone", "national_id", "joined_on", "left_on")
    standing = ("status", "voting_rights", "roles", "user_id")
    tenant_table(op, "member", update=(*profile, *standing))
    # Without the first half a group's session would see the person's rows in other groups.
    run(
        op,
        """
        CREATE POLICY own_membership ON member FOR SELECT
            USING ((SELECT app.gid()) IS NULL AND user_id = (SELECT app.uid()));
        """,
    )
    tenant_table(op, "member_permission")
    append_only(op, "member_permission")
    tenant_table(op, "group_policy")
    append_only(op, "group_policy")
    tenant_table(op, "group_setting", update=("value", "sealed", "updated_at"), delete=True)
    tenant_table(op, "invitation", update=("accepted_at", "withdrawn_at"))
    tenant_table(op, "data_key", update=("wrapped", "destroyed_at"))
    tenant_table(op, "outbox", update=MESSAGE)
    global_table(op, "platform_outbox", update=MESSAGE)
    relay()
    people()


def relay() -> None:
    """The relay lists what is due in every group and can read nothing else of it."""
    run(
        op,
        """
        CREATE POLICY relay ON outbox FOR SELECT TO pp_relay USING (true);
        GRANT SELECT (id, group_id, kind, due_at, done_at, dead_at) ON outbox TO pp_relay;
        GRANT SELECT (id, kind, due_at, done_at, dead_at) ON platform_outbox TO pp_relay;
        CREATE POLICY relay ON savings_group FOR SELECT TO pp_relay USING (true);
        GRANT SELECT (id, slug, status) ON savings_group TO pp_relay;
        """,
    )


def people() -> None:
    global_table(
        op,
        "user_account",
        update=(
            *("email", "name", "phone", "locale", "time_zone", "status", "kyc_status", "password_hash"),
            *("password_changed_at", "two_factor_enabled", "totp_secret", "totp_last_step"),
            *("failed_login_attempts", "account_locked_until", "email_confirmed_at"),
            *("failed_second_factors", "second_factor_locked_until"),
        ),
    )
    seen = ("last_seen_at", "idle_minutes", "second_factor_at", "revoked_at", "revoked_because")
    global_table(op, "user_session", update=seen, delete=True)
    global_table(op, "user_token", update=("used_at",), delete=True)
    global_table(op, "recovery_code", update=("used_at",), delete=True)
    global_table(op, "known_device", update=("failed_attempts", "locked_until"), delete=True)
    global_table(op, "security_event")
    append_only(op, "security_event")
    global_table(op, "secret_digest", delete=True)
    run(op, "GRANT SELECT ON app.alembic_version TO pp_app, pp_worker")
