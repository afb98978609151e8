"""Having the queue looked at: messages of the outbox for each thing that may let somebody be served."""

from datetime import timedelta

from app.core import clock
from app.core.outbox import later

FULFIL = "exits.fulfil"
AGAIN = timedelta(seconds=1)


def offer(cause: str) -> None:
    """Have a worker offer what is set aside to the queue, once for each cause, in the transaction of that cause.

    A second look follows: should a worker die in the first, that is tried again only after a pause, and nobody waits
    for it. Whichever comes first does the work, and the other finds nothing left to do.
    """
    later(FULFIL, key=f"{FULFIL}:{cause}")
    later(FULFIL, key=f"{FULFIL}:{cause}:again", due=clock.now() + AGAIN)
