"""Parties, units, deeds and the sets of deeds that costs are shared out over."""

import sqlalchemy as sa
from alembic import op

from migrations.tables import append_only, tenant_table

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "party",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("professional", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("is_group", sa.Boolean(), nullable=False),
        sa.Column("family_count", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("details_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("kind IN ('person', 'company')", name=op.f("ck_party_kind")),
        sa.CheckConstraint("(name IS NULL) = (member_id IS NOT NULL OR is_group)", name=op.f("ck_party_name")),
        sa.CheckConstraint("NOT (is_group AND member_id IS NOT NULL)", name=op.f("ck_party_one_link")),
        sa.CheckConstraint("family_count BETWEEN 0 AND 99", name=op.f("ck_party_family_count")),
        sa.CheckConstraint("length(code) BETWEEN 1 AND 40", name=op.f("ck_party_code")),
        sa.ForeignKeyConstraint(
            ["group_id", "member_id"], ["member.group_id", "member.id"], name=op.f("fk_party_group_id_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"], ["member.group_id", "member.id"], name=op.f("fk_party_group_id_recorded_by")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_party_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_party")),
        sa.UniqueConstraint("group_id", "idempotency_key", name=op.f("uq_party_group_id_idempotency_key")),
        sa.UniqueConstraint("group_id", "member_id", name=op.f("uq_party_group_id_member_id")),
    )
    op.create_index("ix_party_code", "party", ["group_id", "code", "id"], unique=False)
    op.create_index("uq_party_code", "party", ["group_id", sa.text("lower(code)")], unique=True)
    op.create_index("uq_party_is_group", "party", ["group_id"], unique=True, postgresql_where=sa.text("is_group"))
    op.create_table(
        "unit",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("area", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("asset_id", sa.Uuid(), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("type IN ('apartment', 'store', 'building', 'land', 'other')", name=op.f("ck_unit_type")),
        sa.CheckConstraint("area > 0", name=op.f("ck_unit_area")),
        sa.CheckConstraint("length(code) BETWEEN 1 AND 40", name=op.f("ck_unit_code")),
        sa.ForeignKeyConstraint(
            ["group_id", "asset_id"], ["asset.group_id", "asset.id"], name=op.f("fk_unit_group_id_asset_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"], ["member.group_id", "member.id"], name=op.f("fk_unit_group_id_recorded_by")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_unit_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_unit")),
        sa.UniqueConstraint("group_id", "idempotency_key", name=op.f("uq_unit_group_id_idempotency_key")),
    )
    op.create_index("ix_unit_asset", "unit", ["group_id", "asset_id"], unique=False)
    op.create_index("ix_unit_code", "unit", ["group_id", "code", "id"], unique=False)
    op.create_index("uq_unit_code", "unit", ["group_id", sa.text("lower(code)")], unique=True)
    op.create_table(
        "deed",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("responsible_party_id", sa.Uuid(), nullable=False),
        sa.Column("indiviso", sa.Numeric(precision=7, scale=4), nullable=False),
        sa.Column("usage", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint(
            "usage IN ('owner_occupied', 'long_term_rental', 'short_term_rental')", name=op.f("ck_deed_usage")
        ),
        sa.CheckConstraint("ends_on >= starts_on - 1", name=op.f("ck_deed_days")),
        sa.CheckConstraint("indiviso BETWEEN 0 AND 100", name=op.f("ck_deed_indiviso")),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"], ["member.group_id", "member.id"], name=op.f("fk_deed_group_id_recorded_by")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "responsible_party_id"],
            ["party.group_id", "party.id"],
            name=op.f("fk_deed_group_id_responsible_party_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "unit_id"], ["unit.group_id", "unit.id"], name=op.f("fk_deed_group_id_unit_id")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_deed_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_deed")),
        sa.UniqueConstraint("group_id", "idempotency_key", name=op.f("uq_deed_group_id_idempotency_key")),
    )
    op.create_index("ix_deed_responsible_party", "deed", ["group_id", "responsible_party_id"], unique=False)
    op.create_index("ix_deed_unit", "deed", ["group_id", "unit_id", "starts_on"], unique=False)
    op.create_table(
        "deed_owner",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("deed_id", sa.Uuid(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("share", sa.Numeric(precision=7, scale=4), nullable=False),
        sa.CheckConstraint("share > 0 AND share <= 100", name=op.f("ck_deed_owner_share")),
        sa.ForeignKeyConstraint(
            ["group_id", "deed_id"], ["deed.group_id", "deed.id"], name=op.f("fk_deed_owner_group_id_deed_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "party_id"], ["party.group_id", "party.id"], name=op.f("fk_deed_owner_group_id_party_id")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_deed_owner_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_deed_owner")),
        sa.UniqueConstraint("group_id", "deed_id", "party_id", name=op.f("uq_deed_owner_group_id_deed_id_party_id")),
    )
    op.create_index("ix_deed_owner_party", "deed_owner", ["group_id", "party_id"], unique=False)
    op.create_table(
        "allocation_set",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 80", name=op.f("ck_allocation_set_name")),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_allocation_set_group_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_allocation_set_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_allocation_set")),
        sa.UniqueConstraint("group_id", "idempotency_key", name=op.f("uq_allocation_set_group_id_idempotency_key")),
    )
    op.create_index("uq_allocation_set_name", "allocation_set", ["group_id", sa.text("lower(name)")], unique=True)
    op.create_table(
        "allocation_set_deed",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("set_id", sa.Uuid(), nullable=False),
        sa.Column("deed_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id", "deed_id"], ["deed.group_id", "deed.id"], name=op.f("fk_allocation_set_deed_group_id_deed_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "set_id"],
            ["allocation_set.group_id", "allocation_set.id"],
            name=op.f("fk_allocation_set_deed_group_id_set_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_allocation_set_deed_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_allocation_set_deed")),
        sa.UniqueConstraint(
            "group_id", "set_id", "deed_id", name=op.f("uq_allocation_set_deed_group_id_set_id_deed_id")
        ),
    )
    op.create_index("ix_allocation_set_deed_deed", "allocation_set_deed", ["group_id", "deed_id"], unique=False)

    # Columns of text may be written by whoever puts out an erased person's name, so `code` and `name` are among them.
    linked = ("member_id", "subject_id", "details_sealed")
    tenant_table(op, "party", update=("code", "kind", "professional", "name", "family_count", "active", *linked))
    tenant_table(op, "unit", update=("code", "type", "area", "asset_id", "address", "active"))
    tenant_table(op, "deed", update=("responsible_party_id", "usage", "ends_on", "active"))
    tenant_table(op, "deed_owner")
    append_only(op, "deed_owner")
    tenant_table(op, "allocation_set", update=("name", "active"))
    tenant_table(op, "allocation_set_deed", delete=True)
