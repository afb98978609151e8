"""What owners are to be paid: received on their receipts, less what they were paid of it."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.core.db import session
from app.core.periods import Month
from app.credits.rules import ZERO
from app.owners.models import OwnerPayout, OwnerPayoutPart, OwnerPayoutReversal
from app.receipts.models import Receipt
from app.receipts.payment_models import ReceiptPart
from app.receipts.payments_queries import PaidLine, money_on, paid_so_far
from app.receipts.standing import not_reversed
from app.receipts.words import state_of
from app.registry.models import Party, Unit
from app.registry.queries import PartyNamed, parties_named
from app.web.keyset import Cursor, Slice, slice_of


@dataclass(frozen=True)
class Due:
    """What an owner is to be paid now, by receipt; negative of a receipt that lost what was paid out of it."""

    owner: PartyNamed
    parts: Mapping[uuid.UUID, Decimal]

    @property
    def amount(self) -> Decimal:
        """All of it; below zero when they were paid what has been taken back since."""
        return sum(self.parts.values(), ZERO)


@dataclass(frozen=True)
class DueLine:
    """An owner in the list of those to be paid."""

    owner: PartyNamed
    amount: Decimal


@dataclass(frozen=True)
class Standing:
    """What an owner's receipts come to, what was received, what was paid out, and what is to be paid now."""

    issued: Decimal
    received: Decimal
    paid: Decimal
    due: Decimal

    @property
    def unpaid(self) -> Decimal:
        """What clients have not paid yet."""
        return self.issued - self.received


def taken_back() -> sa.Select[Any]:
    """The payouts that were reversed; what they paid is owed again."""
    return sa.select(OwnerPayoutReversal.payout_id)


def _received() -> Any:
    amount = sa.func.sum(ReceiptPart.amount).label("amount")
    return sa.select(ReceiptPart.receipt_id, amount).group_by(ReceiptPart.receipt_id)


def _paid_out() -> Any:
    amount = sa.func.sum(OwnerPayoutPart.amount).label("amount")
    counted = sa.select(OwnerPayoutPart.receipt_id, amount).where(OwnerPayoutPart.payout_id.not_in(taken_back()))
    return counted.group_by(OwnerPayoutPart.receipt_id)


def _differences(owner_ids: Collection[uuid.UUID] | None) -> sa.Select[Any]:
    """Of each receipt of an owner who is not the group itself, what was received less what was paid out, unless 0."""
    received, paid = _received(), _paid_out()
    if owner_ids is not None:
        own = sa.select(Receipt.id).where(Receipt.owner_id.in_(owner_ids))
        received = received.where(ReceiptPart.receipt_id.in_(own))
        paid = paid.where(OwnerPayoutPart.receipt_id.in_(own))
    came, went = received.subquery("came"), paid.subquery("went")
    left = sa.func.coalesce(came.c.amount, 0) - sa.func.coalesce(went.c.amount, 0)
    found = (
        sa.select(Receipt.id, Receipt.owner_id, left.label("left"))
        .join(Party, Party.id == Receipt.owner_id)
        .outerjoin(came, came.c.receipt_id == Receipt.id)
        .outerjoin(went, went.c.receipt_id == Receipt.id)
        .where(sa.not_(Party.is_group), left != 0)
    )
    return found if owner_ids is None else found.where(Receipt.owner_id.in_(owner_ids))


def due(owner_ids: Collection[uuid.UUID] | None = None) -> list[Due]:
    """What owners are to be paid now, by code: all of them, or these; who has nothing is left out."""
    parts: dict[uuid.UUID, dict[uuid.UUID, Decimal]] = {}
    for receipt_id, owner_id, left in session().execute(_differences(owner_ids)):
        parts.setdefault(owner_id, {})[receipt_id] = Decimal(left)
    known = parties_named(parts)
    return [Due(known[owner_id], parts[owner_id]) for owner_id in sorted(parts, key=lambda id_: known[id_].code)]


def _sums() -> Any:
    inner = _differences(None).subquery()
    total = sa.func.sum(inner.c.left)
    summed = sa.select(inner.c.owner_id, total.label("amount")).group_by(inner.c.owner_id).having(total != 0)
    return summed.subquery("sums")


def due_page(*, at: Cursor | None = None) -> Slice[DueLine]:
    """The same in a list, one figure for each owner, by code."""
    sums = _sums()
    wanted = sa.select(Party.id, sums.c.amount).join(sums, sums.c.owner_id == Party.id)
    return slice_of(
        _due_lines, wanted, by=(Party.code, Party.id), key=lambda row: (row.owner.code, row.owner.id), at=at
    )


