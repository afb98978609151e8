"""The one lock of a group's books, for what is written beside them, and the order in which locks are taken.

Everywhere in the house: the row of `savings_group` first (`lock_group` of the groups, `lock_windows` of the savings),
then `ledger_head` (every posting, and `lock_books`), then anything else. Who opens accounts and records payments in one
transaction therefore begins with the group's row.
"""

import sqlalchemy as sa

from app.core.db import session


def lock_books() -> None:
    """Wait until nobody else writes the group's books, and keep them until the transaction ends."""
    session().execute(sa.text("SELECT ledger.lock()"), execution_options={"core_ok": True})
