"""Tax rates as dated data, with those of Morocco."""

import uuid
from datetime import date

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.tables import append_only, run

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

Bracket = tuple[str | None, str, str]  # through, rate, less
# Of all days before 2025 the last rates of before are the nearest that we know.
EARLIER, SINCE_2025 = date(2000, 1, 1), date(2025, 1, 1)


def upgrade() -> None:
    versions = op.create_table(
        "tax_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("data", postgresql.JSONB(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.CheckConstraint("country ~ '^[A-Z]{2}$'", name=op.f("ck_tax_version_country")),
        sa.CheckConstraint("kind IN ('rent_withholding', 'rent_income')", name=op.f("ck_tax_version_kind")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_tax_version_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tax_version")),
    )
    op.create_index("ix_tax_version_country", "tax_version", ["country", "kind", "starts_on", "at"], unique=False)
    op.bulk_insert(versions, _of_morocco())
    walls()


def walls() -> None:
    """Everybody reads rates; staff of today append them, in their own name."""
    append_only(op, "tax_version")
    run(
        op,
        """
        ALTER TABLE tax_version ENABLE ROW LEVEL SECURITY;
        ALTER TABLE tax_version FORCE ROW LEVEL SECURITY;
        CREATE POLICY everybody ON tax_version FOR SELECT USING (true);
        CREATE POLICY staff ON tax_version FOR INSERT TO pp_platform
            WITH CHECK ((SELECT app.is_staff()) AND user_id = (SELECT app.uid()));
        GRANT SELECT ON tax_version TO pp_app, pp_worker, pp_platform;
        GRANT INSERT ON tax_version TO pp_platform;
        """,
    )


def _of_morocco() -> list[dict[str, object]]:
    before: list[Bracket] = [("30000", "0", "0"), ("50000", "10", "3000"), ("60000", "20", "8000")]
    before += [("80000", "30", "14000"), ("180000", "34", "17200"), (None, "38", "24400")]
    since: list[Bracket] = [("40000", "0", "0"), ("60000", "10", "4000"), ("80000", "20", "10000")]
    since += [("100000", "30", "18000"), ("180000", "34", "22000"), (None, "37", "27400")]
    return [
        _row(1, "rent_withholding", EARLIER, _withholding("30000", None)),
        _row(2, "rent_withholding", SINCE_2025, _withholding("40000", "20")),
        _row(3, "rent_income", EARLIER, _income(before, "360", "2160")),
        _row(4, "rent_income", SINCE_2025, _income(since, "500", "3000")),
    ]


def _row(number: int, kind: str, starts_on: date, data: dict[str, object]) -> dict[str, object]:
    # The same ids in every installation, so that an export names the same version everywhere.
    id_ = uuid.uuid5(uuid.NAMESPACE_URL, f"tax_version/MA/{number}")
    note = "Morocco, since 2025" if starts_on == SINCE_2025 else "Morocco, before 2025"
    return {"id": id_, "country": "MA", "kind": kind, "starts_on": starts_on, "data": data, "note": note}


def _withholding(free_through: str, final_rate: str | None) -> dict[str, object]:
    bands = [("0", "0", True), (free_through, "10", False), ("120000", "15", True)]
    return {
        "bands": [{"start": start, "rate": rate, "exactly": exactly} for start, rate, exactly in bands],
        "final_rate": final_rate,
    }


def _income(brackets: list[Bracket], per_person: str, most: str) -> dict[str, object]:
    return {
        "brackets": [{"upto": upto, "rate": rate, "less": less} for upto, rate, less in brackets],
        "taxable_percent": "60",
        "per_person": per_person,
        "most_for_family": most,
    }
