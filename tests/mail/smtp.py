"""A mail server of forty lines that answers as a test tells it, and keeps what it took."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

DROP = "drop"


class FakeServer(socketserver.ThreadingTCPServer):
    """`answers` maps a command to another answer than the usual one; DROP closes the line instead."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, answers: dict[str, str]) -> None:
        super().__init__(("127.0.0.1", 0), _Dialogue)
        self.answers = answers
        self.taken: list[bytes] = []

    def handle_error(self, *_: object) -> None:
        """A client that turns away in the middle is part of the test."""


class _Dialogue(socketserver.StreamRequestHandler):
    server: Any

    def handle(self) -> None:
        self._say("220 ready")
        usual = {"DATA": "354 go on", "QUIT": "221 bye"}
        while line := self.rfile.readline().decode().strip():
            command = line.split(":")[0].split()[0].upper()
            if not self._say(self.server.answers.get(command, usual.get(command, "250 ok"))):
                return
            if command == "DATA" and "DATA" not in self.server.answers and not self._take():
                return
            if command == "QUIT":
                return

    def _take(self) -> bool:
        content = b""
        while (line := self.rfile.readline()) and line != b".\r\n":
            content += line
        answer = self.server.answers.get("TAKEN", "250 taken")
        if answer.startswith("2") or self.server.answers.get("KEEP"):
            self.server.taken.append(content)
        return self._say(answer)

    def _say(self, answer: str) -> bool:
        if answer != DROP:
            self.wfile.write(f"{answer}\r\n".encode())
        return answer != DROP


@contextmanager
def smtp_server(**answers: str) -> Iterator[FakeServer]:
    """A running server on a free port of this machine."""
    with FakeServer(answers) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()
