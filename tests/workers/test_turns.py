"""A wake-up does not stand behind the schedules that came due before it."""

from typing import Any

import pytest
from flask import Flask
from rq import Worker

from app.core.jobs import DRAIN, queues, wake
from workers import __main__ as program
from workers import cron


def test_a_wake_up_waits_for_one_schedule_at_most(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    wakes, ticks = queues()
    wakes.empty()
    ticks.empty()
    for name in ("exits", "sizes", "retention", "proofs"):
        ticks.enqueue("workers.tick.tick", name, ttl=60)
    made: list[tuple[Worker, dict[str, Any]]] = []
    monkeypatch.setattr(program, "application", lambda: context)
    monkeypatch.setattr(program, "refuse_to_run_unsafe", lambda app: None)
    monkeypatch.setitem(context.extensions, "engines", {})  # what the test is using is not let go
    monkeypatch.setattr(Worker, "work", lambda self, **told: made.append((self, told)))
    program.main()
    [(worker, told)] = made
    worker._dequeue_strategy = told["dequeue_strategy"]
    taken = []
    for _turn in range(4):
        wake()  # work comes in all the time
        found = worker.dequeue_job_and_maintain_ttl(1)
        taken.append(found is not None and found[0].func_name == DRAIN)
    assert taken in ([True, False, True, False], [False, True, False, True])


def test_the_clock_wakes_workers_beside_the_schedules(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cron, "application", lambda: app)
    found = {job.name: job.queue_name for job in cron.scheduler().get_jobs()}
    assert found.pop("drain") == "wake"
    assert set(found.values()) == {"work"}
