"""Officers of the cast with an address, and what happens."""

from typing import Any

import pytest
import sqlalchemy as sa

from app.audit.log import record
from app.core import clock
from app.core.db import session, transaction
from app.core.draining import handle
from app.core.ids import new_id
from app.core.outbox import Outbox
from app.hooks.models import HookAddress, HookDelivery
from app.hooks.services import add_hook
from tests.factories import Cast


class Told:
    """The hooks of the cast's group: each call is a unit of work of its own."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.secret = ""

    def add(self, url: str, *events: str) -> HookAddress:
        with transaction(group_id=self.cast.group_id):
            wanted = events or ("payment.create",)
            made, secret = add_hook(url=url, events=wanted, by=self.cast.leader.member_id, key=new_id().hex)
            self.secret = secret or ""
            session().flush()
            session().expunge(made)
            return made

    def happens(self, action: str = "create", entity: str = "payment") -> None:
        with transaction(group_id=self.cast.group_id):
            record(action, entity, new_id(), by=self.cast.treasurer.member_id, after={"name": "Amina"})

    def work(self) -> None:
        """What a worker does; the relay's own connection does not see what a test did not commit."""
        with transaction(group_id=self.cast.group_id):
            due = (Outbox.kind == "hooks.send", Outbox.done_at.is_(None), Outbox.due_at <= clock.now())
            ids = session().scalars(sa.select(Outbox.id).where(*due).order_by(Outbox.due_at, Outbox.id)).all()
        for message_id in ids:
            handle(self.cast.group_id, message_id)

    def deliveries(self) -> list[HookDelivery]:
        with transaction(group_id=self.cast.group_id):
            return self._all(HookDelivery)

    def hook(self) -> HookAddress:
        with transaction(group_id=self.cast.group_id):
            found: HookAddress = self._all(HookAddress)[0]
            return found

    def open_messages(self) -> int:
        with transaction(group_id=self.cast.group_id):
            open_ = (Outbox.kind == "hooks.send", Outbox.done_at.is_(None))
            return session().scalar(sa.select(sa.func.count()).select_from(Outbox).where(*open_)) or 0

    def change(self, **values: Any) -> None:
        with transaction(group_id=self.cast.group_id):
            session().execute(sa.update(HookAddress).values(**values))

    @staticmethod
    def _all(model: Any) -> list[Any]:
        found = list(session().scalars(sa.select(model).order_by(model.created_at, model.id)))
        for row in found:
            session().expunge(row)
        return found


@pytest.fixture
def told(cast: Cast) -> Told:
    """Hooks of the cast's group."""
    return Told(cast)
