"""The master keys a database was sealed with: each leaves a canary there, which tells a wrong key ring at the start."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from app.core.crypto import CannotOpen, KeyRing
from app.core.db import platform, transaction
from app.core.keys import ring
from app.core.tenancy import Base

_TEXT = b"The key ring opens what this database holds."
_NAME = "plots keys="


class MasterKey(Base):
    """A key that a process once started with. `retired_at`: nothing is sealed with it any more."""

    __tablename__ = "master_key"

    id: Mapped[str] = mapped_column(primary_key=True)
    canary: Mapped[bytes]
    created_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    retired_at: Mapped[datetime | None]


class WrongKeyRing(RuntimeError):
    """The key ring cannot read what this database holds; the sentence names the key."""


def named(keys: Iterable[str]) -> str:
    """How a process is known to the database server: by the ids of its keys, the one that writes first."""
    return _NAME + ",".join(keys)


def keys_of_name(name: str) -> list[str] | None:
    """The ids in such a name; None of a connection that is not a process of ours."""
    return name.removeprefix(_NAME).split(",") if name.startswith(_NAME) else None


def prove() -> None:
    """Open every key's canary, and leave one for keys seen for the first time. Raises WrongKeyRing."""
    with transaction():
        rows = {row.id: row for row in platform().scalars(sa.select(MasterKey))}
        for name in ring().keys.keys() - rows.keys():
            _leave(name)
        for row in platform().scalars(sa.select(MasterKey).order_by(MasterKey.created_at)):
            _open(row)


def _leave(name: str) -> None:
    canary = KeyRing(ring().keys, name).seal(_TEXT, _place(name))
    made = insert(MasterKey).values(id=name, canary=canary)
    platform().execute(made.on_conflict_do_nothing())  # processes start together


def _open(row: MasterKey) -> None:
    if row.id not in ring().keys:
        if row.retired_at is None:
            raise WrongKeyRing(
                f"KEY_RING lacks the key {row.id}, which this database was sealed with: add it, or, once"
                f" `flask keys status` counts no value under it, `flask keys retire {row.id}`."
            )
        return
    try:
        ring().open(row.canary, _place(row.id))
    except CannotOpen:
        raise WrongKeyRing(f"KEY_RING has another key {row.id} than the one this database was sealed with.") from None


def _place(name: str) -> str:
    return f"master_key|{name}|canary"
