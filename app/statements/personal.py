"""What this room holds of a member."""

import uuid

from app.core.personal import rows_of
from app.core.rooms import Tables
from app.statements.models import StatementIssued


def personal(member_id: uuid.UUID) -> Tables:
    """The statements of the member that were given out."""
    hashes = {"hash": lambda row: row.hash.hex()}
    return {"statement_issued": rows_of(StatementIssued, StatementIssued.member_id == member_id, words=hashes)}
