"""A month's receipts through the worker, 1,000 to 100,000, against raw inserts of the same rows; and on paper."""

import os
import re
import subprocess
import sys
import time
import uuid
from pathlib import Path

import sqlalchemy as sa

from app.config import Settings
from app.core.db import session, transaction
from app.core.draining import drain_due
from app.core.periods import Month
from app.factory import create_app
from app.groups.models import SavingsGroup
from app.receipts import checks, papers, queries
from app.receipts.batches import start_batch
from app.receipts.queries import Wanted
from app.receipts.running import progress_of
from app.web.i18n import speaking
from benchmarks.harness import Bench, Books, analyse, bench, books

MONTH = Month(2026, 10)
SIZES = (1_000, 10_000, 100_000)
UNITS = 100  # of an owner
LEAST, FLAT, MEGABYTES, PAPER = 0.5, 1.3, 300, 30.0  # ratio to raw, cost at 100,000 ÷ at 1,000, memory, seconds
WORK = "work"


def main(sizes: tuple[int, ...] = SIZES) -> bool:
    """Run it; True when every goal is met."""
    with bench() as bench_, bench_.app.app_context():
        costs, fits, towns = list[float](), list[bool](), [books(f"Rent {size}") for size in sizes]
        for size, books_ in zip(sizes, towns, strict=True):
            town(bench_, books_, size)
            seconds, megabytes = run(bench_, books_)
            raw = copied(bench_, books_)
            costs.append(seconds / size)
            print(f"  {size} receipts: {seconds:.2f} s, {seconds / size * 1e6:.0f} µs each, {megabytes} MB,", end=" ")
            print(f"{raw / seconds:.2f} of one raw insert of the same rows ({raw:.2f} s)", flush=True)
            fits += [raw / seconds >= LEAST, megabytes < MEGABYTES]
        print(f"  cost of one at {sizes[-1]} is {costs[-1] / costs[0]:.2f} of that at {sizes[0]}")
        fits += [costs[-1] / costs[0] <= FLAT, on_paper(towns[-1])]
        return all(fits)


