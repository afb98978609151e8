"""What the clock registers: a tick waits out a busy worker, a wake-up does not pile up."""

import pytest
from flask import Flask

from workers import cron, tick


def test_a_tick_waits_until_the_next_one_and_a_wake_up_only_seconds(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cron, "application", lambda: app)
    jobs = {job.name: job for job in cron.scheduler().get_jobs()}
    with app.app_context():
        every = {name: schedule.every_seconds for name, schedule in tick.schedules().items()}
    assert every
    assert {name: jobs[name].job_options["ttl"] for name in every} == every
    assert jobs["drain"].job_options["ttl"] == 10
