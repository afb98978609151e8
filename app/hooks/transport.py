"""One POST to a stranger's machine: to the very number that was checked, within ten seconds, following nothing."""

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from app.hooks.rules import Target, may_be_told

SECONDS = 10.0
READ = 4096  # bytes of an answer that are looked at, and then forgotten


@dataclass(frozen=True)
class Answer:
    """How it went: the status that was answered, or what kept it from being answered."""

    code: int | None
    problem: str | None
    took: int  # milliseconds

    @property
    def fine(self) -> bool:
        """Whether the receiver said that it has it."""
        return self.code is not None and 200 <= self.code < 300


class NotTold(RuntimeError):
    """Why nothing was answered, in a word of `problem`."""


@dataclass
class _Exchange:
    """What the thread of one request leaves behind, and the socket by which it can be stopped."""

    end: float
    code: int | None = None
    problem: str | None = None
    sockets: list[socket.socket] = field(default_factory=list)

    def left(self) -> float:
        """The seconds that are left. Raises NotTold when there are none."""
        left = self.end - time.monotonic()
        if left <= 0:
            raise NotTold("time_out")
        return left


def post(
    target: Target,
    headers: Mapping[str, str],
    body: bytes,
    *,
    loopback: bool,
    seconds: float = SECONDS,
    trust: ssl.SSLContext | None = None,
) -> Answer:
    """Send it, and say how it went; never raises for what a receiver does.

    It runs in a thread of its own: neither a name server nor a machine that answers a byte at a time can hold us
    longer. `trust` replaces the certificates of the system, for tests.
    """
    began = time.monotonic()
    exchange = _Exchange(began + seconds)
    deed = partial(_ask, exchange, target, dict(headers), body, loopback=loopback, trust=trust)
    thread = threading.Thread(target=_note_of, args=(exchange, deed), daemon=True, name="hook")
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        for one in exchange.sockets:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        exchange = _Exchange(0, problem="time_out")
    return Answer(exchange.code, exchange.problem, round((time.monotonic() - began) * 1000))


def _note_of(exchange: _Exchange, deed: Callable[[], int]) -> None:
    """Do it, and leave a word of how it went: nothing may be raised from here, nobody would hear it."""
    try:
        exchange.code = deed()
        exchange.problem = None if 200 <= exchange.code < 300 else "answered"
    except NotTold as error:
        exchange.problem = str(error)
    except TimeoutError:
        exchange.problem = "time_out"
    except ssl.SSLError:
        exchange.problem = "not_secure"
    except OSError:
        exchange.problem = "no_connection"
    except (http.client.HTTPException, ValueError):
        exchange.problem = "no_answer"


def _ask(
    exchange: _Exchange,
    target: Target,
    headers: dict[str, str],
    body: bytes,
    *,
    loopback: bool,
    trust: ssl.SSLContext | None,
) -> int:
    line = http.client.HTTPConnection(target.host, target.port)
    if target.secure:
        line.default_port = http.client.HTTPS_PORT  # of this one: its Host names no port then
    line.sock = _connected(exchange, target, loopback=loopback, trust=trust)
    with contextlib.closing(line):
        line.request("POST", target.path, body, headers)
        answer = line.getresponse()
        code = answer.status
        answer.read(READ)
        return code


def _connected(exchange: _Exchange, target: Target, *, loopback: bool, trust: ssl.SSLContext | None) -> socket.socket:
    """A socket to a number that was checked. The name is not looked up again, so it cannot lead elsewhere."""
    plain = _first_open(exchange, numbers_of(target, loopback=loopback), target.port)
    exchange.sockets.append(plain)
    if not target.secure:
        return plain
    secured = (trust or ssl.create_default_context()).wrap_socket(plain, server_hostname=target.host)
    exchange.sockets[:] = [secured]
    return secured


def _first_open(exchange: _Exchange, numbers: list[str], port: int) -> socket.socket:
    failed: OSError = OSError("no number")
    for number in numbers:
        try:
            return socket.create_connection((number, port), timeout=exchange.left())
        except OSError as error:
            failed = error
    raise failed


def numbers_of(target: Target, *, loopback: bool) -> list[str]:
    """The numbers behind a target's name. Raises NotTold when there are none, or when any of them is an inner one."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        raise NotTold("no_such_host") from error
    numbers = list(dict.fromkeys(str(place[4][0]) for place in found))
    parsed = [ipaddress.ip_address(number.partition("%")[0]) for number in numbers]
    if not all(may_be_told(number, loopback=loopback) for number in parsed):
        raise NotTold("inside")
    if not target.secure and not all(number.is_loopback for number in parsed):
        raise NotTold("inside")
    return numbers
