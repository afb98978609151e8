"""The course of a drill: load, backups, disaster, two restores, and the figures."""

import random
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import sqlalchemy as sa

from app.core.backup.shelf import FULL, INCREMENTAL
from tools.drill import checks
from tools.drill.checks import Anchor
from tools.drill.load import Writer, Written
from tools.drill.stack import Copy, Failed, Stack

RPO = 60.0  # seconds of acknowledged work that may be lost when everything is


@dataclass(frozen=True)
class Plan:
    """How long is written, how far apart the log is handed over (seconds), and the seed of all chances."""

    seconds: float
    archive_timeout: int
    seed: int


@dataclass(frozen=True)
class Tale:
    """What happened until the disaster."""

    written: Sequence[Written]
    target: float
    disaster: float
    anchor: Anchor
    last: Anchor


@dataclass
class Result:
    """What a drill found: every fault, the figures of both restores in seconds, and how much there was."""

    faults: list[str]
    lost_at_target: float = 0
    lost_at_latest: float = 0
    payments_lost: int = 0
    time_at_target: float = 0
    time_at_latest: float = 0


def drill(plan: Plan) -> Result:
    """Do it all in a temporary folder and print it. Whatever cannot be done is a fault."""
    print(f"Drill with seed {plan.seed}: {plan.seconds:.0f} s of load, log every {plan.archive_timeout} s at most.")
    result = Result([])
    with tempfile.TemporaryDirectory(prefix="drill-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # the database server may run as another user
        stack = Stack(folder, archive_timeout=plan.archive_timeout)
        try:
            tale = _until_the_disaster(stack, plan)
            _restore_to_the_second(stack, tale, result)
            _restore_to_the_latest(stack, tale, result)
        except Exception as error:  # noqa: BLE001  # a drill that breaks off has failed
            result.faults.append(f"the drill broke off: {type(error).__name__}: {error}")
        finally:
            stack.close()
    return result


def _until_the_disaster(stack: Stack, plan: Plan) -> Tale:
    chance = random.Random(plan.seed)  # noqa: S311  # it must come again with the same seed
    for words in (("database", "prepare"), ("database", "upgrade"), ("demo", "load")):
        stack.command(*words)
    full = stack.back_up(FULL)
    print(f"Full backup: {full.bytes / 1e6:.0f} MB in {_took(full.started_at, full.finished_at):.1f} s.")
    admin = sa.create_engine(stack.cluster.url("postgres", "plots"), poolclass=sa.NullPool)
    writer = Writer(stack.app, plan.seed)
    writer.start()
    writer.wait_for(3)
    begun = time.time()
    noted = checks.anchor(admin)
    # What the log reaches for certain: a file is handed over within the time it may wait, and copied.
    last = plan.seconds - plan.archive_timeout - 2
    target = float(int(begun + 1 + chance.random() * (last - 1)))
    target = max(target, noted.at + 0.5)
    _sleep_until(begun + plan.seconds / 3)
    more = stack.back_up(INCREMENTAL)
    print(f"Incremental backup: {more.bytes / 1e6:.0f} MB in {_took(more.started_at, more.finished_at):.1f} s.")
    _sleep_until(begun + plan.seconds + chance.random() * min(plan.archive_timeout, 10))
    end = checks.anchor(admin)
    writer.still_writes()
    disaster = stack.destroy()
    writer.stopping.set()
    writer.join(30)
    tale = Tale([one for one in writer.written if one.acknowledged <= disaster], target, disaster, noted, end)
    print(f"{len(tale.written)} payments in {disaster - begun:.0f} s; then PostgreSQL was killed and its data removed.")
    return tale


def _restore_to_the_second(stack: Stack, tale: Tale, result: Result) -> None:
    copy = Copy(stack, "second")
    try:
        print(f"Restore to {_clock(tale.target)}, {tale.disaster - tale.target:.1f} s before the disaster:")
        result.time_at_target = _restored(copy, tale.target)
        result.faults += checks.run(
            {
                "migrations are at the head": partial(checks.migrations_are_at_the_head, copy),
                "payments end at the second": partial(checks.writes_end_at, copy, tale.written, tale.target),
                "chains lead on from the anchor": partial(checks.chains_lead_on_from, copy, tale.anchor),
                "rows are there": partial(checks.rows_are_there, copy, tale.anchor, tale.last.rows),
                "books of every group are proved": partial(checks.books_are_proved, copy),
                "walls between groups stand": partial(checks.walls_stand, copy),
                "the web serves a page": partial(checks.web_serves, copy),
            }
        )
        result.lost_at_target = tale.target - _last_kept(copy, tale)
        print(f"  last payment restored {result.lost_at_target:.2f} s before the second that was asked for")
    finally:
        copy.close()


def _restore_to_the_latest(stack: Stack, tale: Tale, result: Result) -> None:
    copy = Copy(stack, "latest")
    try:
        print("Restore as far as the log goes:")
        result.time_at_latest = _restored(copy, None)
        result.lost_at_latest = tale.disaster - _last_kept(copy, tale)
        there = checks.present(copy, tale.written)
        result.payments_lost = sum(one.id not in there for one in tale.written)
        result.faults += checks.run(
            {
                "migrations are at the head": partial(checks.migrations_are_at_the_head, copy),
                "payments have no gap": partial(checks.writes_have_no_gap, copy, tale.written),
                "chains lead on from the anchor": partial(checks.chains_lead_on_from, copy, tale.anchor),
                "books of every group are proved": partial(checks.books_are_proved, copy),
                f"at most {RPO:.0f} s are lost": lambda: _too_much(result.lost_at_latest),
            }
        )
    finally:
        copy.close()


def _restored(copy: Copy, at: float | None) -> float:
    begun = time.monotonic()
    done = copy.restore(at)
    files, took = len(done.links), time.monotonic() - begun
    print(f"  {done.bytes / 1e6:.0f} MB from {files} backups and the log: the server takes writes after {took:.1f} s")
    return took


def _last_kept(copy: Copy, tale: Tale) -> float:
    there = checks.present(copy, tale.written)
    kept = [one.acknowledged for one in tale.written if one.id in there]
    if not kept:
        raise Failed("no payment was restored")
    return max(kept)


def _too_much(lost: float) -> list[str]:
    return [] if lost <= RPO else [f"{lost:.1f} s"]


def _took(begun: datetime, ended: datetime) -> float:
    return (ended - begun).total_seconds()


def _clock(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%H:%M:%S.%f}"[:-4] + " UTC"


def _sleep_until(at: float) -> None:
    time.sleep(max(at - time.time(), 0))
