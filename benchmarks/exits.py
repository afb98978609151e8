"""The exit queue: 10,000 requests served by one event against raw INSERTs of the same rows, and a killed worker."""

import os
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from decimal import Decimal
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app.core import clock
from app.core.db import session, transaction
from app.core.ids import new_id
from app.exits.fulfilling import fulfil
from app.exits.liquidity import set_aside, unspent
from app.exits.models import ExitFulfilment, ExitRequest, ExitState
from app.exits.rules import LiquidityType
from app.groups.models import Member
from app.ledgers.books import Draft, credit, debit, post_many
from app.ledgers.cash import add_cash_account
from app.ledgers.chart import PostingKind
from benchmarks.harness import DAY, Bench, Books, analyse, bench, books, say, tell

REQUESTS, EACH = 10_000, Decimal(50)
CHUNK = 1_000
KILLS = 12
GOAL = 5.0  # seconds from an event to what is payable, a worker being killed
RAW = """
CREATE TABLE raw_entry (id uuid PRIMARY KEY, group_id uuid NOT NULL, kind text NOT NULL, on_day date NOT NULL);
CREATE TABLE raw_posting (entry_id uuid NOT NULL REFERENCES raw_entry, line int NOT NULL, account_id uuid NOT NULL,
  amount numeric(20,4) NOT NULL, PRIMARY KEY (entry_id, line));
CREATE TABLE raw_fulfilment (id uuid PRIMARY KEY, entry_id uuid NOT NULL REFERENCES raw_entry, event_id uuid NOT NULL,
  request_id uuid NOT NULL, amount numeric(20,4) NOT NULL);
CREATE TABLE raw_payable (id uuid PRIMARY KEY, entry_id uuid NOT NULL REFERENCES raw_entry, member_id uuid NOT NULL,
  amount numeric(20,4) NOT NULL);
CREATE TABLE raw_state (id uuid PRIMARY KEY, request_id uuid NOT NULL, state text NOT NULL);
GRANT ALL ON raw_entry, raw_posting, raw_fulfilment, raw_payable, raw_state TO pp_app;
"""


def crowd(books_: Books, count: int) -> uuid.UUID:
    """Members with savings of 50, each of whom has asked to leave; returns the cash account."""
    with transaction(group_id=books_.group_id):
        till = add_cash_account(name="Till", method="bank", by=None).id
    for start in range(0, count, CHUNK):
        with transaction(group_id=books_.group_id):
            _ask(range(start, min(start + CHUNK, count)), till)
    return till


def _ask(numbers: range, till: uuid.UUID) -> None:
    """A portion of them, written as the verbs write it."""
    group_id, now = session().group_id, clock.now()
    ids, requests = [new_id() for _ in numbers], [new_id() for _ in numbers]
    session().add_all(
        Member(id=id_, identifier=f"E{n}", display_name=f"E{n}", joined_on=DAY, roles=["member"], leaving_since=now)
        for n, id_ in zip(numbers, ids, strict=True)
    )
    session().flush()
    post_many([_saved(id_, till) for id_ in ids], by=None)
    common = {"group_id": group_id, "kind": "exit", "gross": EACH, "working": {}, "requested_at": now}
    asked = [
        common | {"id": request, "member_id": id_, "sequence": n + 1, "idempotency_key": f"e{n}"}
        for n, id_, request in zip(numbers, ids, requests, strict=True)
    ]
    first = {"group_id": group_id, "number": 1, "state": "queued", "recorded_at": now}
    run = session().connection()
    run.execute(sa.insert(ExitRequest), asked)
    run.execute(sa.insert(ExitState), [first | {"id": new_id(), "request_id": request} for request in requests])


def _saved(member_id: uuid.UUID, till: uuid.UUID) -> Draft:
    return Draft(PostingKind.CONTRIBUTION, DAY, [debit("cash", EACH, till), credit("savings", EACH, member_id)])


def aside(books_: Books, till: uuid.UUID, amount: Decimal) -> None:
    """An event, as an officer makes it."""
    told: dict[str, Any] = {
        "type_": LiquidityType.DEPOSIT,
        "at": clock.now(),
        "by": books_.member_id,
        "key": new_id().hex,
    }
    with transaction(group_id=books_.group_id):
        set_aside(amount=amount, cash_account_id=till, **told)


def served(books_: Books) -> float:
    """Seconds for the worker's whole run, chunk after chunk."""
    start, more = time.perf_counter(), True
    while more:
        with transaction(group_id=books_.group_id):
            more = fulfil().more
    return time.perf_counter() - start


