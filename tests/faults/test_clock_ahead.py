"""A clock that ran ahead for a moment, on one machine or on all: what was queued then does not wait for it."""

from datetime import timedelta

import sqlalchemy as sa

from app.core import clock, outbox
from app.core.db import platform, transaction
from app.core.outbox import PlatformOutbox
from tests.factories import Cast
from tests.mail.box import work
from tests.workers.conftest import Bench, bench

__all__ = ["bench"]
AHEAD = timedelta(hours=1)


def test_what_is_queued_by_a_clock_that_is_ahead_does_not_wait_for_it(cast: Cast, bench: Bench):
    with clock.held(clock.now() + AHEAD), transaction(group_id=cast.group_id):
        outbox.later("try", key="ahead")
    assert work(cast.group_id) == 1
    assert len(bench.calls) == 1


def test_a_message_for_a_person_does_not_wait_either(cast: Cast, bench: Bench):
    with clock.held(clock.now() + AHEAD), transaction():
        outbox.later_for_person("try", key=f"person {cast.group_id}")
    with transaction():
        wanted = sa.select(PlatformOutbox.due_at).where(PlatformOutbox.key == f"person {cast.group_id}")
        assert platform().scalars(wanted).one() <= clock.now()
