"""A server of its own, a group with books, and ratios of alternating rounds."""

import base64
import secrets
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from app.config import Settings
from app.core.db import enter, platform, session, transaction
from app.core.ids import new_id
from app.factory import create_app
from app.groups.models import GroupPolicy, Member, SavingsGroup
from app.ledgers import chart
from app.ledgers.accounts import account_ids
from app.ledgers.heads import open_books
from app.local import Cluster, RedisServer

DAY = date(2026, 10, 1)
ROUNDS = 7


@dataclass(frozen=True)
class Bench:
    """An application on a fresh server, and connections past it for the yardstick."""

    app: Flask
    superuser: sa.Engine
    role: sa.Engine
    environment: dict[str, str]


@dataclass(frozen=True)
class Books:
    """A group with open books: a cash account and a member's savings account."""

    group_id: uuid.UUID
    member_id: uuid.UUID
    cash_owner: uuid.UUID
    cash: uuid.UUID
    savings: uuid.UUID


@contextmanager
def bench() -> Iterator[Bench]:
    """Start a server, migrate it, and throw it away afterwards."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        path = Path(folder)
        with Cluster(path / "pg") as cluster, RedisServer(path / "redis") as redis:
            environment = {
                "ENVIRONMENT": "test",
                "SECRET_KEY": secrets.token_hex(32),
                "KEY_RING": f"bench:{base64.b64encode(secrets.token_bytes(32)).decode()}",
                "DATABASE_URL": cluster.url("postgres", "plots").render_as_string(hide_password=False),
                "REDIS_URL": redis.url,
                "BASE_URL": "http://localhost",
                "VAR": str(path / "var"),
            }
            settings = Settings.from_env(environment)
            app = create_app(settings)
            for command in ("prepare", "upgrade"):
                app.test_cli_runner().invoke(args=["database", command])
            admin, role = settings.database.admin, settings.database.url("pp_app")
            yield Bench(app, sa.create_engine(admin), sa.create_engine(role), environment)


def books(name: str = "Bench") -> Books:
    """Make a group with open books; call inside an application context."""
    with transaction():
        group = SavingsGroup(
            id=new_id(), name=name, slug=f"b-{new_id()}", currency="KES", country="KE", time_zone="Africa/Nairobi"
        )
        enter(group.id)
        platform().add(group)
        platform().flush()
        member = Member(id=new_id(), identifier="M1", display_name="Bench", joined_on=DAY, roles=["leader", "member"])
        session().add_all([member, GroupPolicy(version=1, effective_on=DAY, rules={})])
        open_books()
        owner = new_id()
        wanted = chart.Account("cash", owner), chart.Account("savings", member.id)
        found = account_ids(wanted)
        return Books(group.id, member.id, owner, found[wanted[0]], found[wanted[1]])


def fill(bench_: Bench, books_: Books, postings: int) -> None:
    """Post `postings` two-line entries in chunks, then analyse, as a worker does after a first import."""
    statement = sa.text(
        "SELECT count(*) FROM ledger.post(:by, now(), ARRAY(SELECT uuidv7() FROM generate_series(1, :n)),"
        " array_fill('contribution'::text, ARRAY[:n]),"
        " ARRAY(SELECT date '2024-01-01' + (i * 900 / :n) FROM generate_series(1, :n) i),"
        " array_fill(NULL::text, ARRAY[:n]), array_fill(NULL::uuid, ARRAY[:n]), array_fill(NULL::text, ARRAY[:n]),"
        " array_fill(NULL::uuid, ARRAY[:n]), array_fill(NULL::uuid, ARRAY[:n]), array_fill(NULL::text, ARRAY[:n]),"
        " ARRAY(SELECT (i + 1) / 2 FROM generate_series(1, 2 * :n) i),"
        " ARRAY(SELECT CASE WHEN i % 2 = 1 THEN CAST(:cash AS uuid) ELSE CAST(:savings AS uuid) END"
        "       FROM generate_series(1, 2 * :n) i),"
        " ARRAY(SELECT CASE WHEN i % 2 = 1 THEN 5 ELSE -5 END::numeric FROM generate_series(1, 2 * :n) i),"
        " false, false)"
    )
    done = 0
    while done < postings:
        chunk = min(1_000 if done == 0 else 10_000, postings - done)
        with bench_.role.begin() as connection:
            tell(connection, books_.group_id)
            values = {"by": books_.member_id, "n": chunk, "cash": books_.cash, "savings": books_.savings}
            connection.execute(statement, values)
        if done == 0:
            analyse(bench_)
        done += chunk
    analyse(bench_)


def analyse(bench_: Bench) -> None:
    """VACUUM ANALYZE, as the goals ask before anything is timed."""
    with bench_.superuser.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")


def tell(connection: sa.Connection, group_id: uuid.UUID) -> None:
    """What a unit of work tells the database."""
    connection.exec_driver_sql("select set_config('app.group_id', %s, true)", (str(group_id),))


def seconds(call: Callable[[], object], times: int) -> float:
    """Median seconds of one call."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def ratio(
    ours: Callable[[], object], yardstick: Callable[[], object], *, times: int, rounds: int = ROUNDS
) -> list[float]:
    """Time of the yardstick ÷ ours, a round each, in alternating order: above 1 we are faster."""
    found = []
    for number in range(rounds):
        pair = (ours, yardstick) if number % 2 else (yardstick, ours)
        taken = {call: seconds(call, times) for call in pair}
        found.append(taken[yardstick] / taken[ours])
    return found


def say(
    what: str, ratios: Sequence[float], goal: str, *, at_least: float | None = None, at_most: float | None = None
) -> bool:
    """Print a line with median, least and most; True when the median meets the goal."""
    median = statistics.median(ratios)
    good = (at_least is None or median >= at_least) and (at_most is None or median <= at_most)
    print(
        f"{'ok  ' if good else 'MISS'} {what}: {median:.2f} ({min(ratios):.2f}–{max(ratios):.2f}); goal {goal}",
        flush=True,
    )
    return good


AMOUNT = Decimal(5)
