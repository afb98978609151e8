"""Investments, the members' shares as movements, values, sales and income; every row stays as it was written."""

import uuid
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.tenancy import Base, Owned, Tenant, composite

PRICE = sa.Numeric(20, 6)


class Investment(Tenant, Base):
    """Money of savers put to work on a day: what was bought, how many units at which value, and where it lies."""

    __tablename__ = "investment"
    __table_args__ = (
        composite("cash_account_id", to="cash_account"),
        composite("entry_id", to="entry"),
        composite("recorded_by", to="member"),
        sa.UniqueConstraint("group_id", "idempotency_key"),
        sa.CheckConstraint(
            "type IN ('unit_trust', 'stocks', 'bonds', 'real_estate', 'mutual_funds', 'fixed_deposit', 'business')",
            name="type",
        ),
        sa.CheckConstraint("risk IN ('low', 'medium', 'high', 'very_high')", name="risk"),
        sa.CheckConstraint("amount > 0 AND unit_value > 0 AND units > 0", name="amounts"),
        sa.CheckConstraint("NOT percentage OR units = 100", name="percentage"),
        sa.Index("ix_investment_day", "group_id", "invested_on", "id"),
    )

    name: Mapped[str]
    type: Mapped[str]
    risk: Mapped[str]
    invested_on: Mapped[date]
    amount: Mapped[Decimal]
    unit_value: Mapped[Decimal] = mapped_column(PRICE)
    units: Mapped[Decimal]
    percentage: Mapped[bool]
    broker: Mapped[str | None]
    account_sealed: Mapped[bytes | None]  # its number at the broker
    notes_sealed: Mapped[bytes | None]
    cash_account_id: Mapped[uuid.UUID]
    entry_id: Mapped[uuid.UUID]
    idempotency_key: Mapped[str]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class Move(Tenant, Base):
    """What one record did to one investment: units and cost of all its lines together, below zero for what left it.

    Nothing between holders is zero of both. What undoes a move is a move itself, and names it.
    """

    __tablename__ = "holding_move"
    __table_args__ = (
        composite("investment_id", to="investment"),
        composite("entry_id", to="entry"),
        composite("undoes_id", to="holding_move"),
        sa.UniqueConstraint("group_id", "undoes_id"),
        sa.UniqueConstraint("group_id", "id", "investment_id"),
        sa.Index("ix_holding_move_investment", "group_id", "investment_id", "moved_on"),
        sa.Index("ix_holding_move_source", "group_id", "source_kind", "source_id"),
    )

    investment_id: Mapped[uuid.UUID]
    units: Mapped[Decimal]
    cost: Mapped[Decimal]
    moved_on: Mapped[date]
    source_kind: Mapped[str]
    source_id: Mapped[uuid.UUID]
    entry_id: Mapped[uuid.UUID | None]
    undoes_id: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class HoldingShare(Owned, Base):
    """A line of a move: units and cost that a holder gained or gave up. The group itself holds as nobody (NULL)."""

    __tablename__ = "holding_share"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["group_id", "move_id", "investment_id"],
            ["holding_move.group_id", "holding_move.id", "holding_move.investment_id"],
        ),
        composite("member_id", to="member"),
        sa.CheckConstraint("units <> 0 OR cost <> 0", name="something"),
        sa.Index(
            "ix_holding_share_investment",
            "group_id",
            "investment_id",
            "member_id",
            postgresql_include=["units", "cost"],
        ),
        sa.Index(
            "ix_holding_share_member", "group_id", "member_id", "investment_id", postgresql_include=["units", "cost"]
        ),
    )

    move_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    investment_id: Mapped[uuid.UUID]
    member_id: Mapped[uuid.UUID | None]
    units: Mapped[Decimal]
    cost: Mapped[Decimal]


