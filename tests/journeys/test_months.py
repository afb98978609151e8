"""Random months of a group, played in the product and in a small model of it, and compared after each deed.

`SEED=… pytest tests/journeys/test_months.py` plays one again; `MONTHS=600` plays many, with workers killed in between.
"""

import os
import random
import signal
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from app.config import Settings
from app.core import clock
from app.exits.offering import FULFIL
from tests import factories
from tests.journeys.group import Group, at, found
from tests.journeys.play import Play, play
from tests.journeys.worker import waiting, work
from tests.workers.processes import Crew, crew

YEAR = 12
MONTHS = int(os.environ.get("MONTHS", "2"))  # with workers killed in between
OFTEN = 0.7
PLACES = ("outbox.counted", "exits.chunk", f"outbox.effect.{FULFIL}", "outbox.done")
SEEDS = [int(os.environ["SEED"])] if "SEED" in os.environ else [1, 2]
SHORT = 4  # months of each seed in the suite
TERMS = {"frequency": "monthly", "expected": "5000", "late_rule": "accept"}


def made_group() -> Group:
    """A group that begins with the year."""
    with clock.held(at(1, 1, 2025)):
        return found(factories.cast(savings=TERMS))


def tell(made: Play) -> None:
    """What a run was, and how to have it again."""
    print(f"SEED={made.seed}: {len(made.told)} deeds, {made.refused} refused by both, {len(made.life.gone)} left")  # noqa: T201


@pytest.mark.parametrize("seed", SEEDS)
def test_random_months_are_as_the_model_says(context: Flask, seed: int) -> None:
    group = made_group()
    tell(play(group, seed, SHORT, lambda: work(group.cast.group_id)))


@dataclass
class Mortal:
    """Workers that die: in some moments one is killed in the middle, and another takes up what it left."""

    group: Group
    people: Crew
    folder: Path
    chance: random.Random
    killed: int = 0

    def __call__(self) -> None:
        now, group_id = clock.now(), self.group.cast.group_id
        if waiting(group_id) and self.chance.random() < OFTEN:
            mark = self.folder / f"killed-{self.killed}"
            place = self.chance.choice(PLACES)
            worker = self.people.start(
                "tests.journeys.worker", str(group_id), now.isoformat(), CRASH_AT=f"{place}={mark}"
            )
            assert worker.wait(300) == -signal.SIGKILL, self.people.log.read_text()[-2000:]
            self.people.running.remove(worker)
            self.killed += 1
        with clock.held(now + timedelta(hours=1)):  # after the pause that follows a try
            work(group_id)


@pytest.mark.committed
@pytest.mark.slow
@pytest.mark.parametrize("number", range(max(1, MONTHS // YEAR)))
def test_months_go_on_as_the_model_says_though_workers_are_killed(
    committed: Flask, settings: Settings, tmp_path: Path, number: int
) -> None:
    seed = SEEDS[0] + 100 * number
    with committed.app_context(), crew(settings, tmp_path / "log") as people:
        group = made_group()
        mortal = Mortal(group, people, tmp_path, random.Random(seed))
        tell(play(group, seed, min(MONTHS, YEAR), mortal))
    print(f"SEED={seed}: {mortal.killed} workers killed")  # noqa: T201
