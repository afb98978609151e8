"""Funds of the group, share-outs with the part of each member, their payment, and what was taken back of them."""

import uuid
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.tenancy import Base, Tenant, composite

RULES = "rule IN ('savings', 'average', 'shares', 'equal', 'own_interest')"
NUMBERS = sa.Numeric(28, 4)  # of an average over years: a balance times the days it stood


class Fund(Tenant, Base):
    """Money that the group keeps apart for a purpose; its account is of the kind "fund", owned by its id."""

    __tablename__ = "fund"
    __table_args__ = (
        sa.Index("uq_fund_name", "group_id", sa.text("lower(name)"), unique=True),
        # The two that a share-out feeds are one each.
        sa.Index("uq_fund_purpose", "group_id", "purpose", unique=True, postgresql_where=sa.text("purpose <> 'other'")),
        composite("made_by", to="member"),
        sa.CheckConstraint("purpose IN ('reserve', 'education', 'other')", name="purpose"),
    )

    name: Mapped[str]
    purpose: Mapped[str]
    made_by: Mapped[uuid.UUID | None]
    made_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class ShareOut(Tenant, Base):
    """A share-out of a cycle: its working to the last figure, and the entry that allotted it. Its parts are its own."""

    __tablename__ = "share_out"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "idempotency_key"),
        composite("entry_id", to="entry"),
        composite("recorded_by", to="member"),
        composite("approved_by", to="member"),
        sa.CheckConstraint(RULES, name="rule"),
        sa.CheckConstraint("base IN ('loan_interest', 'surplus')", name="base"),
        sa.CheckConstraint("last_day >= first_day", name="cycle"),
        sa.CheckConstraint("reserve >= 0 AND education >= 0 AND shared >= 0", name="parts"),
        sa.CheckConstraint(
            "reserve + education + shared > 0 AND reserve + education + shared <= distributable", name="whole"
        ),
        sa.Index("ix_share_out_last_day", "group_id", "last_day", "id"),
    )

    first_day: Mapped[date]
    last_day: Mapped[date]
    rule: Mapped[str]
    surplus: Mapped[Decimal]  # accumulated through the last day: income less expense
    appropriated: Mapped[Decimal]  # of it before this share-out
    fines_kept: Mapped[Decimal]  # of it what stays with the group, being fines
    distributable: Mapped[Decimal]
    base: Mapped[str]  # of what the two percentages are
    base_amount: Mapped[Decimal]
    reserve_percent: Mapped[Decimal] = mapped_column(sa.Numeric(7, 4))
    education_percent: Mapped[Decimal] = mapped_column(sa.Numeric(7, 4))
    fines_shared: Mapped[bool]
    share_value: Mapped[Decimal | None]
    reserve: Mapped[Decimal]
    education: Mapped[Decimal]
    shared: Mapped[Decimal]  # to the members together
    members: Mapped[int]
    entry_id: Mapped[uuid.UUID]
    effective_on: Mapped[date]
    idempotency_key: Mapped[str]
    recorded_by: Mapped[uuid.UUID]
    approved_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class ShareOutPart(Tenant, Base):
    """What a member gets of a share-out, and what it was measured by."""

    __tablename__ = "share_out_part"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "share_out_id", "member_id"),
        sa.UniqueConstraint("group_id", "share_out_id", "place"),
        composite("share_out_id", to="share_out"),
        composite("member_id", to="member"),
        sa.CheckConstraint("amount > 0 AND weight >= 0 AND own_interest >= 0", name="amount"),
        sa.Index("ix_share_out_part_member", "group_id", "member_id"),
    )

    share_out_id: Mapped[uuid.UUID]
    member_id: Mapped[uuid.UUID]
    place: Mapped[int]  # in the order of identifiers on that day, which decides between equal remainders
    weight: Mapped[Decimal] = mapped_column(NUMBERS)
    own_interest: Mapped[Decimal]
    amount: Mapped[Decimal]


class ShareOutPayment(Tenant, Base):
    """The payment of a share-out: what is owed to its members from then on, and the entry that says so."""

    __tablename__ = "share_out_payment"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "idempotency_key"),
        composite("share_out_id", to="share_out"),
        composite("entry_id", to="entry"),
        composite("recorded_by", to="member"),
        composite("approved_by", to="member"),
        sa.CheckConstraint("owed >= 0 AND deducted >= 0 AND owed + deducted > 0", name="amounts"),
        sa.Index("ix_share_out_payment_share_out", "group_id", "share_out_id"),
    )

    share_out_id: Mapped[uuid.UUID]
    with_savings: Mapped[bool]  # the group ended its cycle and gave the savings back as well
    owed: Mapped[Decimal]
    deducted: Mapped[Decimal]
    members: Mapped[int]
    entry_id: Mapped[uuid.UUID]
    effective_on: Mapped[date]
    idempotency_key: Mapped[str]
    recorded_by: Mapped[uuid.UUID]
    approved_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class ShareOutPaymentPart(Tenant, Base):
    """What a member's payment is made of: growth and savings less own debts is what is owed."""

    __tablename__ = "share_out_payment_part"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "payment_id", "member_id"),
        sa.UniqueConstraint("group_id", "payment_id", "place"),
        composite("payment_id", to="share_out_payment"),
        composite("member_id", to="member"),
        sa.CheckConstraint("savings >= 0 AND deducted >= 0 AND owed >= 0", name="amounts"),
        sa.CheckConstraint("growth + savings = deducted + owed", name="whole"),
        sa.Index("ix_share_out_payment_part_member", "group_id", "member_id"),
    )

    payment_id: Mapped[uuid.UUID]
    member_id: Mapped[uuid.UUID]
    place: Mapped[int]
    growth: Mapped[Decimal]  # below zero where losses meet the savings that are given back
    savings: Mapped[Decimal]
    deducted: Mapped[Decimal]  # own penalties and loans
    owed: Mapped[Decimal]


class DistributionsReversal(Tenant, Base):
    """A share-out or its payment taken back."""

    __tablename__ = "distributions_reversal"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "original_kind", "original_id"),
        composite("recorded_by", to="member"),
        composite("entry_id", to="entry"),
        sa.CheckConstraint("original_kind IN ('share_out', 'share_out_payment')", name="original_kind"),
    )

    original_kind: Mapped[str]
    original_id: Mapped[uuid.UUID]
    entry_id: Mapped[uuid.UUID]
    reason_sealed: Mapped[bytes]
    recorded_by: Mapped[uuid.UUID]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())
