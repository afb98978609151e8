"""Starts the stack in order, keeps it running, and stops it in order."""

import contextlib
import json
import os
import signal
import time
from dataclasses import asdict
from pathlib import Path
from types import FrameType

from app.config import Stack
from app.local import outside
from app.local.cluster import Cluster
from app.local.keeper import Keeper
from app.local.plan import Plan
from app.local.process import Child, LocalError
from app.local.redis_server import RedisServer
from app.local.server import Server
from app.local.watch import alone, ask_ready, port_free

_TOLD_EVERY = 15.0  # seconds between two words to whoever waits
_DYING = 6.0  # seconds for which a web server killed a moment ago may still hold its port


class Stopped(Exception):
    """Somebody asked us to stop."""


class Supervisor:
    """The one process that people start. Ctrl-C stops all; if it is killed, the kernel stops all."""

    def __init__(self, plan: Plan) -> None:
        """Nothing is started yet."""
        self.plan = plan
        self.stopping = False
        self.servers: list[Server] = []
        self.keepers: list[Keeper] = []

    def run(self) -> None:
        """Start everything and stay until asked to stop. Raises LocalError when it cannot start."""
        for sig in (signal.SIGINT, signal.SIGTERM):
            signal.signal(sig, self._stop_asked)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup means it
            signal.signal(signal.SIGHUP, self._stop_asked)
        with alone(self.plan.var), contextlib.suppress(Stopped):
            try:
                self._start()
                while True:
                    self._rest(0.2)
                    self._look_after()
            finally:
                self._stop()

    def _stop_asked(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _rest(self, seconds: float) -> None:
        if self.stopping:
            raise Stopped
        time.sleep(seconds)

    def _start(self) -> None:
        self._wait_for_port()
        env = {**self.plan.environment, **self._servers()}
        self._tell(env)
        for errand in self.plan.before:
            print(errand.told, flush=True)
            self._once(errand.args, env, self.plan.var / "log" / "setup.log")
        print("Starting web, worker and clock …", flush=True)
        self.keepers = [Keeper(program, self.plan, env) for program in self.plan.programs]
        for keeper in self.keepers:
            keeper.start()
        self._wait_until_ready()
        print(f"Plots & Prosper is ready: {self.plan.address}", flush=True)
        for args in self.plan.after:
            self._once(args, env, None)
        print(f"Stop it with Ctrl-C. Logs are in {self.plan.var / 'log'}.", flush=True)

    def _wait_for_port(self) -> None:
        deadline = time.monotonic() + _DYING
        if not port_free(self.plan.port):
            print(f"Port {self.plan.port} is in use; waiting a moment for it …", flush=True)
        while not port_free(self.plan.port):
            if time.monotonic() > deadline:
                sentence = f"Port {self.plan.port} is taken by another program. Choose one: make run PORT=8001"
                raise LocalError(sentence)
            self._rest(0.1)

    def _servers(self) -> dict[str, str]:
        """Start what is not given from outside; answers the addresses for the programs."""
        database, cache = self.plan.env.get("DATABASE_URL"), self.plan.env.get("REDIS_URL")
        if database:
            outside.check_database(database)
        else:
            backups = self.plan.env.get("BACKUPS")
            cluster = Cluster(self.plan.var / "postgresql", backups=Path(backups) if backups else None)
            self._serve(cluster)
            database = cluster.url().render_as_string(hide_password=False)
        if cache:
            outside.check_redis(cache)
        else:
            server = RedisServer(self.plan.var / "redis")
            self._serve(server)
            cache = server.url
        return {"DATABASE_URL": database, "REDIS_URL": cache}

    def _serve(self, server: Server) -> None:
        server.log = self.plan.var / "log" / server.log.name
        self.servers.append(server)
        server.start()
        self._rest(0)

    def _tell(self, env: dict[str, str]) -> None:
        """Leave word for commands in other terminals."""
        stack = Stack(os.getpid(), env["DATABASE_URL"], env["REDIS_URL"], self.plan.address)
        fresh = self.plan.var / ".stack.json"
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(asdict(stack)))
        fresh.replace(self.plan.var / "stack.json")

    def _once(self, args: list[str], env: dict[str, str], log: Path | None) -> None:
        """Run a command to its end; a stop in between stops it too."""
        child = Child(args, log=log, env=env, cwd=self.plan.cwd)
        try:
            while (status := child.ended()) is None:
                self._rest(0.02)
        finally:
            child.stop()
        if status:
            raise LocalError(f"`{' '.join(args)}` failed with status {status}:\n{child.tail(30)}")

    def _wait_until_ready(self) -> None:
        deadline, told = time.monotonic() + self.plan.patience, time.monotonic()
        while (answer := ask_ready(self.plan.port)) != "":
            self._rest(0.05)
            if time.monotonic() - told > _TOLD_EVERY:
                told = time.monotonic()
                print(f"Not ready yet ({answer}); still waiting. Ctrl-C stops it.", flush=True)
            for keeper in self.keepers:
                if keeper.child and (status := keeper.child.ended()) is not None:
                    raise LocalError(f"{keeper.program.name} ended with status {status}:\n{keeper.child.tail(30)}")
            if time.monotonic() > deadline:
                after, logs = f"{self.plan.patience:.0f} seconds", self.plan.var / "log"
                raise LocalError(f"It is not ready after {after}: {answer}\nIts logs in {logs} say more.")

    def _look_after(self) -> None:
        for server in self.servers:
            if (status := server.ended()) is not None:
                print(f"{server.name} ended ({status}); starting it again. See {server.log}", flush=True)
                self._start_again(server)
        for keeper in self.keepers:
            keeper.look_after()

    def _start_again(self, server: Server) -> None:
        for pause in (0.2, 0.5, 1.0, 2.0):  # its own orphans may still hold its memory
            self._rest(pause)
            with contextlib.suppress(LocalError):
                return server.start()
        return server.start()

    def _stop(self) -> None:
        """Programs in the order of the plan, then Redis, then PostgreSQL."""
        for keeper in self.keepers:
            keeper.stop()
        for server in reversed(self.servers):
            server.stop()
        (self.plan.var / "stack.json").unlink(missing_ok=True)
