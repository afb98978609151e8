"""The tables of the books: read through the ORM, the entries written only by the functions of schema `ledger`."""

import uuid
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.tenancy import Base, Owned, Tenant, composite
from app.ledgers.chart import CHART, NAMED_OWNERS


class Xid8(sa.types.UserDefinedType[str]):
    """PostgreSQL's 64-bit transaction id: a line may only join an entry of its own transaction."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        return "xid8"


class LedgerHead(Owned, Base):
    """The group's last number and hash and its closed days; every posting takes it first, the group's only lock."""

    __tablename__ = "ledger_head"
    __table_args__ = {"postgresql_with": {"fillfactor": 50}}  # SQLAlchemy reads it as a class value

    number: Mapped[int] = mapped_column(sa.BigInteger)
    hash: Mapped[bytes]
    closed_through: Mapped[date] = mapped_column(server_default=sa.text("'0001-01-01'"))


class Account(Tenant, Base):
    """An account of the chart. `kind` says what it is for, `owner_id` whose, `code` is what people see."""

    __tablename__ = "account"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "code"),
        sa.UniqueConstraint("group_id", "kind", "owner_id", postgresql_nulls_not_distinct=True),
        sa.CheckConstraint("type IN ('asset', 'liability', 'equity', 'income', 'expense')", name="type"),
        sa.CheckConstraint("floor IN ('none', 'never', 'confirm')", name="floor"),
        sa.CheckConstraint("normal = CASE WHEN type IN ('asset', 'expense') THEN 1 ELSE -1 END", name="normal"),
    )

    code: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    type: Mapped[str]
    normal: Mapped[int] = mapped_column(sa.SmallInteger)
    floor: Mapped[str]
    owner_kind: Mapped[str | None]
    owner_id: Mapped[uuid.UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    balance_row: Mapped["AccountBalance | None"] = relationship(
        primaryjoin="and_(foreign(AccountBalance.account_id) == Account.id,"
        " AccountBalance.group_id == Account.group_id)",
        viewonly=True,
        uselist=False,
    )

    @property
    def label(self) -> str:
        """What people read: its own name where it was given one, else what the chart calls it in their language."""
        return self.name if self.owner_kind in NAMED_OWNERS else str(CHART[self.kind].name)


class Entry(Tenant, Base):
    """One event in the books: numbered without gaps in its group and chained to the one before."""

    __tablename__ = "entry"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "number"),
        sa.UniqueConstraint("group_id", "idempotency_key"),
        sa.UniqueConstraint("group_id", "reverses_id"),
        composite("reverses_id", to="entry"),
        composite("replacement_id", to="entry"),
        composite("recorded_by", to="member"),
        sa.CheckConstraint("replacement_id IS NULL OR reverses_id IS NOT NULL", name="replacement"),
        sa.Index("ix_entry_replacement", "group_id", "replacement_id"),
        sa.Index("ix_entry_day", "group_id", sa.text("effective_on DESC"), sa.text("number DESC")),
        sa.Index("ix_entry_source", "group_id", "source_kind", "source_id"),
    )

    number: Mapped[int] = mapped_column(sa.BigInteger)
    kind: Mapped[str]
    effective_on: Mapped[date]
    recorded_at: Mapped[datetime]
    source_kind: Mapped[str | None]
    source_id: Mapped[uuid.UUID | None]
    idempotency_key: Mapped[str | None]
    reverses_id: Mapped[uuid.UUID | None]
    replacement_id: Mapped[uuid.UUID | None]  # of a reversal: the entry that says it right
    note_digest: Mapped[str | None]
    recorded_by: Mapped[uuid.UUID | None]
    previous_hash: Mapped[bytes]
    hash: Mapped[bytes]
    xact: Mapped[str] = mapped_column(Xid8, server_default=sa.text("pg_current_xact_id()"), deferred=True)
    postings: Mapped[list["Posting"]] = relationship(
        primaryjoin="and_(foreign(Posting.entry_id) == Entry.id, Posting.group_id == Entry.group_id)",
        order_by="Posting.line",
        viewonly=True,
    )


class Posting(Owned, Base):
    """A line of an entry: a signed amount, debit positive. Day and number repeat the entry's for the index."""

    __tablename__ = "posting"
    __table_args__ = (
        composite("entry_id", to="entry"),
        composite("account_id", to="account"),
        sa.CheckConstraint("amount <> 0", name="amount"),
        sa.Index(
            "ix_posting_account",
            "group_id",
            "account_id",
            "effective_on",
            "entry_number",
            postgresql_include=["amount"],
        ),
    )

    entry_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[uuid.UUID]
    amount: Mapped[Decimal]
    effective_on: Mapped[date]
    entry_number: Mapped[int] = mapped_column(sa.BigInteger)
    account: Mapped[Account] = relationship(
        primaryjoin="and_(foreign(Posting.account_id) == Account.id, Posting.group_id == Account.group_id)",
        viewonly=True,
    )
    entry: Mapped[Entry] = relationship(
        primaryjoin="and_(foreign(Posting.entry_id) == Entry.id, Posting.group_id == Entry.group_id)", viewonly=True
    )


