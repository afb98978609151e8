"""Contents of documents beside the backups: each is written once and never changed, so what is there is enough.

One that was taken away is kept under another name as long as a moment before that can be restored.
"""

import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path

DOCUMENTS = "documents"
GONE = ".gone"


def keep_contents(var: Path, folder: Path, *, now: datetime, keep: timedelta) -> int:
    """Bring the folder of backups up to what stands in `var`; how many were copied now."""
    source, target = var / DOCUMENTS, folder / DOCUMENTS
    there = {path.relative_to(source) for path in source.glob("*/*") if not path.name.startswith(".")}
    kept = {path.relative_to(target) for path in target.glob("*/*") if not path.name.startswith(".")}
    for name in sorted(there - kept):
        _copy(source / name, target / name)
    for name in sorted(kept - there):
        _retire(target / name, now=now, keep=keep)
    return len(there - kept)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}")
    try:
        shutil.copyfile(source, part)
    except FileNotFoundError:  # taken away at this moment
        part.unlink(missing_ok=True)
        return
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.chmod(0o600)
    part.replace(target)


def _retire(path: Path, *, now: datetime, keep: timedelta) -> None:
    if not path.name.endswith(GONE):
        os.utime(path, (now.timestamp(), now.timestamp()))  # since when it is gone
        path.rename(path.with_name(path.name + GONE))
    elif path.stat().st_mtime < (now - keep).timestamp():
        path.unlink()
