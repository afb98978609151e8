"""What the clock starts: a room's plan, in every living group or once for the platform."""

import logging

import sqlalchemy as sa

from app.core import clock, figures
from app.core.db import engine, transaction
from app.core.rooms import Schedule, rooms
from workers.runtime import application

log = logging.getLogger(__name__)


def tick(name: str) -> None:
    """Run the schedule of that name; the job that RQ's cron starts."""
    with application().app_context():
        try:
            plan_all(name)
        finally:
            figures.flush()


def plan_all(name: str) -> int:
    """Run a schedule's plan: one of the platform once, any other in every living group, each in a transaction of its
    own. Returns how many that were."""
    schedule = schedules()[name]
    if schedule.platform:
        with transaction():
            schedule.plan(clock.now())
        return 1
    with engine("relay").connect() as connection:
        groups = connection.execute(sa.text("SELECT id FROM savings_group WHERE status IN ('active', 'pending')"))
        ids = list(groups.scalars())
    for group_id in ids:
        try:
            with transaction(group_id=group_id):
                schedule.plan(clock.now())
        except Exception:  # one group's trouble must not stop the others
            log.exception("schedule %s failed in group %s", name, group_id)
    return len(ids)


def schedules() -> dict[str, Schedule]:
    """Every schedule of every room, by name."""
    return {schedule.name: schedule for room in rooms() for schedule in room.schedules}
