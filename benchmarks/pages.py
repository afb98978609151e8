"""The pages: what each costs, p50 and p95 over HTTP with eight clients, beside 1,000 groups; the first paint."""

import contextvars
import gzip
import http.client
import os
import re
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from app.auth import queries, sessions
from app.core.db import platform, transaction
from app.groups.queries import memberships
from app.home.demo_people import AMINA, DANIEL
from benchmarks.harness import Bench, analyse, bench, books

ROOT = Path(__file__).parents[1]
PORT = 8971
CLIENTS = 8
PAUSE = 0.25  # seconds a client looks at a page before it asks for the next one
ROUNDS = 5
GOAL_MS, GOAL_KB = 100.0, 110.0
PAGES = (
    "",
    "members",
    "savings/",
    "savings/arrears",
    "savings/payments",
    "savings/record",
    "savings/windows",
    "ledger/",
    "ledger/entries",
    "ledger/months",
    "reports/balance-sheet",
    "reports/trial-balance",
    "imports",
    "position",
    "statements",
    "audit",
    "notifications",
    "settings",
    "work",
)


@dataclass
class Times:
    """What each address took, in milliseconds."""

    by_url: dict[str, list[float]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, url: str, taken: float) -> None:
        """Add one measurement."""
        with self.lock:
            self.by_url.setdefault(url, []).append(1000 * taken)


@contextmanager
def served(bench_: Bench) -> Iterator[None]:
    """The product behind gunicorn as in production: two processes with eight threads each."""
    environment = {**os.environ, **bench_.environment, "PORT": str(PORT)}
    server = subprocess.Popen([sys.executable, "-m", "gunicorn", "wsgi:app"], cwd=ROOT, env=environment)
    try:
        _wait()
        yield
    finally:
        server.terminate()
        server.wait(15)


def _wait() -> None:
    for _ in range(200):
        try:
            if _get("/healthz", "")[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the web server did not start")


def _get(url: str, token: str, client: http.client.HTTPConnection | None = None) -> tuple[int, bytes]:
    asking = client or http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
    asking.request("GET", url, headers={"Cookie": f"sid={token}", "Accept-Encoding": "gzip"})
    answer = asking.getresponse()
    return answer.status, answer.read()


def crowd(urls: list[str], tokens: list[str], *, pause: float) -> dict[str, list[float]]:
    """Eight clients, each with its own order of the pages; milliseconds by address."""
    times = Times()

    def look(number: int) -> None:
        client = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
        for turn in range(ROUNDS):
            for place in range(len(urls)):
                url = urls[(place * (number + 1) + turn) % len(urls)]
                start = time.perf_counter()
                status, _body = _get(url, tokens[number % len(tokens)], client)
                times.keep(url, time.perf_counter() - start)
                if status != 200:
                    raise RuntimeError(f"{url}: {status}")
                time.sleep(pause)

    threads = [threading.Thread(target=look, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times.by_url


def tell(what: str, found: dict[str, list[float]], slug: str) -> bool:
    """Print p50 and p95 of each page; True when every p95 is under the goal."""
    fine = True
    for url, taken in sorted(found.items()):
        p50, p95 = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
        fine &= p95 < GOAL_MS
        name = url.replace(slug, "…")
        print(f"{'ok  ' if p95 < GOAL_MS else 'MISS'} {what} {name}: p50 {p50:.0f} ms, p95 {p95:.0f} ms", flush=True)
    return fine


def first_paint(url: str, token: str) -> bool:
    """What a phone loads for a member's first page: the page itself, styles, scripts and the font it needs."""
    _status, body = _get(url, token)
    html = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
    parts = {"page": len(body)}
    linked = re.findall(rb'(?:href|src)="(/static/[^"]+\.(?:css|js|woff2))"', html)
    styles = b"".join(_plain(_get(name.decode(), "")[1]) for name in linked if name.endswith(b".css"))
    fonts = re.findall(rb"url\([\"']?([^)\"']+\.woff2)", styles)[:1]
    for name in dict.fromkeys([*linked, *(font if font[:1] == b"/" else b"/static/" + font for font in fonts)]):
        parts[name.decode().rsplit("/", 1)[1]] = len(_get(name.decode(), "")[1])
    total = sum(parts.values()) / 1000
    told = ", ".join(f"{name} {size / 1000:.1f}" for name, size in parts.items())
    print(
        f"{'ok  ' if total < GOAL_KB else 'MISS'} first paint of a member's page: {total:.1f} KB ({told})", flush=True
    )
    return total < GOAL_KB


def _plain(body: bytes) -> bytes:
    return gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body


def cost(bench_: Bench, urls: list[str], token: str, slug: str) -> None:
    """Alone and in this process: queries, milliseconds of this thread's CPU, and the best of twelve by the clock.

    These hardly depend on what else the machine does, so they show a page that became dear.
    """
    asked = [0]

    def count(*_told: object) -> None:
        asked[0] += 1

    sa.event.listen(sa.Engine, "before_cursor_execute", count)
    client = bench_.app.test_client()
    client.set_cookie("sid", token)
    for url in urls:
        walls, cpus = [], []
        for _ in range(12):
            asked[0], wall, cpu = 0, time.perf_counter(), time.thread_time()
            contextvars.Context().run(client.get, url).get_data()
            walls.append(1000 * (time.perf_counter() - wall))
            cpus.append(1000 * (time.thread_time() - cpu))
        told = f"{asked[0]} queries, CPU {statistics.median(cpus):.0f} ms, best {min(walls):.0f} ms"
        print(f"     cost of {url.replace(slug, '…')}: {told}", flush=True)
    sa.event.remove(sa.Engine, "before_cursor_execute", count)


def signed_in(email: str) -> tuple[str, str]:
    """A session of somebody of the demonstration, and the slug of the first group."""
    with transaction():
        account = queries.account_by_email(email)
        assert account is not None
        user_id = account.id
    with transaction(user_id=user_id):
        slug = memberships(user_id)[0].group.slug
        account = platform().get_one(type(account), user_id)
        return sessions.start(account, address="127.0.0.1", agent="bench", second_factor=True), slug


def main() -> bool:
    """Measure them all; True when every goal is met."""
    with bench() as bench_, bench_.app.app_context():
        result = bench_.app.test_cli_runner().invoke(args=["demo", "load"])
        assert result.exit_code == 0, result.output
        analyse(bench_)
        with served(bench_):
            leaders = [signed_in(AMINA.email) for _ in range(CLIENTS)]
            tokens, slug = [token for token, _slug in leaders], leaders[0][1]
            urls = [f"/g/{slug}/{page}" for page in PAGES]
            cost(bench_, urls, tokens[0], slug)
            crowd(urls, tokens, pause=0)  # once to warm up
            fine = tell("8 clients, a page each 0.25 s:", crowd(urls, tokens, pause=PAUSE), slug)
            tell("8 clients without a pause (no goal):", crowd(urls, tokens, pause=0), slug)
            member, home = signed_in(DANIEL.email)
            fine &= first_paint(f"/g/{home}/position", member)
            _thousand(bench_)
            return fine & tell("beside 1,000 groups:", crowd(urls, tokens, pause=PAUSE), slug)


def _thousand(bench_: Bench) -> None:
    for number in range(1_000):
        books(f"Group {number}")
    analyse(bench_)
