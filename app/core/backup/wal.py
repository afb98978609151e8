"""How the server hands over its log, and how a restored one reads it: shell lines that need nothing of ours to run."""

import shlex
from collections.abc import Mapping
from pathlib import Path

from app.core.backup.shelf import wal

# A file that is not full is handed over after this time; with the copying, no more than a minute is ever at stake.
ARCHIVE_TIMEOUT = 45


def _in(folder: Path, name: str) -> str:
    return shlex.quote(str(wal(folder)).replace("%", "%%") + "/") + name


def archive_command(folder: Path) -> str:
    """Packs a file, makes sure that it is on the disk, and only then gives it its name; never overwrites another one.

    After a crash the server hands over the same file again: one that is there already and the same is fine.
    """
    packed, part = _in(folder, '"%f.gz"'), _in(folder, '"%f.part"')
    there = f'gzip -dc {packed} 2>/dev/null | cmp -s - "%p"'
    fresh = (
        f'test ! -e {packed} && gzip -c "%p" > {part} && sync {part} && mv {part} {packed} && sync {_in(folder, "")}'
    )
    return f"{{ {there}; }} || {{ {fresh}; }}"


def restore_command(folder: Path) -> str:
    """Unpacks a file for a server that is being restored."""
    packed = _in(folder, '"%f.gz"')
    return f'test -f {packed} && gzip -dc {packed} > "%p"'


def server_settings(folder: Path, *, timeout: int = ARCHIVE_TIMEOUT) -> Mapping[str, str]:
    """What the server must be told, by the names of its settings. `timeout` is in seconds."""
    return {
        "wal_level": "replica",
        "summarize_wal": "on",  # incremental backups need it; PostgreSQL 17 and newer
        "archive_mode": "on",
        "archive_timeout": f"{timeout}s",
        "archive_command": archive_command(folder),
    }
