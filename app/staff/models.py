"""Who is platform staff, what they did, and what the service keeps of groups for them."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.ids import new_id
from app.core.tenancy import Base, Owned, Tenant, composite


class PlatformStaff(Base):
    """That a person became platform staff, or ceased to be: the latest row of a person counts."""

    __tablename__ = "platform_staff"
    __table_args__ = (sa.Index("ix_platform_staff_user", "user_id", "at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("user_account.id"))
    is_staff: Mapped[bool]
    given_by: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class StaffAct(Base):
    """What somebody of the staff did, to which group or thing, and why."""

    __tablename__ = "staff_act"
    __table_args__ = (
        sa.Index("ix_staff_act_at", "at", "id"),
        sa.Index("ix_staff_act_about_group", "about_group", "at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("user_account.id"))
    action: Mapped[str]
    about_group: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("savings_group.id"))
    about: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime]


class GroupPlan(Tenant, Base):
    """The plan of a group from a moment on; a group without a row is on the free one."""

    __tablename__ = "group_plan"
    __across_groups__ = True  # platform staff list groups; the database shows it to nobody else
    __table_args__ = (
        sa.CheckConstraint("plan IN ('free')", name="plan"),
        sa.Index("ix_group_plan_at", "group_id", "at"),
    )

    plan: Mapped[str]
    given_by: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class GroupStanding(Tenant, Base):
    """That a group was suspended or revived, by whom and why; the group reads it too."""

    __tablename__ = "group_standing"
    __across_groups__ = True  # platform staff list groups; the database shows it to nobody else
    __table_args__ = (
        sa.CheckConstraint("status IN ('active', 'suspended')", name="status"),
        sa.Index("ix_group_standing_at", "group_id", "at"),
    )

    status: Mapped[str]
    reason: Mapped[str]
    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class PlatformAccess(Tenant, Base):
    """A look inside a group: who, why, from when until when by the database's clock; the group reads it too."""

    __tablename__ = "platform_access"
    __across_groups__ = True  # platform staff list groups; the database shows it to nobody else
    __table_args__ = (
        sa.CheckConstraint("until > at AND until <= at + interval '4 hours'", name="until"),
        sa.CheckConstraint("btrim(reason) <> ''", name="reason"),
        sa.Index("ix_platform_access_user", "group_id", "user_id", "until"),
    )

    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("user_account.id"))
    reason: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    until: Mapped[datetime]


class PlatformAccessEnd(Owned, Base):
    """That a look was ended before its time, by whoever looked."""

    __tablename__ = "platform_access_end"
    __across_groups__ = True  # platform staff list groups; the database shows it to nobody else
    __table_args__ = (composite("access_id", to="platform_access"),)

    access_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=sa.func.now())


class GroupFigures(Owned, Base):
    """How large a group is and how it fares: numbers without a name, counted by the group's own clock work."""

    __tablename__ = "group_figures"
    __across_groups__ = True  # platform staff list groups; the database shows it to nobody else

    members: Mapped[int]
    entries: Mapped[int] = mapped_column(sa.BigInteger)
    bytes: Mapped[int] = mapped_column(sa.BigInteger)
    last_activity_at: Mapped[datetime | None]
    dead_letters: Mapped[int]
    lost_mails: Mapped[int]
    proved_at: Mapped[datetime | None]
    proof_faults: Mapped[int | None]
    weighed_at: Mapped[datetime]  # when the bytes were summed up, which is done once a day
    counted_at: Mapped[datetime]