def by_hand(bench_: Bench, books_: Books) -> float:
    """Seconds for the same rows by raw INSERTs under primary and foreign keys, in the same chunks."""
    start = time.perf_counter()
    for _ in range(0, REQUESTS, CHUNK):
        ids = [new_id() for _ in range(CHUNK)]
        with bench_.role.begin() as connection:
            tell(connection, books_.group_id)
            rows = (
                ("raw_entry", [(id_, books_.group_id, "exit_fulfilled", DAY) for id_ in ids]),
                ("raw_posting", [(id_, n, id_, amount) for id_ in ids for n, amount in ((1, EACH), (2, -EACH))]),
                ("raw_fulfilment", [(id_, id_, books_.group_id, id_, EACH) for id_ in ids]),
                ("raw_payable", [(id_, id_, id_, EACH) for id_ in ids]),
                ("raw_state", [(id_, id_, "fulfilled") for id_ in ids]),
            )
            for table, values in rows:
                places = ", ".join(["%s"] * len(values[0]))
                connection.exec_driver_sql(f"INSERT INTO {table} VALUES ({places})", values)
    return time.perf_counter() - start


def ten_thousand(bench_: Bench) -> bool:
    """A queue of 10,000 requests served by one event."""
    books_ = books("Queue")
    till = crowd(books_, REQUESTS)
    analyse(bench_)
    raw = by_hand(bench_, books_)
    aside(books_, till, EACH * REQUESTS)
    ours = served(books_)
    with transaction(group_id=books_.group_id):
        rows = session().scalar(sa.select(sa.func.count()).select_from(ExitFulfilment)) or 0
    print(f"     {rows:,} fulfilments in {ours:.1f} s, {rows / ours:,.0f}/s; raw {raw:.1f} s", flush=True)
    return say("10,000 requests served ÷ raw INSERTs of the same rows (throughput)", [raw / ours], "none: measured")


class Workers:
    """Workers and the clock of the product, on the servers of this run."""

    def __init__(self, bench_: Bench, folder: Path) -> None:
        self.environment = {**os.environ, **bench_.environment}
        self.log = (folder / "log").open("ab")
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self, module: str = "workers") -> None:
        """One more."""
        command = [sys.executable, "-m", module]
        program = subprocess.Popen(command, env=self.environment, stdout=self.log, stderr=self.log)
        self.running.append(program)

    def kill(self) -> None:
        """Kill -9 the oldest worker with its child."""
        program = next(one for one in self.running if "workers.cron" not in one.args)  # type: ignore[operator]
        children = Path(f"/proc/{program.pid}/task/{program.pid}/children").read_text().split()
        for pid in (program.pid, *map(int, children)):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        program.wait(10)
        self.running.remove(program)

    def end(self) -> None:
        """Kill what is left."""
        for program in self.running:
            program.kill()
            program.wait(10)
        self.log.close()


def killed(bench_: Bench) -> bool:
    """The worst delay from an event to what is payable while a worker is killed at each."""
    books_ = books("Killed")
    till = crowd(books_, 200)
    with tempfile.TemporaryDirectory(prefix="bench-exits-") as folder:
        workers = Workers(bench_, Path(folder))
        for module in ("workers", "workers", "workers.cron"):
            workers.start(module)
        try:
            delay(books_, till)  # until they are there
            delays = []
            for _ in range(KILLS):
                aside(books_, till, EACH)
                start = time.perf_counter()
                workers.kill()
                workers.start()
                delays.append(until_payable(books_, start))
        finally:
            workers.end()
    print(f"     delays: {', '.join(f'{one:.2f}' for one in sorted(delays))} s", flush=True)
    return say("worst delay from event to payable, a worker killed at each", [max(delays)], f"< {GOAL} s", at_most=GOAL)


def delay(books_: Books, till: uuid.UUID) -> float:
    """Seconds from an event until all of it is payable."""
    aside(books_, till, EACH)
    return until_payable(books_, time.perf_counter())


def until_payable(books_: Books, start: float) -> float:
    """Seconds until nothing that was set aside is unspent."""
    while True:
        with transaction(group_id=books_.group_id):
            if not any(one.left for one in unspent()):
                return time.perf_counter() - start
        if time.perf_counter() - start > 120:
            raise RuntimeError("it is not payable after two minutes")
        time.sleep(0.02)


def main() -> bool:
    """Measure; True when the goals are met."""
    with bench() as bench_, bench_.app.app_context():
        with bench_.superuser.begin() as connection:
            connection.exec_driver_sql(RAW)
        return all([ten_thousand(bench_), killed(bench_)])
