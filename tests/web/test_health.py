"""Readiness: the database, Redis, a worker that lives, an outbox that moves."""

from datetime import timedelta
from typing import Any

import pytest
import redis
from flask import Flask
from sqlalchemy.exc import OperationalError

from app.core import clock
from app.web import health


def seen(app: Flask, ago: timedelta) -> None:
    told = (clock.now() - ago).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    client = app.extensions["redis"]
    client.sadd("rq:workers", "rq:worker:w")
    client.hset("rq:worker:w", "last_heartbeat", told)


@pytest.fixture
def worker(app: Flask) -> Any:
    seen(app, timedelta(seconds=5))
    yield app
    app.extensions["redis"].delete("rq:workers", "rq:worker:w")


def found(app: Flask) -> tuple[int, dict[str, Any]]:
    answer = app.test_client().get("/readyz")
    return answer.status_code, answer.get_json()


def test_it_lives(app: Flask) -> None:
    assert app.test_client().get("/healthz").get_json() == {"status": "ok"}


def test_it_is_ready_when_all_is_there(worker: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "oldest_due", lambda: timedelta(seconds=20))
    status, told = found(worker)
    assert (status, told["status"]) == (200, "ready")


def test_a_worker_not_seen_for_a_minute_is_not_there(worker: Flask) -> None:
    seen(worker, timedelta(seconds=70))
    assert found(worker)[1]["worker"] is False


def test_without_a_worker_it_is_not_ready(app: Flask) -> None:
    status, told = found(app)
    assert (status, told["worker"]) == (503, False)


def test_an_outbox_that_stands_still_is_told(worker: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "oldest_due", lambda: timedelta(minutes=6))
    status, told = found(worker)
    assert (status, told["outbox"]) == (503, False)


def test_without_redis_it_is_not_ready(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.extensions, "redis", redis.Redis(host="127.0.0.1", port=1))
    status, told = found(app)
    assert (status, told["redis"], told["worker"]) == (503, False, False)


def test_without_the_database_it_is_not_ready(worker: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object) -> None:
        raise OperationalError("", {}, Exception())

    monkeypatch.setattr(health, "engine", gone)
    monkeypatch.setattr(health, "oldest_due", gone)
    status, told = found(worker)
    assert (status, told["database"], told["outbox"]) == (503, False, False)
