"""What is proved of a restored server; each check answers with faults, and one that could not run is a fault."""

import contextlib
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory

from app.factory import refuse_to_run_unsafe
from tools.drill.load import Written
from tools.drill.stack import Copy

ROOT = Path(__file__).resolve().parents[2]
COUNTED = ("entry", "posting", "payment", "contribution", "audit_event", "member", "data_key")


@dataclass(frozen=True)
class Anchor:
    """What was noted outside the database while it lived: the head of each chain, and how many rows there were."""

    at: float
    heads: Mapping[uuid.UUID, tuple[int, bytes]]
    rows: Mapping[str, int]


def anchor(engine: sa.Engine) -> Anchor:
    """Note it, all at one moment."""
    at = time.time()
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        found = connection.exec_driver_sql("SELECT group_id, number, hash FROM ledger_head").all()
        return Anchor(at, {row[0]: (row[1], bytes(row[2])) for row in found if row[1]}, _rows(connection))


def _rows(connection: sa.Connection) -> dict[str, int]:
    return {table: connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one() for table in COUNTED}  # noqa: S608


def run(checks: Mapping[str, Callable[[], Sequence[str]]]) -> list[str]:
    """Run every check and print what became of it; all faults."""
    faults: list[str] = []
    for name, check in checks.items():
        begun = time.monotonic()
        try:
            found = list(check())
        except Exception as error:  # noqa: BLE001  # whatever keeps a check from running is a fault of the drill
            found = [f"could not run: {type(error).__name__}: {error}"]
        print(f"  {'ok  ' if not found else 'FAIL'} {name} ({time.monotonic() - begun:.1f} s)", flush=True)
        for fault in found:
            print(f"       {fault}", flush=True)
        faults += [f"{name}: {fault}" for fault in found]
    return faults


def migrations_are_at_the_head(copy: Copy) -> list[str]:
    """The restored database has run exactly the migrations of this code."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    wanted = ScriptDirectory.from_config(config).get_current_head()
    with copy.admin().connect() as connection:
        there = connection.exec_driver_sql("SELECT version_num FROM app.alembic_version").scalars().all()
    return [] if list(there) == [wanted] else [f"{there} instead of {wanted}"]


def walls_stand(copy: Copy) -> list[str]:
    """The catalogue test of row-level security, run on the restored database; the roles may not step around it."""
    app = copy.app
    if app is None:
        return ["nothing was restored"]
    refuse_to_run_unsafe(app)
    environment = {**os.environ, "TEST_DATABASE_URL": copy.stack.environment(copy.cluster)["DATABASE_URL"]}
    args = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "--no-header",
        "-p",
        "no:cacheprovider",
        "tests/tenancy/test_catalogue.py",
    ]
    done = subprocess.run(args, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    passed = re.search(r"(\d+) passed", done.stdout)
    return [] if done.returncode == 0 and passed else [done.stdout[-2000:] + done.stderr[-500:]]


def books_are_proved(copy: Copy) -> list[str]:
    """`flask proof` of every group."""
    if copy.app is None:
        return ["nothing was restored"]
    done = copy.app.test_cli_runner().invoke(args=["proof"])
    faults = [line.strip() for line in done.output.splitlines() if "NOT PROVED" in line or "FAULT" in line]
    if done.exit_code and not faults:
        return [f"it ended with {done.exit_code}: {done.output[-500:]} {done.exception}"]
    return faults if ": proved" in done.output or faults else ["no group was proved"]


def chains_lead_on_from(copy: Copy, noted: Anchor) -> list[str]:
    """The entry at which each chain stood when it was noted has the hash that was noted, and the chain goes on."""
    faults = []
    with copy.admin().connect() as connection:
        for group_id, (number, hash_) in noted.heads.items():
            asked = "SELECT hash FROM entry WHERE group_id = %s AND number = %s"
            there = connection.exec_driver_sql(asked, (group_id, number)).scalar()
            if there is None or bytes(there) != hash_:
                faults.append(f"entry {number} of {group_id} is {'another one' if there else 'missing'}")
    return faults if noted.heads else ["no head was noted"]


def rows_are_there(copy: Copy, least: Anchor, most: Mapping[str, int]) -> list[str]:
    """No table has fewer rows than at the anchor before, or more than there were at the end."""
    with copy.admin().connect() as connection:
        there = _rows(connection)
    return [
        f"{table} has {there[table]:,} rows, not {least.rows[table]:,} to {most[table]:,}"
        for table in COUNTED
        if not least.rows[table] <= there[table] <= most[table]
    ]


def writes_end_at(copy: Copy, written: Sequence[Written], target: float) -> list[str]:
    """Everything acknowledged by the target is there, nothing that was asked for after it is."""
    there = present(copy, written)
    lost = [one for one in written if one.acknowledged <= target and one.id not in there]
    extra = [one for one in written if one.asked > target and one.id in there]
    early = [one for one in written if one.acknowledged <= target]
    late = [one for one in written if one.asked > target]
    faults = [f"{len(lost)} acknowledged payments are missing"] if lost else []
    faults += [f"{len(extra)} payments from after the target are there"] if extra else []
    return faults if early and late else [*faults, "nothing was written on one side of the target: nothing was shown"]


def writes_have_no_gap(copy: Copy, written: Sequence[Written]) -> list[str]:
    """Restored as far as the log goes, what is there is the beginning of what was written, without a hole."""
    there = present(copy, written)
    kept = [one.id in there for one in written]
    return [] if kept == sorted(kept, reverse=True) else ["a payment is missing before one that is there"]


def present(copy: Copy, written: Sequence[Written]) -> set[uuid.UUID]:
    """Which of the payments are in the restored database."""
    with copy.admin().connect() as connection:
        asked = sa.text("SELECT id FROM payment WHERE id = ANY(:ids)")
        return set(connection.execute(asked, {"ids": [one.id for one in written]}).scalars())


def web_serves(copy: Copy) -> list[str]:
    """A web server starts on the restored database and shows a page made from it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    more = {"PORT": str(port), "WEB_CONCURRENCY": "1", "BASE_URL": f"http://127.0.0.1:{port}"}
    environment = {**os.environ, **copy.stack.environment(copy.cluster), **more}
    log = copy.stack.folder / "web.log"
    with log.open("ab") as output:
        args = [sys.executable, "-m", "gunicorn", "wsgi:app"]
        web = subprocess.Popen(args, cwd=ROOT, env=environment, stdout=output, stderr=output)
    try:
        page = _read(f"http://127.0.0.1:{port}/sign-in", web)
    finally:
        web.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            web.wait(10)
        web.kill()
    return [] if 'name="email"' in page else [f"no page came: {page[:200]} {log.read_text()[-800:]}"]


def _read(url: str, web: subprocess.Popen[bytes], patience: float = 30) -> str:
    end, said = time.monotonic() + patience, ""
    while time.monotonic() < end and web.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310  # our own server
                return str(answer.read().decode())
        except (urllib.error.URLError, OSError) as error:
            said = str(error)
        time.sleep(0.1)
    return said
