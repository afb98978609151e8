"""The clock: wakes the worker every few seconds and starts the schedules; holds nothing that cannot be lost."""

import functools

import rq.cron
from rq import Queue
from rq.serializers import JSONSerializer

from app.core.jobs import QUEUE
from workers.drain import drain
from workers.runtime import application
from workers.tick import schedules, tick

WAKE_EVERY = 3  # seconds: what an emptied Redis costs at most

# RQ's cron makes its queues without a serializer and so pickles; a JSON worker would refuse every such job.
rq.cron.Queue = functools.partial(Queue, serializer=JSONSerializer)


def scheduler() -> rq.cron.CronScheduler:
    """RQ's cron with our schedule registered."""
    app = application()
    cron = rq.cron.CronScheduler(connection=app.extensions["redis"])
    short = {"result_ttl": 0, "failure_ttl": 60, "ttl": 10}
    cron.register(drain, QUEUE, interval=WAKE_EVERY, job_timeout=60, name="drain", **short)
    with app.app_context():
        for name, schedule in schedules().items():
            cron.register(
                tick, QUEUE, args=(name,), interval=schedule.every_seconds, job_timeout=600, name=name, **short
            )
    return cron


if __name__ == "__main__":
    scheduler().start()
