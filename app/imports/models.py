"""Imported files, the lines of statements, what became of each line, and what was reconciled."""

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.tenancy import Base, Owned, Tenant, composite

KINDS = "'members', 'contributions', 'opening', 'statement', 'units', 'parties', 'leases', 'assignments'"


class ImportFile(Tenant, Base):
    """A file somebody gave us: known by its digest; its name is sealed, since people name files after people."""

    __tablename__ = "import_file"
    __table_args__ = (
        composite("cash_account_id", to="cash_account"),
        composite("uploaded_by", to="member"),
        sa.UniqueConstraint("group_id", "idempotency_key"),
        sa.CheckConstraint(f"kind IN ({KINDS})", name="kind"),
        sa.Index("ix_import_file_digest", "group_id", "digest"),
    )

    kind: Mapped[str]
    digest: Mapped[bytes]
    name: Mapped[bytes]
    options: Mapped[dict[str, Any]]  # what was chosen beside the file: days, never names
    cash_account_id: Mapped[uuid.UUID | None]
    idempotency_key: Mapped[str]
    uploaded_by: Mapped[uuid.UUID]
    uploaded_at: Mapped[datetime]


class ImportContent(Owned, Base):
    """What is in a file between preview and confirmation, sealed; afterwards it is deleted, whatever was decided."""

    __tablename__ = "import_content"
    __table_args__ = (composite("file_id", to="import_file"),)

    file_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    sealed: Mapped[bytes]


class ImportEvent(Tenant, Base):
    """What happened to a file: previewed, asked (waits for a second person), confirmed or abandoned."""

    __tablename__ = "import_event"
    __table_args__ = (
        composite("file_id", to="import_file"),
        composite("recorded_by", to="member"),
        sa.UniqueConstraint("group_id", "file_id", "number"),
        sa.CheckConstraint("state IN ('previewed', 'asked', 'confirmed', 'abandoned')", name="state"),
    )

    file_id: Mapped[uuid.UUID]
    number: Mapped[int]
    state: Mapped[str]
    result: Mapped[dict[str, Any]]  # counts and amounts, for the page afterwards
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime]


class ImportedLine(Tenant, Base):
    """A completed line of a statement, once in its cash account however many files print it.

    `place` keeps the order of lines of one second. What is personal is sealed with the payer's key, else the group's.
    """

    __tablename__ = "statement_line"
    __table_args__ = (
        composite("file_id", to="import_file"),
        composite("cash_account_id", to="cash_account"),
        composite("recorded_by", to="member"),
        sa.UniqueConstraint("group_id", "cash_account_id", "key"),
        sa.CheckConstraint("amount <> 0", name="amount"),
        sa.CheckConstraint("kind IN ('paid_in', 'charge', 'to_bank', 'to_agent', 'reversal', 'other')", name="kind"),
        sa.Index("ix_statement_line_order", "group_id", "cash_account_id", "at", "place"),
    )

    file_id: Mapped[uuid.UUID]
    cash_account_id: Mapped[uuid.UUID]
    key: Mapped[str]
    at: Mapped[datetime]
    day: Mapped[date]
    place: Mapped[int]
    amount: Mapped[Decimal]
    balance: Mapped[Decimal | None]
    kind: Mapped[str]
    subject_id: Mapped[uuid.UUID]
    sealed: Mapped[bytes]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class LineAllocation(Tenant, Base):
    """What a line was made into: a payment, or an entry; or the taking back of an earlier allocation.

    `unallocated` says that the money came in and waits. The last row that still stands says what the line is.
    """

    __tablename__ = "line_allocation"
    __table_args__ = (
        composite("line_id", to="statement_line"),
        composite("payment_id", to="payment"),
        composite("entry_id", to="entry"),
        composite("reverses_id", to="line_allocation"),
        composite("recorded_by", to="member"),
        sa.UniqueConstraint("group_id", "line_id", "number"),
        sa.UniqueConstraint("group_id", "reverses_id"),
        sa.CheckConstraint(
            "what IN ('unallocated', 'payment', 'charge', 'transfer', 'category', 'other', 'entry', 'rent', 'release')",
            name="what",
        ),
        sa.CheckConstraint(
            "num_nonnulls(payment_id, entry_id) = CASE WHEN what = 'release' THEN 0 ELSE 1 END", name="record"
        ),
        sa.CheckConstraint("(what = 'release') = (reverses_id IS NOT NULL)", name="release"),
        sa.Index("ix_line_allocation_payment", "group_id", "payment_id"),
        sa.Index("ix_line_allocation_entry", "group_id", "entry_id"),
    )

    line_id: Mapped[uuid.UUID]
    number: Mapped[int]
    what: Mapped[str]
    payment_id: Mapped[uuid.UUID | None]
    entry_id: Mapped[uuid.UUID | None]
    reverses_id: Mapped[uuid.UUID | None]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class LineDestination(Tenant, Base):
    """Where withdrawals with certain words go: named once, the latest row counts.

    The words hold numbers of bank accounts, so they are known by a digest.
    """

    __tablename__ = "line_destination"
    __table_args__ = (
        composite("cash_account_id", to="cash_account"),
        composite("target_id", to="cash_account"),
        composite("named_by", to="member"),
        sa.Index("ix_line_destination_digest", "group_id", "cash_account_id", "digest"),
    )

    cash_account_id: Mapped[uuid.UUID]
    digest: Mapped[bytes]
    target_id: Mapped[uuid.UUID]
    named_by: Mapped[uuid.UUID | None]
    named_at: Mapped[datetime]


class StatementMapping(Tenant, Base):
    """What the columns of statements with one header are in one cash account: said for a file, the latest row counts.

    A file is read with the latest row said for itself, else with the one that was the latest when it came.
    """

    __tablename__ = "statement_mapping"
    __table_args__ = (
        composite("cash_account_id", to="cash_account"),
        composite("file_id", to="import_file"),
        composite("made_by", to="member"),
        sa.UniqueConstraint("group_id", "idempotency_key"),
        sa.CheckConstraint("decimal_sign IN ('.', ',')", name="decimal_sign"),
        sa.CheckConstraint("day_order IN ('dmy', 'mdy', 'ymd')", name="day_order"),
        sa.Index("ix_statement_mapping_digest", "group_id", "cash_account_id", "digest"),
        sa.Index("ix_statement_mapping_file", "group_id", "file_id"),
    )

    cash_account_id: Mapped[uuid.UUID]
    file_id: Mapped[uuid.UUID]
    digest: Mapped[bytes]  # of the titles
    columns: Mapped[dict[str, Any]]  # our columns, by the place of theirs: no word of the file
    decimal_sign: Mapped[str]
    day_order: Mapped[str]
    idempotency_key: Mapped[str]
    made_by: Mapped[uuid.UUID]
    made_at: Mapped[datetime]


class Reconciliation(Tenant, Base):
    """Somebody saw that every line of an account through a day is allocated and that all balances agree."""

    __tablename__ = "reconciliation"
    __table_args__ = (
        composite("cash_account_id", to="cash_account"),
        composite("recorded_by", to="member"),
        sa.UniqueConstraint("group_id", "cash_account_id", "through"),
    )

    cash_account_id: Mapped[uuid.UUID]
    through: Mapped[date]
    balance: Mapped[Decimal]
    lines: Mapped[int]
    recorded_by: Mapped[uuid.UUID]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())
