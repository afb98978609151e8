"""Imported files, their lines and what became of them; reconciliation."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.tables import append_only, tenant_table

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_file",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("options", postgresql.JSONB(), nullable=False),
        sa.Column("cash_account_id", sa.Uuid(), nullable=True),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("uploaded_by", sa.Uuid(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('members', 'contributions', 'opening', 'statement')", name=op.f("ck_import_file_kind")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "cash_account_id"],
            ["cash_account.group_id", "cash_account.id"],
            name=op.f("fk_import_file_group_id_cash_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "uploaded_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_import_file_group_id_uploaded_by"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_import_file_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_import_file")),
        sa.UniqueConstraint("group_id", "idempotency_key", name=op.f("uq_import_file_group_id_idempotency_key")),
    )
    op.create_index("ix_import_file_digest", "import_file", ["group_id", "digest"], unique=False)
    op.create_table(
        "line_destination",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cash_account_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.Column("named_by", sa.Uuid(), nullable=True),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id", "cash_account_id"],
            ["cash_account.group_id", "cash_account.id"],
            name=op.f("fk_line_destination_group_id_cash_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "named_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_line_destination_group_id_named_by"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "target_id"],
            ["cash_account.group_id", "cash_account.id"],
            name=op.f("fk_line_destination_group_id_target_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_line_destination_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_line_destination")),
    )
    op.create_index(
        "ix_line_destination_digest", "line_destination", ["group_id", "cash_account_id", "digest"], unique=False
    )
    op.create_table(
        "reconciliation",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cash_account_id", sa.Uuid(), nullable=False),
        sa.Column("through", sa.Date(), nullable=False),
        sa.Column("balance", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "cash_account_id"],
            ["cash_account.group_id", "cash_account.id"],
            name=op.f("fk_reconciliation_group_id_cash_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_reconciliation_group_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_reconciliation_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_reconciliation")),
        sa.UniqueConstraint(
            "group_id", "cash_account_id", "through", name=op.f("uq_reconciliation_group_id_cash_account_id_through")
        ),
    )
    op.create_table(
        "import_content",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id", "file_id"],
            ["import_file.group_id", "import_file.id"],
            name=op.f("fk_import_content_group_id_file_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_import_content_group_id")),
        sa.PrimaryKeyConstraint("group_id", "file_id", name=op.f("pk_import_content")),
    )
    op.create_table(
        "import_event",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("result", postgresql.JSONB(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('previewed', 'asked', 'confirmed', 'abandoned')", name=op.f("ck_import_event_state")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "file_id"],
            ["import_file.group_id", "import_file.id"],
            name=op.f("fk_import_event_group_id_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_import_event_group_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_import_event_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_import_event")),
        sa.UniqueConstraint("group_id", "file_id", "number", name=op.f("uq_import_event_group_id_file_id_number")),
    )
    op.create_table(
        "statement_line",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("cash_account_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("balance", sa.Numeric(precision=20, scale=4), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint(
            "kind IN ('paid_in', 'charge', 'to_bank', 'to_agent', 'reversal', 'other')",
            name=op.f("ck_statement_line_kind"),
        ),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_statement_line_amount")),
        sa.ForeignKeyConstraint(
            ["group_id", "cash_account_id"],
            ["cash_account.group_id", "cash_account.id"],
            name=op.f("fk_statement_line_group_id_cash_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "file_id"],
            ["import_file.group_id", "import_file.id"],
            name=op.f("fk_statement_line_group_id_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_statement_line_group_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_statement_line_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_statement_line")),
        sa.UniqueConstraint(
            "group_id", "cash_account_id", "key", name=op.f("uq_statement_line_group_id_cash_account_id_key")
        ),
    )
    op.create_index(
        "ix_statement_line_order", "statement_line", ["group_id", "cash_account_id", "at", "place"], unique=False
    )
    op.create_table(
        "line_allocation",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=True),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("reverses_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("(what = 'release') = (reverses_id IS NOT NULL)", name=op.f("ck_line_allocation_release")),
        sa.CheckConstraint(
            "num_nonnulls(payment_id, entry_id) = CASE WHEN what = 'release' THEN 0 ELSE 1 END",
            name=op.f("ck_line_allocation_record"),
        ),
        sa.CheckConstraint(
            "what IN ('unallocated', 'payment', 'charge', 'transfer', 'category', 'other', 'entry', 'release')",
            name=op.f("ck_line_allocation_what"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "entry_id"], ["entry.group_id", "entry.id"], name=op.f("fk_line_allocation_group_id_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "line_id"],
            ["statement_line.group_id", "statement_line.id"],
            name=op.f("fk_line_allocation_group_id_line_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "payment_id"],
            ["payment.group_id", "payment.id"],
            name=op.f("fk_line_allocation_group_id_payment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_line_allocation_group_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "reverses_id"],
            ["line_allocation.group_id", "line_allocation.id"],
            name=op.f("fk_line_allocation_group_id_reverses_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_line_allocation_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_line_allocation")),
        sa.UniqueConstraint("group_id", "line_id", "number", name=op.f("uq_line_allocation_group_id_line_id_number")),
        sa.UniqueConstraint("group_id", "reverses_id", name=op.f("uq_line_allocation_group_id_reverses_id")),
    )
    op.create_index("ix_line_allocation_entry", "line_allocation", ["group_id", "entry_id"], unique=False)
    op.create_index("ix_line_allocation_payment", "line_allocation", ["group_id", "payment_id"], unique=False)
    tenant_table(op, "import_content", delete=True)
    for table in ("import_file", "import_event", "line_destination"):
        tenant_table(op, table)
    for table in ("statement_line", "line_allocation", "reconciliation"):
        tenant_table(op, table)
        append_only(op, table)
