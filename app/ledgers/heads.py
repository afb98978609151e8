"""Opening a group's books and closing their months."""

import sqlalchemy as sa

from app.core.db import session
from app.ledgers.models import LedgerHead


def open_books() -> None:
    """Give the chosen group its head row; nothing can be posted before."""
    session().flush()
    session().execute(sa.text("SELECT ledger.open()"), execution_options={"core_ok": True})


def head() -> LedgerHead:
    """The group's last number and hash, and the day through which the books are closed."""
    return session().scalars(sa.select(LedgerHead)).one()
