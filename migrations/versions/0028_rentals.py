"""Leases, assignments of entitlement, and the months from which turns are counted."""

import sqlalchemy as sa
from alembic import op

from migrations.tables import tenant_table

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lease",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("rent", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("charges", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("deposit", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("day_due", sa.Integer(), nullable=False),
        sa.Column("first_amount", sa.Numeric(precision=20, scale=4), nullable=True),
        sa.Column("last_amount", sa.Numeric(precision=20, scale=4), nullable=True),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("charges >= 0 AND deposit >= 0", name=op.f("ck_lease_amounts")),
        sa.CheckConstraint("day_due BETWEEN 1 AND 28", name=op.f("ck_lease_day_due")),
        sa.CheckConstraint("ends_on >= starts_on - 1", name=op.f("ck_lease_days")),
        sa.CheckConstraint("first_amount >= 0 AND last_amount >= 0", name=op.f("ck_lease_other_amounts")),
        sa.CheckConstraint("rent > 0", name=op.f("ck_lease_rent")),
        sa.ForeignKeyConstraint(
            ["group_id", "client_id"], ["party.group_id", "party.id"], name=op.f("fk_lease_group_id_client_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"], ["member.group_id", "member.id"], name=op.f("fk_lease_group_id_recorded_by")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "unit_id"], ["unit.group_id", "unit.id"], name=op.f("fk_lease_group_id_unit_id")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_lease_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_lease")),
        sa.UniqueConstraint("group_id", "idempotency_key", name=op.f("uq_lease_group_id_idempotency_key")),
    )
    op.create_index("ix_lease_client", "lease", ["group_id", "client_id"], unique=False)
    op.create_index("ix_lease_unit", "lease", ["group_id", "unit_id", "starts_on"], unique=False)
    op.create_table(
        "assignment",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("share_percent", sa.Numeric(precision=7, scale=4), nullable=True),
        sa.Column("alternation", sa.Text(), nullable=False),
        sa.Column("cycle_length", sa.Integer(), nullable=True),
        sa.Column("cycle_position", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint(
            "CASE alternation WHEN 'none' THEN cycle_length IS NULL AND cycle_position IS NULL"
            " WHEN 'odd_even' THEN cycle_length IS NULL AND coalesce(cycle_position, 0) BETWEEN 1 AND 2"
            " WHEN 'cycle' THEN coalesce(cycle_length, 0) BETWEEN 2 AND 60"
            " AND coalesce(cycle_position, 0) BETWEEN 1 AND cycle_length ELSE false END",
            name=op.f("ck_assignment_turn"),
        ),
        sa.CheckConstraint("ends_on >= starts_on - 1", name=op.f("ck_assignment_days")),
        sa.CheckConstraint("share_percent > 0 AND share_percent <= 100", name=op.f("ck_assignment_share_percent")),
        sa.ForeignKeyConstraint(
            ["group_id", "owner_id"], ["party.group_id", "party.id"], name=op.f("fk_assignment_group_id_owner_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_assignment_group_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "unit_id"], ["unit.group_id", "unit.id"], name=op.f("fk_assignment_group_id_unit_id")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_assignment_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_assignment")),
        sa.UniqueConstraint("group_id", "idempotency_key", name=op.f("uq_assignment_group_id_idempotency_key")),
    )
    op.create_index("ix_assignment_owner", "assignment", ["group_id", "owner_id"], unique=False)
    op.create_index("ix_assignment_unit", "assignment", ["group_id", "unit_id", "starts_on"], unique=False)
    op.create_table(
        "unit_cycle",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("anchor", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("extract(day FROM anchor) = 1", name=op.f("ck_unit_cycle_anchor")),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_unit_cycle_group_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "unit_id"], ["unit.group_id", "unit.id"], name=op.f("fk_unit_cycle_group_id_unit_id")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_unit_cycle_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_unit_cycle")),
        sa.UniqueConstraint("group_id", "unit_id", name=op.f("uq_unit_cycle_group_id_unit_id")),
    )

    # Four more lists can be imported.
    op.drop_constraint("ck_import_file_kind", "import_file")
    op.create_check_constraint(
        op.f("ck_import_file_kind"),
        "import_file",
        "kind IN ('members', 'contributions', 'opening', 'statement', 'units', 'parties', 'leases', 'assignments')",
    )
    # They are ended and never rewritten: past months keep their answer.
    tenant_table(op, "lease", update=("ends_on", "last_amount"))
    tenant_table(op, "assignment", update=("ends_on",))
    tenant_table(op, "unit_cycle", update=("anchor",))
