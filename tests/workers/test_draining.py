"""A message is tried until it is done or dead; its effect and its mark are one transaction."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core import clock, draining
from app.core.db import session, transaction
from app.core.outbox import Outbox, later, later_for_person
from app.core.rooms import Step
from app.groups.models import Member
from tests.factories import Cast
from tests.mail.box import work
from tests.workers.conftest import Bench


class Dead(BaseException):
    """The end of a process, which no handler of errors may catch."""


def fail(**_: Any) -> None:
    raise RuntimeError("no luck")


def queue(cast: Cast, **given: Any) -> None:
    with transaction(group_id=cast.group_id):
        later("try", key="k", **given)


def row(cast: Cast) -> Outbox:
    with transaction(group_id=cast.group_id):
        found = session().scalars(sa.select(Outbox).where(Outbox.key == "k")).one()
        session().expunge(found)
        return found


def test_it_is_done_once_however_often_it_is_queued_and_looked_at(cast: Cast, bench: Bench) -> None:
    queue(cast, word="a")
    queue(cast, word="b")
    assert (work(cast.group_id), work(cast.group_id)) == (1, 0)
    assert bench.calls == [{"word": "a"}]
    assert row(cast).done_at is not None


def test_a_message_waits_until_it_is_due(cast: Cast, bench: Bench) -> None:
    due = clock.now() + timedelta(hours=1)
    queue(cast, due=due)
    assert work(cast.group_id) == 0
    with clock.held(due):
        assert work(cast.group_id) == 1
    assert len(bench.calls) == 1


def test_a_message_outside_any_group_has_no_session_of_a_group(context: Flask, bench: Bench) -> None:
    with transaction():
        later_for_person("try", key="p")
    assert work() == 1
    assert bench.calls == [{}]


def test_what_a_failing_job_wrote_is_undone_and_it_is_tried_later(cast: Cast, bench: Bench) -> None:
    def spoil(**_: Any) -> None:
        session().execute(sa.update(Member).values(display_name="spoilt"))
        fail()

    bench.does = spoil
    queue(cast)
    assert work(cast.group_id) == 1
    message = row(cast)
    assert message.attempts == 1
    assert message.last_error == "RuntimeError: no luck"
    assert clock.now() < message.due_at < clock.now() + timedelta(seconds=4)
    with transaction(group_id=cast.group_id):
        assert session().scalar(sa.select(sa.func.count()).where(Member.display_name == "spoilt")) == 0


def test_after_its_last_try_it_is_dead_and_left_alone(cast: Cast, bench: Bench) -> None:
    bench.does = fail
    queue(cast)
    now = clock.now()
    while row(cast).dead_at is None:
        now += timedelta(hours=2)
        with clock.held(now):
            work(cast.group_id)
    assert len(bench.calls) == draining.TRIES
    with clock.held(now + timedelta(days=1)):
        work(cast.group_id)
    assert len(bench.calls) == draining.TRIES


def test_an_error_that_says_so_is_final_at_once(cast: Cast, bench: Bench) -> None:
    class Hopeless(RuntimeError):
        permanent = True

    def give_up(**_: Any) -> None:
        raise Hopeless

    bench.does = give_up
    queue(cast)
    work(cast.group_id)
    assert row(cast).dead_at is not None


def test_a_job_without_a_handler_is_an_error_like_any_other(cast: Cast) -> None:
    with transaction(group_id=cast.group_id):
        later("nobody.knows", key="k")
    work(cast.group_id)
    assert row(cast).last_error == "LookupError: no room handles nobody.knows"


def test_a_message_that_kills_its_worker_each_time_is_buried(cast: Cast, bench: Bench) -> None:
    def die(**_: Any) -> None:
        raise Dead

    bench.does = die
    queue(cast)
    now = clock.now()
    for _try in range(draining.TRIES):
        now += timedelta(hours=2)
        with clock.held(now), pytest.raises(Dead):
            work(cast.group_id)
    with clock.held(now + timedelta(hours=2)):
        work(cast.group_id)
    message = row(cast)
    assert message.dead_at is not None
    assert message.last_error == "the worker died each time it tried"
    assert len(bench.calls) == draining.TRIES


def test_a_long_run_goes_on_chunk_by_chunk_and_keeps_its_place(cast: Cast, bench: Bench) -> None:
    def chunk(*, done: int, total: int) -> Step:
        if done == 4 and len(bench.calls) == 3:
            fail()
        return Step(progress=done + 2, more=done + 2 < total, result={"made": done + 2})

    bench.does = chunk
    queue(cast, total=6)
    assert work(cast.group_id) == 3
    half = row(cast)
    assert (half.progress, half.attempts, half.done_at) == (4, 1, None)
    with clock.held(half.due_at):
        work(cast.group_id)
    end = row(cast)
    assert (end.progress, end.result, end.last_error) == (6, {"made": 6}, None)
    assert end.done_at is not None
    assert [call["done"] for call in bench.calls] == [0, 2, 4, 4]


def test_pauses_grow_and_are_never_the_same() -> None:
    pauses = [draining._pause(attempt).total_seconds() for attempt in range(1, draining.TRIES + 1)]
    assert 0.75 <= pauses[0] <= 1.25
    assert pauses[3] > pauses[0] * 9
    assert max(pauses) <= draining.LONGEST_WAIT * 1.25
    assert len({draining._pause(5) for _ in range(20)}) > 1
