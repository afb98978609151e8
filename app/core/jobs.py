"""Wake-ups: the only thing that travels through Redis, and nothing is lost with it."""

import logging

import redis
from flask import current_app
from rq import Queue
from rq.serializers import JSONSerializer

QUEUE = "work"
DRAIN = "workers.drain.drain"

log = logging.getLogger(__name__)


def queue() -> Queue:
    """The one queue of wake-ups."""
    return Queue(QUEUE, connection=current_app.extensions["redis"], serializer=JSONSerializer)


def wake() -> None:
    """Ask a worker to look at the outbox. A failure costs seconds only: cron wakes one too."""
    try:
        if queue().count == 0:
            queue().enqueue(DRAIN, result_ttl=0, failure_ttl=60, ttl=10, job_timeout=60)
    except redis.RedisError as error:
        log.warning("no wake-up could be sent: %s", type(error).__name__)
