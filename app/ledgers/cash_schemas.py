"""Shapes of cash accounts, categories, opening balances, closed months and requests for a second person."""

import uuid
from decimal import Decimal
from typing import Any

from app.core.periods import Month
from app.groups.models import SavingsGroup
from app.ledgers import approvals, cash
from app.ledgers.books import Posted
from app.ledgers.cash import CashBalance, CashMethod
from app.ledgers.chart import CHART, AccountType
from app.ledgers.closing import Preview
from app.ledgers.entries import FLOWS
from app.ledgers.models import Account, ApprovalRequest, ClosedPeriod
from app.ledgers.schemas import DecisionOut, decision_out
from app.ledgers.verification import verify_url
from app.web.api.shapes import Balance, Day, Moment, Shape


class CashAccountOut(Shape):
    """A place where the money lies; `account_id` is its account in the books."""

    id: uuid.UUID
    account_id: uuid.UUID
    name: str
    method: CashMethod
    number: str | None
    balance: Balance
    closed_at: Moment | None


class CategoryOut(Shape):
    """What may be bought or earned: `category` is what a cash entry names, a kind or an account of the group's own."""

    category: str
    name: str
    kind: str
    type: AccountType
    own: bool


class OpeningOut(Shape):
    """What the opening balances still lack to come to zero, and since when the set-up is confirmed."""

    missing: Balance
    confirmed_at: Moment | None


class PostedOut(Shape):
    """An entry that was posted."""

    id: uuid.UUID
    number: int
    day: Day
    hash: str


class ClosedMonthOut(Shape):
    """A month closed for ever, with the last entry of the books and its hash at that moment."""

    month: str
    entry: int
    hash: str
    closed_at: Moment
    closed_by: uuid.UUID | None
    verify_url: str


class ObstacleOut(Shape):
    """What stands against it, as the refusal would say."""

    code: str
    detail: str


class MonthOut(Shape):
    """What closing a month would fix for ever, and what stands against it."""

    month: str
    entries: int
    cash: Balance
    savings: Balance
    obstacle: ObstacleOut | None


class ApprovalOut(Shape):
    """A request for a second person, and what became of it."""

    id: uuid.UUID
    kind: str
    label: str
    amount: Balance
    day: Day
    requested_by: uuid.UUID
    requested_at: Moment
    waits: bool
    decision: DecisionOut | None


class RowOut(Shape):
    """What it would do, in words: what, and which."""

    label: str
    value: str


class ApprovalWholeOut(ApprovalOut):
    """The same with what it would do, why it was refused, and the first and the last entry that came of it."""

    rows: list[RowOut]
    reason: str | None
    first_entry: int | None
    last_entry: int | None


def cash_account_out(row: CashBalance) -> CashAccountOut:
    """A cash account as it is told."""
    one = row.cash_account
    return CashAccountOut(
        id=one.id,
        account_id=row.account_id,
        name=one.name,
        method=CashMethod(one.method),
        number=cash.number_of(one),
        balance=row.balance,
        closed_at=one.closed_at,
    )


def chart_categories() -> list[CategoryOut]:
    """The categories that every group has."""
    return [_category(kind, str(CHART[kind].name), kind, own=False) for kind in FLOWS]


def category_out(row: Account) -> CategoryOut:
    """A category of the group's own as it is told."""
    return _category(str(row.id), row.name, row.kind, own=True)


def _category(category: str, name: str, kind: str, *, own: bool) -> CategoryOut:
    return CategoryOut(category=category, name=name, kind=kind, type=CHART[kind].type, own=own)


def opening_out(left: Decimal, group: SavingsGroup) -> OpeningOut:
    """How far the set-up is."""
    return OpeningOut(missing=left, confirmed_at=group.set_up_at)


def posted_out(posted: Posted) -> PostedOut:
    """An entry that was posted as it is told."""
    return PostedOut(id=posted.id, number=posted.number, day=posted.on, hash=posted.hash.hex())


def closed_month_out(row: ClosedPeriod) -> ClosedMonthOut:
    """A closed month as it is told."""
    return ClosedMonthOut(
        month=str(Month.of(row.through)),
        entry=row.entry_number,
        hash=row.hash.hex(),
        closed_at=row.recorded_at,
        closed_by=row.recorded_by,
        verify_url=verify_url("period", f"{row.through:%Y%m}", row.hash),
    )


def month_out(seen: Preview) -> MonthOut:
    """A look before closing as it is told."""
    against = seen.obstacle
    return MonthOut(
        month=str(seen.month),
        entries=seen.entries,
        cash=seen.cash,
        savings=seen.savings,
        obstacle=ObstacleOut(code=against.code, detail=str(against)) if against else None,
    )


def approval_out(row: ApprovalRequest) -> ApprovalOut:
    """A request in a list as it is told."""
    return ApprovalOut.model_validate(_request(row))


def approval_whole_out(row: ApprovalRequest) -> ApprovalWholeOut:
    """A request as it is told to those who see the group's money and to who asked."""
    found, described = row.decision, approvals.approvable(row.kind).describe(approvals.payload_of(row))
    told = {
        "rows": [RowOut(label=str(label), value=str(value)) for label, value in described],
        "reason": approvals.reason_of(found) if found else None,
        "first_entry": found.first_entry if found else None,
        "last_entry": found.last_entry if found else None,
    }
    return ApprovalWholeOut.model_validate(_request(row) | told)


def _request(row: ApprovalRequest) -> dict[str, Any]:
    names = ("id", "kind", "amount", "requested_by", "requested_at")
    told = {name: getattr(row, name) for name in names} | {"day": row.effective_on, "waits": row.decision is None}
    decision = decision_out(row.decision) if row.decision else None
    return told | {"label": str(approvals.approvable(row.kind).label), "decision": decision}
