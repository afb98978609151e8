"""Importing opening balances: which account each row means, and one entry an account, all or nothing."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.core.db import session
from app.groups.models import Member
from app.groups.queries import group
from app.imports import files, readers
from app.imports.errors import FileHasErrors, RowError
from app.imports.models import ImportFile
from app.imports.opening_file import OpeningBalance
from app.imports.standing import reversed_entries
from app.ledgers import chart
from app.ledgers.cash import cash_accounts
from app.ledgers.chart import CHART, Owner, PostingKind
from app.ledgers.entries import opening_balances, opening_left
from app.ledgers.errors import SetUpConfirmed, UnknownAccount
from app.ledgers.models import Account, Entry, Posting
from app.savings.windows import lock_windows


@dataclass(frozen=True)
class OpeningPlan:
    """A row, the account it means, and whether that account was opened before, so that nothing happens."""

    row: OpeningBalance
    account: chart.Account
    label: str
    known: bool


@dataclass(frozen=True)
class OpeningPreview:
    """What a list of opening balances would do; with `errors` it does nothing."""

    plans: Sequence[OpeningPlan]
    errors: Sequence[RowError]
    ignored: Sequence[str]
    left: Decimal  # what they would still lack afterwards, positive when a credit is missing

    @property
    def new(self) -> Sequence[OpeningPlan]:
        """The rows that would be booked."""
        return [plan for plan in self.plans if not plan.known and plan.row.amount]


def preview(file: ImportFile) -> OpeningPreview:
    """What the file would do now. Raises ImportOver, an UnreadableFile."""
    read = readers.opening(files.content_of(file))
    names, opened = _names(), _opened()
    errors, plans = list(read.errors), []
    for row in read.rows:
        found = names.get(" ".join(row.account.casefold().split()))
        if found is None:
            errors.append(RowError(row.row, "account", UnknownAccount()))
            continue
        wanted, label = found
        plans.append(OpeningPlan(row, wanted, label, _key(wanted) in opened))
    left = opening_left()
    for plan in plans:
        if not plan.known:
            left += plan.row.amount * _normal(plan.account)
    if group().set_up_at is not None and any(not plan.known for plan in plans):
        errors.append(RowError(plans[0].row.row, "account", SetUpConfirmed()))
    return OpeningPreview(plans, sorted(errors, key=lambda error: error.row), read.ignored, left)


def _names() -> dict[str, tuple[chart.Account, str]]:
    """Every way to name an account on which a balance may be brought in, in small letters."""
    found: dict[str, tuple[chart.Account, str]] = {}
    for kind, sort in CHART.items():
        if sort.owner is Owner.GROUP and sort.by_hand:
            for name in (sort.number, str(sort.name), sort.in_english, kind):
                found[name.casefold()] = (chart.Account(kind), str(sort.name))
    for cash in cash_accounts():
        found[cash.name.casefold()] = (chart.Account("cash", cash.id), cash.name)
    savings = str(CHART["savings"].name)
    for member in session().scalars(sa.select(Member).where(Member.status != "left")):
        told = (chart.Account("savings", member.id), f"{savings}: {member.display_name}")
        for word in ("savings", savings):
            found[f"{word} {member.identifier}".casefold()] = told
        found.setdefault(member.identifier.casefold(), told)
    return found


def _opened() -> set[tuple[str, uuid.UUID | None]]:
    """The accounts with an opening balance that stands."""
    rows = session().execute(
        sa.select(Account.kind, Account.owner_id)
        .join(Posting, Posting.account_id == Account.id)
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Entry.kind == PostingKind.OPENING_BALANCE, Entry.id.not_in(reversed_entries()))
    )
    return {(kind, owner) for kind, owner in rows}


def _key(wanted: chart.Account) -> tuple[str, object]:
    return wanted.kind, wanted.owner


def _normal(wanted: chart.Account) -> int:
    return CHART[wanted.kind].type.normal


def confirm(file: ImportFile, *, by: uuid.UUID) -> dict[str, Any]:
    """Book the opening balances, all or nothing; accounts opened before stay as they are. Returns the counts.

    Raises ImportOver, FileHasErrors, and what the books refuse.
    """
    lock_windows()
    found = preview(file)
    if found.errors:
        raise FileHasErrors(count=len(found.errors))
    balances: list[tuple[chart.Account | uuid.UUID, Decimal]] = [(p.account, p.row.amount) for p in found.new]
    if balances:
        on = date.fromisoformat(file.options["on"])
        opening_balances(balances, on=on, by=by, key=f"opening:{file.id}")
    result = {"new": len(balances), "known": len(found.plans) - len(balances), "left": str(found.left)}
    files.confirmed(file, result, by=by)
    return result
