"""Levies, their runs with each calculated entry, what parties owe in dues, what was paid of it, what was taken back."""

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.tenancy import Base, Tenant, composite

SMALL = sa.SmallInteger()
STATES = "state IN ('draft', 'calculating', 'pending_approval', 'posted', 'reversed', 'discarded')"


class AssessmentConfig(Tenant, Base):
    """A levy: on whom, how much, how often. Its terms may change; each run keeps those it was calculated with."""

    __tablename__ = "assessment_config"
    __table_args__ = (
        sa.Index("uq_assessment_config_name", "group_id", sa.text("lower(name)"), unique=True),
        sa.UniqueConstraint("group_id", "idempotency_key"),
        composite("set_id", to="allocation_set"),
        composite("category_id", to="account"),
        composite("made_by", to="member"),
        sa.CheckConstraint("basis IN ('deeds', 'members')", name="basis"),
        sa.CheckConstraint("method IN ('flat_rate', 'per_m2', 'indiviso_percentage')", name="method"),
        sa.CheckConstraint("frequency IN ('monthly', 'quarterly', 'yearly', 'once')", name="frequency"),
        sa.CheckConstraint("not_whole IN ('refuse', 'normalise', 'as_is')", name="not_whole"),
        sa.CheckConstraint("base_amount > 0", name="base_amount"),
        sa.CheckConstraint("day_due BETWEEN 1 AND 28", name="day_due"),
        sa.CheckConstraint("NOT (yearly AND frequency = 'once')", name="cut"),
        sa.CheckConstraint(
            "basis = 'deeds' OR (method = 'flat_rate' AND set_id IS NULL AND NOT split_by_owners)", name="members"
        ),
    )

    name: Mapped[str]
    basis: Mapped[str]
    method: Mapped[str]
    base_amount: Mapped[Decimal]
    yearly: Mapped[bool]  # the base is of a year, and cut into its periods
    frequency: Mapped[str]
    day_due: Mapped[int] = mapped_column(SMALL)
    set_id: Mapped[uuid.UUID | None]
    split_by_owners: Mapped[bool]
    not_whole: Mapped[str]
    category_id: Mapped[uuid.UUID | None]  # the account of the expenses that this is levied for
    active: Mapped[bool] = mapped_column(default=True)
    made_by: Mapped[uuid.UUID | None]
    made_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())
    idempotency_key: Mapped[str]


class AssessmentEvent(Tenant, Base):
    """A run of a levy for a period. `occurrence` counts the runs of that period which were given up before it."""

    __tablename__ = "assessment_event"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "config_id", "slot", "occurrence"),
        sa.UniqueConstraint("group_id", "idempotency_key"),
        composite("config_id", to="assessment_config"),
        composite("started_by", to="member"),
        sa.CheckConstraint("occurrence >= 0", name="occurrence"),
        sa.CheckConstraint("last_on >= first_on", name="period"),
        sa.Index("ix_assessment_event_period", "group_id", "first_on", "id"),
    )

    config_id: Mapped[uuid.UUID]
    slot: Mapped[str]  # 2026-01, 2026-Q1, 2026, once
    first_on: Mapped[date]
    last_on: Mapped[date]
    due_on: Mapped[date]
    occurrence: Mapped[int]
    idempotency_key: Mapped[str]
    started_by: Mapped[uuid.UUID]
    started_at: Mapped[datetime]


