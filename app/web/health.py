"""Whether this process lives, and whether it has all it needs to serve."""

from datetime import timedelta

import redis
import sqlalchemy as sa
from flask import Blueprint, Response, current_app, jsonify

from app.core.db import engine
from app.core.draining import oldest_due
from app.core.jobs import worker_seen

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
    try:
        return worker_seen()
    except redis.RedisError:
        return False


def _outbox() -> bool:
    """Whether what is due gets done."""
    try:
        waited = oldest_due()
    except sa.exc.SQLAlchemyError:
        return False
    return waited is None or waited < STUCK_AFTER
