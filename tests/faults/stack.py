"""The whole product in a folder of its own: PostgreSQL, Redis, the wire, web, workers, clock and a mail server."""

import contextlib
import os
import re
import secrets
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
from flask import Flask

from app.config import Settings
from app.factory import create_app
from app.local import Cluster, LocalError, RedisServer
from app.local.process import Child
from app.local.watch import ask_ready
from tests.conftest import KEY
from tests.faults.sink import Sink

ROOT = Path(__file__).parents[2]
WORKERS = ("worker-1", "worker-2")


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def tree(pid: int) -> list[int]:
    """All processes below one."""
    found = []
    with contextlib.suppress(OSError):
        for text in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            found += [int(text), *tree(int(text))]
    return found


class Stack:
    """Programs by name; `look_after` starts again what ended, as a supervisor does. All of it from the main thread."""

    def __init__(self, folder: Path, *, breaks: str = "") -> None:
        self.folder = folder
        self.hurt = folder / "hurt"
        self.hurt.mkdir(parents=True, exist_ok=True)
        (folder / "wire").mkdir()
        self.cluster = Cluster(folder / "pg", say=lambda _text: None)
        self.redis = RedisServer(folder / "redis", durable=False, say=lambda _text: None)
        self.sink = Sink()
        self.port = free_port()
        self.programs: dict[str, Child] = {}
        self.wanted: dict[str, tuple[list[str], dict[str, str]]] = {}
        self.started_again = 0
        self.held = False  # while a fault keeps a server away on purpose
        self.secret = secrets.token_hex(32)
        self.breaks = breaks
        self.app: Flask

    def start(self) -> None:
        """Everything, in order; returns when the web answers."""
        self.cluster.start()
        self.redis.start()
        self._start_wire()
        self.settings = Settings.from_env(self._environment(self._direct()))
        self.app = create_app(self.settings)
        runner = self.app.test_cli_runner()
        for command in ("prepare", "upgrade"):
            result = runner.invoke(args=["database", command])
            assert result.exit_code == 0, result.output
        for name in WORKERS:
            self.want(name, ["worker", "workers"])
        self.want("cron", ["cron", "workers.cron"])
        self.want("web", ["web", "gunicorn", "wsgi:app"], PORT=str(self.port))
        self.wait_for_web(self.port)

    def _start_wire(self) -> None:
        listen, target = self.folder / "wire" / ".s.PGSQL.5432", f"{self.cluster.sockets}/.s.PGSQL.5432"
        listen.unlink(missing_ok=True)
        self.wanted["wire"] = ([sys.executable, "-m", "tests.faults.wire", str(listen), target], dict(os.environ))
        self._run("wire")
        deadline = time.monotonic() + 10
        while not listen.exists() and time.monotonic() < deadline:
            time.sleep(0.01)

    def _direct(self) -> str:
        return self.cluster.url("postgres", "plots").render_as_string(hide_password=False)

    def _environment(self, database: str) -> dict[str, str]:
        return {
            "ENVIRONMENT": "test",
            "SECRET_KEY": self.secret,
            "KEY_RING": KEY,
            "DATABASE_URL": database,
            "REDIS_URL": self.redis.url,
            "BASE_URL": "http://127.0.0.1",
            "SMTP_URL": self.sink.url,
            "VAR": str(self.folder / "var"),
            "FAULTS": str(self.hurt),
            "FAULTS_BREAK": self.breaks,
            "WEB_CONCURRENCY": "2",
            "WEB_THREADS": "8",
        }

    def want(self, name: str, words: list[str], **more: str) -> None:
        """Start a program of the product and keep it running."""
        database = self.cluster.url("postgres", "plots").set(query={"host": str(self.folder / "wire"), "port": "5432"})
        told = self._environment(database.render_as_string(hide_password=False))
        self.wanted[name] = (
            [sys.executable, "-m", "tests.faults.launch", *words],
            {**os.environ, **told, "PYTHONUNBUFFERED": "1", **more},
        )
        self._run(name)

    def _run(self, name: str) -> None:
        words, environment = self.wanted[name]
        self.programs[name] = Child(
            words, log=self.folder / f"{name}.log", env=environment, cwd=ROOT, orphaned=signal.SIGKILL
        )

    def look_after(self) -> None:
        """Start again what ended, and the servers unless a fault holds them."""
        for name in [*self.wanted]:
            if self.programs[name].ended() is not None:
                self.started_again += 1
                self._start_wire() if name == "wire" else self._run(name)
        if self.held:
            return
        for server in (self.cluster, self.redis):
            if server.ended() is not None:
                self.started_again += 1
                self._start_server(server)

    @staticmethod
    def _start_server(server: Cluster | RedisServer) -> None:
        for pause in (0.1, 0.3, 1.0, 2.0, 3.0):  # its own orphans may still hold its memory
            with contextlib.suppress(LocalError):
                return server.start()
            time.sleep(pause)
        return server.start()

    def drop(self, name: str) -> Child:
        """No longer keep a program running; it is the caller's to end."""
        del self.wanted[name]
        return self.programs.pop(name)

    def pid(self, name: str) -> int:
        """The process id of a program."""
        return self.programs[name].pid

    def children(self, name: str) -> list[int]:
        """The processes that a program forked."""
        return tree(self.pid(name))

    def wait_for_web(self, port: int, patience: float = 40) -> None:
        """Wait until the web serves; readiness also asks for a worker, which a moved clock hides."""
        deadline = time.monotonic() + patience
        while not re.fullmatch(r'(503.*"database":\s*true.*)?', ask_ready(port), re.DOTALL):
            assert time.monotonic() < deadline, self.tail()
            self.look_after()
            time.sleep(0.05)

    def connect(self) -> psycopg.Connection[tuple[object, ...]]:
        """A connection of the superuser, past the wire."""
        return psycopg.connect(
            host=str(self.cluster.sockets), port=5432, user="postgres", dbname="plots", autocommit=True
        )

    def tail(self) -> str:
        """The last words of every program."""
        return "\n".join(f"-- {name}\n{child.tail(15)}" for name, child in self.programs.items())

    def stop(self) -> None:
        """End everything, whatever state it is in."""
        for name in [*self.wanted]:
            child = self.drop(name)
            for pid in [*tree(child.pid), child.pid]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            child.process.wait(10)
        for server in (self.cluster, self.redis):
            if server.child:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(server.child.pid, signal.SIGCONT)
            server.stop()
        self.sink.close()
        for engine in self.app.extensions["engines"].values():
            engine.dispose()
        self.app.extensions["redis"].close()


@contextlib.contextmanager
def running(folder: Path, *, breaks: str = "") -> Iterator[Stack]:
    """A stack that ends with the block."""
    stack = Stack(folder, breaks=breaks)
    try:
        stack.start()
        yield stack
    finally:
        stack.stop()
