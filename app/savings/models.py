"""Windows, contributions, waivers and penalties; every row but a window's is financial and never changes."""

import uuid
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.tenancy import Base, Tenant, composite


class ContributionWindow(Tenant, Base):
    """A time for saving, both instants inclusive, and what is expected of each member in it."""

    __tablename__ = "contribution_window"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "starts_at"),
        sa.UniqueConstraint("group_id", "name"),
        composite("opened_by", to="member"),
        sa.CheckConstraint("ends_at > starts_at", name="span"),
        sa.CheckConstraint("expected >= 0 AND minimum >= 0 AND coalesce(maximum, minimum) >= minimum", name="bounds"),
    )

    name: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    expected: Mapped[Decimal]
    minimum: Mapped[Decimal]
    maximum: Mapped[Decimal | None]
    opened_by: Mapped[uuid.UUID | None]
    opened_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class Payment(Tenant, Base):
    """What arrived at once from a member: the amount as it came in, before it is told apart into its parts."""

    __tablename__ = "payment"
    __table_args__ = (
        composite("member_id", to="member"),
        composite("cash_account_id", to="cash_account"),
        composite("recorded_by", to="member"),
        sa.UniqueConstraint("group_id", "idempotency_key"),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.CheckConstraint(
            "method IN ('cash', 'bank_transfer', 'mobile_money', 'card', 'check', 'other')", name="method"
        ),
        sa.CheckConstraint("source IN ('cash', 'unallocated')", name="source"),
        sa.Index("ix_payment_member", "group_id", "member_id", "paid_at"),
    )

    member_id: Mapped[uuid.UUID]
    amount: Mapped[Decimal]
    paid_at: Mapped[datetime]
    method: Mapped[str]
    reference: Mapped[str | None]
    source: Mapped[str]  # what is debited: the cash account, or receipts that wait unallocated
    cash_account_id: Mapped[uuid.UUID]
    batch_id: Mapped[uuid.UUID | None]
    idempotency_key: Mapped[str]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class Contribution(Tenant, Base):
    """A part of a payment that is savings of one window."""

    __tablename__ = "contribution"
    __table_args__ = (
        composite("payment_id", to="payment"),
        composite("member_id", to="member"),
        composite("window_id", to="contribution_window"),
        composite("entry_id", to="entry"),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.CheckConstraint("type IN ('regular', 'voluntary', 'special', 'catch_up')", name="type"),
        sa.Index("ix_contribution_window", "group_id", "window_id", "member_id"),
        sa.Index("ix_contribution_member", "group_id", "member_id", "paid_at"),
        sa.Index("ix_contribution_payment", "group_id", "payment_id"),
    )

    payment_id: Mapped[uuid.UUID]
    member_id: Mapped[uuid.UUID]
    window_id: Mapped[uuid.UUID]
    amount: Mapped[Decimal]
    type: Mapped[str]
    paid_at: Mapped[datetime]
    days_late: Mapped[int]
    spread: Mapped[bool]  # excess over another window's maximum, and so no payment of its own in this one
    entry_id: Mapped[uuid.UUID]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class WindowWaiver(Tenant, Base):
    """An expected contribution that is not asked of a member: neither due nor late, and nothing is booked."""

    __tablename__ = "window_waiver"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "window_id", "member_id"),
        composite("window_id", to="contribution_window"),
        composite("member_id", to="member"),
        composite("approved_by", to="member"),
    )

    window_id: Mapped[uuid.UUID]
    member_id: Mapped[uuid.UUID]
    approved_by: Mapped[uuid.UUID]
    reason_sealed: Mapped[bytes]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class Penalty(Tenant, Base):
    """A debt, or a late payment that was wholly one: levied once, then paid or waived by rows of their own."""

    __tablename__ = "penalty"
    __table_args__ = (
        composite("member_id", to="member"),
        composite("window_id", to="contribution_window"),
        composite("payment_id", to="payment"),
        composite("entry_id", to="entry"),
        composite("levied_by", to="member"),
        sa.UniqueConstraint("group_id", "idempotency_key"),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.CheckConstraint("reason IN ('late', 'over_max', 'other')", name="reason"),
        sa.Index("ix_penalty_member", "group_id", "member_id"),
        sa.Index("ix_penalty_window", "group_id", "window_id", "member_id"),
    )

    member_id: Mapped[uuid.UUID]
    window_id: Mapped[uuid.UUID | None]
    payment_id: Mapped[uuid.UUID | None]
    amount: Mapped[Decimal]
    reason: Mapped[str]
    levied_on: Mapped[date]
    entry_id: Mapped[uuid.UUID]
    settled_at_once: Mapped[bool]  # a payment that was wholly a penalty owes nothing more
    idempotency_key: Mapped[str]
    levied_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class PenaltyPayment(Tenant, Base):
    """Money received for a penalty."""

    __tablename__ = "penalty_payment"
    __table_args__ = (
        composite("penalty_id", to="penalty"),
        composite("payment_id", to="payment"),
        composite("entry_id", to="entry"),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.Index("ix_penalty_payment_penalty", "group_id", "penalty_id"),
        sa.Index("ix_penalty_payment_payment", "group_id", "payment_id"),
    )

    penalty_id: Mapped[uuid.UUID]
    payment_id: Mapped[uuid.UUID]
    amount: Mapped[Decimal]
    entry_id: Mapped[uuid.UUID]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class PenaltyWaiver(Tenant, Base):
    """What of a penalty is no longer asked, why, and who approved it."""

    __tablename__ = "penalty_waiver"
    __table_args__ = (
        composite("penalty_id", to="penalty"),
        composite("entry_id", to="entry"),
        composite("approved_by", to="member"),
        sa.Index("ix_penalty_waiver_penalty", "group_id", "penalty_id"),
        sa.CheckConstraint("amount > 0", name="amount"),
    )

    penalty_id: Mapped[uuid.UUID]
    amount: Mapped[Decimal]
    reason_sealed: Mapped[bytes]
    entry_id: Mapped[uuid.UUID]
    approved_by: Mapped[uuid.UUID]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class HeldReceipt(Tenant, Base):
    """A part of a payment that is nothing yet: over the maximum, or without a window; it waits unallocated."""

    __tablename__ = "held_receipt"
    __table_args__ = (
        composite("payment_id", to="payment"),
        composite("member_id", to="member"),
        composite("entry_id", to="entry"),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.CheckConstraint("kept IN ('over_max', 'no_window')", name="kept"),
        sa.Index("ix_held_receipt_payment", "group_id", "payment_id"),
    )

    payment_id: Mapped[uuid.UUID]
    member_id: Mapped[uuid.UUID]
    amount: Mapped[Decimal]
    kept: Mapped[str]
    entry_id: Mapped[uuid.UUID | None]  # None when the money stood among the unallocated already
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class HeldReceiptEnd(Tenant, Base):
    """What became of a held receipt: returned to the member, or made a payment after all."""

    __tablename__ = "held_receipt_end"
    __table_args__ = (
        sa.Index("ix_held_receipt_end_held", "group_id", "held_receipt_id"),
        composite("held_receipt_id", to="held_receipt"),
        composite("payment_id", to="payment"),
        composite("entry_id", to="entry"),
        composite("recorded_by", to="member"),
        sa.CheckConstraint("num_nonnulls(payment_id, entry_id) = 1", name="one_end"),
    )

    held_receipt_id: Mapped[uuid.UUID]
    payment_id: Mapped[uuid.UUID | None]
    entry_id: Mapped[uuid.UUID | None]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class SavingsReversal(Tenant, Base):
    """A payment, penalty or waiver taken back, with everything that came of it."""

    __tablename__ = "savings_reversal"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "original_kind", "original_id"),
        composite("recorded_by", to="member"),
        # Checked at the end: what is wrong is undone before the payment that replaces it can be assessed.
        sa.ForeignKeyConstraint(
            ["group_id", "replaced_by"], ["payment.group_id", "payment.id"], deferrable=True, initially="DEFERRED"
        ),
        sa.CheckConstraint("original_kind IN ('payment', 'penalty', 'penalty_waiver')", name="original_kind"),
    )

    original_kind: Mapped[str]
    original_id: Mapped[uuid.UUID]
    replaced_by: Mapped[uuid.UUID | None]
    reason_sealed: Mapped[bytes]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class PenaltyNetting(Tenant, Base):
    """What of a penalty was kept back from what its member was paid, by the entry of a closing or a share-out.

    It counts as long as that entry is not reversed.
    """

    __tablename__ = "penalty_netting"
    __table_args__ = (
        composite("penalty_id", to="penalty"),
        composite("entry_id", to="entry"),
        sa.UniqueConstraint("group_id", "penalty_id", "entry_id"),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.Index("ix_penalty_netting_entry", "group_id", "entry_id"),
    )

    penalty_id: Mapped[uuid.UUID]
    amount: Mapped[Decimal]
    entry_id: Mapped[uuid.UUID]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())