class Valuation(Tenant, Base):
    """What the units held on a day were worth, and how that is known; it changes what is shown and books nothing."""

    __tablename__ = "valuation"
    __table_args__ = (
        composite("investment_id", to="investment"),
        composite("recorded_by", to="member"),
        sa.UniqueConstraint("group_id", "idempotency_key"),
        sa.CheckConstraint("value >= 0 AND units > 0", name="amounts"),
        sa.Index("ix_valuation_investment", "group_id", "investment_id", "valued_on", "id"),
    )

    investment_id: Mapped[uuid.UUID]
    valued_on: Mapped[date]
    units: Mapped[Decimal]  # what was held on that day
    value: Mapped[Decimal]  # of all these units
    evidence_sealed: Mapped[bytes]
    idempotency_key: Mapped[str]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class InvestmentSale(Tenant, Base):
    """Units sold, matured, or lost by default: their cost went back to the holders, with what was gained on them."""

    __tablename__ = "investment_sale"
    __table_args__ = (
        composite("investment_id", to="investment"),
        composite("cash_account_id", to="cash_account"),
        composite("entry_id", to="entry"),
        composite("recorded_by", to="member"),
        sa.UniqueConstraint("group_id", "idempotency_key"),
        sa.CheckConstraint("kind IN ('sale', 'maturity', 'default')", name="kind"),
        sa.CheckConstraint("gains IN ('members', 'surplus')", name="gains"),
        sa.CheckConstraint("units > 0 AND cost >= 0 AND proceeds >= 0", name="amounts"),
        sa.CheckConstraint("kind <> 'default' OR proceeds = 0", name="default"),
        sa.CheckConstraint("proceeds = 0 OR cash_account_id IS NOT NULL", name="cash"),
        sa.Index("ix_investment_sale_investment", "group_id", "investment_id", "sold_on"),
    )

    investment_id: Mapped[uuid.UUID]
    kind: Mapped[str]
    sold_on: Mapped[date]
    units: Mapped[Decimal]
    cost: Mapped[Decimal]
    proceeds: Mapped[Decimal]
    gains: Mapped[str]  # whose the gain or loss is, by the policy of that day
    cash_account_id: Mapped[uuid.UUID | None]
    notes_sealed: Mapped[bytes | None]
    entry_id: Mapped[uuid.UUID | None]
    idempotency_key: Mapped[str]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class InvestmentIncome(Tenant, Base):
    """A dividend, coupon or interest of an investment that came into cash; it is income of the group."""

    __tablename__ = "investment_income"
    __table_args__ = (
        composite("investment_id", to="investment"),
        composite("cash_account_id", to="cash_account"),
        composite("entry_id", to="entry"),
        composite("recorded_by", to="member"),
        sa.UniqueConstraint("group_id", "idempotency_key"),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.Index("ix_investment_income_investment", "group_id", "investment_id", "received_on"),
    )

    investment_id: Mapped[uuid.UUID]
    received_on: Mapped[date]
    amount: Mapped[Decimal]
    cash_account_id: Mapped[uuid.UUID]
    entry_id: Mapped[uuid.UUID]
    idempotency_key: Mapped[str]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class InvestmentState(Tenant, Base):
    """An investment suspended, or active again, with the reason; the latest row of an investment counts."""

    __tablename__ = "investment_state"
    __table_args__ = (
        composite("investment_id", to="investment"),
        composite("recorded_by", to="member"),
        sa.CheckConstraint("state IN ('active', 'suspended')", name="state"),
        sa.Index("ix_investment_state_investment", "group_id", "investment_id", "id"),
    )

    investment_id: Mapped[uuid.UUID]
    state: Mapped[str]
    reason_sealed: Mapped[bytes]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class HoldingsReversal(Tenant, Base):
    """An investment, a sale, a valuation or income taken back, with everything that came of it."""

    __tablename__ = "holdings_reversal"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "original_kind", "original_id"),
        composite("entry_id", to="entry"),
        composite("recorded_by", to="member"),
        sa.CheckConstraint(
            "original_kind IN ('investment', 'investment_sale', 'valuation', 'investment_income')",
            name="original_kind",
        ),
    )

    original_kind: Mapped[str]
    original_id: Mapped[uuid.UUID]
    reason_sealed: Mapped[bytes]
    entry_id: Mapped[uuid.UUID | None]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())
