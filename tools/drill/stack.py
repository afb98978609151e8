"""The servers of a drill, in a temporary folder: never those of `make run`."""

import base64
import os
import secrets
import shutil
import signal
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from app.config import Backups, Settings
from app.core.backup.restoring import Restored, restore
from app.core.backup.shelf import Backup
from app.core.backup.taking import take
from app.factory import create_app
from app.local import Cluster, RedisServer
from app.local.identity import Identity


class Failed(RuntimeError):
    """The drill could not go on; the sentence says why. It never counts as passed."""


class Stack:
    """PostgreSQL that hands over its log, Redis, and the application on them."""

    def __init__(self, folder: Path, *, archive_timeout: int) -> None:
        """Start everything, migrate, and load the demonstration."""
        self.folder, self.backups = folder, Backups(folder / "backups", keep=timedelta(days=7))
        key = base64.b64encode(os.urandom(32)).decode()
        self.secrets = {"SECRET_KEY": secrets.token_hex(32), "KEY_RING": f"drill:{key}"}
        place = self.backups.folder
        self.cluster = Cluster(folder / "lost", say=_quiet, backups=place, archive_timeout=archive_timeout)
        self.redis = RedisServer(folder / "redis", durable=False, say=_quiet)
        self.cluster.start()
        self.redis.start()
        self.app = create_app(Settings.from_env(self.environment(self.cluster)))

    def environment(self, cluster: Cluster) -> dict[str, str]:
        """What a process needs to join these servers."""
        return {
            "ENVIRONMENT": "test",
            "DATABASE_URL": cluster.url("postgres", "plots").render_as_string(hide_password=False),
            "REDIS_URL": self.redis.url,
            "BASE_URL": "http://localhost",
            "VAR": str(self.folder / "var"),
            "BACKUPS": str(self.backups.folder),
            **self.secrets,
        }

    def command(self, *words: str) -> None:
        """Run `flask …`. Raises Failed unless it ended with 0."""
        done = self.app.test_cli_runner().invoke(args=list(words))
        if done.exit_code:
            raise Failed(f"`flask {' '.join(words)}` failed: {done.output.strip()} {done.exception or ''}")

    def back_up(self, kind: str) -> Backup:
        """Take a backup, as its command does."""
        with self.app.app_context():
            return take(kind)

    def destroy(self) -> float:
        """Kill PostgreSQL with all its processes and remove its data; when that was, in seconds since 1970."""
        child = self.cluster.child
        if child is None:
            raise Failed("PostgreSQL did not run.")
        at = time.time()
        os.killpg(child.pid, signal.SIGKILL)
        child.process.wait()
        shutil.rmtree(self.cluster.folder)
        return at

    def close(self) -> None:
        """Stop what still runs."""
        close(self.app)
        self.cluster.stop()
        self.redis.stop()


class Copy:
    """A server that a backup was restored to."""

    def __init__(self, stack: Stack, name: str) -> None:
        """Nothing is restored yet."""
        self.stack = stack
        self.cluster = Cluster(stack.folder / name, say=_quiet)
        self.app: Flask | None = None

    def restore(self, at: float | None) -> Restored:
        """Restore to a moment, or as far as the log goes, and wait until the server takes writes. Raises Failed."""
        identity = Identity.for_servers(self.cluster.folder)
        identity.own(self.cluster.folder)
        moment = None if at is None else datetime.fromtimestamp(at, UTC)
        done = restore(self.stack.backups, self.cluster.data, at=moment)
        for path in (self.cluster.data, *self.cluster.data.rglob("*")):
            os.chown(path, identity.uid, identity.gid)
        self.cluster.start()
        self._wait_for_the_end_of_recovery()
        self.app = create_app(Settings.from_env(self.stack.environment(self.cluster)))
        return done

    def _wait_for_the_end_of_recovery(self, patience: float = 600) -> None:
        engine, deadline = self.admin("postgres"), time.monotonic() + patience
        while time.monotonic() < deadline:
            if self.cluster.ended() is not None:
                raise Failed(f"the restored server ended: {self.cluster.child.tail() if self.cluster.child else ''}")
            try:
                with engine.connect() as connection:
                    if not connection.exec_driver_sql("SELECT pg_is_in_recovery()").scalar():
                        return
            except sa.exc.OperationalError:
                pass  # it is restarting itself as the new primary
            time.sleep(0.05)
        raise Failed(f"the restored server was not ready after {patience:.0f} s")

    def admin(self, database: str = "plots") -> sa.Engine:
        """An engine of the superuser."""
        return sa.create_engine(self.cluster.url("postgres", database), poolclass=sa.NullPool)

    def close(self) -> None:
        """Stop it."""
        if self.app:
            close(self.app)
        self.cluster.stop()


def close(app: Flask) -> None:
    """Let go of an application's connections."""
    for engine in app.extensions["engines"].values():
        engine.dispose()
    app.extensions["redis"].close()


def _quiet(_sentence: str) -> None:
    """A drill has its own words."""
