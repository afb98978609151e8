"""What is attacked: the whole application with one of everything in two groups, and a look at every answer."""

import logging
import tempfile
import threading
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.test import run_wsgi_app

from app.factory import create_app
from app.local import Cluster, RedisServer
from app.web.limits import limiter
from tests.api.calling import token_of
from tests.attack.settings import settings_for
from tests.isolation.world import CANARIES, World, build

PLACEHOLDER = "Bearer pp_of-our-leader"


@dataclass
class Seen:
    """What came of all requests, over all rounds."""

    cases: int = 0
    classes: Counter[str] = field(default_factory=Counter)
    findings: Counter[str] = field(default_factory=Counter)
    first: dict[str, str] = field(default_factory=dict)  # by finding: how it was first seen
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answered(self, status: int) -> None:
        """Count an answer."""
        with self.lock:
            self.cases += 1
            self.classes[f"{status // 100}xx"] += 1
            self.classes[str(status)] += 1

    def found(self, what: str, how: str) -> None:
        """Keep a finding, with the first way to it."""
        with self.lock:
            self.findings[what] += 1
            self.first.setdefault(what, how)


class Crashes(logging.Handler):
    """What the application logs when it answers 500: where it broke."""

    def __init__(self, seen: Seen) -> None:
        super().__init__(logging.ERROR)
        self.seen = seen

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the exception and the place."""
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            frames = traceback.extract_tb(error.__traceback__)
            ours = [f"{Path(one.filename).name}:{one.lineno}" for one in frames if "/app/" in one.filename][-3:]
            self.seen.found(f"crash: {type(error).__name__} in {ours}", str(error)[:400])


@dataclass
class Target:
    """The application as a fuzzer asks it: the placeholder becomes a token that opens, whatever was ended before."""

    app: Flask
    seen: Seen
    world: World
    secret: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.refresh()

    def refresh(self) -> None:
        """A new token: attacks end tokens, and are welcome to."""
        leader = self.world.ours.people["leader"]
        with self.lock, self.app.app_context():
            self.secret = token_of(leader)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        mine = environ.get("HTTP_AUTHORIZATION") == PLACEHOLDER
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)) if "wsgi.input" in environ else b""
        status, headers, data = self._ask(environ, body, mine=mine)
        if status.startswith("401") and mine:
            self.refresh()
            status, headers, data = self._ask(environ, body, mine=mine)
        self._look(environ, int(status[:3]), data, mine=mine)
        start_response(status, list(headers.items()))
        return [data]

    def _ask(self, environ: dict[str, Any], body: bytes, *, mine: bool) -> tuple[str, Any, bytes]:
        asked = environ | {"wsgi.input": BytesIO(body)}
        if mine:
            asked["HTTP_AUTHORIZATION"] = f"Bearer {self.secret}"
        answer, status, headers = run_wsgi_app(self.app.wsgi_app, asked, buffered=True)
        return status, headers, b"".join(answer)

    def _look(self, environ: dict[str, Any], status: int, data: bytes, *, mine: bool) -> None:
        self.seen.answered(status)
        place = f"{environ['REQUEST_METHOD']} {environ.get('PATH_INFO', '')}"
        text = data.decode(errors="replace")
        if leaked := [canary for canary in CANARIES if canary in text]:
            self.seen.found(f"leak of {leaked}", place)
        if status < 400 and not mine and not place.endswith("/openapi.json"):
            self.seen.found("an answer without a token", place)


@contextmanager
def stack() -> Iterator[Flask]:
    """The application on servers of its own; only here may one ask as often as one likes."""
    with tempfile.TemporaryDirectory(prefix="attack-") as folder:
        path = Path(folder)
        with Cluster(path / "pg", durable=False) as cluster, RedisServer(path / "redis", durable=False) as redis:
            app = create_app(settings_for(cluster, redis, path))
            for command in ("prepare", "upgrade"):
                result = app.test_cli_runner().invoke(args=["database", command])
                assert result.exit_code == 0, result.output
            limiter.enabled = False
            yield app
            for used in app.extensions["engines"].values():
                used.dispose()


def target(app: Flask, seen: Seen) -> Target:
    """A new world to attack."""
    log = logging.getLogger("app.web.error_pages")
    log.handlers, log.propagate = [Crashes(seen)], False
    return Target(app, seen, build(app))
