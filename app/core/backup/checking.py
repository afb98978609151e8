"""Whether a backup is whole: every file against the manifest that the server made, and the log that belongs to it.

PostgreSQL's own pg_verifybackup does the same; that of the wheel crashes at once, and a check that cannot run is none.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.config import Backups
from app.core.backup.errors import BackupError
from app.core.backup.programs import program, run

_END = '"Manifest-Checksum"'
_CHUNK = 1 << 20
# The log that came along has checksums of its own, which pg_waldump looks at.
_BESIDE = re.compile(r"^(backup_manifest|pg_wal/.*)$")


@dataclass(frozen=True)
class Manifest:
    """What the server said that a backup consists of."""

    files: dict[str, tuple[int, str]]
    timeline: int
    start: str
    end: str


def manifest(files: Path) -> Manifest:
    """Read a backup's manifest. Raises BackupError when it is not there, was cut or changed."""
    path = files / "backup_manifest"
    try:
        raw = path.read_bytes()
        told: dict[str, Any] = json.loads(raw)
    except (OSError, ValueError) as error:
        raise BackupError(f"{path} cannot be read: {error}") from error
    if hashlib.sha256(raw[: raw.rindex(_END.encode())]).hexdigest() != told["Manifest-Checksum"]:
        raise BackupError(f"{path} was changed.")
    ours = [file for file in told["Files"] if not _BESIDE.match(file.get("Path", ""))]
    if {file.get("Checksum-Algorithm") for file in ours} != {"SHA256"} or any("Path" not in file for file in ours):
        raise BackupError(f"{path} has files without a name or a SHA-256.")
    listed = {file["Path"]: (file["Size"], file["Checksum"]) for file in ours}
    log = told["WAL-Ranges"][-1]
    return Manifest(listed, log["Timeline"], log["Start-LSN"], log["End-LSN"])


def faults(files: Path) -> list[str]:
    """Every difference between a backup's files and its manifest, a sentence each."""
    told = manifest(files)
    there = {str(path.relative_to(files)): path for path in files.rglob("*") if path.is_file()}
    found = [f"{name} is missing" for name in told.files.keys() - there.keys()]
    found += [f"{name} does not belong to it" for name in there.keys() - told.files.keys() if not _BESIDE.match(name)]
    for name in told.files.keys() & there.keys():
        size, checksum = told.files[name]
        if there[name].stat().st_size != size:
            found.append(f"{name} has {there[name].stat().st_size:,} bytes instead of {size:,}")
        elif _sha256(there[name]) != checksum:
            found.append(f"{name} was changed")
    return sorted(found)


def check(files: Path, backups: Backups) -> None:
    """Raise BackupError unless every file is as the server wrote it and the log beside it can be read."""
    if found := faults(files):
        more = f" and {len(found) - 5} more" if len(found) > 5 else ""
        raise BackupError(f"{files.name} is not whole: {'; '.join(found[:5])}{more}.")
    told = manifest(files)
    span = ["--timeline", str(told.timeline), "--start", told.start, "--end", told.end]
    run([program("pg_waldump", backups), "--quiet", "--path", str(files / "pg_wal"), *span])


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