def town(bench_: Bench, books_: Books, size: int) -> None:
    """So many units, a hundred to an owner in turn, let to companies, ten units each: each owner's year is reckoned."""
    with transaction(group_id=books_.group_id):
        group = session().scalars(sa.select(SavingsGroup).where(SavingsGroup.id == books_.group_id)).one()
        assert group.country == "KE"
    with bench_.superuser.begin() as connection:
        told = {"g": books_.group_id, "n": size, "o": max(size // UNITS, 1), "c": max(size // 10, 1)}
        for statement in TOWN:
            connection.execute(sa.text(statement), told)
    with bench_.superuser.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


TOWN = (
    "UPDATE savings_group SET country = 'MA' WHERE id = :g",
    "CREATE TEMP TABLE own ON COMMIT DROP AS SELECT i, uuidv7() AS id FROM generate_series(0, :o - 1) i",
    "CREATE TEMP TABLE pay ON COMMIT DROP AS SELECT i, uuidv7() AS id FROM generate_series(0, :c - 1) i",
    "CREATE TEMP TABLE flat ON COMMIT DROP AS SELECT i, uuidv7() AS id FROM generate_series(0, :n - 1) i",
    """INSERT INTO party (group_id, id, code, kind, professional, name, is_group, family_count, subject_id, active,
           idempotency_key)
       SELECT :g, id, 'O' || lpad(i::text, 6, '0'), 'person', false, 'Owner ' || i, false, 2, id, true,
              'o' || i FROM own
       UNION ALL
       SELECT :g, id, 'C' || lpad(i::text, 6, '0'), 'company', true, 'Client ' || i, false, 0, id, true,
              'c' || i FROM pay""",
    """INSERT INTO unit (group_id, id, code, type, address, active, idempotency_key)
       SELECT :g, id, 'U' || lpad(i::text, 6, '0'), 'apartment', i || ' Rue des Orangers', true, 'u' || i FROM flat""",
    """INSERT INTO lease (group_id, id, unit_id, client_id, rent, charges, deposit, starts_on, day_due, idempotency_key)
       SELECT :g, uuidv7(), f.id, p.id, 3000 + f.i % 997, 150, 0, '2025-01-01', 5, 'l' || f.i
         FROM flat f JOIN pay p ON p.i = f.i % :c""",
    """INSERT INTO assignment (group_id, id, unit_id, owner_id, share_percent, alternation, starts_on, idempotency_key)
       SELECT :g, uuidv7(), f.id, o.id, 100, 'none', '2025-01-01', 'a' || f.i
         FROM flat f JOIN own o ON o.i = f.i % :o""",
)


def run(bench_: Bench, books_: Books) -> tuple[float, int]:
    """Seconds and megabytes of a worker, a process of its own, from the start of the run to its end."""
    with transaction(group_id=books_.group_id):
        batch_id = start_batch(period=MONTH, by=books_.member_id, key=uuid.uuid4().hex).id
    command = [sys.executable, "-m", "benchmarks.receipts", WORK]
    root = Path(__file__).resolve().parents[1]
    told = subprocess.run(command, env=bench_.environment, cwd=root, capture_output=True, text=True, check=True)
    seconds, kilobytes = told.stdout.split()[-2:]
    with transaction(group_id=books_.group_id):
        found = progress_of(batch_id)
        assert found.over, found.message.last_error
        assert found.sums.receipts == found.sums.units, found.sums
    return float(seconds), int(kilobytes) // 1024


def work() -> None:
    """The worker: what is due, then how long that took and how much memory it had at most."""

    app = create_app(Settings.from_env(os.environ), role="worker")
    with app.app_context():
        started = time.perf_counter()
        drain_due(seconds=3_600)
        seconds = time.perf_counter() - started
        # Not getrusage: its maximum is handed down by whoever started this process.
        (most,) = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
        print(seconds, most)


def copied(bench_: Bench, books_: Books) -> float:
    """Seconds of raw set-based inserts of the same rows, with the same constraints and indexes, in one transaction."""
    with bench_.superuser.begin() as connection:
        for table in ("entry", "posting", "receipt"):
            connection.exec_driver_sql(f"CREATE TABLE raw_{table} (LIKE {table} INCLUDING ALL)")
            keys = connection.exec_driver_sql(
                "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
                f" WHERE conrelid = '{table}'::regclass AND contype = 'f'"
            )
            for name, told in keys.all():
                connection.exec_driver_sql(f"ALTER TABLE raw_{table} ADD CONSTRAINT {name} {told}")
    analyse(bench_)  # else each key is looked up by reading a table that statistics call empty
    with bench_.superuser.begin() as connection:
        started = time.perf_counter()
        mine = {"g": books_.group_id}
        of_rent = "source_kind = 'receipt' AND group_id = :g"
        connection.execute(sa.text(f"INSERT INTO raw_entry SELECT * FROM entry WHERE {of_rent}"), mine)
        chosen = f"SELECT p.* FROM posting p WHERE group_id = :g AND entry_id IN (SELECT id FROM entry WHERE {of_rent})"
        connection.execute(sa.text(f"INSERT INTO raw_posting {chosen}"), mine)
        connection.execute(sa.text("INSERT INTO raw_receipt SELECT * FROM receipt WHERE group_id = :g"), mine)
        connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
    seconds = time.perf_counter() - started
    with bench_.superuser.begin() as connection:
        connection.exec_driver_sql("DROP TABLE raw_entry, raw_posting, raw_receipt")
    return seconds


def on_paper(books_: Books) -> bool:
    """A thousand receipts in one file, and the proof of all of them."""
    speaks = speaking(locale="en", zone="Africa/Casablanca", currency="KES")
    with transaction(group_id=books_.group_id), speaks:
        started = time.perf_counter()
        lines = queries.all_receipts(Wanted(period=MONTH), most=papers.MOST)
        units = queries.units_with(line.receipt.unit_id for line in lines)
        made = papers.as_pdf(lines, units, title="Receipts", name="receipts.pdf")
        seconds = time.perf_counter() - started
        print(f"  PDF of {len(lines)} receipts: {seconds:.1f} s, {len(made.content) // 1024} KB")
        started = time.perf_counter()
        faults = [fault for check in checks.CHECKS for fault in check().faults]
        print(f"  proved in {time.perf_counter() - started:.1f} s, {len(faults)} faults")
        return seconds <= PAPER and not faults


if __name__ == "__main__":
    if sys.argv[1:] == [WORK]:
        work()
    else:
        sys.exit(0 if main(tuple(int(size) for size in sys.argv[1:]) or SIZES) else 1)
