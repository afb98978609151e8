"""The table of what was used of each lot of savings; rows are written by `ledger.use_savings` alone."""

import uuid
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.tenancy import Base, Owned, composite


class SavingsUse(Owned, Base):
    """A part of a lot of savings that an entry used; below zero where a reversal gave it back. Written by a function.

    A lot is an entry that adds to a savings account and is no reversal.
    """

    __tablename__ = "savings_use"
    __table_args__ = (
        composite("entry_id", to="entry"),
        composite("lot_id", to="entry"),
        composite("account_id", to="account"),
        sa.CheckConstraint("amount <> 0", name="amount"),
        sa.Index("ix_savings_use_account", "group_id", "account_id", "lot_id"),
        sa.Index("ix_savings_use_lot", "group_id", "lot_id"),
    )

    entry_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    account_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    lot_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    amount: Mapped[Decimal]
