"""Messages that were given up are found over all groups, and tried again inside their own."""

import uuid

import pytest
import sqlalchemy as sa

from app.audit.models import AuditEvent
from app.core import clock
from app.core.db import platform, session, transaction
from app.core.outbox import Outbox, PlatformOutbox, later
from app.operations.deadletters import dead_letters, retry
from app.work.errors import NoSuchMessage, NotDead
from tests.ledgers.conftest import Books

pytestmark = pytest.mark.committed


def test_a_dead_letter_is_found_over_all_groups_and_tried_again_inside_its_own(books: Books) -> None:
    group_id, staff = books.cast.group_id, books.cast.stranger.user_id
    with transaction(group_id=group_id):
        row = later("try", key="d")
        row.dead_at, row.attempts = clock.now(), 10
        message_id = row.id
    (found,) = [letter for letter in dead_letters(limit=1000) if letter.message_id == message_id]
    assert (found.group_id, found.kind) == (group_id, "try")
    with pytest.raises(NoSuchMessage):
        retry(message_id, books.cast.outsider.group_id, by=staff)
    retry(message_id, group_id, by=staff)
    with pytest.raises(NotDead):
        retry(message_id, group_id, by=staff)
    assert message_id not in {letter.message_id for letter in dead_letters(limit=1000)}
    with transaction(group_id=group_id):
        event = session().scalars(sa.select(AuditEvent).where(AuditEvent.entity_id == message_id)).one()
        assert (event.action, event.member_id, event.user_id) == ("retry", None, staff)
        session().get_one(Outbox, (group_id, message_id)).done_at = clock.now()


def test_a_dead_letter_outside_any_group(books: Books) -> None:
    with transaction():
        row = PlatformOutbox(key=f"d:{uuid.uuid4()}", kind="try", payload={}, due_at=clock.now(), dead_at=clock.now())
        platform().add(row)
        platform().flush()
        message_id = row.id
    assert [letter.group_id for letter in dead_letters(limit=1000) if letter.message_id == message_id] == [None]
    retry(message_id, None, by=books.cast.stranger.user_id)
    with transaction():
        row = platform().get_one(PlatformOutbox, message_id)
        assert (row.dead_at, row.attempts) == (None, 0)
        row.done_at = clock.now()
