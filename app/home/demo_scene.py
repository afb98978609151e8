"""A month of a group of the demonstration for what needs workers: they work on that day, not when they are started."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from app.core import clock
from app.core.db import session, transaction
from app.core.draining import handle
from app.core.outbox import Outbox
from app.core.periods import Month, instant_of, zone_named
from app.dues.running import JOB as DUES
from app.latefees.proposing import JOB as LATE
from app.ledgers.methods import Method
from app.receipts.batches import JOB as RECEIPTS
from app.receipts.issuing import SETTLE

JOBS = (RECEIPTS, SETTLE, DUES, LATE)  # what they only tell people may come when they are started
Happening = Callable[["Scene"], None]


@dataclass(frozen=True)
class Scene:
    """A group in the `step`th month of its story; `last` is the moment up to which the month is played."""

    group_id: uuid.UUID
    leader: uuid.UUID
    treasurer: uuid.UUID
    members: Mapping[str, uuid.UUID]
    cash: uuid.UUID
    method: Method
    zone: str
    month: Month
    step: int
    last: datetime
    things: dict[str, uuid.UUID]
    key: Callable[[], str]

    def begin(self, happenings: Sequence[Happening]) -> None:
        """What happens on the morning of the month's first day, and what workers then do."""
        self._play(happenings, self._morning)

    def end(self, happenings: Sequence[Happening]) -> None:
        """What happens by the end of the month, or of what has passed of it, and what workers then do."""
        self._play(happenings, self.last)

    @property
    def _morning(self) -> datetime:
        return instant_of(self.month.first, zone_named(self.zone)) + timedelta(hours=8)

    def _play(self, happenings: Sequence[Happening], at: datetime) -> None:
        if not happenings or self.last < self._morning:  # this month has hardly begun
            return
        with clock.held(at):
            with transaction(group_id=self.group_id):
                for happening in happenings:
                    happening(self)
            self._work()

    def _work(self) -> None:
        """One thing leads to another: receipts are issued, then credit pays them."""
        while messages := self._waiting():
            for message_id in messages:
                handle(self.group_id, message_id)

    def _waiting(self) -> Sequence[uuid.UUID]:
        with transaction(group_id=self.group_id):
            open_ = (Outbox.done_at.is_(None), Outbox.due_at <= clock.now())
            wanted = sa.select(Outbox.id).where(Outbox.kind.in_(JOBS), *open_)
            return session().scalars(wanted.order_by(Outbox.id)).all()

    def day(self, number: int) -> date:
        """A day of the month, or the latest that has come."""
        return min(self.month.day(number), self.last.astimezone(zone_named(self.zone)).date())

    def party(self, name: str) -> uuid.UUID:
        """A party of the register, by name."""
        return self.things[f"party {name}"]
