"""Versions of tax rates, by country and kind, for the whole service; the latest row of a day counts."""

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.ids import new_id
from app.core.tenancy import Base


class TaxVersion(Base):
    """Rates of a country from a day on. A later row of the same day takes the place of an earlier one."""

    __tablename__ = "tax_version"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('rent_withholding', 'rent_income')", name="kind"),
        sa.CheckConstraint("country ~ '^[A-Z]{2}$'", name="country"),
        sa.Index("ix_tax_version_country", "country", "kind", "starts_on", "at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    country: Mapped[str]
    kind: Mapped[str]
    starts_on: Mapped[date]
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    note: Mapped[str]  # where the rates come from
    user_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("user_account.id"))  # None: came with the product
    at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())
