"""A deploy under load: old and new serve side by side, the old one is told to stop, and no request fails."""

import http.client
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
from flask import Flask

from app.config import Settings
from tests.workers.processes import ROOT, environment, wait_until

pytestmark = [pytest.mark.committed, pytest.mark.slow]
SECONDS = 6.0
DRAINED = 0.2  # seconds from a balancer's last new connection to the stop: nobody is in the kernel's queue any more


def get(port: int, path: str) -> int:
    """The status of a page, over a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


class Held:
    """A request whose first half has arrived; the rest is sent when the program was told to stop."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.socket.sendall(b"GET /sign-in HTTP/1.1\r\nHost: localhost\r\n")

    def finish(self) -> int:
        """The status, once the rest was sent."""
        with self.socket:
            self.socket.sendall(b"Connection: close\r\n\r\n")
            answer = http.client.HTTPResponse(self.socket)
            answer.begin()
            answer.read()
            return answer.status


class Proxy:
    """What a platform's balancer does: each new connection goes to the upstream that is in service now."""

    def __init__(self) -> None:
        self.upstream = 0

    def status_of(self, path: str) -> int:
        return get(self.upstream, path)


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def serve(settings: Settings, port: int, log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as out:
        return subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "wsgi:app"],
            env=environment(settings, PORT=str(port), WEB_CONCURRENCY="1"),
            cwd=ROOT,
            stdout=out,
            stderr=out,
        )


def answers(port: int) -> bool:
    try:
        return get(port, "/healthz") == 200
    except (OSError, http.client.HTTPException):
        return False


class Visitors:
    """Four who ask through the balancer all the time, and how often they got which status or which error."""

    def __init__(self, proxy: Proxy) -> None:
        self.proxy, self.found, self.stop = proxy, Counter[str](), threading.Event()
        self.threads = [threading.Thread(target=self.visit) for _ in range(4)]

    def visit(self) -> None:
        while not self.stop.is_set():
            try:
                self.found[str(self.proxy.status_of("/sign-in"))] += 1
            except (OSError, http.client.HTTPException) as error:
                self.found[type(error).__name__] += 1

    def begin(self) -> None:
        for thread in self.threads:
            thread.start()

    def end(self) -> None:
        self.stop.set()
        for thread in self.threads:
            if thread.ident:
                thread.join(20)


def killed(program: subprocess.Popen[bytes] | None) -> None:
    """Whatever a failed test left running."""
    if program is not None and program.poll() is None:
        program.kill()
        program.wait(10)


def test_no_request_fails_while_the_web_is_replaced(committed: Flask, settings: Settings, tmp_path: Path) -> None:
    log, proxy, ports = tmp_path / "log", Proxy(), [free_port(), free_port()]
    visitors = Visitors(proxy)
    found, old, new = visitors.found, serve(settings, ports[0], log), None
    try:
        wait_until(lambda: answers(ports[0]), 40, log.read_text)
        proxy.upstream = ports[0]
        visitors.begin()
        new = serve(settings, ports[1], log)
        wait_until(lambda: answers(ports[1]), 40, log.read_text)
        before = sum(found.values())
        held = [Held(ports[0]) for _ in range(2)]
        proxy.upstream = ports[1]
        time.sleep(DRAINED)
        old.send_signal(signal.SIGTERM)
        time.sleep(DRAINED)  # it knows, and has two in its hands
        assert [one.finish() for one in held] == [200, 200]
        assert old.wait(20) == 0
        time.sleep(SECONDS / 3)
    finally:
        visitors.end()
        killed(old)
        killed(new)
    print(f"{sum(found.values())} requests during a deploy, {before} of them by the old one: {dict(found)}")  # noqa: T201
    assert before > 0
    assert sum(found.values()) > before
    assert found.keys() == {"200"}, log.read_text()[-3000:]
