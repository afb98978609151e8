"""The books: accounts, entries, holds, closing, and the functions that alone write them."""

import sqlalchemy as sa
from alembic import op

from app.ledgers.models import Xid8
from migrations.tables import append_only, function, run, tenant_table

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("normal", sa.SmallInteger(), nullable=False),
        sa.Column("floor", sa.Text(), nullable=False),
        sa.Column("owner_kind", sa.Text(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("floor IN ('none', 'never', 'confirm')", name=op.f("ck_account_floor")),
        sa.CheckConstraint(
            "normal = CASE WHEN type IN ('asset', 'expense') THEN 1 ELSE -1 END", name=op.f("ck_account_normal")
        ),
        sa.CheckConstraint(
            "type IN ('asset', 'liability', 'equity', 'income', 'expense')", name=op.f("ck_account_type")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_account_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_account")),
        sa.UniqueConstraint("group_id", "code", name=op.f("uq_account_group_id_code")),
        sa.UniqueConstraint(
            "group_id",
            "kind",
            "owner_id",
            name=op.f("uq_account_group_id_kind_owner_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "ledger_head",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("closed_through", sa.Date(), server_default=sa.text("'0001-01-01'"), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_ledger_head_group_id")),
        sa.PrimaryKeyConstraint("group_id", name=op.f("pk_ledger_head")),
        postgresql_with={"fillfactor": 50},
    )
    op.create_table(
        "account_balance",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("balance", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("held", sa.Numeric(precision=20, scale=4), server_default=sa.text("0"), nullable=False),
        sa.Column("postings", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id", "account_id"],
            ["account.group_id", "account.id"],
            name=op.f("fk_account_balance_group_id_account_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_account_balance_group_id")),
        sa.PrimaryKeyConstraint("group_id", "account_id", name=op.f("pk_account_balance")),
        postgresql_with={"fillfactor": 50},
    )
    op.create_table(
        "balance_checkpoint",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("through", sa.Date(), nullable=False),
        sa.Column("balance", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id", "account_id"],
            ["account.group_id", "account.id"],
            name=op.f("fk_balance_checkpoint_group_id_account_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_balance_checkpoint_group_id")),
        sa.PrimaryKeyConstraint("group_id", "account_id", "through", name=op.f("pk_balance_checkpoint")),
    )
    op.create_table(
        "closed_period",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("through", sa.Date(), nullable=False),
        sa.Column("entry_number", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_closed_period_group_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_closed_period_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_closed_period")),
        sa.UniqueConstraint("group_id", "through", name=op.f("uq_closed_period_group_id_through")),
    )
    op.create_table(
        "entry",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source_kind", sa.Text(), nullable=True),
        sa.Column("source_id", sa.Uuid(), nullable=True),
        sa.Column("idempotency_key", sa.Text(), nullable=True),
        sa.Column("reverses_id", sa.Uuid(), nullable=True),
        sa.Column("replacement_id", sa.Uuid(), nullable=True),
        sa.Column("note_digest", sa.Text(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("previous_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("xact", Xid8(), server_default=sa.text("pg_current_xact_id()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"], ["member.group_id", "member.id"], name=op.f("fk_entry_group_id_recorded_by")
        ),
        sa.CheckConstraint("replacement_id IS NULL OR reverses_id IS NOT NULL", name=op.f("ck_entry_replacement")),
        sa.ForeignKeyConstraint(
            ["group_id", "replacement_id"],
            ["entry.group_id", "entry.id"],
            name=op.f("fk_entry_group_id_replacement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "reverses_id"], ["entry.group_id", "entry.id"], name=op.f("fk_entry_group_id_reverses_id")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_entry_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_entry")),
        sa.UniqueConstraint("group_id", "idempotency_key", name=op.f("uq_entry_group_id_idempotency_key")),
        sa.UniqueConstraint("group_id", "number", name=op.f("uq_entry_group_id_number")),
        sa.UniqueConstraint("group_id", "reverses_id", name=op.f("uq_entry_group_id_reverses_id")),
    )
    op.create_index(
        "ix_entry_day",
        "entry",
        ["group_id", sa.literal_column("effective_on DESC"), sa.literal_column("number DESC")],
        unique=False,
    )
    op.create_index("ix_entry_replacement", "entry", ["group_id", "replacement_id"], unique=False)
    op.create_index("ix_entry_source", "entry", ["group_id", "source_kind", "source_id"], unique=False)
    op.create_table(
        "hold",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("source_kind", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_hold_amount")),
        sa.ForeignKeyConstraint(
            ["group_id", "account_id"], ["account.group_id", "account.id"], name=op.f("fk_hold_group_id_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"], ["member.group_id", "member.id"], name=op.f("fk_hold_group_id_recorded_by")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_hold_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_hold")),
    )
    op.create_index("ix_hold_account", "hold", ["group_id", "account_id"], unique=False)
    op.create_table(
        "entry_note",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id", "id"], ["entry.group_id", "entry.id"], name=op.f("fk_entry_note_group_id_id")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_entry_note_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_entry_note")),
    )
    op.create_table(
        "hold_release",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hold_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "hold_id"], ["hold.group_id", "hold.id"], name=op.f("fk_hold_release_group_id_hold_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_hold_release_group_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_hold_release_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_hold_release")),
        sa.UniqueConstraint("group_id", "hold_id", name=op.f("uq_hold_release_group_id_hold_id")),
    )
    op.create_table(
        "posting",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("entry_number", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_posting_amount")),
        sa.ForeignKeyConstraint(
            ["group_id", "account_id"], ["account.group_id", "account.id"], name=op.f("fk_posting_group_id_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "entry_id"], ["entry.group_id", "entry.id"], name=op.f("fk_posting_group_id_entry_id")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_posting_group_id")),
        sa.PrimaryKeyConstraint("group_id", "entry_id", "line", name=op.f("pk_posting")),
    )
    op.create_index(
        "ix_posting_account",
        "posting",
        ["group_id", "account_id", "effective_on", "entry_number"],
        unique=False,
        postgresql_include=["amount"],
    )
    # ### end Alembic commands ###

    for table in ("account", "account_balance", "ledger_head"):
        tenant_table(op, table, insert=table == "account", update=("name",) if table == "account" else ())
    for table in ("entry", "posting", "balance_checkpoint", "closed_period", "hold", "hold_release"):
        tenant_table(op, table, insert=False)
        append_only(op, table)
    tenant_table(op, "entry_note")
    append_only(op, "entry_note")
    # Insert-only tables are otherwise never vacuumed, and sums over them lose the visibility map.
    for table in ("entry", "posting"):
        run(op, f"ALTER TABLE {table} SET (autovacuum_vacuum_insert_scale_factor = 0.02)")
    function(op, "ledger_functions_v1")
    may_analyze()


def may_analyze() -> None:
    """Let the worker refresh the statistics after a first big batch; the privilege exists from PostgreSQL 17."""
    version = op.get_bind().exec_driver_sql("SELECT current_setting('server_version_num')::int").scalar_one()
    if version >= 170000:
        run(op, "GRANT MAINTAIN ON entry, posting, account_balance TO pp_app, pp_worker")
