"""What runs in the folder var/ and the secrets kept there."""

import contextlib
import fcntl
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Stack:
    """What `make run` has started in this folder."""

    pid: int
    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    base_url: str


def running(var: Path = ROOT / "var") -> Stack | None:
    """The stack that lives in the folder `var`, or None. Its lock tells: the kernel frees it however it ended."""
    try:
        with (var / "lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return None
    except FileNotFoundError:
        return None
    except BlockingIOError:
        try:
            return Stack(**json.loads((var / "stack.json").read_text()))
        except FileNotFoundError:  # it is only just starting
            return None


def kept(path: Path, make: Callable[[], str]) -> str:
    """The secret in a file that only its owner reads, made at first use; of two makers one wins, both read the same."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return path.read_text()
    except FileNotFoundError:
        fresh = path.with_name(f".{path.name}.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(make())
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
        return path.read_text()
