"""Rules of late penalties, what a worker proposed by them, and what an officer made of each proposal."""

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.tenancy import Base, Tenant, composite

IN_USE = sa.text("active")


class PenaltyRule(Tenant, Base):
    """What being late costs: of all dues, of one levy, or of the deeds of a set. One of each is in use at a time."""

    __tablename__ = "penalty_rule"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "idempotency_key"),
        sa.Index("uq_penalty_rule_name", "group_id", sa.text("lower(name)"), unique=True),
        sa.Index("uq_penalty_rule_config", "group_id", "config_id", unique=True, postgresql_where=IN_USE),
        sa.Index("uq_penalty_rule_set", "group_id", "set_id", unique=True, postgresql_where=IN_USE),
        sa.Index(
            "uq_penalty_rule_general",
            "group_id",
            unique=True,
            postgresql_where=sa.text("active AND config_id IS NULL AND set_id IS NULL"),
        ),
        composite("config_id", to="assessment_config"),
        composite("set_id", to="allocation_set"),
        composite("made_by", to="member"),
        sa.CheckConstraint("days BETWEEN 0 AND 3650", name="days"),
        sa.CheckConstraint("kind IN ('percentage', 'fixed')", name="kind"),
        sa.CheckConstraint("base IN ('unpaid_balance', 'original')", name="base"),
        sa.CheckConstraint("repeats IN ('once', 'monthly')", name="repeats"),
        sa.CheckConstraint("value > 0 AND (kind = 'fixed' OR value <= 100)", name="value"),
        sa.CheckConstraint("minimum >= 0 AND (cap IS NULL OR cap > 0)", name="limits"),
        sa.CheckConstraint("num_nonnulls(config_id, set_id) <= 1", name="place"),
    )

    name: Mapped[str]
    days: Mapped[int] = mapped_column(sa.SmallInteger())
    kind: Mapped[str]
    value: Mapped[Decimal]  # per cent, or an amount
    base: Mapped[str]
    minimum: Mapped[Decimal]  # where less is unpaid, nothing is charged
    cap: Mapped[Decimal | None]  # all penalties on one entry together
    repeats: Mapped[str]
    config_id: Mapped[uuid.UUID | None]
    set_id: Mapped[uuid.UUID | None]
    due_from: Mapped[date | None]  # entries due before it are let be
    active: Mapped[bool] = mapped_column(default=True)
    made_by: Mapped[uuid.UUID | None]
    made_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())
    idempotency_key: Mapped[str]


class PenaltyProposal(Tenant, Base):
    """What a worker proposes: a penalty on a late charge for a month, or the reversal of one that was posted.

    `revision` counts those of the same charge and month that were withdrawn, or taken back, before it: there is one of
    each, however many jobs propose at once.
    """

    __tablename__ = "penalty_proposal"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "charge_id", "period", "kind", "revision"),
        composite("charge_id", to="dues_charge"),
        composite("rule_id", to="penalty_rule"),
        composite("undoes_id", to="penalty_proposal"),
        sa.CheckConstraint("kind IN ('penalty', 'reversal')", name="kind"),
        sa.CheckConstraint("(kind = 'reversal') = (undoes_id IS NOT NULL)", name="undoes"),
        sa.CheckConstraint("amount > 0 AND base >= 0 AND right_amount >= 0 AND revision >= 0", name="amount"),
        sa.CheckConstraint("period ~ '^[0-9]{4}-[0-9]{2}$'", name="period"),
        sa.Index("ix_penalty_proposal_undoes", "group_id", "undoes_id"),
    )

    kind: Mapped[str]
    charge_id: Mapped[uuid.UUID]
    rule_id: Mapped[uuid.UUID]
    terms: Mapped[dict[str, Any]] = mapped_column(JSONB)  # what the rule said
    period: Mapped[str]  # the calendar month in which it is charged
    revision: Mapped[int]
    late_on: Mapped[date]  # the day from which on it is charged
    base: Mapped[Decimal]  # what it is reckoned from
    amount: Mapped[Decimal]  # of the penalty; of a reversal that of the penalty taken back
    right_amount: Mapped[Decimal]  # of a reversal: what it would come to by what is known now
    undoes_id: Mapped[uuid.UUID | None]
    proposed_on: Mapped[date]  # the day that the job looked at
    proposed_at: Mapped[datetime]


class PenaltyDecision(Tenant, Base):
    """What became of a proposal: posted, declined with a reason, or withdrawn by the worker."""

    __tablename__ = "penalty_decision"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "proposal_id"),
        composite("proposal_id", to="penalty_proposal"),
        composite("dues_charge_id", to="dues_charge"),
        composite("decided_by", to="member"),
        sa.CheckConstraint("outcome IN ('posted', 'declined', 'withdrawn')", name="outcome"),
        sa.CheckConstraint("(outcome = 'declined') = (reason_sealed IS NOT NULL)", name="reason"),
        sa.CheckConstraint("(outcome = 'posted') = (dues_charge_id IS NOT NULL)", name="charge"),
        sa.Index("ix_penalty_decision_charge", "group_id", "dues_charge_id"),
    )

    proposal_id: Mapped[uuid.UUID]
    outcome: Mapped[str]
    dues_charge_id: Mapped[uuid.UUID | None]  # the penalty that was posted, or taken back
    reason_sealed: Mapped[bytes | None]
    decided_by: Mapped[uuid.UUID | None]
    decided_at: Mapped[datetime]
