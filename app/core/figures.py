"""Figures of all processes together: counted in memory, added up in Redis each second, read by /metrics and the watch.

Redis and not prometheus-client's files: RQ forks a process for each wake-up, and several machines are one product. When
Redis is emptied the counters begin at 0 again, which Prometheus knows how to read; a killed process loses a second.
"""

import json
import os
import re
import socket
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import redis
import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy.pool import QueuePool

KEY, MINUTE, POOLS = "figures", "figures:minute:{}", "figures:pools"
FLUSH_EVERY = 1.0  # seconds
KEPT_MINUTES = 15
POOL_SEEN_WITHIN = 60.0  # seconds: an older line is of a process that is idle or gone
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_PLAIN = re.compile(r"[A-Za-z0-9_.:-]{1,80}", re.ASCII)


@dataclass(frozen=True)
class Figure:
    """A figure that only grows, and the names of its labels; their values are codes of ours, never what was typed."""

    help: str
    labels: tuple[str, ...]
    spread: bool = False  # a histogram of seconds


FIGURES: Mapping[str, Figure] = {
    "requests": Figure("Requests by route, method and class of answer.", ("route", "method", "status")),
    "request_seconds": Figure("Seconds until the answer, by route.", ("route",), spread=True),
    "jobs": Figure("Tries of background jobs by kind and outcome: done, more, failed, dead.", ("kind", "outcome")),
    "logins_failed": Figure("Refused sign-ins by what was wrong.", ("why",)),
    "entries_posted": Figure("Entries posted by kind and currency.", ("kind", "currency")),
    "money_moved": Figure("Sum of the debits posted, by kind and currency.", ("kind", "currency")),
}

Series = tuple[str, tuple[str, ...], str]  # figure, values of its labels, "" or a part of a histogram


@dataclass
class Pen:
    """What this process has counted and not yet added to the sums."""

    client: Any
    threaded: bool
    pid: int = field(default_factory=os.getpid)
    sums: dict[Series, Decimal] = field(default_factory=dict)
    minutes: dict[tuple[int, str], int] = field(default_factory=dict)
    pools: dict[str, list[int]] = field(default_factory=dict)  # engine: most connections out at once, capacity
    lock: Any = field(default_factory=threading.Lock)
    thread: threading.Thread | None = None

    def add(self, series: Series, by: Decimal | int) -> None:
        with self.lock:
            self.sums[series] = self.sums.get(series, Decimal(0)) + by

    def begin(self) -> None:
        """Start adding up in the background, once in each process: a fork has no threads."""
        if self.pid != os.getpid():
            self.pid, self.lock, self.thread = os.getpid(), threading.Lock(), None
            self.sums, self.minutes, self.pools = {}, {}, {}
        if self.threaded and self.thread is None:
            self.thread = threading.Thread(target=self._run, daemon=True, name="figures")
            self.thread.start()

    def _run(self) -> None:
        while True:
            time.sleep(FLUSH_EVERY)
            self.flush()

    def flush(self) -> None:
        """Add to the sums of all processes; while Redis is away they are kept for the next time."""
        with self.lock:
            sums, self.sums = self.sums, {}
            minutes, self.minutes = self.minutes, {}
            pools, self.pools = self.pools, {}
        if not (sums or minutes or pools):
            return
        try:
            self._send(sums, minutes, pools)
        except redis.RedisError:
            with self.lock:
                for series, value in sums.items():
                    self.sums[series] = self.sums.get(series, Decimal(0)) + value

    def _send(
        self, sums: Mapping[Series, Decimal], minutes: Mapping[tuple[int, str], int], pools: Mapping[str, list[int]]
    ) -> None:
        pipe = self.client.pipeline(transaction=True)  # all or nothing: nothing is counted twice
        for series, value in sums.items():
            pipe.hincrbyfloat(KEY, json.dumps(series), f"{value:f}")
        for (minute, name), count in minutes.items():
            pipe.hincrby(MINUTE.format(minute), name, count)
            pipe.expire(MINUTE.format(minute), KEPT_MINUTES * 60)
        for name, (peak, capacity) in pools.items():
            who = f"{socket.gethostname()}:{self.pid}:{name}"
            pipe.hset(POOLS, who, json.dumps([name, peak, capacity, time.time()]))
        pipe.execute()


