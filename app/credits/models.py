"""What was done with credits: used for what was owed, or paid back; every row is financial and never changes.

The credit itself is the balance of the party's account of that kind in the books.
"""

import uuid
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.tenancy import Base, Tenant, composite


class CreditUse(Tenant, Base):
    """A part of a party's credit that paid for one thing: `target_id` is a receipt of rent or a charge of dues."""

    __tablename__ = "credit_use"
    __table_args__ = (
        composite("party_id", to="party"),
        composite("entry_id", to="entry"),
        composite("recorded_by", to="member"),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.CheckConstraint("purpose IN ('rent', 'dues')", name="purpose"),
        sa.Index("ix_credit_use_party", "group_id", "party_id", "id"),
        sa.Index("ix_credit_use_target", "group_id", "target_id"),
    )

    party_id: Mapped[uuid.UUID]
    purpose: Mapped[str]
    target_id: Mapped[uuid.UUID]
    amount: Mapped[Decimal]
    used_on: Mapped[date]
    entry_id: Mapped[uuid.UUID]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class CreditUseEnd(Tenant, Base):
    """That a use was undone: the credit is there again, and what it paid is owed again. `entry_id` is the reversal."""

    __tablename__ = "credit_use_end"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "use_id"),
        composite("use_id", to="credit_use"),
        composite("entry_id", to="entry"),
        composite("recorded_by", to="member"),
    )

    use_id: Mapped[uuid.UUID]
    entry_id: Mapped[uuid.UUID]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class CreditRefund(Tenant, Base):
    """A credit that was paid back, in part or wholly."""

    __tablename__ = "credit_refund"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "idempotency_key"),
        composite("party_id", to="party"),
        composite("cash_account_id", to="cash_account"),
        composite("entry_id", to="entry"),
        composite("recorded_by", to="member"),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.CheckConstraint("method IN ('cash', 'bank_transfer', 'mobile_money', 'check', 'other')", name="method"),
        sa.Index("ix_credit_refund_party", "group_id", "party_id", "paid_on"),
        sa.Index("ix_credit_refund_day", "group_id", "paid_on", "id"),
    )

    party_id: Mapped[uuid.UUID]
    amount: Mapped[Decimal]
    cash_account_id: Mapped[uuid.UUID]
    method: Mapped[str]
    reference_sealed: Mapped[bytes | None]
    paid_on: Mapped[date]
    entry_id: Mapped[uuid.UUID]
    idempotency_key: Mapped[str]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class CreditRefundReversal(Tenant, Base):
    """A repayment taken back: the credit is there again."""

    __tablename__ = "credit_refund_reversal"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "refund_id"),
        composite("refund_id", to="credit_refund"),
        composite("recorded_by", to="member"),
    )

    refund_id: Mapped[uuid.UUID]
    reason_sealed: Mapped[bytes]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())
