"""Taking a backup: pg_basebackup, every file checked, noted on the shelf and in the database, what is old removed."""

import fcntl
import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from flask import current_app

from app.config import Backups, Settings
from app.core import clock
from app.core.backup import shelf
from app.core.backup.checking import check, manifest
from app.core.backup.contents import keep_contents
from app.core.backup.errors import BackupError
from app.core.backup.models import BackupTaken
from app.core.backup.programs import program, run
from app.core.backup.shelf import FULL, INCREMENTAL, Backup
from app.core.database import BACKUP
from app.core.db import platform, transaction

_OURS = ("SECRET", "KEY_RING", "DATABASE_", "REDIS_", "SMTP_")  # what the program that copies is not told


def place() -> Backups:
    """Where backups go. Raises BackupError when nothing was set."""
    settings: Settings = current_app.config["SETTINGS"]
    if settings.backups is None:
        raise BackupError("BACKUPS is not set: it names the folder that backups go to.")
    return settings.backups


def take(kind: str) -> Backup:
    """Take a backup, check it, copy it to the second place and forget what is needed no more.

    Raises BackupError; one that was taken but is not whole, or was not copied, is recorded as such all the same.
    """
    backups = place()
    with _alone(backups.folder):
        made = _fetch(kind, _rests_on(kind, backups), backups)
        problem = _problem(made, backups)
        return _keep(made, problem)


def _keep(made: Backup, problem: str | None) -> Backup:
    backups = place()
    made = replace(made, verified=problem is None)
    shelf.note(backups.folder, made)
    if problem is None:
        forget_needless(made.finished_at)
    copied, complaint = copy()
    _record(made, copied)
    if problem or complaint:
        raise BackupError(problem or complaint or "")
    return made


def take_due() -> Backup | None:
    """What the clock calls each hour: take the backup that is due, if one is. Raises BackupError."""
    now, backups = clock.now(), place()
    kind = shelf.due(shelf.shelf(backups.folder), now, incremental=_can_be_incremental())
    return take(kind) if kind else None


def forget_needless(now: datetime) -> int:
    """Remove backups and log that no second within the time kept needs; how many backups those were."""
    backups = place()
    among = shelf.shelf(backups.folder)
    gone = shelf.needless(among, now, backups.keep)
    left = [backup for backup in among if backup not in gone and backup.verified]
    for backup in gone:
        shelf.forget(backups.folder, backup)
    if gone and left:
        shelf.forget_wal(backups.folder, before=shelf.first_wal(shelf.files_of(backups.folder, left[0])))
    return len(gone)


def copy() -> tuple[bool | None, str | None]:
    """Bring the contents of documents along and run BACKUPS_COPY: whether it succeeded, None where there is no second
    place, and what went wrong.
    """
    backups, settings = place(), current_app.config["SETTINGS"]
    try:
        keep_contents(settings.var, backups.folder, now=clock.now(), keep=backups.keep)
    except OSError as error:
        return False, f"The contents of documents could not be brought along: {error}"
    if backups.copy is None:
        return None, None
    env = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    line = ["/bin/sh", "-c", backups.copy]  # the operator's own, from the environment and from nowhere else
    told = {**env, "BACKUPS": str(backups.folder)}
    done = subprocess.run(line, env=told, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        return False, f"The copy to the second place failed: {done.stderr.strip()[-500:] or done.returncode}"
    return True, None


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One backup at a time. Raises BackupError while another one is taken."""
    shelf.base(folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError("Another backup is being taken.") from None
        yield


def _rests_on(kind: str, backups: Backups) -> Backup | None:
    """The newest backup that an incremental one can rest on. Raises BackupError when there is none."""
    if kind == FULL:
        return None
    if not _can_be_incremental():
        raise BackupError("Incremental backups need PostgreSQL 17 or newer with `summarize_wal = on`.")
    links = shelf.newest(shelf.shelf(backups.folder))
    if not links:
        raise BackupError("There is no full backup yet that an incremental one could rest on.")
    return links[-1]


def _can_be_incremental() -> bool:
    with current_app.extensions["migration_engine"].connect() as connection:
        asked = sa.text("SELECT current_setting('summarize_wal', true)")
        return bool(connection.execute(asked).scalar() == "on")


def _fetch(kind: str, before: Backup | None, backups: Backups) -> Backup:
    """Have pg_basebackup write the server's files; they get their name when they are all there."""
    started, folder = clock.now(), shelf.base(backups.folder)
    name = f"{started:%Y%m%dT%H%M%SZ}-{kind}-{uuid.uuid4().hex[:4]}"
    for left in folder.glob("*.part"):
        shutil.rmtree(left)  # of a backup that was interrupted: we are alone here
    part = folder / f"{name}.part"
    settings: Settings = current_app.config["SETTINGS"]
    url = settings.database.url(BACKUP)
    address = url.set(drivername="postgresql", password=None, database=None).render_as_string(hide_password=False)
    words = ["--no-password", "--wal-method=stream", "--checkpoint=fast", "--manifest-checksums=SHA256"]
    if before is not None:
        words.append(f"--incremental={shelf.files_of(backups.folder, before) / 'backup_manifest'}")
    run([program("pg_basebackup", backups), "-D", str(part), "-d", address, *words], password=url.password)
    part.rename(folder / name)
    size = sum(path.stat().st_size for path in (folder / name).rglob("*") if path.is_file())
    lsn, on = manifest(folder / name).start, before.id if before else None
    return Backup(name, kind, started, clock.now(), lsn, size, verified=False, rests_on=on)


def _problem(made: Backup, backups: Backups) -> str | None:
    """What is amiss with a backup; of an incremental one also whether all it rests on still fits."""
    files = shelf.files_of(backups.folder, made)
    try:
        check(files, backups)
        if made.kind == INCREMENTAL:
            among = [*shelf.shelf(backups.folder), replace(made, verified=True)]
            links = [str(shelf.files_of(backups.folder, link)) for link in shelf.chain(among[-1], among)]
            run([program("pg_combinebackup", backups), "--dry-run", *links, "-o", f"{files}.never"])
    except BackupError as error:
        return str(error)
    return None


def _record(made: Backup, copied: bool | None) -> None:  # noqa: FBT001  # it is what the row says
    with transaction(role="worker"):
        platform().add(
            BackupTaken(
                kind=made.kind,
                started_at=made.started_at,
                finished_at=made.finished_at,
                lsn=made.lsn,
                bytes=made.bytes,
                place=str(shelf.files_of(place().folder, made)),
                verified=made.verified,
                copied=copied,
            )
        )
