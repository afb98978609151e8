"""What the supervisor looks at: the folder's lock, the port, the answer of the web."""

import contextlib
import fcntl
import http.client
import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

from app.config import Stack, running
from app.local.process import LocalError


@contextlib.contextmanager
def alone(var: Path) -> Iterator[None]:
    """Hold the folder's lock; the kernel frees it however we end. Raises LocalError when another holds it."""
    var.mkdir(parents=True, exist_ok=True)
    with (var / "lock").open("a") as lock:
        for attempt in range(10):  # a command that asks whether we run holds it for an instant
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if attempt == 9:
                    raise LocalError(_already(running(var))) from None
                time.sleep(0.02)
        yield


def _already(stack: Stack | None) -> str:
    return f"Already running here: pid {stack.pid}, {stack.base_url}" if stack else "Already starting or stopping here."


def port_free(port: int) -> bool:
    """Whether we could listen on a port of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def ask_ready(port: int) -> str:
    """'' when /readyz answers 200, otherwise what is amiss.

    A full outbox alone is no reason to wait: what stayed in it while nothing ran is done by the worker that just began.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        response = connection.getresponse()
        body = response.read().decode(errors="replace").strip()
    except (OSError, http.client.HTTPException) as error:
        return str(error)
    finally:
        connection.close()
    if response.status == 200 or _missing(body) == ["outbox"]:
        return ""
    return f"/readyz answers {response.status} {body[:500]}"


def _missing(body: str) -> list[str]:
    with contextlib.suppress(ValueError, AttributeError):
        return [name for name, there in json.loads(body).items() if there is False]
    return []
