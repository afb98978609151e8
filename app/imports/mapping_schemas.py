"""Shapes of what the columns of a statement are."""

import uuid
from typing import Any, Literal

from app.imports.choosing import Offer, Sampled
from app.imports.mapping import COLUMNS
from app.imports.models import StatementMapping
from app.imports.tables import Row
from app.web.api.shapes import Balance, Day, Shape

Sign = Literal[".", ","]
Order = Literal["dmy", "mdy", "ymd"]


class PlacesOut(Shape):
    """The place of each column from 0; null is what the file does not have."""

    at: int | None = None
    amount: int | None = None
    mark: int | None = None
    paid_in: int | None = None
    withdrawn: int | None = None
    balance: int | None = None
    reference: int | None = None
    details: int | None = None
    payer: int | None = None
    value_day: int | None = None


class MappingIn(PlacesOut):
    """The row of the titles, what the columns are, and how amounts and days are written."""

    header: int
    at: int
    decimal: Sign
    order: Order

    @property
    def reading(self) -> dict[str, Any]:
        """What is said, as the verb takes it."""
        told = self.model_dump(include=set(COLUMNS), exclude_none=True)
        return {"columns": told, "decimal": self.decimal, "order": self.order}


class TitlesOut(Shape):
    """A row that may be the one of the titles."""

    row: int
    titles: list[str]


class ColumnsOut(Shape):
    """What a file seems to be: `decimal` and `order` are null where the file does not decide them."""

    header: int
    headers: list[TitlesOut]
    samples: list[list[str]]
    encoding: str | None
    separator: str | None
    columns: PlacesOut
    decimal: Sign | None
    order: Order | None
    said: bool


class SampleOut(Shape):
    """One of the first rows as it would be read: a booking, or the fault and its column; neither moves nothing."""

    row: int
    on: Day | None
    amount: Balance | None
    balance: Balance | None
    reference: str | None
    details: str | None
    column: str | None
    fault: str | None


class MappingOut(Shape):
    """What was kept, for this file and for the next ones with its titles in this cash account."""

    id: uuid.UUID
    file_id: uuid.UUID
    cash_account_id: uuid.UUID
    columns: PlacesOut
    decimal: str
    order: str


def columns_out(found: Offer) -> ColumnsOut:
    """What is proposed for a file, or was said of its titles before."""
    kept, guess = found.kept, found.guess
    writing: dict[str, Any] = {"decimal": guess.decimal or None, "order": guess.order or None}
    if kept is not None:
        writing = {"decimal": kept.decimal, "order": kept.order}
    return ColumnsOut(
        header=guess.header.number,
        headers=[_titles(row) for row in found.headers],
        samples=[list(row.cells) for row in guess.rows[:5]],
        encoding=found.encoding or None,
        separator=found.separator or None,
        columns=PlacesOut(**dict((kept or guess).columns)),
        said=kept is not None,
        **writing,
    )


def _titles(row: Row) -> TitlesOut:
    return TitlesOut(row=row.number, titles=list(row.cells))


def sample_out(one: Sampled) -> SampleOut:
    """A row as it would be read."""
    line, fault = one.line, one.fault
    return SampleOut(
        row=one.row,
        on=line.day if line else None,
        amount=line.amount if line else None,
        balance=line.balance if line else None,
        reference=(line.reference or None) if line else None,
        details=(line.details or None) if line else None,
        column=fault.column if fault else None,
        fault=fault.sentence if fault else None,
    )


def mapping_out(row: StatementMapping) -> MappingOut:
    """A kept mapping."""
    return MappingOut(
        id=row.id,
        file_id=row.file_id,
        cash_account_id=row.cash_account_id,
        columns=PlacesOut(**row.columns),
        decimal=row.decimal_sign,
        order=row.day_order,
    )
