"""Restoring: from the folder of backups alone, into an empty one that a server of the same version starts with."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.config import Backups
from app.core.backup import shelf
from app.core.backup.checking import check, faults
from app.core.backup.errors import BackupError
from app.core.backup.programs import program, run
from app.core.backup.shelf import Backup
from app.core.backup.wal import restore_command


@dataclass(frozen=True)
class Restored:
    """Which backups a folder was put together from."""

    links: list[Backup]
    bytes: int


def restore(backups: Backups, target: Path, *, at: datetime | None = None) -> Restored:
    """Put the files together in `target` and leave word for the server to go on through the log to the moment `at`.

    Without a moment it goes as far as the log does. Raises BackupError; a backup that is not whole is not restored.
    """
    if target.exists() and any(target.iterdir()):
        raise BackupError(f"{target} is not empty: a restore never writes over anything.")
    links = shelf.newest(shelf.shelf(backups.folder), by=at)
    if not links:
        raise BackupError("There is no verified backup" + (" from before that moment." if at else "."))
    places = [shelf.files_of(backups.folder, link) for link in links]
    for files in places:
        check(files, backups)
    target.parent.mkdir(parents=True, exist_ok=True)
    words = ["--manifest-checksums=SHA256", "-o", str(target)]
    run([program("pg_combinebackup", backups), *map(str, places), *words])
    if found := faults(target):
        raise BackupError(f"What was put together is not whole: {'; '.join(found[:5])}.")
    size = sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    _leave_word(backups, target, at)
    return Restored(links, size)


def _leave_word(backups: Backups, target: Path, at: datetime | None) -> None:
    lines = [
        "",
        f"restore_command = '{_quoted(restore_command(backups.folder))}'",
        "recovery_target_action = 'promote'",
    ]
    if at is not None:
        lines.append(f"recovery_target_time = '{at.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}+00'")
    with (target / "postgresql.auto.conf").open("a") as settings:
        settings.write("\n".join(lines) + "\n")
    (target / "recovery.signal").touch(mode=0o600)


def _quoted(text: str) -> str:
    return text.replace("'", "''")
