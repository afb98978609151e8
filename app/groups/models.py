"""Groups (the tenants), members, their permissions, the group's versioned policy and settings, and invitations."""

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.ids import new_id
from app.core.tenancy import Base, Owned, Tenant, composite


class SavingsGroup(Base):
    """A group: the tenant itself, so its id is every other table's group_id. Read by its own members only."""

    __tablename__ = "savings_group"
    __table_args__ = (
        sa.UniqueConstraint("slug"),
        sa.Index("ix_savings_group_name", sa.text("lower(name)"), "id"),
        sa.CheckConstraint("category IN ('savings', 'investment', 'credit', 'mixed')", name="category"),
        sa.CheckConstraint("status IN ('pending', 'active', 'suspended', 'dissolved', 'inactive')", name="status"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    slug: Mapped[str]
    category: Mapped[str] = mapped_column(default="savings")
    status: Mapped[str] = mapped_column(default="active")
    currency: Mapped[str]
    country: Mapped[str]
    time_zone: Mapped[str]
    locale: Mapped[str] = mapped_column(default="en")
    registration_number: Mapped[str | None]
    max_members: Mapped[int] = mapped_column(default=50)
    set_up_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())


class Member(Tenant, Base):
    """A person inside a group, with or without a sign-in; one may read own memberships before a group is chosen."""

    __tablename__ = "member"
    __across_groups__ = True
    __table_args__ = (
        sa.Index("uq_member_identifier", "group_id", sa.text("lower(identifier)"), unique=True),
        sa.UniqueConstraint("group_id", "user_id"),
        sa.CheckConstraint("status IN ('invited', 'active', 'inactive', 'suspended', 'left')", name="status"),
        sa.Index("ix_member_user", "user_id"),
        sa.Index("uq_member_email", "group_id", sa.text("lower(email)"), unique=True),
        sa.Index("ix_member_name", "group_id", sa.text("lower(display_name)"), "id"),
    )

    user_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("user_account.id"))
    identifier: Mapped[str]
    display_name: Mapped[str]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    national_id: Mapped[bytes | None]
    joined_on: Mapped[date]
    left_on: Mapped[date | None]
    leaving_since: Mapped[datetime | None]  # the moment of an open exit request; the rooms that take money look here
    status: Mapped[str] = mapped_column(default="active")
    voting_rights: Mapped[bool] = mapped_column(default=True)
    roles: Mapped[list[str]]
    created_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())


class MemberPermission(Tenant, Base):
    """A permission granted to or denied one member beside the roles; the latest row of a permission counts."""

    __tablename__ = "member_permission"
    __table_args__ = (
        composite("member_id", to="member"),
        composite("set_by", to="member"),
        sa.CheckConstraint("effect IN ('grant', 'deny', 'role')", name="effect"),
        sa.Index("ix_member_permission_member", "group_id", "member_id"),
    )

    member_id: Mapped[uuid.UUID]
    permission: Mapped[str]
    effect: Mapped[str]
    set_by: Mapped[uuid.UUID]
    set_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class GroupPolicy(Tenant, Base):
    """A version of the group's rules from a day on; a change is a new version, never an update."""

    __tablename__ = "group_policy"
    __table_args__ = (sa.UniqueConstraint("group_id", "version"), composite("recorded_by", to="member"))

    version: Mapped[int]
    effective_on: Mapped[date]
    rules: Mapped[dict[str, Any]]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class GroupSetting(Owned, Base):
    """A setting of the group: typed by its name in the catalogue of settings, sealed when it is a secret."""

    __tablename__ = "group_setting"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[dict[str, Any]]
    sealed: Mapped[bytes | None]
    updated_at: Mapped[datetime]


class Invitation(Tenant, Base):
    """An invitation of a member by mail; its secret is known here by its digest only."""

    __tablename__ = "invitation"
    __table_args__ = (
        composite("member_id", to="member"),
        composite("invited_by", to="member"),
        sa.UniqueConstraint("group_id", "digest"),
        sa.Index("ix_invitation_member", "group_id", "member_id"),
    )

    member_id: Mapped[uuid.UUID]
    email: Mapped[str]
    digest: Mapped[bytes]
    invited_by: Mapped[uuid.UUID | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class SecretDigest(Base):
    """Which group a secret that arrives from outside belongs to: a digest, a group, a purpose, and nothing personal."""

    __tablename__ = "secret_digest"

    digest: Mapped[bytes] = mapped_column(primary_key=True)
    group_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("savings_group.id"))
    purpose: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