class AssessmentState(Tenant, Base):
    """A step of a run; the last one says how it stands. `attempt` counts its calculations."""

    __tablename__ = "assessment_state"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "event_id", "number"),
        composite("event_id", to="assessment_event"),
        composite("recorded_by", to="member"),
        sa.CheckConstraint(STATES, name="state"),
        sa.CheckConstraint("number > 0 AND attempt >= 0", name="number"),
        sa.CheckConstraint("(state = 'calculating') = (terms IS NOT NULL)", name="terms"),
        sa.CheckConstraint("state <> 'pending_approval' OR (total > 0 AND entries > 0)", name="total"),
    )

    event_id: Mapped[uuid.UUID]
    number: Mapped[int]
    state: Mapped[str]
    attempt: Mapped[int]
    # What the levy said when this was calculated.
    terms: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    total: Mapped[Decimal | None]
    entries: Mapped[int | None]
    indiviso: Mapped[Decimal | None] = mapped_column(sa.Numeric(12, 4))  # the parts of the building together
    shortfall: Mapped[Decimal | None]
    borne: Mapped[Decimal | None]  # by the group itself: not levied
    reason_sealed: Mapped[bytes | None]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime]


class AssessmentEntry(Tenant, Base):
    """What one party would be charged for one deed, or as one member, by one calculation of a run."""

    __tablename__ = "assessment_entry"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "event_id", "attempt", "place"),
        composite("event_id", to="assessment_event"),
        composite("deed_id", to="deed"),
        composite("unit_id", to="unit"),
        composite("member_id", to="member"),
        composite("party_id", to="party"),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.CheckConstraint("num_nonnulls(deed_id, member_id) = 1", name="payer"),
        sa.Index("ix_assessment_entry_party", "group_id", "party_id"),
    )

    event_id: Mapped[uuid.UUID]
    attempt: Mapped[int]
    place: Mapped[int]
    deed_id: Mapped[uuid.UUID | None]
    unit_id: Mapped[uuid.UUID | None]
    member_id: Mapped[uuid.UUID | None]
    party_id: Mapped[uuid.UUID]
    amount: Mapped[Decimal]
    before: Mapped[Decimal | None]  # what the same was charged in the last period
    oddity: Mapped[Decimal]  # how much that moved; nought in a first run


