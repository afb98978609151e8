"""The clock: wakes the worker every few seconds and starts the schedules; holds nothing that cannot be lost."""

import functools
import logging
import threading
import time

import redis
import rq.cron
from rq import Queue
from rq.serializers import JSONSerializer

from app.core.jobs import QUEUE, WAKES
from app.factory import refuse_to_run_unsafe
from app.operations.mailing import send_now
from app.operations.watching import EVERY, watch
from workers.drain import drain
from workers.runtime import application
from workers.tick import schedules, tick

WAKE_EVERY = 2  # seconds: what an emptied Redis costs at most

# RQ's cron makes its queues without a serializer and so pickles; a JSON worker would refuse every such job.
rq.cron.Queue = functools.partial(Queue, serializer=JSONSerializer)  # type: ignore[attr-defined,assignment]  # see above

log = logging.getLogger(__name__)


def scheduler() -> rq.cron.CronScheduler:
    """RQ's cron with our schedules registered."""
    app = application()
    cron = rq.cron.CronScheduler(connection=app.extensions["redis"])
    register = functools.partial(cron.register, result_ttl=0, failure_ttl=60)
    register(drain, queue_name=WAKES, interval=WAKE_EVERY, job_timeout=60, ttl=10, name="drain")
    with app.app_context():
        for name, schedule in schedules().items():
            # It waits out a busy worker until the next one is due: with a wake-up's ttl an hour's tick would be lost.
            every = schedule.every_seconds
            register(tick, queue_name=QUEUE, args=(name,), interval=every, job_timeout=600, ttl=every, name=name)
    return cron


def watch_on() -> None:
    """Look for what is alarming, here and not in a worker: a dead worker is one of the things to be seen."""
    app = application()
    while True:
        with app.app_context():
            look()
        time.sleep(EVERY)


def look() -> None:
    """Watch once, and send what came of it; whatever goes wrong, the next look is made."""
    try:
        watch()
        send_now()
    except Exception:
        log.exception("the watch failed")


def main() -> None:
    """Run until told to stop; a Redis that is away for a while is waited for."""
    refuse_to_run_unsafe(application())
    threading.Thread(target=watch_on, daemon=True, name="watch").start()
    while True:
        try:
            scheduler().start()  # type: ignore[no-untyped-call]  # RQ's own
        except redis.RedisError as error:
            log.warning("the clock cannot reach Redis: %s", type(error).__name__)
            time.sleep(1)
        else:
            return


if __name__ == "__main__":
    main()
