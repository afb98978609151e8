"""What clients paid on their receipts, and their deposits; every row is financial and never changes."""

import uuid
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.tenancy import Base, Tenant, composite

METHOD = "method IN ('cash', 'bank_transfer', 'mobile_money', 'check', 'other')"


class ClientPayment(Tenant, Base):
    """Money that arrived from a client: what it paid are its parts, the rest became the client's credit."""

    __tablename__ = "client_payment"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "idempotency_key"),
        composite("client_id", to="party"),
        composite("cash_account_id", to="cash_account"),
        composite("entry_id", to="entry"),
        composite("recorded_by", to="member"),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.CheckConstraint(METHOD, name="method"),
        sa.Index("ix_client_payment_client", "group_id", "client_id", "paid_on"),
        sa.Index("ix_client_payment_day", "group_id", "paid_on", "id"),
    )

    client_id: Mapped[uuid.UUID]
    amount: Mapped[Decimal]
    cash_account_id: Mapped[uuid.UUID]
    method: Mapped[str]
    reference_sealed: Mapped[bytes | None]
    paid_on: Mapped[date]
    entry_id: Mapped[uuid.UUID]
    idempotency_key: Mapped[str]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class DepositMovement(Tenant, Base):
    """A client's deposit for a lease: received, given back, or kept with a reason, for rent or as an income."""

    __tablename__ = "deposit_movement"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "idempotency_key"),
        composite("lease_id", to="lease"),
        composite("client_id", to="party"),
        composite("cash_account_id", to="cash_account"),
        composite("entry_id", to="entry"),
        composite("recorded_by", to="member"),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.CheckConstraint("kind IN ('in', 'back', 'rent', 'income')", name="kind"),
        sa.CheckConstraint(METHOD, name="method"),
        sa.CheckConstraint(
            "(kind IN ('in', 'back')) = (cash_account_id IS NOT NULL AND method IS NOT NULL)", name="cash"
        ),
        sa.CheckConstraint("(kind IN ('rent', 'income')) = (reason_sealed IS NOT NULL)", name="reason"),
        sa.Index("ix_deposit_movement_lease", "group_id", "lease_id", "id"),
        sa.Index("ix_deposit_movement_client", "group_id", "client_id"),
        sa.Index("ix_deposit_movement_day", "group_id", "moved_on", "id"),
    )

    lease_id: Mapped[uuid.UUID]
    client_id: Mapped[uuid.UUID]
    kind: Mapped[str]
    amount: Mapped[Decimal]
    cash_account_id: Mapped[uuid.UUID | None]
    method: Mapped[str | None]
    reference_sealed: Mapped[bytes | None]
    reason_sealed: Mapped[bytes | None]
    moved_on: Mapped[date]
    entry_id: Mapped[uuid.UUID]
    idempotency_key: Mapped[str]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class ReceiptPart(Tenant, Base):
    """How much one source of money paid of a receipt: a payment, a use of credit, or a deposit that was kept.

    Negative where it no longer does, since the source was reversed or the receipt was and its money became credit.
    `entry_id` is the entry whose line on the client's receivable this is a part of.
    """

    __tablename__ = "receipt_part"
    __table_args__ = (
        composite("receipt_id", to="receipt"),
        composite("payment_id", to="client_payment"),
        composite("use_id", to="credit_use"),
        composite("movement_id", to="deposit_movement"),
        composite("entry_id", to="entry"),
        sa.CheckConstraint("amount <> 0", name="amount"),
        sa.CheckConstraint("num_nonnulls(payment_id, use_id, movement_id) = 1", name="source"),
        sa.Index("ix_receipt_part_receipt", "group_id", "receipt_id"),
        sa.Index("ix_receipt_part_payment", "group_id", "payment_id"),
        sa.Index("ix_receipt_part_use", "group_id", "use_id"),
        sa.Index("ix_receipt_part_movement", "group_id", "movement_id"),
        sa.Index("ix_receipt_part_entry", "group_id", "entry_id"),
    )

    receipt_id: Mapped[uuid.UUID]
    amount: Mapped[Decimal]
    payment_id: Mapped[uuid.UUID | None]
    use_id: Mapped[uuid.UUID | None]
    movement_id: Mapped[uuid.UUID | None]
    entry_id: Mapped[uuid.UUID]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class RentMoneyReversal(Tenant, Base):
    """A payment of a client or a movement of a deposit taken back: what it paid is owed again."""

    __tablename__ = "rent_money_reversal"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "payment_id"),
        sa.UniqueConstraint("group_id", "movement_id"),
        composite("payment_id", to="client_payment"),
        composite("movement_id", to="deposit_movement"),
        composite("recorded_by", to="member"),
        sa.CheckConstraint("num_nonnulls(payment_id, movement_id) = 1", name="source"),
    )

    payment_id: Mapped[uuid.UUID | None]
    movement_id: Mapped[uuid.UUID | None]
    reason_sealed: Mapped[bytes]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())