class DuesCharge(Tenant, Base):
    """What a party owes in dues: an entry of a run, or a penalty on one. Its entry debited the party's dues."""

    __tablename__ = "dues_charge"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "assessment_entry_id"),
        composite("party_id", to="party"),
        composite("config_id", to="assessment_config"),
        composite("event_id", to="assessment_event"),
        composite("assessment_entry_id", to="assessment_entry"),
        composite("penalised_id", to="dues_charge"),
        composite("unit_id", to="unit"),
        composite("entry_id", to="entry"),
        composite("recorded_by", to="member"),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.CheckConstraint("kind IN ('entry', 'penalty')", name="kind"),
        sa.CheckConstraint("(kind = 'entry') = (assessment_entry_id IS NOT NULL)", name="entry"),
        sa.CheckConstraint("(kind = 'penalty') = (penalised_id IS NOT NULL)", name="penalty"),
        sa.Index("ix_dues_charge_party", "group_id", "party_id", "due_on", "id"),
        sa.Index("ix_dues_charge_due", "group_id", "due_on", "id"),
        sa.Index("ix_dues_charge_event", "group_id", "event_id"),
        sa.Index("ix_dues_charge_penalised", "group_id", "penalised_id"),
        sa.Index("ix_dues_charge_entry", "group_id", "entry_id"),
    )

    kind: Mapped[str]
    party_id: Mapped[uuid.UUID]
    config_id: Mapped[uuid.UUID]
    event_id: Mapped[uuid.UUID]  # of a penalty that of the charge it is on
    assessment_entry_id: Mapped[uuid.UUID | None]
    penalised_id: Mapped[uuid.UUID | None]  # the charge that was late
    unit_id: Mapped[uuid.UUID | None]
    amount: Mapped[Decimal]
    due_on: Mapped[date]
    entry_id: Mapped[uuid.UUID]
    posted_on: Mapped[date]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class DuesPayment(Tenant, Base):
    """Money that arrived for dues; what no charge needed is the party's credit."""

    __tablename__ = "dues_payment"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "idempotency_key"),
        composite("party_id", to="party"),
        composite("cash_account_id", to="cash_account"),
        composite("entry_id", to="entry"),
        composite("recorded_by", to="member"),
        sa.CheckConstraint("amount > 0 AND credited >= 0 AND credited <= amount", name="amount"),
        sa.CheckConstraint("method IN ('cash', 'bank_transfer', 'mobile_money', 'check', 'other')", name="method"),
        sa.Index("ix_dues_payment_party", "group_id", "party_id", "paid_on"),
        sa.Index("ix_dues_payment_day", "group_id", "paid_on", "id"),
    )

    party_id: Mapped[uuid.UUID]
    amount: Mapped[Decimal]
    credited: Mapped[Decimal]
    cash_account_id: Mapped[uuid.UUID]
    method: Mapped[str]
    reference_sealed: Mapped[bytes | None]
    paid_on: Mapped[date]
    entry_id: Mapped[uuid.UUID]
    idempotency_key: Mapped[str]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class DuesSettlement(Tenant, Base):
    """What settled dues without money coming in: a write-off, or what a member was paid less."""

    __tablename__ = "dues_settlement"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "idempotency_key"),
        composite("party_id", to="party"),
        composite("entry_id", to="entry"),
        composite("recorded_by", to="member"),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.CheckConstraint("kind IN ('write_off', 'netting')", name="kind"),
        sa.CheckConstraint("(kind = 'write_off') = (reason_sealed IS NOT NULL)", name="reason"),
        sa.Index("ix_dues_settlement_party", "group_id", "party_id"),
        sa.Index("ix_dues_settlement_entry", "group_id", "entry_id"),
    )

    kind: Mapped[str]
    party_id: Mapped[uuid.UUID]
    amount: Mapped[Decimal]
    settled_on: Mapped[date]
    entry_id: Mapped[uuid.UUID]
    reason_sealed: Mapped[bytes | None]
    idempotency_key: Mapped[str]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class DuesPart(Tenant, Base):
    """What of a charge a payment, a credit or a settlement paid. It counts while its entry stands.

    A negative one moved what was paid on a charge that was reversed to the party's credit, by an entry of its own.
    """

    __tablename__ = "dues_part"
    __table_args__ = (
        composite("charge_id", to="dues_charge"),
        composite("payment_id", to="dues_payment"),
        composite("credit_use_id", to="credit_use"),
        composite("settlement_id", to="dues_settlement"),
        composite("entry_id", to="entry"),
        sa.CheckConstraint("amount <> 0", name="amount"),
        sa.CheckConstraint("num_nonnulls(payment_id, credit_use_id, settlement_id) = 1", name="source"),
        sa.Index("ix_dues_part_charge", "group_id", "charge_id"),
        sa.Index("ix_dues_part_payment", "group_id", "payment_id"),
        sa.Index("ix_dues_part_credit_use", "group_id", "credit_use_id"),
        sa.Index("ix_dues_part_settlement", "group_id", "settlement_id"),
        sa.Index("ix_dues_part_entry", "group_id", "entry_id"),
    )

    charge_id: Mapped[uuid.UUID]
    payment_id: Mapped[uuid.UUID | None]
    credit_use_id: Mapped[uuid.UUID | None]
    settlement_id: Mapped[uuid.UUID | None]
    amount: Mapped[Decimal]
    counts_on: Mapped[date]  # the day on which it was paid: what decides whether a charge is late
    entry_id: Mapped[uuid.UUID]


class DuesReversal(Tenant, Base):
    """A charge, a run, a payment or a settlement taken back, and why."""

    __tablename__ = "dues_reversal"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "original_kind", "original_id"),
        composite("recorded_by", to="member"),
        sa.CheckConstraint(
            "original_kind IN ('dues_charge', 'assessment_event', 'dues_payment', 'dues_settlement')",
            name="original_kind",
        ),
    )

    original_kind: Mapped[str]
    original_id: Mapped[uuid.UUID]
    reason_sealed: Mapped[bytes]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())
