"""The folder of backups: what stands in it, and which of it is still needed."""

import json
import re
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

FULL, INCREMENTAL = "full", "incremental"


@dataclass(frozen=True)
class Backup:
    """A backup on the shelf. `rests_on` is the id of the one before it, of which an incremental one needs the files."""

    id: str
    kind: str
    started_at: datetime
    finished_at: datetime
    lsn: str
    bytes: int
    verified: bool
    rests_on: str | None = None


def base(folder: Path) -> Path:
    """Where the backups stand, each in a folder named by its id."""
    return folder / "base"


def wal(folder: Path) -> Path:
    """Where the server puts its log, file by file."""
    return folder / "wal"


def files_of(folder: Path, backup: Backup) -> Path:
    """The files of a backup."""
    return base(folder) / backup.id


def note(folder: Path, backup: Backup) -> None:
    """Write down beside its files what a backup is: a restore must not need the database."""
    told = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in asdict(backup).items()}
    path = base(folder) / f"{backup.id}.json"
    path.with_suffix(".part").write_text(json.dumps(told, indent=1))
    path.with_suffix(".part").replace(path)


def shelf(folder: Path) -> list[Backup]:
    """The backups of which note and files are there, the oldest first."""
    found = [_read(json.loads(path.read_text())) for path in base(folder).glob("*.json")]
    there = [backup for backup in found if files_of(folder, backup).is_dir()]
    return sorted(there, key=lambda backup: backup.started_at)


def _read(told: dict[str, Any]) -> Backup:
    times = {name: datetime.fromisoformat(told[name]) for name in ("started_at", "finished_at")}
    return Backup(**{**told, **times})


def chain(backup: Backup, among: Iterable[Backup]) -> list[Backup]:
    """A backup with all it rests on, the full one first; empty when a link is missing or was not verified."""
    by_id = {one.id: one for one in among}
    links = [backup]
    while links[0].rests_on is not None:
        before = by_id.get(links[0].rests_on)
        if before is None:
            return []
        links.insert(0, before)
    return links if all(link.verified for link in links) else []


def newest(among: Sequence[Backup], *, by: datetime | None = None) -> list[Backup]:
    """The chain of the newest backup that can be restored, finished by a moment; empty when there is none."""
    for backup in reversed(among):
        if (by is None or backup.finished_at <= by) and (links := chain(backup, among)):
            return links
    return []


def due(among: Sequence[Backup], now: datetime, *, incremental: bool = True) -> str | None:
    """Which backup is due: a full one each week, something each day; None when neither is."""
    links = newest(among)
    hour = timedelta(hours=1)  # a clock that strikes once an hour is never early
    if not links or now - links[0].started_at > timedelta(days=7) - hour:
        return FULL
    if now - links[-1].started_at <= timedelta(days=1) - hour:
        return None
    return INCREMENTAL if incremental else FULL


def needless(among: Sequence[Backup], now: datetime, keep: timedelta) -> list[Backup]:
    """What no second within `keep` needs: all before the newest full one that was finished before that time began."""
    fulls = [backup for backup in among if backup.kind == FULL and backup.verified and backup.finished_at <= now - keep]
    return [backup for backup in among if fulls and backup.started_at < fulls[-1].started_at]


def forget(folder: Path, backup: Backup) -> None:
    """Remove a backup from the shelf: first its note, so that a half removed one is none."""
    (base(folder) / f"{backup.id}.json").unlink(missing_ok=True)
    shutil.rmtree(files_of(folder, backup), ignore_errors=True)


def first_wal(files: Path) -> str:
    """The name of the first file of the log that a backup needs."""
    name = re.search(r"\(file ([0-9A-F]{24})\)", (files / "backup_label").read_text())
    return name[1] if name else ""


def forget_wal(folder: Path, *, before: str) -> None:
    """Remove the log before a file of it, whatever its timeline; the histories of timelines stay."""
    for path in wal(folder).iterdir():
        if re.match(r"[0-9A-F]{24}\.", path.name) and path.name[8:24] < before[8:24]:
            path.unlink()