class AccountBalance(Owned, Base):
    """The current balance of an account and what is held of it, kept under the head's lock; it can be rebuilt."""

    __tablename__ = "account_balance"
    __table_args__ = (composite("account_id", to="account"), {"postgresql_with": {"fillfactor": 50}})

    account_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    balance: Mapped[Decimal]
    held: Mapped[Decimal] = mapped_column(server_default=sa.text("0"))
    postings: Mapped[int] = mapped_column(sa.BigInteger)


class BalanceCheckpoint(Owned, Base):
    """The balance of an account at the end of a closed period, written when it closes."""

    __tablename__ = "balance_checkpoint"
    __table_args__ = (composite("account_id", to="account"),)

    account_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    through: Mapped[date] = mapped_column(primary_key=True)
    balance: Mapped[Decimal]


class ClosedPeriod(Tenant, Base):
    """A closing: the day through which nothing changes any more, and the head of the chain at that moment."""

    __tablename__ = "closed_period"
    __table_args__ = (sa.UniqueConstraint("group_id", "through"), composite("recorded_by", to="member"))

    through: Mapped[date]
    entry_number: Mapped[int] = mapped_column(sa.BigInteger)
    hash: Mapped[bytes]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class Hold(Tenant, Base):
    """A part of a balance that may not be used until it is released."""

    __tablename__ = "hold"
    __table_args__ = (
        composite("account_id", to="account"),
        composite("recorded_by", to="member"),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.Index("ix_hold_account", "group_id", "account_id"),
        sa.Index("ix_hold_source", "group_id", "source_kind", "source_id"),
    )

    account_id: Mapped[uuid.UUID]
    amount: Mapped[Decimal]
    reason: Mapped[str]
    source_kind: Mapped[str]
    source_id: Mapped[uuid.UUID]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class HoldRelease(Tenant, Base):
    """The end of a hold."""

    __tablename__ = "hold_release"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "hold_id"),
        composite("hold_id", to="hold"),
        composite("recorded_by", to="member"),
    )

    hold_id: Mapped[uuid.UUID]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class EntryNote(Tenant, Base):
    """What a person typed about an entry, sealed with that person's key; the entry's hash covers its salted digest."""

    __tablename__ = "entry_note"
    __table_args__ = (composite("id", to="entry"),)

    subject_id: Mapped[uuid.UUID]  # a member, or the group's own id: whose key seals it
    sealed: Mapped[bytes]  # the salt and the text


class CashAccount(Tenant, Base):
    """A place where the group's money lies; its balance is that of the account of kind "cash" which it owns."""

    __tablename__ = "cash_account"
    __table_args__ = (
        sa.Index("uq_cash_account_name", "group_id", sa.text("lower(name)"), unique=True),
        sa.CheckConstraint("method IN ('bank', 'mobile_money', 'petty_cash', 'other')", name="method"),
    )

    name: Mapped[str]
    method: Mapped[str]
    number: Mapped[bytes | None]  # sealed with the key ring
    created_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    closed_at: Mapped[datetime | None]


class ApprovalRequest(Tenant, Base):
    """A movement of money that asks for a second person; what it would do is sealed with the group's key."""

    __tablename__ = "approval_request"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "idempotency_key"),
        sa.UniqueConstraint("group_id", "id", "requested_by"),
        composite("requested_by", to="member"),
    )

    kind: Mapped[str]
    amount: Mapped[Decimal]
    effective_on: Mapped[date]
    sealed: Mapped[bytes]
    idempotency_key: Mapped[str]
    requested_by: Mapped[uuid.UUID]
    requested_at: Mapped[datetime]
    decision: Mapped["ApprovalDecision | None"] = relationship(
        primaryjoin="and_(foreign(ApprovalDecision.request_id) == ApprovalRequest.id,"
        " ApprovalDecision.group_id == ApprovalRequest.group_id)",
        viewonly=True,
        uselist=False,
    )


class ApprovalDecision(Tenant, Base):
    """What became of a request, once. "unchecked" is booked without a second person, since there was none."""

    __tablename__ = "approval_decision"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "request_id"),
        sa.ForeignKeyConstraint(
            ["group_id", "request_id", "requested_by"],
            ["approval_request.group_id", "approval_request.id", "approval_request.requested_by"],
        ),
        composite("decided_by", to="member"),
        sa.CheckConstraint("decision IN ('approved', 'rejected', 'withdrawn', 'unchecked')", name="decision"),
        sa.CheckConstraint("decision NOT IN ('approved', 'rejected') OR decided_by <> requested_by", name="second"),
        sa.Index("ix_approval_decision_entries", "group_id", "first_entry", "last_entry"),
    )

    request_id: Mapped[uuid.UUID]
    requested_by: Mapped[uuid.UUID]  # repeated, so that the database itself refuses an asker who approves
    decision: Mapped[str]
    decided_by: Mapped[uuid.UUID]
    decided_at: Mapped[datetime]
    reason: Mapped[bytes | None]  # sealed with the group's key
    url: Mapped[str | None]
    first_entry: Mapped[int | None] = mapped_column(sa.BigInteger)
    last_entry: Mapped[int | None] = mapped_column(sa.BigInteger)
