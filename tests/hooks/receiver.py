"""Another program: a real server on this machine that answers as it is told, and keeps what it heard."""

import base64
import hashlib
import hmac
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Receiver:
    """What it answers, one after the other (the last one for ever), and what it heard."""

    url: str = ""
    answers: list[int] = field(default_factory=lambda: [200])
    slow: float = 0.0
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    going: bool = True

    @property
    def ids(self) -> list[str]:
        return [headers["webhook-id"] for headers, _ in self.heard]


def verified(headers: dict[str, str], body: bytes, secret: str) -> bool:
    """What a receiver has to do, in ten lines."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    given = [part.removeprefix("v1,") for part in headers["webhook-signature"].split(" ")]
    fresh = abs(time.time() - int(headers["webhook-timestamp"])) < 300
    return fresh and any(hmac.compare_digest(wanted, one) for one in given)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, told: Receiver, *, location: str, drip: bool) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.told, self.location, self.drip = told, location, drip

    def handle_error(self, *_told: Any) -> None:
        """A client that hangs up is what is tested."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        told = self.server.told
        body = self.rfile.read(int(self.headers["content-length"]))
        told.heard.append(({name.lower(): value for name, value in self.headers.items()}, body))
        if self.server.drip:
            return self._drip()
        time.sleep(told.slow)
        self.send_response(told.answers.pop(0) if len(told.answers) > 1 else told.answers[0])
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.end_headers()
        return None

    def _drip(self) -> None:
        while self.server.told.going:
            try:
                self.wfile.write(b"H")
            except OSError:
                return
            time.sleep(0.05)

    def log_message(self, *_told: Any) -> None: ...


@contextmanager
def receiver(
    *answers: int, slow: float = 0.0, location: str = "", drip: bool = False, certificate: Any = None
) -> Iterator[Receiver]:
    """A receiver while the test lasts."""
    told = Receiver(answers=list(answers or (200,)), slow=slow)
    server = _Server(told, location=location, drip=drip)
    told.url = f"http://127.0.0.1:{server.server_port}/told"
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        told.url = f"https://localhost:{server.server_port}/told"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield told
    finally:
        told.going = False
        server.shutdown()
        server.server_close()
        thread.join()
