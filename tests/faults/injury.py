"""The faults themselves: what is done to a running stack, and how it is made good again."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import redis

from tests.faults.plan import Round
from tests.faults.stack import WORKERS, Stack, free_port

Wait = Callable[[float], None]  # lets the time pass and looks after the programs

SCRATCH = """
CREATE SCHEMA IF NOT EXISTS scratch;
GRANT USAGE ON SCHEMA scratch TO PUBLIC;
CREATE TABLE IF NOT EXISTS scratch.armed (code text, chance float);
GRANT SELECT ON scratch.armed TO PUBLIC;
CREATE OR REPLACE FUNCTION scratch.fail() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE it scratch.armed;
BEGIN
  SELECT * INTO it FROM scratch.armed LIMIT 1;
  IF FOUND AND random() < it.chance THEN RAISE EXCEPTION 'injected' USING ERRCODE = it.code; END IF;
  RETURN NULL;
END $$;
"""
TABLES = ("entry", "outbox", "mail_message", "payment", "audit_event")


def prepare(stack: Stack) -> None:
    """Put the triggers in place that fail when they are told to: at the end of statements, as a server's own errors."""
    with stack.connect() as connection:
        connection.execute("ALTER SYSTEM SET max_wal_size = '128MB'")  # a small volume must not fill by itself
        connection.execute("SELECT pg_reload_conf()")
        connection.execute(SCRATCH)
        known = {row[0] for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
        for table in TABLES:
            if table in known:
                connection.execute(
                    f"CREATE OR REPLACE TRIGGER zz_fail AFTER INSERT OR UPDATE ON {table}"
                    " FOR EACH STATEMENT EXECUTE FUNCTION scratch.fail()"
                )


def hurt(stack: Stack, made: Round, wait: Wait) -> None:
    """Do it, hold it as long as it lasts, and make it good again; recovery is the product's own business."""
    _DEEDS[made.kind](stack, made, wait)


def _kill(*pids: int, sig: signal.Signals = signal.SIGKILL) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, sig)


def _at_work(stack: Stack, made: Round, wait: Wait) -> str:
    """A worker that has a horse right now; after a while any."""
    until = time.monotonic() + 2.0
    names = sorted(WORKERS, key=lambda name: (hash(name) ^ made.pick) % 7)
    while time.monotonic() < until:
        for name in names:
            if stack.children(name):
                return name
        wait(0.01)
    return names[0]


def _f1(stack: Stack, made: Round, wait: Wait) -> None:
    name = _at_work(stack, made, wait)
    _kill(stack.pid(name), *stack.children(name))


def _f2(stack: Stack, made: Round, wait: Wait) -> None:
    name = _at_work(stack, made, wait)
    _kill(*(stack.children(name) if made.variant == "horse only" else [stack.pid(name)]))


def _f3(stack: Stack, made: Round, _wait: Wait) -> None:
    if made.variant == "web master":
        _kill(stack.pid("web"))
    elif children := stack.children("web"):
        _kill(children[made.pick % len(children)])


def _f4(stack: Stack, made: Round, wait: Wait) -> None:
    armed, done = (stack.hurt / f"{word}-{made.variant}" for word in ("crash", "crashed"))
    done.unlink(missing_ok=True)
    armed.touch()
    until = time.monotonic() + 6
    while not done.exists() and time.monotonic() < until:
        wait(0.02)
    armed.unlink(missing_ok=True)


def _f5(stack: Stack, made: Round, wait: Wait) -> None:
    assert stack.redis.child is not None
    if made.variant == "flushed":
        with redis.Redis(unix_socket_path=stack.redis.socket) as client:
            client.flushall()
    elif made.variant == "killed":
        stack.held = True
        _kill(stack.redis.child.pid)
        wait(made.held)
        stack.held = False
    else:
        _kill(stack.redis.child.pid, sig=signal.SIGSTOP)
        wait(made.held * 3)
        _kill(stack.redis.child.pid, sig=signal.SIGCONT)


