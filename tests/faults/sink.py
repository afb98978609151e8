"""A mail server that is down, slow, refuses or cuts the line when it is told to, and counts what it took."""

import re
import socket
import socketserver
import threading
import time
from collections import Counter
from typing import Any

MODES = ("well", "down", "slow", "later", "never", "cut")  # later: 4xx; never: 5xx; cut: taken, and no answer
_ID = re.compile(rb"^Message-ID:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)


class Sink(socketserver.ThreadingTCPServer):
    """`seen` counts each Message-ID whose content was taken, answered or not."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Dialogue)
        self.mode = "well"
        self.seen: Counter[str] = Counter()
        self.refused: set[str] = set()  # content that came and was answered with 4xx or 5xx: it does not count
        self.lock = threading.Lock()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def url(self) -> str:
        """Where the product sends its mail."""
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def counted(self) -> Counter[str]:
        """How often each mail was taken so far."""
        with self.lock:
            return Counter(self.seen)

    def handle_error(self, *_: object) -> None:
        """Whoever turns away in the middle is part of the run."""

    def close(self) -> None:
        """Take no more."""
        self.shutdown()
        self.server_close()


class _Dialogue(socketserver.StreamRequestHandler):
    server: Any
    timeout = 20

    def handle(self) -> None:
        mode = self.server.mode
        if mode == "down":
            self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
            return
        self._say("220 ready")
        while line := self.rfile.readline().decode(errors="replace").strip():
            if self.server.mode == "slow":
                time.sleep(0.4)
            command = line.split(":")[0].split()[0].upper()
            if command == "RCPT" and self.server.mode in ("later", "never"):
                self._say("451 come again" if self.server.mode == "later" else "550 nobody here")
            elif command == "DATA":
                self._say("354 go on")
                if not self._take():
                    return
            elif command == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _take(self) -> bool:
        content = b""
        while (line := self.rfile.readline()) and line != b".\r\n":
            content += line if len(content) < 20_000 else b""
        if not line:
            return False
        found = _ID.search(content)
        with self.server.lock:
            self.server.seen[found[1].decode() if found else "?"] += 1
        if self.server.mode == "cut":
            return False
        self._say("250 taken")
        return True

    def _say(self, answer: str) -> None:
        self.wfile.write(f"{answer}\r\n".encode())
