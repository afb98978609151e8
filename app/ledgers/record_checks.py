"""What rooms prove of their records and the books alike."""

from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core.db import session
from app.ledgers.models import Entry


def entries_alone(table: Any, name: str) -> list[str]:
    """A sentence for each entry that says it is a record of this table, which is called `name`, while none has it."""
    known = sa.select(table.entry_id).where(table.entry_id.is_not(None))
    entries = sa.select(Entry.number).where(
        Entry.source_kind == table.__tablename__, Entry.reverses_id.is_(None), Entry.id.not_in(known)
    )
    return [
        _("Entry %(number)s says it is a record of “%(name)s”, and none has it.", number=number, name=name)
        for number in session().scalars(entries.order_by(Entry.number))
    ]