def pen() -> Pen:
    """This process's pen."""
    app: Flask = current_app
    made: Pen | None = app.extensions.get("figures")
    if made is None:
        made = app.extensions["figures"] = Pen(app.extensions["redis"], threaded=not app.testing)
        for name, engine in app.extensions["engines"].items():
            _watch_pool(made, name, engine)
    made.begin()
    return made


def _watch_pool(pen: Pen, name: str, engine: sa.Engine) -> None:
    """Remember the most connections that were out at once since the last flush."""
    if not isinstance(engine.pool, QueuePool):
        return
    capacity = engine.pool.size() + max(engine.pool._max_overflow, 0)  # noqa: SLF001  # the pool tells it to nobody

    @sa.event.listens_for(engine, "checkout")
    def _out(_connection: object, _record: object, _proxy: object) -> None:
        pool, before = engine.pool, pen.pools.get(name)  # another pool after a `dispose`
        now = pool.checkedout() if isinstance(pool, QueuePool) else 0
        pen.pools[name] = [max(now, before[0] if before else 0), capacity]


def count(name: str, /, by: Decimal | int = 1, **labels: str) -> None:
    """Add to a figure. Raises KeyError for a figure or a label that is not written in FIGURES."""
    pen().add((name, _values(name, labels), ""), by)


def observe(name: str, /, seconds: float, **labels: str) -> None:
    """Add a measurement to a histogram."""
    values, mine = _values(name, labels), pen()
    bucket = next((str(edge) for edge in BUCKETS if seconds <= edge), "+Inf")
    mine.add((name, values, bucket), 1)
    mine.add((name, values, "sum"), Decimal(f"{seconds:.6f}"))


def count_minute(*, failed: bool) -> None:
    """Count a request towards the share that fails."""
    mine, minute = pen(), int(time.time() // 60)
    with mine.lock:
        for name in ("total", "failed") if failed else ("total",):
            mine.minutes[minute, name] = mine.minutes.get((minute, name), 0) + 1


def flush() -> None:
    """Add up now: a process that ends soon, or a reader that wants to be exact."""
    pen().flush()


def sums() -> dict[Series, Decimal]:
    """All sums of all processes. Raises RedisError."""
    found = pen().client.hgetall(KEY)
    read: dict[Series, Decimal] = {}
    for told, value in found.items():
        name, labels, part = json.loads(told)
        if name in FIGURES and len(labels) == len(FIGURES[name].labels):  # else it is of another version of this code
            read[name, tuple(labels), part] = Decimal(value.decode())
    return read


def requests_since(minutes: int) -> tuple[int, int]:
    """How many requests there were in so many minutes, and how many of them failed. Raises RedisError."""
    now, client = int(time.time() // 60), pen().client
    rows = [client.hgetall(MINUTE.format(now - back)) for back in range(minutes)]
    total, failed = (sum(int(row.get(name, 0)) for row in rows) for name in (b"total", b"failed"))
    return total, failed


def pools() -> dict[str, tuple[int, int, int]]:
    """Of each engine, over the processes seen in the last minute: the fullest one's connections out and its capacity,
    and how many are out in all. Raises RedisError."""
    client, now = pen().client, time.time()
    found: dict[str, tuple[int, int, int]] = {}
    for who, told in client.hgetall(POOLS).items():
        name, peak, capacity, at = json.loads(told)
        if now - at > POOL_SEEN_WITHIN:
            client.hdel(POOLS, who)
            continue
        worst, size, total = found.get(name, (0, capacity, 0))
        worst, size = (peak, capacity) if peak * size >= worst * capacity else (worst, size)
        found[name] = (worst, size, total + peak)
    return found


def _values(name: str, labels: Mapping[str, str]) -> tuple[str, ...]:
    known: Sequence[str] = FIGURES[name].labels
    if set(labels) != set(known):
        raise KeyError(f"{name} has the labels {known}")
    return tuple(labels[label] if _PLAIN.fullmatch(labels[label]) else "other" for label in known)
