"""The head of a group's books: opening them, the last number, the closed days, and what day it is for the group."""

from datetime import date

import sqlalchemy as sa

from app.core import clock
from app.core.db import session
from app.groups.queries import group
from app.ledgers.models import Entry, LedgerHead
from app.ledgers.verification import mint


def open_books() -> None:
    """Give the chosen group its head row, and its papers a way to be checked; nothing can be posted before."""
    session().flush()
    session().execute(sa.text("SELECT ledger.open()"), execution_options={"core_ok": True})
    mint()


def head() -> LedgerHead:
    """The group's last number and hash, and the day through which the books are closed."""
    return session().scalars(sa.select(LedgerHead).execution_options(populate_existing=True)).one()


def has_books() -> bool:
    """Whether the group's books were ever opened; a lost head does not hide the entries it stood for."""
    traces = sa.select(LedgerHead.number), sa.select(Entry.number).limit(1)
    return any(session().scalar(trace) is not None for trace in traces)


def today() -> date:
    """The day it is now in the group's zone."""
    return clock.today(group().time_zone)
