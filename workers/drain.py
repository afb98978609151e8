"""The wake-up: what RQ runs, without any argument, to come and look what is due in the outbox."""

from app.core import figures
from app.core.draining import drain_due
from workers.runtime import application

SECONDS = 20.0  # of a job's 60: what is left over is taken up by the next wake-up

__all__ = ["drain", "drain_due"]


def drain() -> None:
    """Work through what is due."""
    with application().app_context():
        try:
            drain_due(seconds=SECONDS)
        finally:
            figures.flush()  # this process was forked for one wake-up and ends without a farewell
