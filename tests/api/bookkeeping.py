"""Books in the hands of a program: what it sends for a transfer, how accounts are called, and how far the books go."""

from typing import Any

from app.core.db import transaction
from app.ledgers.accounts import account_ids
from app.ledgers.chart import Account
from app.ledgers.heads import head
from tests.ledgers.conftest import Books


def number_of(books: Books) -> int:
    """The number of the latest entry."""
    with transaction(group_id=books.cast.group_id):
        return head().number


def transfer_of(books: Books, **change: Any) -> dict[str, Any]:
    """2,500 from the bank to the till, and what the test says."""
    told = {"source": str(books.bank), "target": str(books.till), "amount": "2500.00", "day": "2026-11-03"}
    return told | change


def account_of(books: Books, kind: str, owner: Any = None) -> str:
    """The id of an account as a program writes it."""
    with transaction(group_id=books.cast.group_id):
        return str(account_ids([Account(kind, owner)])[Account(kind, owner)])
