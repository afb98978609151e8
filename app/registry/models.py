"""Parties, units, the deeds by which parties hold them, and the sets of deeds that costs are shared out over."""

import uuid
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.tenancy import Base, Tenant, composite

PERCENT = sa.Numeric(7, 4)
AREA = sa.Numeric(12, 2)


class Party(Tenant, Base):
    """A person or company that owns, rents or holds deeds; a member, the group itself, or somebody from outside.

    `name` is None where it stands elsewhere: with the member, or with the group. What is sealed (tax number and how
    to reach them, as JSON) is under the key of `subject_id`: the member, whose erasure takes it along, or the party.
    """

    __tablename__ = "party"
    __table_args__ = (
        composite("member_id", to="member"),
        composite("recorded_by", to="member"),
        sa.UniqueConstraint("group_id", "member_id"),
        sa.UniqueConstraint("group_id", "idempotency_key"),
        sa.Index("uq_party_code", "group_id", sa.text("lower(code)"), unique=True),
        sa.Index("uq_party_is_group", "group_id", unique=True, postgresql_where=sa.text("is_group")),
        sa.Index("ix_party_code", "group_id", "code", "id"),
        sa.CheckConstraint("kind IN ('person', 'company')", name="kind"),
        sa.CheckConstraint("(name IS NULL) = (member_id IS NOT NULL OR is_group)", name="name"),
        sa.CheckConstraint("NOT (is_group AND member_id IS NOT NULL)", name="one_link"),
        sa.CheckConstraint("length(code) BETWEEN 1 AND 40", name="code"),
        sa.CheckConstraint("family_count BETWEEN 0 AND 99", name="family_count"),
    )

    code: Mapped[str]
    kind: Mapped[str]
    professional: Mapped[bool] = mapped_column(default=False)  # pays rent as a business does: tax is withheld
    name: Mapped[str | None]
    member_id: Mapped[uuid.UUID | None]
    is_group: Mapped[bool] = mapped_column(default=False)
    family_count: Mapped[int] = mapped_column(default=0)
    subject_id: Mapped[uuid.UUID]
    details_sealed: Mapped[bytes | None]
    active: Mapped[bool] = mapped_column(default=True)
    idempotency_key: Mapped[str]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class Unit(Tenant, Base):
    """An apartment, store, building or piece of land that is let, owned or charged by itself; area in square metres."""

    __tablename__ = "unit"
    __table_args__ = (
        composite("asset_id", to="asset"),
        composite("recorded_by", to="member"),
        sa.UniqueConstraint("group_id", "idempotency_key"),
        sa.Index("uq_unit_code", "group_id", sa.text("lower(code)"), unique=True),
        sa.Index("ix_unit_code", "group_id", "code", "id"),
        sa.Index("ix_unit_asset", "group_id", "asset_id"),
        sa.CheckConstraint("type IN ('apartment', 'store', 'building', 'land', 'other')", name="type"),
        sa.CheckConstraint("area > 0", name="area"),
        sa.CheckConstraint("length(code) BETWEEN 1 AND 40", name="code"),
    )

    code: Mapped[str]
    type: Mapped[str]
    area: Mapped[Decimal | None] = mapped_column(AREA)
    asset_id: Mapped[uuid.UUID | None]
    address: Mapped[str] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(default=True)
    idempotency_key: Mapped[str]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class Deed(Tenant, Base):
    """Who holds a unit from a day on, with its weight in common areas (per cent); in force on a month's first day."""

    __tablename__ = "deed"
    __table_args__ = (
        composite("unit_id", to="unit"),
        composite("responsible_party_id", to="party"),
        composite("recorded_by", to="member"),
        sa.UniqueConstraint("group_id", "idempotency_key"),
        sa.CheckConstraint("indiviso BETWEEN 0 AND 100", name="indiviso"),
        sa.CheckConstraint("usage IN ('owner_occupied', 'long_term_rental', 'short_term_rental')", name="usage"),
        sa.CheckConstraint("ends_on >= starts_on - 1", name="days"),
        sa.Index("ix_deed_unit", "group_id", "unit_id", "starts_on"),
        sa.Index("ix_deed_responsible_party", "group_id", "responsible_party_id"),
    )

    unit_id: Mapped[uuid.UUID]
    responsible_party_id: Mapped[uuid.UUID]
    indiviso: Mapped[Decimal] = mapped_column(PERCENT)
    usage: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    active: Mapped[bool] = mapped_column(default=True)  # False: withdrawn, it was never so
    idempotency_key: Mapped[str]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class DeedOwner(Tenant, Base):
    """A party's share of a deed, in per cent; those of a deed total 100."""

    __tablename__ = "deed_owner"
    __table_args__ = (
        composite("deed_id", to="deed"),
        composite("party_id", to="party"),
        sa.UniqueConstraint("group_id", "deed_id", "party_id"),
        sa.CheckConstraint("share > 0 AND share <= 100", name="share"),
        sa.Index("ix_deed_owner_party", "group_id", "party_id"),
    )

    deed_id: Mapped[uuid.UUID]
    party_id: Mapped[uuid.UUID]
    share: Mapped[Decimal] = mapped_column(PERCENT)


class AllocationSet(Tenant, Base):
    """Deeds that costs are shared out over, such as a building or a tower; their indivisos should total 100."""

    __tablename__ = "allocation_set"
    __table_args__ = (
        composite("recorded_by", to="member"),
        sa.UniqueConstraint("group_id", "idempotency_key"),
        sa.Index("uq_allocation_set_name", "group_id", sa.text("lower(name)"), unique=True),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 80", name="name"),
    )

    name: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    idempotency_key: Mapped[str]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class AllocationSetDeed(Tenant, Base):
    """That a deed belongs to a set; taken out again, the row goes, and the audit log says so."""

    __tablename__ = "allocation_set_deed"
    __table_args__ = (
        composite("set_id", to="allocation_set"),
        composite("deed_id", to="deed"),
        sa.UniqueConstraint("group_id", "set_id", "deed_id"),
        sa.Index("ix_allocation_set_deed_deed", "group_id", "deed_id"),
    )

    set_id: Mapped[uuid.UUID]
    deed_id: Mapped[uuid.UUID]
