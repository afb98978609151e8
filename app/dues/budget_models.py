"""What a group means to spend in a year, by account of expenses."""

import uuid
from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.tenancy import Base, Tenant, composite


class DuesBudget(Tenant, Base):
    """What is budgeted for an account of expenses in a calendar year; its months add up to it to the cent."""

    __tablename__ = "dues_budget"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "year", "account_id"),
        composite("account_id", to="account"),
        composite("made_by", to="member"),
        sa.CheckConstraint("amount >= 0", name="amount"),
        sa.CheckConstraint("year BETWEEN 1900 AND 2200", name="year"),
    )

    year: Mapped[int] = mapped_column(sa.SmallInteger())
    account_id: Mapped[uuid.UUID]
    amount: Mapped[Decimal]
    made_by: Mapped[uuid.UUID | None]
    made_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())
