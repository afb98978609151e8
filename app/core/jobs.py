"""Wake-ups: the only thing that travels through Redis, and nothing is lost with it."""

import logging
from datetime import datetime, timedelta

import redis
from flask import current_app
from rq import Queue
from rq.serializers import JSONSerializer

from app.core import clock

QUEUE, WAKES = "work", "wake"
DRAIN = "workers.drain.drain"
SEEN_WITHIN = timedelta(seconds=60)

log = logging.getLogger(__name__)


def queues() -> list[Queue]:
    """Wake-ups, and apart from them the clock's schedules: a dozen of these come due at once and take their time."""
    return [
        Queue(name, connection=current_app.extensions["redis"], serializer=JSONSerializer) for name in (WAKES, QUEUE)
    ]


def wake() -> None:
    """Ask a worker to look at the outbox. A failure costs seconds only: cron wakes one too."""
    try:
        wakes = queues()[0]
        if wakes.count == 0:
            wakes.enqueue(DRAIN, result_ttl=0, failure_ttl=60, ttl=10, job_timeout=60)
    except redis.RedisError as error:
        log.warning("no wake-up could be sent: %s", type(error).__name__)


def workers_seen() -> int:
    """How many workers were seen in the last minute; an idle one says so every 45 seconds. Raises RedisError."""
    client = current_app.extensions["redis"]
    # Not RQ's list of workers: they enter it at birth only, and after Redis was emptied it stays empty.
    told = [client.hget(key, "last_heartbeat") for key in client.scan_iter(match="rq:worker:*", count=1_000)]
    return sum(clock.now() - datetime.fromisoformat(seen.decode()) < SEEN_WITHIN for seen in told if seen)


def worker_seen() -> bool:
    """Whether any was. Raises RedisError."""
    return workers_seen() > 0
