"""The long run: `make faults COUNT=1000 SEED=7 SECONDS=3600`; every era is a fresh stack, so it may go on for ever."""

import ctypes
import json
import os
import pickle
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from app.config import ROOT
from app.local.process import tie_to_parent
from tests.faults.injury import own_volume
from tests.faults.plan import schedule
from tests.faults.run import GOALS, Found, era
from tests.faults.scene import NIGHTS
from tests.faults.stack import tree

ROUNDS = 100  # faults in an era
_NEW_NAMESPACE = 0x20000


def alone_with_mounts() -> None:
    """Volumes that this run mounts are seen by it alone and end with it, however it ends."""
    if os.geteuid() == 0 and sys.platform == "linux" and ctypes.CDLL(None).unshare(_NEW_NAMESPACE) == 0:
        subprocess.run(["mount", "--make-rprivate", "/"], check=False, capture_output=True)


def table(found: Found) -> str:
    """What came of each kind of fault."""
    head = "kind  injected recovered  web worst  work worst  slowest deed   asked  lost  unknown  checked  faults"
    rows = [
        f"{kind:<5} {t.injected:>8} {t.recovered:>9} {t.worst:>8.2f} s {t.worst_background:>9.2f} s"
        f" {t.slowest:>11.2f} s {t.deeds:>7} {t.lost:>5} {t.unknown:>8} {t.checked:>8} {t.faults:>7}"
        for kind, t in sorted(found.tallies.items(), key=lambda pair: int(pair[0][1:]))
    ]
    return "\n".join([head, *rows])


def report(found: Found, seed: str, eras: int, began: float, path: Path) -> None:
    """Keep what is known so far, so that a run that is cut short has said it."""
    told = vars(found) | {"tallies": {kind: vars(tally) for kind, tally in found.tallies.items()}}
    told |= {"seed": seed, "eras": eras, "seconds": round(time.monotonic() - began), "goals": GOALS}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(told, indent=1, default=str))


def one(found: Found, seed: str, number: int, count: int, until: float) -> Found:
    """Play an era in a folder of its own, and leave nothing of it."""
    rounds = schedule(f"{seed}/{number}", min(ROUNDS, count - found.rounds))
    folder = Path(tempfile.mkdtemp(prefix="plots-faults-"))
    try:
        with own_volume(folder / "era" / "pg"):
            era(folder / "era", rounds, found, night=NIGHTS[number % len(NIGHTS)], say=say, until=until)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return found


def in_child(play: Callable[[], Found]) -> Found:
    """What `play` found, done in a child: whatever memory an era took is given back with it."""
    with tempfile.NamedTemporaryFile() as kept:
        pid = os.fork()
        if pid == 0:
            try:
                tie_to_parent()
                Path(kept.name).write_bytes(pickle.dumps(play()))
            except BaseException:  # noqa: BLE001  # said, and told by the exit status
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        if os.waitpid(pid, 0)[1]:
            sys.exit("an era broke")
        told: Found = pickle.loads(Path(kept.name).read_bytes())
        return told


def main() -> int:
    """Run until the count or the time is used up; 1 when anything was found."""
    count, seconds = int(os.environ.get("COUNT") or 1000), float(os.environ.get("SECONDS") or "inf")
    seed = os.environ.get("SEED") or str(random.SystemRandom().randrange(10**6))
    only = os.environ.get("ERA")
    path = Path(os.environ.get("REPORT") or ROOT / "var" / "faults.json")
    began, found, number = time.monotonic(), Found(), int(only or 0)
    say(f"seed {seed}, {count} faults, eras of {ROUNDS}; the report is {path}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # nothing is left behind, however it is ended
    alone_with_mounts()
    while found.rounds < count and time.monotonic() < began + seconds:
        found = in_child(lambda found=found, number=number: one(found, seed, number, count, began + seconds))  # type: ignore[misc]
        number += 1
        report(found, seed, number, began, path)
        memory = int(Path("/proc/self/statm").read_text().split()[1]) * 4096 // 2**20
        say(f"era {number}: {found.rounds} faults, {memory} MB, {len(tree(os.getpid()))} processes left")
        say(table(found))
        if only:
            break
    _end(found, seed)
    return 1 if found.faults else 0


def say(text: str) -> None:
    """A line of progress, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _end(found: Found, seed: str) -> None:
    say(f"\nseed {seed}: {found.rounds} faults, {found.deeds} deeds, {found.entries} entries, {found.mails} mails")
    say(table(found))
    say(f"recoveries over their goal: {found.late}; longest until the outbox was empty: {found.settled:.1f} s")
    for text, times in sorted(found.refusals.items(), key=lambda pair: -pair[1])[:12]:
        say(f"  {times:>5} × {text}")
    say(f"{len(found.faults)} faults found")
    for fault in found.faults[:40]:
        say(f"  {fault}")


if __name__ == "__main__":
    sys.exit(main())
