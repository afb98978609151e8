"""Posting and reading the books against raw SQL: one posting, 10,000 at once, balances at 100 to 200,000 postings."""

import threading
import time
from datetime import date

import sqlalchemy as sa

from app.core.db import transaction
from app.core.ids import new_id
from app.core.periods import Month
from app.ledgers.books import Draft, credit, debit, post, post_many
from app.ledgers.chart import PostingKind
from benchmarks.harness import AMOUNT, DAY, Bench, Books, analyse, bench, books, fill, ratio, say, seconds, tell

RAW = """
CREATE TABLE raw_entry (id uuid PRIMARY KEY, group_id uuid NOT NULL, kind text NOT NULL, on_day date NOT NULL);
CREATE TABLE raw_posting (entry_id uuid NOT NULL REFERENCES raw_entry, line int NOT NULL, account_id uuid NOT NULL,
  amount numeric(20,4) NOT NULL, PRIMARY KEY (entry_id, line));
GRANT ALL ON raw_entry, raw_posting TO pp_app;
"""
CALL = (
    "SELECT number FROM (SELECT set_config('app.group_id', %s, true) AS told OFFSET 0) t CROSS JOIN LATERAL"
    " ledger.post(CASE WHEN t.told <> '' THEN %s::uuid END, now(), ARRAY[%s]::uuid[], ARRAY['contribution'],"
    " ARRAY['2026-10-01']::date[],"
    " ARRAY[NULL]::text[], ARRAY[NULL]::uuid[], ARRAY[NULL]::text[], ARRAY[NULL]::uuid[], ARRAY[NULL]::uuid[],"
    " ARRAY[NULL]::text[],"
    " ARRAY[1,1], ARRAY[%s,%s]::uuid[], ARRAY[5,-5]::numeric[], false, false)"
)


def draft(books_: Books) -> Draft:
    """A contribution."""
    lines = [debit("cash", AMOUNT, books_.cash_owner), credit("savings", AMOUNT, books_.member_id)]
    return Draft(PostingKind.CONTRIBUTION, DAY, lines)


def by_service(books_: Books) -> None:
    """One posting as a page makes it."""
    with transaction(group_id=books_.group_id):
        post(draft(books_), by=books_.member_id)


def by_function(connection: sa.Connection, books_: Books) -> None:
    """One posting by the SQL function under row-level security, the group told in the same one trip."""
    told = (str(books_.group_id), books_.member_id, new_id(), books_.cash, books_.savings)
    connection.exec_driver_sql(CALL, told).all()


def by_hand(connection: sa.Connection, books_: Books) -> None:
    """The yardstick: BEGIN, insert, insert, COMMIT, with primary keys and nothing else."""
    entry = new_id()
    with connection.begin():
        connection.exec_driver_sql(
            "INSERT INTO raw_entry VALUES (%s, %s, 'contribution', '2026-10-01')", (entry, books_.group_id)
        )
        connection.exec_driver_sql(
            "INSERT INTO raw_posting VALUES (%s, 1, %s, 5), (%s, 2, %s, -5)",
            (entry, books_.cash, entry, books_.savings),
        )


def one_posting(bench_: Bench) -> bool:
    """One posting, through the SQL function and through the service."""
    books_ = books("One")
    fill(bench_, books_, 2_000)
    with (
        bench_.role.connect() as raw,
        bench_.role.connect().execution_options(isolation_level="AUTOCOMMIT") as direct,
    ):
        fine = say(
            "one posting by the SQL function ÷ raw (throughput)",
            ratio(lambda: by_function(direct, books_), lambda: by_hand(raw, books_), times=400),
            "≥ 1.0",
            at_least=1.0,
        )
        return fine & say(
            "one posting through the service ÷ raw (throughput)",
            ratio(lambda: by_service(books_), lambda: by_hand(raw, books_), times=400),
            "≥ 0.45, aim 0.6",
            at_least=0.45,
        )


def ten_thousand(bench_: Bench) -> bool:
    """10,000 entries in one batch through the service, in chunks of 1,000 as a worker does."""
    books_ = books("Batch")
    fill(bench_, books_, 2_000)

    def ours() -> None:
        with transaction(group_id=books_.group_id):
            for _ in range(10):
                post_many([draft(books_) for _ in range(1_000)], by=books_.member_id)

    def yardstick() -> None:
        fill_once(bench_, books_, 10_000)

    return say(
        "10,000 postings through the service ÷ one set-based call under the same constraints (throughput)",
        ratio(ours, yardstick, times=1, rounds=5),
        "≥ 0.5",
        at_least=0.5,
    )


def fill_once(bench_: Bench, books_: Books, count: int) -> None:
    """One set-based call: no rows travel, the server makes them."""
    with bench_.role.begin() as connection:
        tell(connection, books_.group_id)
        connection.exec_driver_sql(
            """SELECT count(*) FROM ledger.post(%s, now(), ARRAY(SELECT uuidv7() FROM generate_series(1, %s)),
               array_fill('contribution'::text, ARRAY[%s]), array_fill(date '2026-10-01', ARRAY[%s]),
               array_fill(NULL::text, ARRAY[%s]), array_fill(NULL::uuid, ARRAY[%s]), array_fill(NULL::text, ARRAY[%s]),
               array_fill(NULL::uuid, ARRAY[%s]), array_fill(NULL::uuid, ARRAY[%s]), array_fill(NULL::text, ARRAY[%s]),
               ARRAY(SELECT (i + 1) / 2 FROM generate_series(1, 2 * %s) i),
               ARRAY(SELECT CASE WHEN i %% 2 = 1 THEN %s::uuid ELSE %s::uuid END FROM generate_series(1, 2 * %s) i),
               ARRAY(SELECT CASE WHEN i %% 2 = 1 THEN 5 ELSE -5 END::numeric FROM generate_series(1, 2 * %s) i),
               false, false)""",
            (books_.member_id, *(count,) * 10, books_.cash, books_.savings, count, count),
        )


