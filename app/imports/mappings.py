"""Which mapping a file is read with: what was said of it, else what was said of its header before it came."""

import uuid

import sqlalchemy as sa

from app.core.db import session
from app.imports.mapping import HEADER_WITHIN, Mapping, header_digest
from app.imports.models import ImportFile, StatementMapping
from app.imports.tables import Table

OPTION = "mapping"  # beside a file: the id of the mapping that its header was recognised by


def recognised(table: Table, cash_account_id: uuid.UUID) -> StatementMapping | None:
    """The latest mapping of this account for a header that the table has."""
    digests = {header_digest(row) for row in table.rows[:HEADER_WITHIN]}
    mine = sa.select(StatementMapping).where(
        StatementMapping.cash_account_id == cash_account_id, StatementMapping.digest.in_(digests)
    )
    return session().scalar(mine.order_by(StatementMapping.id.desc()).limit(1))


def mapping_of(file: ImportFile) -> Mapping | None:
    """What the columns of a file are, if anybody said it. It stays the same however often others are said."""
    own = sa.select(StatementMapping).where(StatementMapping.file_id == file.id)
    row = session().scalar(own.order_by(StatementMapping.id.desc()).limit(1))
    if row is None and OPTION in file.options:
        known = StatementMapping.id == uuid.UUID(file.options[OPTION])
        row = session().scalar(sa.select(StatementMapping).where(known))
    return as_mapping(row) if row else None


def mapping_by_key(key: str) -> StatementMapping | None:
    """The mapping that was saved under this key."""
    return session().scalar(sa.select(StatementMapping).where(StatementMapping.idempotency_key == key))


def as_mapping(row: StatementMapping) -> Mapping:
    """A kept mapping as it is read with."""
    return Mapping(bytes(row.digest), row.columns, row.decimal_sign, row.day_order)
