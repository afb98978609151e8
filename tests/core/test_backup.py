"""Backups of a real server: taken, checked, damaged, refused, copied, forgotten, restored."""

import fcntl
import os
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app.config import Backups, Settings
from app.core import clock
from app.core.backup import checking, programs, shelf, taking
from app.core.backup.errors import BackupError
from app.core.backup.wal import archive_command, restore_command
from app.factory import create_app
from app.local import Cluster, RedisServer
from tests.conftest import KEY


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A server of its own that hands over its log, with a full and an incremental backup."""
    folder = tmp_path_factory.mktemp("backed up")
    with (
        Cluster(folder / "pg", backups=folder / "kept", archive_timeout=1) as cluster,
        RedisServer(folder / "r") as cache,
    ):
        environment = {
            "ENVIRONMENT": "test",
            "SECRET_KEY": "s" * 40,
            "KEY_RING": KEY,
            "DATABASE_URL": cluster.url("postgres", "plots").render_as_string(hide_password=False),
            "REDIS_URL": cache.url,
            "BASE_URL": "http://localhost",
            "VAR": str(folder / "var"),
            "BACKUPS": str(folder / "kept"),
        }
        app = create_app(Settings.from_env(environment))
        for words in ("database prepare", "database upgrade", "backup full", "backup incremental"):
            assert told(app, words)[0] == 0, words
        yield app
        for engine in app.extensions["engines"].values():
            engine.dispose()
        app.extensions["redis"].close()


def told(app: Flask, words: str) -> tuple[int, str]:
    done = app.test_cli_runner().invoke(args=words.split())
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def backups_of(app: Flask) -> Backups:
    settings: Settings = app.config["SETTINGS"]
    assert settings.backups is not None
    return settings.backups


@pytest.fixture
def changed(kept: Flask) -> Iterator[Flask]:
    """Its settings may be changed for one test."""
    before = kept.config["SETTINGS"]
    yield kept
    kept.config["SETTINGS"] = before


def change(app: Flask, **values: object) -> None:
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(settings, backups=replace(settings.backups, **values))


def rows(app: Flask) -> list[tuple[str, bool, bool | None]]:
    with app.extensions["engines"]["app"].connect() as connection:
        asked = "SELECT kind, verified, copied FROM backup_taken ORDER BY started_at"
        return [(row[0], row[1], row[2]) for row in connection.exec_driver_sql(asked)]


def test_each_backup_is_verified_listed_and_a_row(kept: Flask):
    assert rows(kept)[:2] == [("full", True, None), ("incremental", True, None)]
    code, said = told(kept, "backup list")
    assert (code, said.count("usable")) == (0, 2)
    assert told(kept, "backup check")[1].count("is whole") == 2
    assert told(kept, "backup due") == (0, "No backup is due.\n")
    assert "archive_timeout = '45s'" in told(kept, "backup settings")[1]


def test_the_row_is_there_for_good_and_the_web_cannot_write_one(kept: Flask):
    with kept.extensions["migration_engine"].connect() as owner, pytest.raises(sa.exc.DBAPIError, match="grow"):
        owner.exec_driver_sql("UPDATE backup_taken SET verified = true")
    with kept.extensions["engines"]["app"].connect() as web, pytest.raises(sa.exc.ProgrammingError, match="denied"):
        web.exec_driver_sql("INSERT INTO backup_taken SELECT * FROM backup_taken")


def test_the_backup_role_reads_no_table(kept: Flask):
    settings: Settings = kept.config["SETTINGS"]
    engine = sa.create_engine(settings.database.url("pp_backup"), poolclass=sa.NullPool)
    with pytest.raises(sa.exc.OperationalError, match="permission denied"):
        engine.connect()


def test_a_restore_is_put_together_whole_and_leaves_word_for_the_server(kept: Flask, tmp_path: Path):
    moment = clock.now() + timedelta(minutes=1)
    code, said = told(kept, f"backup restore --to {tmp_path / 'new'} --at {moment.isoformat()}")
    assert code == 0, said
    assert "-full-" in said
    assert "-incremental-" in said
    word = (tmp_path / "new" / "postgresql.auto.conf").read_text()
    assert f"recovery_target_time = '{moment:%Y-%m-%d %H:%M:%S.%f}+00'" in word
    assert "restore_command = 'test -f" in word
    assert (tmp_path / "new" / "recovery.signal").exists()


@pytest.mark.parametrize("damage", ["changed", "shorter", "missing", "extra", "manifest", "no manifest"])
def test_damage_is_found_and_what_is_damaged_is_not_restored(kept: Flask, tmp_path: Path, damage: str):
    full = shelf.shelf(backups_of(kept).folder)[0]
    files = shelf.files_of(backups_of(kept).folder, full)
    victim, label = files / "PG_VERSION", files / "backup_manifest"
    before, manifest = victim.read_bytes(), label.read_bytes()
    try:
        match damage:
            case "changed":
                victim.write_bytes(b"19\n")
            case "shorter":
                victim.write_bytes(b"")
            case "missing":
                victim.unlink()
            case "extra":
                (files / "base" / "extra").write_text("x")
            case "manifest":
                label.write_bytes(manifest.replace(b"PG_VERSION", b"PG_VERSIOM"))
            case _:
                label.unlink()
        assert told(kept, "backup check")[0] == 1
        code, said = told(kept, f"backup restore --to {tmp_path / 'new'}")
        assert code == 1, said
        assert not (tmp_path / "new").exists()
    finally:
        victim.write_bytes(before)
        label.write_bytes(manifest)
        (files / "base" / "extra").unlink(missing_ok=True)
    checking.check(files, backups_of(kept))


def test_a_backup_that_is_not_whole_is_recorded_as_such_and_never_used(changed: Flask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(checking, "_sha256", lambda _path: "something else")
    code, said = told(changed, "backup incremental")
    assert code == 1
    assert "was changed and" in said or "was changed;" in said
    monkeypatch.undo()
    assert rows(changed)[-1] == ("incremental", False, None)
    assert "NOT USABLE" in told(changed, "backup list")[1]
    folder = backups_of(changed).folder
    shelf.forget(folder, shelf.shelf(folder)[-1])


def test_the_second_place_is_told_where_and_none_of_our_secrets(
    changed: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("KEY_RING", "k:for-us-alone")
    monkeypatch.setenv("DATABASE_URL", "postgresql://for-us-alone")
    assert told(changed, "backup copy") == (1, "Error: BACKUPS_COPY is not set: there is no second place.\n")
    change(changed, copy=f'cp -r "$BACKUPS/base" {tmp_path}/second && env > {tmp_path}/env')
    assert told(changed, "backup copy") == (0, "The second place has it all.\n")
    assert len(list((tmp_path / "second").glob("*.json"))) == 2
    assert "for-us-alone" not in (tmp_path / "env").read_text()
    change(changed, copy="echo no room >&2; exit 3")
    code, said = told(changed, "backup incremental")
    assert code == 1
    assert "The copy to the second place failed: no room" in said
    assert rows(changed)[-1] == ("incremental", True, False)


def test_one_backup_at_a_time(kept: Flask):
    with (backups_of(kept).folder / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert told(kept, "backup full") == (1, "Error: Another backup is being taken.\n")


def test_what_cannot_be_done_is_said(changed: Flask, tmp_path: Path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    assert "is not empty" in told(changed, f"backup restore --to {tmp_path / 'full'}")[1]
    early = "backup restore --to /nowhere --at 2020-01-01T00:00:00"
    assert "no verified backup from before that moment" in told(changed, early)[1]
    change(changed, programs=tmp_path)
    assert "set PG_BIN to the folder" in told(changed, "backup check")[1]
    change(changed, folder=tmp_path / "empty", programs=None)
    assert "There is no full backup yet" in told(changed, "backup incremental")[1]
    assert told(changed, "backup list") == (0, "")
    changed.config["SETTINGS"] = replace(changed.config["SETTINGS"], backups=None)
    assert "BACKUPS is not set" in told(changed, "backup full")[1]
    with pytest.raises(BackupError, match="false: it ended with 1"):
        programs.run(["/bin/false"])


def test_a_server_that_does_not_summarise_its_log_gets_full_backups(changed: Flask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(taking, "_can_be_incremental", lambda: False)
    assert "need PostgreSQL 17" in told(changed, "backup incremental")[1]


def test_a_week_later_a_full_one_is_due_and_what_is_old_goes_with_its_log(changed: Flask):
    change(changed, keep=timedelta(days=1))
    folder = backups_of(changed).folder
    before = {one.id for one in shelf.shelf(folder)}
    with clock.held(clock.now() + timedelta(days=8)):
        assert "-full-" in told(changed, "backup due")[1]
    assert before <= {one.id for one in shelf.shelf(folder)}  # seconds of the last day still need them
    with clock.held(clock.now() + timedelta(days=16)), changed.app_context():
        taking.take("full")
        gone = taking.forget_needless(clock.now() + timedelta(days=2))
    left = shelf.shelf(folder)
    assert gone
    assert not before & {one.id for one in left}
    oldest = shelf.first_wal(shelf.files_of(folder, left[0]))
    assert all(path.name[:24] >= oldest for path in shelf.wal(folder).glob("0*.gz"))


def handed(folder: Path, name: str, source: Path) -> int:
    line = archive_command(folder).replace("%f", name).replace("%p", str(source)).replace("%%", "%")
    return subprocess.run(["/bin/sh", "-c", line], check=False, capture_output=True).returncode


def test_the_log_is_handed_over_whole_once_and_never_overwritten(tmp_path: Path):
    folder = tmp_path / "with space"
    shelf.wal(folder).mkdir(parents=True)
    source, back = tmp_path / "one", tmp_path / "back"
    source.write_bytes(os.urandom(50_000))
    assert handed(folder, "0001", source) == 0
    assert handed(folder, "0001", source) == 0  # the server asks again after a crash
    restore = restore_command(folder).replace("%f", "0001").replace("%p", str(back))
    subprocess.run(["/bin/sh", "-c", restore], check=True)
    assert back.read_bytes() == source.read_bytes()
    source.write_bytes(b"another server's")
    assert handed(folder, "0001", source) != 0
    subprocess.run(["/bin/sh", "-c", restore], check=True)
    assert back.read_bytes() != b"another server's"
    missing = restore_command(folder).replace("%f", "0002").replace("%p", str(back))
    assert subprocess.run(["/bin/sh", "-c", missing], check=False).returncode != 0


def test_what_is_written_is_handed_over_soon(kept: Flask):
    folder = shelf.wal(backups_of(kept).folder)
    with kept.extensions["migration_engine"].begin() as connection:
        connection.exec_driver_sql("CREATE TABLE app.written AS SELECT 1 AS one")
        name = connection.exec_driver_sql("SELECT pg_walfile_name(pg_current_wal_lsn())").scalar()
    end = time.monotonic() + 15
    while not (folder / f"{name}.gz").exists():
        assert time.monotonic() < end, sorted(path.name for path in folder.iterdir())
        time.sleep(0.1)
