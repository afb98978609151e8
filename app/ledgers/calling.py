"""Calling the functions of schema `ledger`, the one writer of the books, and their refusals in our words."""

from collections.abc import Sequence
from typing import Any

import psycopg
import sqlalchemy as sa
from flask_babel import gettext as _

from app.core.db import session
from app.ledgers.chart import Floor, label_of
from app.ledgers.errors import NeedsConfirmation, NotEnough, NothingToRelease, PeriodClosed, SomethingRestsOnIt


def call_ledger(statement: sa.TextClause, values: dict[str, Any]) -> Sequence[sa.Row[Any]]:
    """Call a function of schema `ledger`, the one writer of the books; what it refuses is raised in our words."""
    session().flush()
    try:
        return session().execute(statement, values, execution_options={"core_ok": True}).all()
    except sa.exc.DBAPIError as error:
        raise _in_words(error) from error


def _in_words(error: sa.exc.DBAPIError) -> Exception:
    if not isinstance(error.orig, psycopg.Error):
        return error
    told = (error.orig.diag.message_primary or "").removeprefix("closed through ")
    match error.orig.sqlstate:
        case "PP012" | "PP016":
            return PeriodClosed(through=told)
        case "PP013":
            refusal = NeedsConfirmation if error.orig.diag.message_detail == Floor.CONFIRM else NotEnough
            code, _space, name = told.partition(" ")
            return refusal(account=label_of(code, name))
        case "PP017":
            return NothingToRelease()
        case "PP018":
            return SomethingRestsOnIt(what=_("a part of entry %(number)s was used", number=told))
    return error
