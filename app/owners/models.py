"""What was paid out to owners of what was received on their receipts; every row is financial and never changes."""

import uuid
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.tenancy import Base, Tenant, composite


class OwnerPayoutRun(Tenant, Base):
    """All owners who were paid in one confirmation, out of one cash account."""

    __tablename__ = "owner_payout_run"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "idempotency_key"),
        composite("cash_account_id", to="cash_account"),
        composite("recorded_by", to="member"),
        sa.CheckConstraint("method IN ('cash', 'bank_transfer', 'mobile_money', 'check', 'other')", name="method"),
        sa.Index("ix_owner_payout_run_day", "group_id", "paid_on", "id"),
    )

    cash_account_id: Mapped[uuid.UUID]
    method: Mapped[str]
    reference_sealed: Mapped[bytes | None]
    paid_on: Mapped[date]
    idempotency_key: Mapped[str]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class OwnerPayout(Tenant, Base):
    """What one owner was paid in a run, with its entry in the books; its parts say for which receipts."""

    __tablename__ = "owner_payout"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "run_id", "owner_id"),
        composite("run_id", to="owner_payout_run"),
        composite("owner_id", to="party"),
        composite("entry_id", to="entry"),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.Index("ix_owner_payout_owner", "group_id", "owner_id", "id"),
    )

    run_id: Mapped[uuid.UUID]
    owner_id: Mapped[uuid.UUID]
    amount: Mapped[Decimal]
    entry_id: Mapped[uuid.UUID]


class OwnerPayoutPart(Tenant, Base):
    """How much of a payout was for a receipt; negative where a receipt that was paid out has lost its money since."""

    __tablename__ = "owner_payout_part"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "payout_id", "receipt_id"),
        composite("payout_id", to="owner_payout"),
        composite("receipt_id", to="receipt"),
        sa.CheckConstraint("amount <> 0", name="amount"),
        sa.Index("ix_owner_payout_part_receipt", "group_id", "receipt_id"),
    )

    payout_id: Mapped[uuid.UUID]
    receipt_id: Mapped[uuid.UUID]
    amount: Mapped[Decimal]


class OwnerPayoutReversal(Tenant, Base):
    """A payout taken back that did not reach the owner: it is owed again."""

    __tablename__ = "owner_payout_reversal"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "payout_id"),
        composite("payout_id", to="owner_payout"),
        composite("recorded_by", to="member"),
    )

    payout_id: Mapped[uuid.UUID]
    reason_sealed: Mapped[bytes]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())
