"""Whether this process lives, and whether it has all it needs to serve."""

from datetime import datetime, timedelta

import redis
import sqlalchemy as sa
from flask import Blueprint, Response, current_app, jsonify

from app.core import clock
from app.core.db import engine
from app.core.draining import oldest_due

SEEN_WITHIN = timedelta(seconds=60)
STUCK_AFTER = timedelta(minutes=5)  # generous: a long batch before a message is not an accident

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def healthz() -> Response:
    """200 while the process answers."""
    return jsonify(status="ok")


@bp.get("/readyz")
def readyz() -> tuple[Response, int]:
    """200 when database, Redis and a worker are there, else 503 naming what is not."""
    found = {"database": _database(), "redis": _redis(), "worker": _worker(), "outbox": _outbox()}
    ready = all(found.values())
    return jsonify(status="ready" if ready else "not ready", **found), 200 if ready else 503


def _database() -> bool:
    try:
        with engine().connect() as connection:
            return bool(connection.exec_driver_sql("SELECT 1 FROM app.alembic_version").scalar())
    except sa.exc.SQLAlchemyError:
        return False


def _redis() -> bool:
    try:
        return bool(current_app.extensions["redis"].ping())
    except redis.RedisError:
        return False


def _worker() -> bool:
    """Whether a worker was seen in the last minute; an idle one says so every 45 seconds."""
    client = current_app.extensions["redis"]
    try:
        seen = [client.hget(key, "last_heartbeat") for key in client.smembers("rq:workers")]
    except redis.RedisError:
        return False
    return any(clock.now() - _instant(told) < SEEN_WITHIN for told in seen if told)


def _outbox() -> bool:
    """Whether what is due gets done."""
    try:
        waited = oldest_due()
    except sa.exc.SQLAlchemyError:
        return False
    return waited is None or waited < STUCK_AFTER


def _instant(told: bytes) -> datetime:
    return datetime.fromisoformat(told.decode().replace("Z", "+00:00"))
