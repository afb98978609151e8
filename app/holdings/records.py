"""One record of the room by its id, the words sealed in it, and the page where it is shown."""

import uuid
from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeVar

import sqlalchemy as sa
from flask import url_for

from app.core.db import session
from app.core.keys import open_for, seal_for
from app.core.rows import row_with
from app.holdings.errors import NoSuchHoldingsRecord
from app.holdings.models import (
    HoldingsReversal,
    Investment,
    InvestmentIncome,
    InvestmentSale,
    InvestmentState,
    Valuation,
)
from app.ledgers.heads import head
from app.ledgers.models import Entry

Row = TypeVar("Row", Investment, InvestmentSale, Valuation, InvestmentIncome)
Record = Investment | InvestmentSale | Valuation | InvestmentIncome
TABLES: Mapping[str, type[Record]] = {
    "investment": Investment,
    "investment_sale": InvestmentSale,
    "valuation": Valuation,
    "investment_income": InvestmentIncome,
}


def row_of(table: type[Row], record_id: uuid.UUID) -> Row:
    """A record of a table. Raises NoSuchHoldingsRecord."""
    return row_with(table, record_id, NoSuchHoldingsRecord)


def record_of(kind: str, record_id: uuid.UUID) -> Record:
    """A record that may be reversed, by its kind. Raises NoSuchHoldingsRecord."""
    if kind not in TABLES:
        raise NoSuchHoldingsRecord
    return row_of(TABLES[kind], record_id)  # type: ignore[type-var]  # one of the four tables


def sale_row(sale_id: uuid.UUID) -> InvestmentSale:
    """A sale, maturity or default. Raises NoSuchHoldingsRecord."""
    return row_of(InvestmentSale, sale_id)


def investment_made(key: str) -> Investment:
    """The investment that a key made. Raises NoSuchHoldingsRecord."""
    return _made(Investment, key)


def sale_made(key: str) -> InvestmentSale:
    """The sale that a key made. Raises NoSuchHoldingsRecord."""
    return _made(InvestmentSale, key)


def _made(table: type[Row], key: str) -> Row:
    found = session().scalar(sa.select(table).where(table.idempotency_key == key))
    if found is None:
        raise NoSuchHoldingsRecord
    return found


def investment_of(found: Record) -> uuid.UUID:
    """The investment that a record belongs to."""
    return found.id if isinstance(found, Investment) else found.investment_id


def entry_of(found: Record) -> Entry | None:
    """The entry of a record; a valuation has none, nor what moved no money."""
    entry_id = None if isinstance(found, Valuation) else found.entry_id
    return session().scalar(sa.select(Entry).where(Entry.id == entry_id)) if entry_id else None


def seal(text: str | None, place: str) -> bytes | None:
    """Words that were typed, sealed with the group's key."""
    return seal_for(session().group_id, text, place) if text else None


def sealed(text: str, place: str) -> bytes:
    """The same for words that are never missing."""
    return seal_for(session().group_id, text, place)


def words(value: bytes | None, place: str) -> str | None:
    """What was sealed, opened."""
    return open_for(session().group_id, value, place) if value else None


def account_number(row: Investment) -> str | None:
    """The number of an investment's account at its broker."""
    return words(row.account_sealed, f"investment|{row.id}|account")


def notes(row: Investment) -> str | None:
    """What was noted about an investment."""
    return words(row.notes_sealed, f"investment|{row.id}|notes")


def sale_notes(row: InvestmentSale) -> str | None:
    """What was noted about a sale."""
    return words(row.notes_sealed, f"investment_sale|{row.id}|notes")


def evidence(row: Valuation) -> str | None:
    """How a value is known."""
    return words(row.evidence_sealed, f"valuation|{row.id}|evidence")


def reason_of(row: HoldingsReversal | InvestmentState) -> str | None:
    """Why a record was reversed, or an investment suspended."""
    return words(row.reason_sealed, f"{row.__tablename__}|{row.id}|reason")


def first_open(on: date) -> date:
    """The day from which something of `on` counts: that day, or the first one that is open."""
    closed = head().closed_through
    return on if on > closed else date.fromordinal(closed.toordinal() + 1)


def documents_need(kind: str) -> Callable[[uuid.UUID], str]:
    """Who may read the documents of a record of this kind: they may show account numbers, as the notes do."""

    def permission(record_id: uuid.UUID) -> str:
        record_of(kind, record_id)
        return "money.see"

    return permission


def _page(kind: str) -> Callable[[uuid.UUID], str]:
    def url(record_id: uuid.UUID) -> str:
        table = TABLES[kind]
        owner = session().scalar(sa.select(table.investment_id).where(table.id == record_id))  # type: ignore[union-attr]
        return url_for("holdings.investment", investment_id=owner or record_id)

    return url


PAGES: Mapping[str, Callable[[uuid.UUID], str]] = {
    "investment": lambda id_: url_for("holdings.investment", investment_id=id_),
    "investment_sale": lambda id_: url_for("holdings.sale", sale_id=id_),
    "valuation": _page("valuation"),
    "investment_income": _page("investment_income"),
}
