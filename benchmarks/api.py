"""The API: p50 and p95 of each list over HTTP with eight clients beside 1,000 groups, and a read against raw SQL."""

import contextvars
import http.client
import statistics
import threading
import time
import uuid

import sqlalchemy as sa

from app.auth import queries
from app.core.db import transaction
from app.groups.queries import memberships, permissions_held
from app.home.demo_people import AMINA
from app.tokens.services import make_token
from app.web.api.document import endpoints
from app.web.limits import limiter
from benchmarks import pages
from benchmarks.harness import Bench, analyse, bench, books, ratio, say, seconds, tell

PAUSE = 0.1  # seconds a client waits between two requests: 200 in 10 seconds are what one token may ask
ROUNDS = 5
YARDSTICK = """SELECT e.number, e.effective_on, e.kind, e.recorded_at, e.recorded_by,
  (SELECT sum(p.amount) FROM posting p WHERE p.group_id = e.group_id AND p.entry_id = e.id AND p.amount > 0)
  FROM entry e WHERE e.group_id = %s ORDER BY e.effective_on DESC, e.number DESC LIMIT 51"""


def programs() -> tuple[uuid.UUID, list[str]]:
    """The first group of the leader of the demonstration, and a token for each client."""
    with transaction():
        account = queries.account_by_email(AMINA.email)
        assert account is not None
        user_id = account.id
    with transaction(user_id=user_id):
        place = memberships(user_id)[0]
        group_id, member_id = place.group.id, place.member_id
    made = []
    for number in range(pages.CLIENTS):
        with transaction(user_id=user_id, group_id=group_id):
            _token, secret = make_token(
                name=f"Bench {number}",
                scopes=permissions_held(member_id),
                read_only=False,
                days=1,
                by=member_id,
                key=uuid.uuid4().hex,
            )
            assert secret is not None
            made.append(secret)
    return group_id, made


def crowd(urls: list[str], secrets: list[str], *, pause: float) -> dict[str, list[float]]:
    """Eight programs, each with its own order of the endpoints; milliseconds by address."""
    times = pages.Times()

    def look(number: int) -> None:
        client = http.client.HTTPConnection("127.0.0.1", pages.PORT, timeout=30)
        for turn in range(ROUNDS):
            for place in range(len(urls)):
                url = urls[(place * (number + 1) + turn) % len(urls)]
                start = time.perf_counter()
                client.request("GET", url, headers={"Authorization": f"Bearer {secrets[number]}"})
                answer = client.getresponse()
                answer.read()
                times.keep(url, time.perf_counter() - start)
                if answer.status != 200:
                    raise RuntimeError(f"{url}: {answer.status}")
                time.sleep(pause)

    threads = [threading.Thread(target=look, args=(number,)) for number in range(pages.CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times.by_url


def whole(found: dict[str, list[float]]) -> bool:
    """Print p50 and p95 of all requests together, which is what the goal is about."""
    taken = [one for times in found.values() for one in times]
    p50, p95 = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
    print(f"     all {len(taken)} requests: p50 {p50:.0f} ms, p95 {p95:.0f} ms", flush=True)
    return p95 < pages.GOAL_MS


def cost(bench_: Bench, urls: list[str], secret: str) -> None:
    """Alone and in this process: queries, this thread's CPU, the best of eight by the clock."""
    asked = [0]

    def count(*_told: object) -> None:
        asked[0] += 1

    sa.event.listen(sa.Engine, "before_cursor_execute", count)
    for url in urls:
        walls, cpus = [], []
        for _ in range(8):
            asked[0], wall, cpu = 0, time.perf_counter(), time.thread_time()
            _ask(bench_, url, secret)
            walls.append(1000 * (time.perf_counter() - wall))
            cpus.append(1000 * (time.thread_time() - cpu))
        told = f"{asked[0]} queries, CPU {statistics.median(cpus):.0f} ms, best {min(walls):.0f} ms"
        print(f"     cost of {url}: {told}", flush=True)
    sa.event.remove(sa.Engine, "before_cursor_execute", count)


def _ask(bench_: Bench, url: str, secret: str) -> None:
    client = bench_.app.test_client(use_cookies=False)
    headers = {"Authorization": f"Bearer {secret}"}
    answer = contextvars.Context().run(client.get, url, headers=headers)
    assert answer.status_code == 200, answer.text


def against_sql(bench_: Bench, group_id: uuid.UUID, secret: str) -> None:
    """A page of 50 entries as a program gets it ÷ the same rows asked for in raw SQL under row-level security."""
    with bench_.role.connect() as raw:

        def yardstick() -> None:
            with raw.begin():
                tell(raw, group_id)
                raw.exec_driver_sql(YARDSTICK, (group_id,)).all()

        def ours() -> None:
            _ask(bench_, "/api/v1/entries", secret)

        found = ratio(ours, yardstick, times=10, rounds=5)
        say("a page of entries by the API ÷ raw SQL (throughput)", found, "none: what an endpoint adds")
        print(f"     raw {1000 * seconds(yardstick, 20):.1f} ms, ours {1000 * seconds(ours, 20):.1f} ms", flush=True)


def main() -> bool:
    """Measure; True when every p95 beside 1,000 groups meets the goal."""
    with bench() as bench_, bench_.app.app_context():
        result = bench_.app.test_cli_runner().invoke(args=["demo", "load"])
        assert result.exit_code == 0, result.output
        for number in range(1_000):
            books(f"Group {number}")
        analyse(bench_)
        listed = [one for one in endpoints(bench_.app) if one.method == "GET" and not one.rule.arguments]
        group_id, secrets = programs()
        with pages.served(bench_):
            urls = [one.path for one in listed]
            limiter.enabled = False  # in this process; the server counts as ever
            cost(bench_, urls, secrets[0])
            crowd(urls, secrets, pause=0.05)  # once to warm up
            found = crowd(urls, secrets, pause=PAUSE)
            pages.tell("beside 1,000 groups, 8 clients:", found, "…")
            fine = whole(found)
        against_sql(bench_, group_id, secrets[0])
        return fine
