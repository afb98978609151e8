"""The rows that tell when the database was last backed up: alerts read them, a restore does not need them."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.ids import new_id
from app.core.tenancy import Base


class BackupTaken(Base):
    """A backup. `verified`: its files were checked; `copied`: it is in the second place, None where there is none."""

    __tablename__ = "backup_taken"
    __table_args__ = (sa.CheckConstraint("kind IN ('full', 'incremental')", name="kind"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime] = mapped_column(index=True)
    lsn: Mapped[str]
    bytes: Mapped[int] = mapped_column(sa.BigInteger)
    place: Mapped[str]
    verified: Mapped[bool]
    copied: Mapped[bool | None]
