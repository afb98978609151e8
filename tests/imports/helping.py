"""A group with cash accounts, and files uploaded to it, short enough to write a test with."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from app.core import clock
from app.core.db import transaction
from app.core.ids import new_id
from app.imports import files, members_import, statement_import
from app.imports.models import ImportFile
from app.ledgers import chart
from app.ledgers.cash import add_cash_account
from app.ledgers.entries import cash_entry, opening_balances
from tests import factories
from tests.factories import Cast

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
RULES = {"frequency": "monthly", "expected": "5000", "late_rule": "accept", "several_payments": True}
HEAD = "Receipt No.,Completion Time,Details,Transaction Status,Paid In,Withdrawn,Balance\n"


def cast(**savings: Any) -> Cast:
    """The whole cast with the terms of the real group, or with others."""
    return factories.cast(savings=RULES | savings)


@contextmanager
def inside(people: Cast, now: datetime = NOW) -> Iterator[None]:
    """A unit of work of its own in the group, at a moment held still."""
    with clock.held(now), transaction(user_id=people.leader.user_id, group_id=people.group_id):
        yield


def open_cash(people: Cast, name: str, method: str = "mobile_money", opening: int = 0) -> uuid.UUID:
    """A cash account with what lay there before."""
    with inside(people):
        row = add_cash_account(name=name, method=method, by=people.leader.member_id)
        if opening:
            balances = [(chart.Account("cash", row.id), Decimal(opening))]
            opening_balances(balances, on=date(2025, 12, 31), by=people.leader.member_id, key=f"open:{row.id}")
        return row.id


def upload(
    people: Cast, kind: str, data: bytes | str, *, account: uuid.UUID | None = None, **options: Any
) -> ImportFile:
    """A file kept for its preview, in the unit of work around."""
    return files.upload(
        kind=kind,
        name=f"{kind}.csv",
        data=data.encode() if isinstance(data, str) else data,
        by=people.leader.member_id,
        key=new_id().hex,
        cash_account_id=account,
        options=options,
    )


def import_members(people: Cast, data: bytes | str) -> dict[str, Any]:
    """Upload a list of members and confirm it."""
    with inside(people):
        file = upload(people, "members", data, on="2025-12-31")
        return members_import.confirm(file, by=people.leader.member_id)


def import_statement(people: Cast, account: uuid.UUID, data: bytes | str, **told: Any) -> dict[str, Any]:
    """Upload a statement and confirm it."""
    with inside(people):
        file = upload(people, "statement", data, account=account)
        choices: dict[str, Any] = {"targets": {}, "charges": False, **told}
        return statement_import.confirm(file, by=people.leader.member_id, **choices)


def spend(people: Cast, account: uuid.UUID, amount: int, on: date) -> None:
    """Money of a cash account spent, as somebody entered it by hand."""
    with inside(people):
        told: dict[str, Any] = {"category": chart.Account("other_expense"), "amount": Decimal(amount), "on": on}
        cash_entry(cash_account=account, **told, by=people.leader.member_id, key="spent")
