"""PostgreSQL and Redis from the wheels' binaries alone."""

import os
import stat
from pathlib import Path

import psycopg
import pytest
import redis

from app.local import Cluster, LocalError, RedisServer, cluster, outside, server
from app.local.identity import Identity, socket_folder
from app.local.process import Child, command_of, wait_until

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may act as others")


def plain(address: Cluster, role: str = "postgres") -> str:
    return address.url(role, "postgres").set(drivername="postgresql").render_as_string(hide_password=False)


def test_the_server_is_18_in_utf8_on_a_private_socket_and_trusts_who_reaches_it(tmp_path: Path):
    with Cluster(tmp_path / "pg", durable=False) as ours:
        with psycopg.connect(plain(ours)) as connection:
            row = connection.execute(
                "SELECT current_setting('server_version_num')::int / 10000, current_setting('server_encoding'),"
                " current_setting('listen_addresses'), current_setting('TimeZone')"
            ).fetchone()
        assert row == (18, "UTF8", "", "UTC")
        assert ours.sockets is not None
        assert stat.S_IMODE(ours.sockets.stat().st_mode) == 0o700
        assert len(str(ours.sockets / ".s.PGSQL.5432")) < 107
        assert ours.ended() is None
    assert not ours.sockets.exists()


def test_a_server_left_behind_is_ended_before_another_takes_its_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cluster, "_ORPHAN_GRACE", 0.1)
    with Cluster(tmp_path / "pg", durable=False) as first, RedisServer(tmp_path / "redis") as cache:
        with redis.Redis.from_url(cache.url) as client:
            client.set("kept", "yes")
        with Cluster(tmp_path / "pg", durable=False) as second, RedisServer(tmp_path / "redis") as other:
            assert (first.ended(), cache.ended()) == (0, 0)
            assert second.answers()
            with redis.Redis.from_url(other.url) as client:
                assert client.get("kept") == b"yes"


def test_a_stale_pid_file_is_no_hindrance(tmp_path: Path):
    with Cluster(tmp_path / "pg", durable=False):
        pass
    (tmp_path / "pg" / "18" / "postmaster.pid").write_text(f"{os.getpid()}\n")
    with Cluster(tmp_path / "pg", durable=False) as again:
        assert again.answers()


def test_a_half_made_cluster_is_made_anew(tmp_path: Path):
    with Cluster(tmp_path / "pg", durable=False):
        pass
    (tmp_path / "pg" / "18").rename(tmp_path / "pg" / "18.new")
    with Cluster(tmp_path / "pg", durable=False) as again:
        assert again.answers()


def test_a_server_that_cannot_start_shows_what_it_said(tmp_path: Path):
    with Cluster(tmp_path / "pg", durable=False):
        pass
    (tmp_path / "pg" / "18" / "PG_VERSION").write_text("9\n")
    with pytest.raises(LocalError, match="not compatible"):
        Cluster(tmp_path / "pg", durable=False).start()


def test_a_cluster_that_cannot_be_made_shows_what_initdb_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cluster, "_INITDB", ("--locale-provider=none",))
    with pytest.raises(LocalError, match="initdb failed"):
        Cluster(tmp_path / "pg").start()


def test_a_silent_program_is_given_up(tmp_path: Path):
    silent = Child(["sleep", "100"], log=tmp_path / "silent.log")
    with pytest.raises(LocalError, match="Silence did not answer within 0 seconds"):
        wait_until(lambda: False, silent, "Silence", patience=0.1)
    assert silent.ended() is not None


def test_what_ignores_a_stop_is_killed(tmp_path: Path):
    words = "trap '' TERM; echo ready; while :; do sleep 0.05; done"
    stubborn = Child(["sh", "-c", words], log=tmp_path / "log")
    wait_until(lambda: "ready" in stubborn.tail(), stubborn, "Stubborn")
    stubborn.stop(patience=0.1)
    assert stubborn.ended() == -9
    stubborn.stop()


def test_a_long_log_is_put_aside(tmp_path: Path):
    log = tmp_path / "web.log"
    log.write_bytes(b"x" * 5_000_001)
    Child(["true"], log=log).stop()
    assert (log.stat().st_size, (tmp_path / "web.old.log").stat().st_size) == (0, 5_000_001)
    silent = Child(["true"])
    silent.stop()
    assert silent.tail() == ""


def test_missing_wheels_are_named(monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(LocalError, match="The package no_such_wheel is missing"):
        server.installed("no_such_wheel")
    assert command_of(2**22 + 1) == ""


@as_root
def test_root_runs_the_servers_as_nobody_or_as_the_owner_of_their_data(tmp_path: Path):
    told: list[str] = []
    deep = tmp_path / "closed" / "pg"
    deep.parent.mkdir(mode=0o700)
    identity = Identity.for_servers(deep)
    assert identity.uid not in {0, os.geteuid()}
    identity.let_pass(deep, told.append)
    assert str(deep.parent) in "".join(told)
    assert stat.S_IMODE(deep.parent.stat().st_mode) == 0o701
    deep.mkdir()
    os.chown(deep, 12345, 12345)
    assert Identity.for_servers(deep) == Identity(12345, 12345)


@as_root
def test_programs_installed_with_a_strict_umask_become_usable(tmp_path: Path):
    program = tmp_path / "wheel" / "bin" / "postgres"
    program.parent.mkdir(parents=True)
    program.touch(mode=0o700)
    data = tmp_path / "wheel" / "text"
    data.touch(mode=0o600)
    Identity(12345, 12345).let_use(program)
    assert stat.S_IMODE(program.stat().st_mode) == 0o705
    assert stat.S_IMODE(data.stat().st_mode) == 0o604


@as_root
def test_folders_of_other_users_are_refused(tmp_path: Path):
    folder = socket_folder(tmp_path, Identity.mine())
    os.chown(folder, 12345, 12345)
    with pytest.raises(PermissionError, match="belongs to another user"):
        socket_folder(tmp_path, Identity.mine())
    folder.rmdir()
    ours = tmp_path / "pg"
    ours.symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    (tmp_path / "elsewhere").mkdir()
    with pytest.raises(LocalError, match="belongs to another user"):
        Cluster(ours).start()


def test_a_long_temporary_folder_is_not_used_for_sockets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("tempfile.tempdir", "/tmp/" + "long/" * 20)
    folder = socket_folder(tmp_path, Identity.mine())
    assert folder.parent == Path("/tmp")
    folder.chmod(0o755)
    assert stat.S_IMODE(socket_folder(tmp_path, Identity.mine()).stat().st_mode) == 0o700
    folder.rmdir()


def test_servers_from_outside_are_checked_and_no_password_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(LocalError, match="is not an address"):
        outside.check_database("what is this")
    with pytest.raises(LocalError, match="does not let us in") as refused:
        outside.check_database("postgresql://ada:secret@127.0.0.1:9/plots")
    assert "secret" not in str(refused.value)
    for address in ("redis://127.0.0.1:9", "nonsense"):
        with pytest.raises(LocalError, match="no Redis answers"):
            outside.check_redis(address)
    with Cluster(tmp_path / "pg", durable=False) as ours:
        address = ours.url().render_as_string(hide_password=False)
        outside.check_database(address)
        monkeypatch.setattr(outside, "MINIMUM", 990000)
        with pytest.raises(LocalError, match="this is PostgreSQL 18; version 16 or newer is needed"):
            outside.check_database(address)


def test_a_server_that_does_not_say_how_it_starts_is_none(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="start"):
        server.Server(tmp_path)  # type: ignore[abstract]  # that is what is tested
