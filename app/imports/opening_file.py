"""What each account held on the day a group began to keep its books here."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from flask_babel import lazy_gettext as _

from app.imports.columns import Columns, body, find
from app.imports.errors import RowError
from app.imports.rows import RowReader
from app.imports.tables import Row, Table

NAMES = {
    "account": ("account name", "account code", "code", "name"),
    "amount": ("balance", "opening balance", "opening"),
}
NEEDED = (("account",), ("amount",))


@dataclass(frozen=True, slots=True)
class OpeningBalance:
    """An account as the file names it (code or name) and its balance, positive on the account's natural side."""

    row: int
    account: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class OpeningFile:
    """What a list of opening balances says, and the columns that were not read."""

    rows: tuple[OpeningBalance, ...]
    errors: tuple[RowError, ...]
    ignored: tuple[str, ...]


def read_opening(table: Table, *, currency: str) -> OpeningFile:
    """The opening balances in a table; raises an `UnreadableFile`."""
    columns = find(table, NAMES, NEEDED)
    balances: list[OpeningBalance] = []
    errors: list[RowError] = []
    first: dict[str, int] = {}
    for row in body(table, columns):
        balance, faults = _balance(row, columns, currency, first)
        balances += [balance] if balance else []
        errors += faults
    return OpeningFile(tuple(balances), tuple(errors), columns.ignored)


def _balance(
    row: Row, columns: Columns, currency: str, first: dict[str, int]
) -> tuple[OpeningBalance | None, list[RowError]]:
    reader = RowReader(row, columns)
    account = reader.text("account", needed=True)
    reader.text("amount", needed=True)
    amount = reader.amount("amount", currency)
    seen = first.setdefault(account.casefold(), row.number)
    if account and seen != row.number:
        reader.wrong("account", _("Row %(row)s names the same account.", row=seen))
    if reader.errors or amount is None:
        return None, reader.errors
    return OpeningBalance(row.number, account, amount), []
