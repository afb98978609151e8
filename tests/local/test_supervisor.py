"""The whole stack, with throw-away programs: it starts, keeps, stops, and leaves nothing."""

import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
import redis
from sqlalchemy import make_url

from app.config import ConfigError, Settings, running
from app.local import Cluster, LocalError, RedisServer, supervisor
from app.local.supervisor import Supervisor
from tests.local import play as scene
from tests.local.conftest import Play, alive, until

Start = Callable[..., Play]


def query(address: str, sql: str) -> list[tuple[object, ...]]:
    url = make_url(address).set(drivername="postgresql", database="postgres")
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
        cursor = connection.execute(sql)
        return cursor.fetchall() if cursor.description else []


def test_it_starts_says_where_keeps_what_it_was_given_and_stops_in_order(play: Start, tmp_path: Path, port: int):
    first = play()
    first.wait_for("Stop it with Ctrl-C")
    assert first.said().index(f"http://localhost:{port}") < first.said().index("ada@example.org")
    stack = running(tmp_path / "var")
    assert stack is not None
    assert (stack.pid, stack.base_url) == (first.process.pid, f"http://localhost:{port}")
    settings = Settings.from_env({"VAR": str(tmp_path / "var")})
    assert (settings.base_url, settings.redis_url) == (stack.base_url, stack.redis_url)
    assert settings.database.url("pp_app").username == "pp_app"
    assert settings.database.passwords() == {}

    query(stack.database_url, "CREATE TABLE kept AS SELECT 42 AS answer")
    with redis.Redis.from_url(stack.redis_url) as client:
        client.set("kept", "yes")

    second = play()
    assert second.process.wait(10) == 1
    assert f"Already running here: pid {first.process.pid}, http://localhost:{port}" in second.said()

    family = first.family()
    assert len(family) >= 5
    assert first.end() == 0
    assert alive(family) == set()
    assert running(tmp_path / "var") is None
    logs = tmp_path / "var" / "log"
    assert "web stopped" in (logs / "web.log").read_text()
    ends = [log.stat().st_mtime_ns for log in (logs / "web.log", logs / "redis.log", logs / "postgresql.log")]
    assert ends == sorted(ends)
    with pytest.raises(ConfigError, match="nothing runs here: start it with `make run`"):
        Settings.from_env({"VAR": str(tmp_path / "var")})

    third = play()
    third.wait_for("is ready")
    again = running(tmp_path / "var")
    assert again is not None
    assert query(again.database_url, "SELECT answer FROM kept") == [(42,)]
    with redis.Redis.from_url(again.redis_url) as client:
        assert client.get("kept") == b"yes"


def test_killed_it_leaves_no_process_and_the_next_start_is_whole(play: Start, tmp_path: Path):
    first = play()
    first.wait_for("is ready")
    stack = running(tmp_path / "var")
    assert stack is not None
    query(stack.database_url, "CREATE TABLE kept AS SELECT 1 AS one")
    family = first.family()
    first.end(signal.SIGKILL)
    second = play()
    until(lambda: not alive(family))
    second.wait_for("is ready")
    assert query(stack.database_url, "SELECT one FROM kept") == [(1,)]


def test_what_dies_is_started_again(play: Start, tmp_path: Path):
    ours = play()
    ours.wait_for("Stop it with Ctrl-C")
    postmaster = int((tmp_path / "var/postgresql/18/postmaster.pid").read_text().splitlines()[0])
    worker = next(pid for pid in ours.family() if b"at work" in Path(f"/proc/{pid}/cmdline").read_bytes())
    os.kill(worker, signal.SIGKILL)
    os.kill(postmaster, signal.SIGKILL)
    ours.wait_for("PostgreSQL ended (-9)")
    ours.wait_for("worker ended (-9); starting it again in 0.5 s")
    stack = running(tmp_path / "var")
    assert stack is not None
    until(lambda: (tmp_path / "var/log/worker.log").read_text().count("at work") == 2)

    def answers() -> bool:
        try:
            return query(stack.database_url, "SELECT 1") == [(1,)]
        except psycopg.OperationalError:
            return False

    until(answers)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"BEFORE": "raise SystemExit('no room for tables')"}, "no room for tables"),
        ({"WORKER": "raise SystemExit('worker is not fit')", "STATUS": "503"}, "worker is not fit"),
        ({"STATUS": "503", "PATIENCE": "1"}, "It is not ready after 1 seconds: /readyz answers 503"),
        ({"STATUS": "503", "PATIENCE": "1", "BODY": '{"outbox": false, "worker": false}'}, "/readyz answers 503"),
        ({"DATABASE_URL": "postgresql://nobody:secret@127.0.0.1:9/plots"}, "does not let us in"),
    ],
)
def test_what_cannot_start_says_why_and_leaves_nothing(
    play: Start, tmp_path: Path, given: dict[str, str], sentence: str
):
    ours = play(**given)
    assert ours.process.wait(20) == 1
    assert sentence in ours.said()
    assert "secret" not in ours.said()
    assert not (tmp_path / "var/postgresql/18/postmaster.pid").exists()
    assert running(tmp_path / "var") is None


def test_a_full_outbox_alone_keeps_nobody_waiting_for_the_worker_that_empties_it(play: Start):
    ours = play(STATUS="503", PATIENCE="5", BODY='{"database": true, "outbox": false, "status": "not ready"}')
    ours.wait_for("Stop it with Ctrl-C")
    assert ours.said().index("Preparing …") < ours.said().index("Starting web, worker and clock …")


def test_a_stop_in_the_middle_of_the_preparations_ends_them_too(play: Start):
    ours = play(BEFORE="import time; print('long work', flush=True); time.sleep(1000)")
    log = ours.output.with_name("var") / "log" / "setup.log"
    until(lambda: log.exists() and "long work" in log.read_text())
    family = ours.family()
    assert ours.end(signal.SIGTERM) == 0
    assert alive(family) == set()


def test_a_taken_port_is_told_before_anything_starts(
    tmp_path: Path, port: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(supervisor, "_DYING", 0.2)
    ours = Supervisor(scene.plan(tmp_path / "var", port))
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        with pytest.raises(LocalError, match=f"Port {port} is taken by another program"):
            ours._start()
    assert not ours.servers
    assert "waiting a moment" in capsys.readouterr().out


def test_on_servers_given_from_outside_it_starts_none_of_its_own(play: Start, tmp_path: Path):
    with Cluster(tmp_path / "pg", durable=False) as cluster, RedisServer(tmp_path / "r", durable=False) as cache:
        address = cluster.url().render_as_string(hide_password=False)
        ours = play(DATABASE_URL=address, REDIS_URL=cache.url)
        ours.wait_for("is ready")
        stack = running(tmp_path / "var")
        assert stack is not None
        assert (stack.database_url, stack.redis_url) == (address, cache.url)
        assert not (tmp_path / "var" / "postgresql").exists()
        assert ours.end() == 0