# greatest() and not coalesce(): the planner takes only the first for leakproof and uses the index under the policy.
# Each names the group, as the filter of the ORM does: without row-level security it is the same question.
BALANCE = "SELECT balance FROM account_balance WHERE group_id = %(group)s AND account_id = %(account)s"
AS_OF = """SELECT coalesce(c.balance, 0) + coalesce(t.moved, 0)
  FROM (SELECT %(account)s::uuid AS id, %(group)s::uuid AS gid) a
  LEFT JOIN LATERAL (SELECT k.balance, k.through FROM balance_checkpoint k WHERE k.group_id = a.gid
    AND k.account_id = a.id AND k.through <= %(day)s
    ORDER BY k.through DESC LIMIT 1) c ON true
  LEFT JOIN LATERAL (SELECT sum(p.amount) AS moved FROM posting p WHERE p.group_id = a.gid AND p.account_id = a.id
    AND p.effective_on > greatest(c.through, date '0001-01-01') AND p.effective_on <= %(day)s) t ON true"""
PAGE = """SELECT p.entry_number, p.effective_on, p.amount, e.kind FROM posting p JOIN entry e ON e.id = p.entry_id
  AND e.group_id = p.group_id WHERE p.group_id = %(group)s AND p.account_id = %(account)s
  ORDER BY p.effective_on DESC, p.entry_number DESC LIMIT 50"""


def reading(bench_: Bench) -> bool:
    """Balances and a page of an account at 100, 10,000 and 200,000 postings, and what row-level security costs."""
    sizes = {100: books("Small"), 10_000: books("Middle"), 200_000: books("Large")}
    for size, books_ in sizes.items():
        fill(bench_, books_, size)
        with bench_.role.begin() as connection:
            tell(connection, books_.group_id)
            for month in months():
                connection.exec_driver_sql("SELECT ledger.close(%s, %s, %s)", (books_.member_id, new_id(), month.last))
    analyse(bench_)
    fine = True
    for name, sql, goal in (
        ("balance now", BALANCE, 1.3),
        ("balance as of a day", AS_OF, 3.0),
        ("a page of 50", PAGE, 1.5),
    ):
        taken = {size: read(bench_.role, books_, sql) for size, books_ in sizes.items()}
        told = ", ".join(f"{size:,}: {1000 * value:.2f} ms" for size, value in taken.items())
        fine &= say(
            f"{name} at 200,000 ÷ at 100 (time; {told})", [taken[200_000] / taken[100]], f"≤ {goal}", at_most=goal
        )
        walled = read(bench_.role, sizes[200_000], sql)
        open_ = read(bench_.superuser, sizes[200_000], sql)
        fine &= say(f"{name} with row-level security ÷ without (time)", [walled / open_], "≤ 2", at_most=2.0)
    return fine


def months() -> list[Month]:
    """The months that are closed, the oldest first."""
    return [Month(2024, 1).plus(number) for number in range(29)]


def read(engine: sa.Engine, books_: Books, sql: str) -> float:
    """Median seconds of a read in an open transaction of the group."""
    arguments = {"group": books_.group_id, "account": books_.savings, "day": date(2025, 6, 15)}
    with engine.connect() as connection, connection.begin():
        tell(connection, books_.group_id)
        return seconds(lambda: connection.exec_driver_sql(sql, arguments).all(), 300)


def crowd(bench_: Bench) -> bool:
    """1,000 postings at once into one group: all commit, no gap, no deadlock."""
    books_ = books("Crowd")
    faults: list[BaseException] = []

    def work() -> None:
        with bench_.app.app_context():
            for _ in range(20):
                try:
                    by_service(books_)
                except Exception as fault:  # noqa: BLE001  # counted and printed
                    faults.append(fault)

    threads = [threading.Thread(target=work) for _ in range(50)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = time.perf_counter() - start
    with bench_.role.connect() as connection, connection.begin():
        tell(connection, books_.group_id)
        count, most = connection.exec_driver_sql("SELECT count(*), max(number) FROM entry").one()
    fine = not faults and count == most == 1_000
    print(
        f"{'ok  ' if fine else 'MISS'} 1,000 postings by 50 threads into one group: {count} committed,"
        f" highest number {most}, {len(faults)} faults, {1_000 / taken:.0f}/s",
        flush=True,
    )
    return fine


def main() -> bool:
    """Run them all; True when every goal is met."""
    with bench() as bench_, bench_.app.app_context():
        with bench_.superuser.begin() as connection:
            connection.exec_driver_sql(RAW)
        return all([one_posting(bench_), ten_thousand(bench_), reading(bench_), crowd(bench_)])
