"""What the group owes its members and what was paid of it; every row is financial and never changes."""

import uuid
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.tenancy import Base, Tenant, composite


class Payable(Tenant, Base):
    """What the group owes a member for one record, such as a part of an exit; its entry credited that account."""

    __tablename__ = "payable"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "source_kind", "source_id", "member_id"),
        composite("member_id", to="member"),
        composite("entry_id", to="entry"),
        composite("recorded_by", to="member"),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.Index("ix_payable_member", "group_id", "member_id", "owed_on"),
        sa.Index("ix_payable_day", "group_id", "owed_on", "id"),
        sa.Index("ix_payable_entry", "group_id", "entry_id"),
    )

    member_id: Mapped[uuid.UUID]
    amount: Mapped[Decimal]
    source_kind: Mapped[str]
    source_id: Mapped[uuid.UUID]
    entry_id: Mapped[uuid.UUID]
    owed_on: Mapped[date]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class PayableEnd(Tenant, Base):
    """That something is no longer owed, because the record it came from was reversed."""

    __tablename__ = "payable_end"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "payable_id"),
        composite("payable_id", to="payable"),
        composite("recorded_by", to="member"),
    )

    payable_id: Mapped[uuid.UUID]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class MemberPayment(Tenant, Base):
    """Money that reached a member at once: of one deed one row for each member, with one entry in the books."""

    __tablename__ = "member_payment"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "idempotency_key", "member_id"),
        composite("member_id", to="member"),
        composite("cash_account_id", to="cash_account"),
        composite("entry_id", to="entry"),
        composite("recorded_by", to="member"),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.CheckConstraint("method IN ('cash', 'bank_transfer', 'mobile_money', 'check', 'other')", name="method"),
        sa.Index("ix_member_payment_member", "group_id", "member_id", "paid_on"),
        sa.Index("ix_member_payment_day", "group_id", "paid_on", "id"),
    )

    member_id: Mapped[uuid.UUID]
    amount: Mapped[Decimal]
    cash_account_id: Mapped[uuid.UUID]
    method: Mapped[str]
    reference: Mapped[str | None]
    paid_on: Mapped[date]
    entry_id: Mapped[uuid.UUID]
    idempotency_key: Mapped[str]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class MemberPaymentPart(Tenant, Base):
    """How much of a payment was for one thing that was owed."""

    __tablename__ = "member_payment_part"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "payment_id", "payable_id"),
        composite("payment_id", to="member_payment"),
        composite("payable_id", to="payable"),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.Index("ix_member_payment_part_payable", "group_id", "payable_id"),
    )

    payment_id: Mapped[uuid.UUID]
    payable_id: Mapped[uuid.UUID]
    amount: Mapped[Decimal]


class PayoutsReversal(Tenant, Base):
    """A payment to a member taken back: what it paid is owed again."""

    __tablename__ = "payouts_reversal"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "payment_id"),
        composite("payment_id", to="member_payment"),
        composite("recorded_by", to="member"),
    )

    payment_id: Mapped[uuid.UUID]
    reason_sealed: Mapped[bytes]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())
