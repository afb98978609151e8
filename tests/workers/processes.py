"""Real processes for tests of death: workers, the clock, commands, on the servers of this test process."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from app.config import Settings
from tests.conftest import KEY

ROOT = Path(__file__).parents[2]


def environment(settings: Settings, **more: str) -> dict[str, str]:
    """What a process of the product needs to join this test's servers."""
    return {
        **os.environ,
        "ENVIRONMENT": "test",
        "SECRET_KEY": settings.secret_key,
        "KEY_RING": KEY,
        "DATABASE_URL": settings.database.admin.render_as_string(hide_password=False),
        "REDIS_URL": settings.redis_url,
        "BASE_URL": settings.base_url,
        "VAR": str(settings.var),
        **more,
    }


class Crew:
    """Programs started by a test, each killed at its end together with its children."""

    def __init__(self, settings: Settings, log: Path) -> None:
        self.settings, self.log = settings, log
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self, *args: str, **more: str) -> subprocess.Popen[bytes]:
        """Start `python -m …`."""
        with self.log.open("ab") as log:
            program = subprocess.Popen(
                [sys.executable, "-m", *args], env=environment(self.settings, **more), cwd=ROOT, stdout=log, stderr=log
            )
        self.running.append(program)
        return program

    def kill(self, program: subprocess.Popen[bytes]) -> None:
        """Kill -9 a program and the children that it forked."""
        children = [int(word) for word in _children(program.pid)]
        for pid in (program.pid, *children):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        program.wait(10)
        self.running.remove(program)

    def end(self) -> None:
        """Kill what is left."""
        for program in [*self.running]:
            self.kill(program)


def _children(pid: int) -> list[str]:
    with contextlib.suppress(FileNotFoundError):
        return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return []


@contextlib.contextmanager
def crew(settings: Settings, log: Path) -> Iterator[Crew]:
    """Programs that end with the block."""
    made = Crew(settings, log)
    try:
        yield made
    finally:
        made.end()


def wait_until(true: Callable[[], bool], seconds: float, what: Callable[[], object]) -> None:
    """Poll until it is true; fails with what was there instead."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, what()
        time.sleep(0.1)