def _due_lines(query: sa.Select[Any]) -> list[DueLine]:
    rows = session().execute(query).all()
    known = parties_named([row.id for row in rows])
    return [DueLine(known[row.id], Decimal(row.amount)) for row in rows]


def first_money(found: Collection[Due]) -> dict[uuid.UUID, date]:
    """By owner, on which day the first of what they are to be paid now came in; the oldest money is paid out first."""
    came = money_on([id_ for one in found for id_ in one.parts])
    days: dict[uuid.UUID, date] = {}
    for one in found:
        firsts = [_first_left(came.get(id_, ()), left) for id_, left in one.parts.items() if left > 0]
        if known := [day for day in firsts if day]:
            days[one.owner.id] = min(known)
    return days


def _first_left(lines: Sequence[PaidLine], left: Decimal) -> date | None:
    gone = sum((line.amount for line in lines), ZERO) - left  # was paid out before
    for line in lines:
        gone -= line.amount
        if gone < 0:
            return line.on
    return None


def due_in_all() -> tuple[int, Decimal]:
    """How many owners are to be paid something, and what it comes to."""
    sums = _sums()
    total = sa.func.coalesce(sa.func.sum(sums.c.amount), 0)
    count, amount = session().execute(sa.select(sa.func.count(), total).where(sums.c.amount > 0)).one()
    return count, Decimal(amount)


def standing_of(owner_id: uuid.UUID) -> Standing:
    """What an owner's receipts that count come to, what was received of it, paid out, and is to be paid now."""
    came = _received().subquery("came")
    issued, got = sa.func.sum(Receipt.net + Receipt.charges), sa.func.sum(came.c.amount)
    row = (
        session()
        .execute(
            sa.select(sa.func.coalesce(issued, 0), sa.func.coalesce(got, 0))
            .select_from(Receipt)
            .outerjoin(came, came.c.receipt_id == Receipt.id)
            .where(Receipt.owner_id == owner_id, not_reversed())
        )
        .one()
    )
    paid = paid_to(owner_id)
    return Standing(Decimal(row[0]), Decimal(row[1]), paid, Decimal(row[1]) - paid)


@dataclass(frozen=True)
class OwnReceipt:
    """A receipt as its owner sees it: of which unit, and what was received of it so far."""

    receipt: Receipt
    unit_code: str
    received: Decimal

    @property
    def month(self) -> Month:
        """What it is for."""
        return Month.parse(self.receipt.period)

    @property
    def state(self) -> str:
        """due, partial or paid."""
        return state_of(self.receipt.owed, self.received)


def latest(owner_ids: Collection[uuid.UUID], count: int = 6) -> list[OwnReceipt]:
    """The last receipts of these owners that count, the latest month first."""
    came = paid_so_far()
    rows = session().execute(
        sa.select(Receipt, Unit.code, came.c.paid)
        .join(Unit, Unit.id == Receipt.unit_id)
        .join(came, sa.true())
        .where(Receipt.owner_id.in_(owner_ids), not_reversed())
        .order_by(Receipt.period.desc(), Unit.code, Receipt.id)
        .limit(count)
    )
    return [OwnReceipt(*row) for row in rows]


def last_period(now: Month) -> str | None:
    """The last month up to now of which receipts count; None where there is none."""
    return session().scalar(sa.select(sa.func.max(Receipt.period)).where(Receipt.period <= str(now), not_reversed()))


def month_of_rent(period: str) -> tuple[Decimal, Decimal]:
    """What the receipts of a month that count come to, and what was received of them."""
    its = (Receipt.period == period, not_reversed())
    issued = sa.select(sa.func.sum(Receipt.net + Receipt.charges)).where(*its)
    came = sa.select(sa.func.sum(ReceiptPart.amount)).join(Receipt, Receipt.id == ReceiptPart.receipt_id).where(*its)
    return Decimal(session().scalar(issued) or 0), Decimal(session().scalar(came) or 0)


def paid_out_of(receipt_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Decimal]:
    """How much of each of these receipts was paid out; nothing is zero."""
    rows = session().execute(_paid_out().where(OwnerPayoutPart.receipt_id.in_(receipt_ids)))
    return dict.fromkeys(receipt_ids, ZERO) | {id_: Decimal(amount) for id_, amount in rows}


def paid_to(owner_id: uuid.UUID) -> Decimal:
    """What an owner was paid in all."""
    total = sa.select(sa.func.coalesce(sa.func.sum(OwnerPayout.amount), 0))
    return Decimal(session().scalar(total.where(OwnerPayout.owner_id == owner_id, counts())) or 0)


def counts() -> sa.ColumnElement[bool]:
    """That a payout was not taken back, for a query over payouts."""
    return OwnerPayout.id.not_in(taken_back())
