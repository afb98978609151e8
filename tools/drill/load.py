"""Writing while it happens: real payments through the service, each with the time it was asked and acknowledged."""

import random
import threading
import time
import uuid
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa
from flask import Flask

from app.core import clock
from app.core.db import engine, session, transaction
from app.groups.models import Member
from app.ledgers.cash import cash_accounts
from app.savings.planning import Receipt
from app.savings.recording import record_receipts

PAUSE = 0.1  # seconds between two payments


@dataclass(frozen=True)
class Written:
    """A payment that was acknowledged; times in seconds since 1970."""

    id: uuid.UUID
    asked: float
    acknowledged: float


@dataclass(frozen=True)
class _Group:
    id: uuid.UUID
    members: list[uuid.UUID]
    cash: uuid.UUID


class Writer(threading.Thread):
    """Writes until the server is gone or it is told to stop."""

    def __init__(self, app: Flask, seed: int) -> None:
        """Look up who pays where."""
        super().__init__(name="writer", daemon=True)
        self.app, self.chance = app, random.Random(seed)  # noqa: S311  # it must come again with the same seed
        self.written: list[Written] = []
        self.ended: BaseException | None = None
        self.stopping = threading.Event()
        with app.app_context():
            self.groups = [_group(group_id) for group_id in _ids()]

    def run(self) -> None:
        """Pay, note, pause."""
        try:
            while not self.stopping.wait(PAUSE):
                self._pay(self.chance.choice(self.groups))
        except Exception as error:  # noqa: BLE001  # the drill kills the server under it, and asks why it ended
            self.ended = error

    def _pay(self, group: _Group) -> None:
        asked = time.time()
        with self.app.app_context(), transaction(group_id=group.id):
            paid = Receipt(
                member_id=self.chance.choice(group.members),
                amount=Decimal(self.chance.randint(1, 50)),
                paid_at=clock.now(),
                method="cash",
                cash_account_id=group.cash,
                key=f"drill:{uuid.uuid4()}",
            )
            [payment] = record_receipts([paid], by=group.members[0])
            id_ = payment.id
        self.written.append(Written(id_, asked, time.time()))

    def wait_for(self, count: int, seconds: float = 30) -> None:
        """Wait until so many were written. Raises RuntimeError when that does not come."""
        end = time.monotonic() + seconds
        while len(self.written) < count:
            if self.ended or time.monotonic() > end:
                raise RuntimeError(f"the writer wrote {len(self.written)}: {self.ended}")
            time.sleep(0.02)

    def still_writes(self) -> None:
        """Raises RuntimeError when it ended while the server was there: the drill would measure nothing."""
        if self.ended:
            raise RuntimeError(f"the writer ended before the disaster: {self.ended}")


def _ids() -> list[uuid.UUID]:
    with engine("relay").connect() as connection:
        return list(connection.execute(sa.text("SELECT id FROM savings_group ORDER BY slug")).scalars())


def _group(group_id: uuid.UUID) -> _Group:
    with transaction(group_id=group_id):
        active = sa.select(Member.id).where(Member.status == "active", Member.leaving_since.is_(None))
        return _Group(group_id, list(session().scalars(active.order_by(Member.id))), cash_accounts()[0].id)
