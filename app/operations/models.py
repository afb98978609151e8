"""What operations keeps: each nightly proof of a group's books, and how large tables and indexes were."""

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.ids import new_id
from app.core.tenancy import Base, Tenant


class ProofRun(Tenant, Base):
    """The proof of a group's books on a day: what was looked at, and every fault in a sentence."""

    __tablename__ = "proof_run"
    __table_args__ = (sa.UniqueConstraint("group_id", "day"),)

    day: Mapped[date]
    proved_at: Mapped[datetime]
    ok: Mapped[bool]
    entries: Mapped[int] = mapped_column(sa.BigInteger)
    fault_count: Mapped[int]
    faults: Mapped[list[Any]] = mapped_column(JSONB)


class SizeFigure(Base):
    """How large a table or an index was on a day, as the server's own statistics say."""

    __tablename__ = "size_figure"
    __table_args__ = (sa.UniqueConstraint("day", "name"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    day: Mapped[date]
    name: Mapped[str]
    of_table: Mapped[str]
    rows: Mapped[int] = mapped_column(sa.BigInteger)
    bytes: Mapped[int] = mapped_column(sa.BigInteger)
    scans: Mapped[int] = mapped_column(sa.BigInteger)
