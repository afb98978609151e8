"""Stacks in folders of their own, and what the system says of their processes."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.config import ROOT


class Play:
    """A supervisor in a process of its own."""

    def __init__(self, var: Path, port: int, **scene: str) -> None:
        given = {
            name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL", "BASE_URL"}
        }
        args = [sys.executable, "-m", "tests.local.play", str(var), str(port)]
        self.output = var.with_name(f"{var.name}.{time.monotonic_ns()}.out")
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(args, cwd=ROOT, env={**given, **scene}, stdout=output, stderr=output)

    def said(self) -> str:
        return self.output.read_text()

    def wait_for(self, words: str) -> None:
        until(lambda: words in self.said() or self.process.poll() is not None)
        assert words in self.said(), self.said()

    def family(self) -> set[int]:
        """All processes below the supervisor."""
        listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
        parents = {int(pid): int(parent) for pid, parent in (line.split() for line in listed.splitlines())}
        found = {self.process.pid}
        while more := {pid for pid, parent in parents.items() if parent in found} - found:
            found |= more
        return found - {self.process.pid}

    def end(self, how: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(how)
        return self.process.wait(20)


def until(true: Callable[[], bool], patience: float = 15) -> None:
    """Wait for something that must come."""
    deadline = time.monotonic() + patience
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def alive(pids: set[int]) -> set[int]:
    """Those that still live; a zombie does not."""
    listed = subprocess.run(["ps", "-eo", "pid=,stat="], capture_output=True, text=True, check=True).stdout
    return pids & {int(pid) for pid, state in (line.split() for line in listed.splitlines()) if state[0] != "Z"}


@pytest.fixture
def port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


@pytest.fixture
def play(tmp_path: Path, port: int) -> Iterator[Callable[..., Play]]:
    """Starts stacks in one folder; none outlives the test."""
    started: list[Play] = []

    def start(**scene: str) -> Play:
        started.append(Play(tmp_path / "var", port, **scene))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.end(signal.SIGTERM)
