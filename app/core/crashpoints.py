"""Named places where a test may kill the process, to prove that nothing is lost and nothing happens twice."""

import contextlib
import os
import signal
from pathlib import Path


def crash(point: str) -> None:
    """Kill this process, without any clean-up, when CRASH_AT names this place; each place at most once.

    CRASH_AT is read only where ENVIRONMENT is test. It is `place=file`, several by comma: the file is made first, and
    where it is there already the process lives on, as the one that comes back after a crash would.
    """
    if os.environ.get("ENVIRONMENT") != "test":
        return
    for wanted in os.environ.get("CRASH_AT", "").split(","):
        place, _, mark = wanted.partition("=")
        if place == point:
            with contextlib.suppress(FileExistsError):
                Path(mark).touch(exist_ok=False)
                os.kill(os.getpid(), signal.SIGKILL)
