"""Which contributions a use of savings was taken from, and since when a member is in the exit queue."""

import sqlalchemy as sa
from alembic import op

from migrations.tables import append_only, backfill, function, run, tenant_table

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "savings_use",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_savings_use_amount")),
        sa.ForeignKeyConstraint(
            ["group_id", "account_id"],
            ["account.group_id", "account.id"],
            name=op.f("fk_savings_use_group_id_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "entry_id"], ["entry.group_id", "entry.id"], name=op.f("fk_savings_use_group_id_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "lot_id"], ["entry.group_id", "entry.id"], name=op.f("fk_savings_use_group_id_lot_id")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_savings_use_group_id")),
        sa.PrimaryKeyConstraint("group_id", "entry_id", "account_id", "lot_id", name=op.f("pk_savings_use")),
    )
    op.create_index("ix_savings_use_account", "savings_use", ["group_id", "account_id", "lot_id"], unique=False)
    op.create_index("ix_savings_use_lot", "savings_use", ["group_id", "lot_id"], unique=False)
    tenant_table(op, "savings_use", insert=False)  # written by the function alone
    append_only(op, "savings_use")
    function(op, "savings_lots_v1")
    op.add_column("member", sa.Column("leaving_since", sa.DateTime(timezone=True), nullable=True))
    run(op, "GRANT UPDATE (leaving_since) ON member TO pp_app, pp_worker;")
    with backfill(op):
        run(op, _PAST)


# What was reversed before is out of the way first: the lot of a reversed contribution is its reversal's, and a reversed
# use took nothing. The rest took the oldest, in the order of the books.
_PAST = """
DO $$
DECLARE grp record; found uuid;
BEGIN
  FOR grp IN SELECT h.group_id FROM ledger_head h LOOP
    PERFORM set_config('app.group_id', grp.group_id::text, true);
    INSERT INTO savings_use (group_id, entry_id, lot_id, account_id, amount)
    SELECT grp.group_id, r.id, r.reverses_id, p.account_id, sum(p.amount)
      FROM entry r
      JOIN posting p ON (p.group_id, p.entry_id) = (r.group_id, r.id)
      JOIN account a ON (a.group_id, a.id) = (p.group_id, p.account_id) AND a.kind = 'savings'
     WHERE r.group_id = grp.group_id AND r.reverses_id IS NOT NULL
     GROUP BY r.id, r.reverses_id, p.account_id HAVING sum(p.amount) > 0;
    FOR found IN
      SELECT e.id FROM entry e
        JOIN posting p ON (p.group_id, p.entry_id) = (e.group_id, e.id) AND p.amount > 0
        JOIN account a ON (a.group_id, a.id) = (p.group_id, p.account_id) AND a.kind = 'savings'
       WHERE e.group_id = grp.group_id AND e.reverses_id IS NULL
         AND NOT EXISTS (SELECT 1 FROM entry r WHERE (r.group_id, r.reverses_id) = (e.group_id, e.id))
       GROUP BY e.id, e.number ORDER BY e.number
    LOOP
      PERFORM ledger.use_savings(ARRAY[found]);
    END LOOP;
  END LOOP;
  PERFORM set_config('app.group_id', '', true);
END $$;
"""
