"""What a Redis that was emptied or says nothing may cost: seconds, and never readiness."""

import contextlib
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from app.config import Settings
from app.core import clock
from app.core.jobs import wake, worker_seen
from app.factory import create_app


@pytest.fixture
def silent(app: Flask, settings: Settings, tmp_path: Path) -> Iterator[Flask]:
    """The application with a Redis that takes connections and never answers."""
    path = tmp_path / "redis.sock"
    with socket.socket(socket.AF_UNIX) as mute:
        mute.bind(str(path))
        mute.listen(16)
        made = create_app(replace(settings, redis_url=f"unix://{path}"))
        yield made
        made.extensions["redis"].close()
        for engine in made.extensions["engines"].values():
            engine.dispose()


def test_a_silent_redis_costs_a_wake_up_two_seconds(silent: Flask):
    began = time.monotonic()
    with silent.app_context():
        wake()
    assert time.monotonic() - began < 4.5


def test_a_silent_redis_does_not_keep_people_from_signing_in(silent: Flask):
    began = time.monotonic()
    with contextlib.closing(silent.test_client().post("/sign-in", data={"email": "a@example.org"})) as answer:
        assert answer.status_code == 400  # the form has no token; it was counted before that
    assert time.monotonic() - began < 8


def test_a_worker_is_seen_again_after_redis_was_emptied(app: Flask):
    client = app.extensions["redis"]
    client.flushall()
    client.hset("rq:worker:w", "last_heartbeat", clock.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ"))  # all that it writes
    try:
        with app.app_context():
            assert worker_seen()
    finally:
        client.delete("rq:worker:w")
