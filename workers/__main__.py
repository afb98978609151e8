"""The worker process: RQ, two queues in turns, JSON only; a killed one is noticed within seconds by its row locks."""

from rq import Worker
from rq.serializers import JSONSerializer
from rq.worker import DequeueStrategy

from app.core.jobs import queues
from app.factory import refuse_to_run_unsafe
from workers.runtime import application


def main() -> None:
    """Serve until told to stop; SIGTERM lets the running job finish."""
    app = application()
    refuse_to_run_unsafe(app)
    for engine in app.extensions["engines"].values():
        engine.dispose()  # the children that RQ forks must not share our connections
    with app.app_context():
        worker = Worker(
            queues(),
            connection=app.extensions["redis"],
            serializer=JSONSerializer,
            worker_ttl=60,
            maintenance_interval=15,
            job_monitoring_interval=5,
        )
    # In turns: a wake-up waits for one schedule at most, and no schedule for ever while there is much to do.
    worker.work(with_scheduler=False, dequeue_strategy=DequeueStrategy.ROUND_ROBIN)


if __name__ == "__main__":
    main()
