"""Buy-outs, their parts, what was said about them and how much of a queued exit they took; no row ever changes."""

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.tenancy import Base, Tenant, composite


class BuyOut(Tenant, Base):
    """An offer: who sells what to whom, its nominal value by a named formula, and the price that was agreed.

    Without a buyer it is the group that buys. `inputs` hold both values: of what is sold, and of all the seller has.
    """

    __tablename__ = "buy_out"
    __table_args__ = (
        composite("seller_id", to="member"),
        composite("buyer_id", to="member"),
        composite("offered_by", to="member"),
        sa.UniqueConstraint("group_id", "idempotency_key"),
        sa.CheckConstraint("buyer_id <> seller_id", name="two_sides"),
        sa.CheckConstraint("price >= 0", name="price"),
        sa.CheckConstraint("buyer_id IS NOT NULL OR reference_sealed IS NULL", name="reference"),
        sa.Index("ix_buy_out_seller", "group_id", "seller_id", "id"),
        sa.Index("ix_buy_out_buyer", "group_id", "buyer_id", "id"),
    )

    seller_id: Mapped[uuid.UUID]
    buyer_id: Mapped[uuid.UUID | None]
    newcomer: Mapped[bool] = mapped_column(default=False)  # the buyer joined by this offer
    whole: Mapped[bool]  # everything invested and owned; else the parts that were named
    formula: Mapped[str]
    inputs: Mapped[dict[str, Any]]
    nominal_value: Mapped[Decimal]  # of what is sold
    position_value: Mapped[Decimal]  # of all that the seller had
    price: Mapped[Decimal]
    reference_sealed: Mapped[bytes | None]  # how the price went between two persons, in their own words
    idempotency_key: Mapped[str]
    offered_by: Mapped[uuid.UUID]
    offered_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class BuyOutPart(Tenant, Base):
    """A part of what is sold: so much of an investment, of an asset, of savings or of realised growth."""

    __tablename__ = "buy_out_part"
    __table_args__ = (
        composite("buy_out_id", to="buy_out"),
        composite("investment_id", to="investment"),
        composite("asset_id", to="asset"),
        sa.UniqueConstraint(
            "group_id", "buy_out_id", "kind", "investment_id", "asset_id", postgresql_nulls_not_distinct=True
        ),
        sa.CheckConstraint("kind IN ('holding', 'asset', 'savings', 'growth')", name="kind"),
        sa.CheckConstraint(
            "(kind = 'holding') = (investment_id IS NOT NULL) AND (kind = 'asset') = (asset_id IS NOT NULL)",
            name="of",
        ),
        sa.CheckConstraint(
            "CASE WHEN kind IN ('holding', 'asset') THEN quantity > 0 AND held >= quantity"
            " ELSE quantity IS NULL AND held IS NULL AND amount <> 0 END",
            name="quantity",
        ),
        sa.CheckConstraint("amount >= 0 OR kind = 'growth'", name="amount"),
        sa.CheckConstraint("(kind = 'asset') = (recorded IS NOT NULL)", name="recorded"),
        sa.Index("ix_buy_out_part_investment", "group_id", "investment_id"),
        sa.Index("ix_buy_out_part_asset", "group_id", "asset_id"),
    )

    buy_out_id: Mapped[uuid.UUID]
    position: Mapped[int]
    kind: Mapped[str]
    investment_id: Mapped[uuid.UUID | None]
    asset_id: Mapped[uuid.UUID | None]
    quantity: Mapped[Decimal | None]  # units of an investment, per cent of an asset
    held: Mapped[Decimal | None]  # what the seller had of it
    amount: Mapped[Decimal]  # what it is carried at in the books
    value: Mapped[Decimal]  # by the formula
    recorded: Mapped[Decimal | None]  # the recorded purchase value of the asset


class BuyOutState(Tenant, Base):
    """What was said about a buy-out: offered, consented by a side, approved and so effective, or ended otherwise.

    `member_id` is whose word it is, `recorded_by` who wrote it down: another one for a consent given on paper. For the
    group an officer speaks. What is written about it is sealed with the seller's key.
    """

    __tablename__ = "buy_out_state"
    __table_args__ = (
        composite("buy_out_id", to="buy_out"),
        composite("member_id", to="member"),
        composite("recorded_by", to="member"),
        composite("entry_id", to="entry"),
        sa.CheckConstraint(
            "state IN ('offered', 'consented', 'effective', 'declined', 'withdrawn', 'reversed')", name="state"
        ),
        sa.CheckConstraint("(state = 'consented') = (side IS NOT NULL)", name="side"),
        sa.CheckConstraint("side IN ('seller', 'buyer')", name="sides"),
        sa.CheckConstraint("NOT written OR (state = 'consented' AND member_id <> recorded_by)", name="written"),
        sa.CheckConstraint("entry_id IS NULL OR state IN ('effective', 'reversed')", name="entry"),
        # What happens once: each side's consent, one end, one reversal.
        sa.Index(
            "uq_buy_out_state_consent",
            "group_id",
            "buy_out_id",
            "side",
            unique=True,
            postgresql_where=sa.text("state = 'consented'"),
        ),
        sa.Index(
            "uq_buy_out_state_end",
            "group_id",
            "buy_out_id",
            unique=True,
            postgresql_where=sa.text("state IN ('effective', 'declined', 'withdrawn')"),
        ),
        sa.Index(
            "uq_buy_out_state_reversed",
            "group_id",
            "buy_out_id",
            unique=True,
            postgresql_where=sa.text("state = 'reversed'"),
        ),
        sa.Index("ix_buy_out_state_buy_out", "group_id", "buy_out_id", "id"),
    )

    buy_out_id: Mapped[uuid.UUID]
    state: Mapped[str]
    side: Mapped[str | None]
    member_id: Mapped[uuid.UUID | None]
    written: Mapped[bool] = mapped_column(default=False)
    unchecked: Mapped[bool] = mapped_column(default=False)  # approved by who had a hand in it: nobody else could
    words_sealed: Mapped[bytes | None]
    entry_id: Mapped[uuid.UUID | None]
    recorded_by: Mapped[uuid.UUID]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())