def _f6(stack: Stack, made: Round, wait: Wait) -> None:
    assert stack.cluster.child is not None
    server = stack.cluster.child.pid
    match made.variant:
        case "killed":
            _kill(server)
        case "restarted":
            _kill(server, sig=signal.SIGINT)
        case "terminated":
            with stack.connect() as connection:
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename LIKE 'pp!_%' ESCAPE '!'"
                )
        case "backend killed":
            with stack.connect() as connection:
                row = connection.execute(
                    "SELECT pid FROM pg_stat_activity WHERE usename LIKE 'pp!_%' ESCAPE '!' LIMIT 1"
                ).fetchone()
            if row:
                _kill(int(str(row[0])))
        case "cut":
            _kill(stack.pid("wire"), sig=signal.SIGUSR1)
        case _:
            _kill(stack.pid("wire"), sig=signal.SIGSTOP)
            wait(made.held)
            _kill(stack.pid("wire"), sig=signal.SIGCONT)


def _f9(stack: Stack, made: Round, wait: Wait) -> None:
    _mail(stack, "cut", made.held * 2, wait)


def _f13(stack: Stack, made: Round, wait: Wait) -> None:
    _mail(stack, made.variant, made.held * 2, wait)


def _mail(stack: Stack, mode: str, seconds: float, wait: Wait) -> None:
    stack.sink.mode = mode
    wait(seconds)
    stack.sink.mode = "well"


def _f10(stack: Stack, made: Round, wait: Wait) -> None:
    """A new version takes over: started beside the old one, it gets all new requests, and the old one is told to go."""
    if made.variant == "worker":
        name = WORKERS[made.pick % 2]
        stack.programs[name].process.send_signal(signal.SIGTERM)
        wait(1.0)
        return
    port, old = free_port(), stack.drop("web")
    stack.want("web", ["web", "gunicorn", "wsgi:app"], PORT=str(port))
    stack.wait_for_web(port)
    stack.port = port
    wait(0.3)
    old.process.send_signal(signal.SIGTERM)
    until = time.monotonic() + 12
    while old.ended() is None and time.monotonic() < until:
        wait(0.05)
    old.stop(0.1)


def _f11(stack: Stack, made: Round, wait: Wait) -> None:
    who, seconds = {
        "forward": ("clock", 3600),
        "back": ("clock", -3600),
        "web forward": ("clock-web", 3600),
        "worker back": ("clock-worker", -3600),
    }[made.variant]
    path = stack.hurt / who
    before = path.read_text() if path.exists() else "0"
    path.write_text(str(float(before) + seconds))
    wait(made.held * 2)
    path.write_text(before)


def _f12(stack: Stack, made: Round, wait: Wait) -> None:
    if made.variant == "volume":
        with full(stack.folder / "pg") as filled:
            wait(made.held)
        if filled:
            return
    code = made.variant if made.variant != "volume" else "53100"
    with stack.connect() as connection:
        connection.execute("INSERT INTO scratch.armed VALUES (%s, 0.4)", (code,))
        wait(made.held)
        connection.execute("DELETE FROM scratch.armed")


@contextlib.contextmanager
def full(folder: Path) -> Iterator[bool]:
    """No byte more can be written to the volume of the database, where it has one of its own; else nothing happens."""
    if not folder.is_mount():
        yield False
        return
    ballast = folder / "ballast"
    try:
        with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
            while True:
                file.write(b"\0" * 65536)
        yield True
    finally:
        ballast.unlink(missing_ok=True)


@contextlib.contextmanager
def own_volume(folder: Path, megabytes: int = 768) -> Iterator[bool]:
    """A small volume of its own for the database, where we may mount one; it is in memory and gone afterwards."""
    folder.mkdir(parents=True)
    told = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    mounted = os.geteuid() == 0 and subprocess.run(told, capture_output=True, check=False).returncode == 0
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(folder)], check=False)


def _nothing(_stack: Stack, _made: Round, _wait: Wait) -> None:
    """The deeds of the round are the fault."""


_DEEDS: dict[str, Callable[[Stack, Round, Wait], None]] = {
    "F1": _f1,
    "F2": _f2,
    "F3": _f3,
    "F4": _f4,
    "F5": _f5,
    "F6": _f6,
    "F7": _nothing,
    "F8": _nothing,
    "F9": _f9,
    "F10": _f10,
    "F11": _f11,
    "F12": _f12,
    "F13": _f13,
}
