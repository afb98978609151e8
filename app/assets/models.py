"""Assets, what they were made of, whose they are, their sales, and what was taken back; no row ever changes."""

import uuid
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.tenancy import Base, Tenant, composite

PERCENT = sa.Numeric(7, 4)


class Asset(Tenant, Base):
    """A lasting thing of the group, owned in fixed shares, at the purchase value recorded when it became theirs."""

    __tablename__ = "asset"
    __table_args__ = (
        composite("cash_account_id", to="cash_account"),
        composite("entry_id", to="entry"),
        composite("recorded_by", to="member"),
        sa.UniqueConstraint("group_id", "idempotency_key"),
        sa.CheckConstraint("price >= 0", name="price"),
        sa.CheckConstraint("way IN ('converted', 'bought', 'given')", name="way"),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 200", name="name"),
        sa.Index("ix_asset_acquired_on", "group_id", "acquired_on", "id"),
    )

    name: Mapped[str]
    description: Mapped[str]
    price: Mapped[Decimal]  # the recorded purchase value; what the shares of all owners come to
    acquired_on: Mapped[date]
    way: Mapped[str]  # from holdings, bought directly, or for nothing
    cash_account_id: Mapped[uuid.UUID | None]
    entry_id: Mapped[uuid.UUID | None]  # None when nothing was realised and nothing paid
    idempotency_key: Mapped[str]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class AssetConversion(Tenant, Base):
    """A whole investment that became a part of an asset: what it cost, and the value agreed."""

    __tablename__ = "asset_conversion"
    __table_args__ = (
        composite("asset_id", to="asset"),
        composite("investment_id", to="investment"),
        sa.UniqueConstraint("group_id", "asset_id", "investment_id"),
        sa.CheckConstraint("cost >= 0 AND value >= 0", name="amounts"),
        sa.Index("ix_asset_conversion_investment", "group_id", "investment_id"),
    )

    asset_id: Mapped[uuid.UUID]
    investment_id: Mapped[uuid.UUID]
    cost: Mapped[Decimal]
    value: Mapped[Decimal]


class AssetShare(Tenant, Base):
    """A movement of a share: per cent of an asset, and the part of its price. What an owner has is the sum of the rows.

    Without a member it is the group's own. `reverses_id` names the row that this one mirrors.
    """

    __tablename__ = "asset_share"
    __table_args__ = (
        composite("asset_id", to="asset"),
        composite("member_id", to="member"),
        composite("entry_id", to="entry"),
        composite("reverses_id", to="asset_share"),
        sa.UniqueConstraint("group_id", "reverses_id"),
        sa.CheckConstraint("percent <> 0 OR amount <> 0", name="moves"),
        sa.Index("ix_asset_share_asset", "group_id", "asset_id", "member_id"),
        sa.Index("ix_asset_share_member", "group_id", "member_id", "asset_id"),
        sa.Index("ix_asset_share_source", "group_id", "source_id"),
    )

    asset_id: Mapped[uuid.UUID]
    member_id: Mapped[uuid.UUID | None]
    percent: Mapped[Decimal] = mapped_column(PERCENT)
    amount: Mapped[Decimal]
    moved_on: Mapped[date]
    source_kind: Mapped[str]
    source_id: Mapped[uuid.UUID]
    entry_id: Mapped[uuid.UUID | None]
    reverses_id: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class AssetSale(Tenant, Base):
    """A whole asset sold, or lost (sold for nothing): what came in, and where the gain or loss went."""

    __tablename__ = "asset_sale"
    __table_args__ = (
        composite("asset_id", to="asset"),
        composite("cash_account_id", to="cash_account"),
        composite("entry_id", to="entry"),
        composite("recorded_by", to="member"),
        sa.UniqueConstraint("group_id", "idempotency_key"),
        sa.CheckConstraint("proceeds >= 0 AND price >= 0", name="amounts"),
        sa.CheckConstraint("gains IN ('members', 'surplus')", name="gains"),
        sa.CheckConstraint("(proceeds = 0) = (cash_account_id IS NULL)", name="cash"),
        sa.Index("ix_asset_sale_asset", "group_id", "asset_id"),
    )

    asset_id: Mapped[uuid.UUID]
    sold_on: Mapped[date]
    price: Mapped[Decimal]  # the recorded purchase value that leaves the books
    proceeds: Mapped[Decimal]
    gains: Mapped[str]  # whose the gain or loss is, by the policy of that day
    cash_account_id: Mapped[uuid.UUID | None]
    entry_id: Mapped[uuid.UUID | None]
    idempotency_key: Mapped[str]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())

    @property
    def gain(self) -> Decimal:
        """What came in beyond the recorded value; a loss is below zero."""
        return self.proceeds - self.price


class AssetsReversal(Tenant, Base):
    """An asset or its sale taken back, with its entry and its movements of shares; why is sealed."""

    __tablename__ = "assets_reversal"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "original_kind", "original_id"),
        composite("recorded_by", to="member"),
        sa.CheckConstraint("original_kind IN ('asset', 'asset_sale')", name="original_kind"),
    )

    original_kind: Mapped[str]
    original_id: Mapped[uuid.UUID]
    reason_sealed: Mapped[bytes]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())
