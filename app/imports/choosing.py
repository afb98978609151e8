"""Saying which column of a statement is which: what the file seems to be, how it would be read, and keeping it."""

import uuid
from collections.abc import Mapping as Told
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from app.audit.log import record
from app.core import clock
from app.core.db import session
from app.core.errors import DomainError
from app.core.ids import new_id
from app.groups.queries import group
from app.imports import files, readers
from app.imports.bank_lines import BankLine
from app.imports.errors import ImportOver, RowError
from app.imports.guessing import Guess, guess, headers
from app.imports.mapping import Mapping, header_digest, is_remark, read_row
from app.imports.mapping_errors import MappingRefused, NoColumns, NothingRead
from app.imports.mappings import mapping_by_key, mapping_of
from app.imports.models import StatementMapping
from app.imports.sheets import read
from app.imports.tables import Row, Table
from app.imports.text_sheet import traits
from app.ledgers.cash import cash_account
from app.savings.windows import lock_windows

_SAMPLES = 6


@dataclass(frozen=True)
class Offer:
    """A file whose columns can be chosen: what it is made of, and what is proposed."""

    table: Table
    guess: Guess
    headers: Sequence[Row]
    encoding: str
    separator: str
    kept: Mapping | None

    @property
    def width(self) -> int:
        """How many columns there are."""
        return max(len(row.cells) for row in [self.guess.header, *self.guess.rows])

    def sample(self, place: int) -> str:
        """The first filled cell of a column."""
        return next((cell for row in self.guess.rows if (cell := row.cell(place))), "")


@dataclass(frozen=True)
class Sampled:
    """One of the first rows as it would be read: a booking, or why it is none."""

    row: int
    line: BankLine | None
    fault: RowError | None


def offer(told: files.Told, header: int | None = None) -> Offer:
    """What a file seems to be, with this row as its header if it can be one. Raises ImportOver, NoColumns."""
    if told.state != files.PREVIEWED:
        raise ImportOver
    data = files.content_of(told.file)
    if told.file.kind != "statement" or readers.bank_reader(data) is not None:
        raise NoColumns
    table, kept = read(data), mapping_of(told.file)
    if header is None and kept is not None:
        header = next((row.number for row in headers(table) if header_digest(row) == kept.header), None)
    found = guess(table, header) or guess(table)
    if found is None:
        raise NoColumns
    encoding, separator = traits(data) if table.kind == "csv" else ("", "")
    if kept is not None and kept.header != header_digest(found.header):
        kept = None
    return Offer(table, found, headers(table), encoding, separator, kept)


def samples(found: Offer, *, columns: Told[str, int], decimal: str, order: str) -> list[Sampled]:
    """The first bookings as they would be read; none while it is not said enough."""
    try:
        mapping = Mapping(header_digest(found.guess.header), columns, decimal, order)
    except MappingRefused:
        return []
    bookings = (row for row in found.guess.rows if not is_remark(row, mapping))
    return [_sampled(row, mapping) for row in islice(bookings, _SAMPLES)]


def _sampled(row: Row, mapping: Mapping) -> Sampled:
    faults: list[RowError] = []
    line = read_row(row, mapping, group().currency, faults)
    return Sampled(row.number, line, faults[0] if faults else None)


def save(
    file_id: uuid.UUID, *, header: int, columns: Told[str, int], decimal: str, order: str, by: uuid.UUID, key: str
) -> StatementMapping:
    """Keep what the columns of a file are, for it and for the next ones with its header; once for each key.

    `columns` gives the place of each of our columns, from 0. Raises NoSuchImport, ImportOver, NoColumns,
    MappingRefused, NothingRead.
    """
    lock_windows()  # whoever confirms the file holds it: what is being imported is not read anew
    if (kept := mapping_by_key(key)) is not None:
        return kept
    told = files.told(file_id)
    found = offer(told, header)
    if found.guess.header.number != header or any(place >= found.width for place in columns.values()):
        raise MappingRefused(field="header")
    mapping = Mapping(header_digest(found.guess.header), columns, decimal, order)
    _check(told, mapping, found.table)
    return _keep(told, mapping, by=by, key=key)


def _check(told: files.Told, mapping: Mapping, table: Table) -> None:
    assert told.file.cash_account_id is not None  # noqa: S101  # every statement is of one
    account = cash_account(told.file.cash_account_id)
    try:
        lines = readers.table_statement(table, account, mapping).lines
    except DomainError as error:
        raise NothingRead from error
    if not lines:
        raise NothingRead


def _keep(told: files.Told, mapping: Mapping, *, by: uuid.UUID, key: str) -> StatementMapping:
    assert told.file.cash_account_id is not None  # noqa: S101  # see above
    row = StatementMapping(
        id=new_id(),
        cash_account_id=told.file.cash_account_id,
        file_id=told.file.id,
        digest=mapping.header,
        columns=dict(mapping.columns),
        decimal_sign=mapping.decimal,
        day_order=mapping.order,
        idempotency_key=key,
        made_by=by,
        made_at=clock.now(),
    )
    session().add(row)
    session().flush()
    said = {"columns": dict(mapping.columns), "decimal": mapping.decimal, "order": mapping.order}
    record("create", "statement_mapping", row.id, by=by, after=said)
    return row
