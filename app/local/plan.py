"""What the local stack consists of: the programs, and what must be done before and after they start."""

import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from app.config import ROOT

_BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Program:
    """A process of ours that is started again when it ends. `orphaned`: the signal it gets when the supervisor dies."""

    name: str
    args: list[str]
    orphaned: signal.Signals = signal.SIGTERM


class Errand(NamedTuple):
    """A command that must end well before the programs start, and what people are told meanwhile."""

    told: str
    args: list[str]


@dataclass(frozen=True)
class Plan:
    """One local stack: everything it keeps is in `var`. `patience`: seconds that the programs have to become ready."""

    var: Path
    port: int
    programs: tuple[Program, ...]
    before: tuple[Errand, ...] = ()
    after: tuple[list[str], ...] = ()
    env: Mapping[str, str] = field(default_factory=dict, repr=False)
    cwd: Path = ROOT
    patience: float = 300  # a busy machine is slow, and whoever waits can stop it

    @property
    def address(self) -> str:
        """Where people find it."""
        return self.env.get("BASE_URL") or f"http://localhost:{self.port}"  # a number is no place for passkeys

    @property
    def environment(self) -> dict[str, str]:
        """What every program is told, whatever the servers are."""
        ours = {"PORT": str(self.port), "BASE_URL": self.address, "VAR": str(self.var), "PYTHONUNBUFFERED": "1"}
        return {**self.env, **ours, "PATH": f"{_BIN}{os.pathsep}{self.env.get('PATH', os.defpath)}"}


def product(environ: Mapping[str, str]) -> Plan:
    """The plan of the product. Raises ValueError when PORT or DEMO cannot be read."""
    port = int(environ.get("PORT") or 8000)
    if not 0 < port < 65536:
        raise ValueError(port)
    flask, python = str(_BIN / "flask"), sys.executable
    demo = environ.get("DEMO", "1") not in {"0", "no", "false"}
    return Plan(
        var=Path(environ.get("VAR") or ROOT / "var").absolute(),
        port=port,
        env=environ,
        before=(
            Errand("Preparing the database …", [flask, "database", "prepare"]),
            Errand("Bringing its tables up to date …", [flask, "database", "upgrade"]),
            *([Errand("Looking after the demonstration …", [flask, "demo", "load"])] if demo else []),
        ),
        programs=(
            Program("web", [python, "-m", "gunicorn", "wsgi:app"], orphaned=signal.SIGQUIT),
            Program("worker", [python, "-m", "workers"]),
            Program("cron", [python, "-m", "workers.cron"]),
        ),
        after=([flask, "demo", "signins"],) if demo else (),
    )
