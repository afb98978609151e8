"""Having the queue looked at: a message of the outbox for each thing that may let somebody be served."""

from app.core.outbox import later

FULFIL = "exits.fulfil"


def offer(cause: str) -> None:
    """Have a worker offer what is set aside to the queue, once for each cause, in the transaction of that cause."""
    later(FULFIL, key=f"{FULFIL}:{cause}")
