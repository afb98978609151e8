"""Runs of receipts, receipts, their reversals, and owners' choices of tax."""

import sqlalchemy as sa
from alembic import op

from migrations.tables import append_only, function, tenant_table

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

SAME = ["group_id", "id", "assignment_id", "period"]


def upgrade() -> None:
    op.create_table(
        "rent_batch",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("started_by", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("period ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'", name=op.f("ck_rent_batch_period")),
        sa.ForeignKeyConstraint(
            ["group_id", "message_id"], ["outbox.group_id", "outbox.id"], name=op.f("fk_rent_batch_group_id_message_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "started_by"], ["member.group_id", "member.id"], name=op.f("fk_rent_batch_group_id_started_by")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "unit_id"], ["unit.group_id", "unit.id"], name=op.f("fk_rent_batch_group_id_unit_id")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_rent_batch_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_rent_batch")),
        sa.UniqueConstraint("group_id", "idempotency_key", name=op.f("uq_rent_batch_group_id_idempotency_key")),
        sa.UniqueConstraint(
            "group_id",
            "period",
            "unit_id",
            "turn",
            name=op.f("uq_rent_batch_group_id_period_unit_id_turn"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "rent_batch_step",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("upto", sa.Text(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("receipts", sa.Integer(), nullable=False),
        sa.Column("known", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("charges", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("withheld", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id", "batch_id"],
            ["rent_batch.group_id", "rent_batch.id"],
            name=op.f("fk_rent_batch_step_group_id_batch_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_rent_batch_step_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_rent_batch_step")),
        sa.UniqueConstraint("group_id", "batch_id", "number", name=op.f("uq_rent_batch_step_group_id_batch_id_number")),
    )
    op.create_table(
        "rent_batch_skip",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "reason IN ('gap', 'not_let', 'nothing', 'changed')", name=op.f("ck_rent_batch_skip_reason")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "batch_id"],
            ["rent_batch.group_id", "rent_batch.id"],
            name=op.f("fk_rent_batch_skip_group_id_batch_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "unit_id"], ["unit.group_id", "unit.id"], name=op.f("fk_rent_batch_skip_group_id_unit_id")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_rent_batch_skip_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_rent_batch_skip")),
        sa.UniqueConstraint(
            "group_id", "batch_id", "unit_id", name=op.f("uq_rent_batch_skip_group_id_batch_id_unit_id")
        ),
    )
    op.create_index("ix_rent_batch_skip_code", "rent_batch_skip", ["group_id", "batch_id", "unit_code"], unique=False)
    op.create_table(
        "rent_batch_year",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("gross", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id", "batch_id"],
            ["rent_batch.group_id", "rent_batch.id"],
            name=op.f("fk_rent_batch_year_group_id_batch_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "client_id"],
            ["party.group_id", "party.id"],
            name=op.f("fk_rent_batch_year_group_id_client_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "owner_id"], ["party.group_id", "party.id"], name=op.f("fk_rent_batch_year_group_id_owner_id")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_rent_batch_year_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_rent_batch_year")),
        sa.UniqueConstraint(
            "group_id",
            "batch_id",
            "owner_id",
            "client_id",
            name=op.f("uq_rent_batch_year_group_id_batch_id_owner_id_client_id"),
        ),
    )
    op.create_table(
        "receipt",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("lease_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("percent", sa.Numeric(precision=7, scale=4), nullable=False),
        sa.Column("rent", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("charges", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("ras_ir", sa.Boolean(), nullable=False),
        sa.Column("rate", sa.Numeric(precision=7, scale=4), nullable=False),
        sa.Column("final", sa.Boolean(), nullable=False),
        sa.Column("annual_gross", sa.Numeric(precision=20, scale=4), nullable=True),
        sa.Column("withheld", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("net", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("issued_by", sa.Uuid(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("after_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("period ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'", name=op.f("ck_receipt_period")),
        sa.CheckConstraint(
            "amount >= 0 AND charges >= 0 AND withheld >= 0 AND net >= 0", name=op.f("ck_receipt_amounts")
        ),
        sa.CheckConstraint("net + charges > 0 AND net = amount - withheld", name=op.f("ck_receipt_net")),
        sa.CheckConstraint("ras_ir = (rate > 0) AND (ras_ir OR withheld = 0)", name=op.f("ck_receipt_tax")),
        sa.ForeignKeyConstraint(
            ["group_id", "assignment_id"],
            ["assignment.group_id", "assignment.id"],
            name=op.f("fk_receipt_group_id_assignment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "batch_id"],
            ["rent_batch.group_id", "rent_batch.id"],
            name=op.f("fk_receipt_group_id_batch_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "client_id"], ["party.group_id", "party.id"], name=op.f("fk_receipt_group_id_client_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "entry_id"], ["entry.group_id", "entry.id"], name=op.f("fk_receipt_group_id_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "issued_by"], ["member.group_id", "member.id"], name=op.f("fk_receipt_group_id_issued_by")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "lease_id"], ["lease.group_id", "lease.id"], name=op.f("fk_receipt_group_id_lease_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "owner_id"], ["party.group_id", "party.id"], name=op.f("fk_receipt_group_id_owner_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "unit_id"], ["unit.group_id", "unit.id"], name=op.f("fk_receipt_group_id_unit_id")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_receipt_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_receipt")),
        sa.UniqueConstraint(
            "group_id", "assignment_id", "period", "after_id", name="uq_receipt_one", postgresql_nulls_not_distinct=True
        ),
        sa.UniqueConstraint("group_id", "id", "assignment_id", "period", name="uq_receipt_same"),
        sa.UniqueConstraint("group_id", "year", "number", name=op.f("uq_receipt_group_id_year_number")),
    )
    op.create_index("ix_receipt_batch", "receipt", ["group_id", "batch_id", "year", "number"], unique=False)
    op.create_index("ix_receipt_client", "receipt", ["group_id", "client_id", "period"], unique=False)
    op.create_index("ix_receipt_owner", "receipt", ["group_id", "owner_id", "period"], unique=False)
    op.create_index("ix_receipt_period", "receipt", ["group_id", "period", "year", "number"], unique=False)
    op.create_index("ix_receipt_unit", "receipt", ["group_id", "unit_id", "period"], unique=False)
    op.create_table(
        "receipt_reversal",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("receipt_id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("reversed_by", sa.Uuid(), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("reversed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id", "approved_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_receipt_reversal_group_id_approved_by"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "entry_id"], ["entry.group_id", "entry.id"], name=op.f("fk_receipt_reversal_group_id_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "receipt_id", "assignment_id", "period"],
            ["receipt.group_id", "receipt.id", "receipt.assignment_id", "receipt.period"],
            name="fk_receipt_reversal_receipt",
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "reversed_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_receipt_reversal_group_id_reversed_by"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_receipt_reversal_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_receipt_reversal")),
        sa.UniqueConstraint("group_id", "id", "assignment_id", "period", name="uq_receipt_reversal_same"),
        sa.UniqueConstraint("group_id", "receipt_id", name=op.f("uq_receipt_reversal_group_id_receipt_id")),
        sa.UniqueConstraint("group_id", "year", "number", name=op.f("uq_receipt_reversal_group_id_year_number")),
    )
    op.create_table(
        "tax_option",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("final", sa.Boolean(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("extract(day FROM starts_on) = 1", name=op.f("ck_tax_option_month")),
        sa.ForeignKeyConstraint(
            ["group_id", "client_id"], ["party.group_id", "party.id"], name=op.f("fk_tax_option_group_id_client_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "owner_id"], ["party.group_id", "party.id"], name=op.f("fk_tax_option_group_id_owner_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_tax_option_group_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_tax_option_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_tax_option")),
    )
    op.create_index(
        "ix_tax_option_owner", "tax_option", ["group_id", "owner_id", "client_id", "starts_on"], unique=False
    )
    # Each names the other: a reversal its receipt, and the receipt that follows it the reversal.
    op.create_foreign_key(
        "fk_receipt_after", "receipt", "receipt_reversal", ["group_id", "after_id", "assignment_id", "period"], SAME
    )
    tables = ("rent_batch", "rent_batch_step", "rent_batch_skip", "rent_batch_year")
    for table in (*tables, "receipt", "receipt_reversal", "tax_option"):
        tenant_table(op, table)
        append_only(op, table)
    function(op, "receipt_numbers_v1")
