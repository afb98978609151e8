"""Child processes that stay in the foreground and never outlive the one who started them."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import IO

from app.local.identity import Identity

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
_LOG_LIMIT = 5_000_000


class LocalError(RuntimeError):
    """The local stack cannot start; the sentence says why and what helps."""


class Child:
    """One running program. Start it from the main thread: the kernel ties a child's life to the thread that made it."""

    def __init__(
        self,
        args: list[str],
        *,
        log: Path | None = None,
        env: Mapping[str, str] | None = None,
        cwd: Path = Path("/"),
        identity: Identity | None = None,
        stop: signal.Signals = signal.SIGTERM,
        orphaned: signal.Signals | None = None,
    ) -> None:
        """Start `args`, with output to `log` (none: this terminal). If this process dies, the child gets `orphaned`."""
        self.stop_signal, self.log = stop, log
        who = identity or Identity.mine()
        with self._output() as output:
            self.process = subprocess.Popen(
                args,
                env=env,
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT if output else None,
                process_group=0,  # Ctrl-C reaches us alone, so that we can stop them in order
                preexec_fn=_tied_to(os.getpid(), orphaned or stop),  # noqa: PLW1509 (started from the main thread only)
                **who.popen_arguments(),
            )

    def _output(self) -> AbstractContextManager[IO[bytes] | None]:
        if self.log is None:
            return nullcontext(None)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > _LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".old.log"))
        self.log.touch(mode=0o600)
        return self.log.open("ab")

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.process.pid

    def ended(self) -> int | None:
        """Its exit status, or None while it runs."""
        return self.process.poll()

    def tail(self, lines: int = 12) -> str:
        """The last lines it wrote to its log."""
        if self.log is None or not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def stop(self, patience: float = 10) -> None:
        """Ask it to stop, wait, and after `patience` seconds end it and its group the hard way."""
        if self.ended() is None:
            self.process.send_signal(self.stop_signal)
            try:
                self.process.wait(patience)
            except subprocess.TimeoutExpired:
                os.killpg(self.pid, signal.SIGKILL)
                self.process.wait()


def _tied_to(parent: int, sig: signal.Signals) -> Callable[[], None]:
    """Run in the child, after it changed its user, which would clear the setting. Elsewhere than on Linux: nothing."""

    def tie() -> None:  # pragma: no cover (between fork and exec nobody can look on)
        if _LIBC is not None:
            _LIBC.prctl(_PR_SET_PDEATHSIG, int(sig))
            if os.getppid() != parent:
                os._exit(1)

    return tie


def tie_to_parent() -> None:
    """End this process in good order when the one that started it dies: `make` killed with -9 leaves nothing either."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM))


def wait_until(ready: Callable[[], bool], child: Child, name: str, patience: float = 30) -> None:
    """Wait for a server to answer. Raises LocalError when it ends or stays silent."""
    deadline = time.monotonic() + patience
    while not ready():
        if (status := child.ended()) is not None:
            raise LocalError(f"{name} ended with status {status}:\n{child.tail()}")
        if time.monotonic() > deadline:
            child.stop()
            raise LocalError(f"{name} did not answer within {patience:.0f} seconds:\n{child.tail()}")
        time.sleep(0.02)


def command_of(pid: int) -> str:
    """The command line of a living process, or ''."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        if _LIBC is not None:
            return ""
    found = subprocess.run(["ps", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return found.stdout
